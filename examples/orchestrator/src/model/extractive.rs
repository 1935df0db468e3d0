//! A model that needs no download: it says what the pages say, in their own sentences, and shows their code.

use super::{
    InferError, ModelWorker,
    sentences::{Terms, cue, fitness, leans_back, likeness, sentences},
};
use crate::{
    corpus::{Block, DOES_NOT_COMPILE},
    records::Prompt,
    search::{Intent, Passage, Question, said, said_in, words},
};

/// Answers with the best sentences of the passages. It writes nothing of its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExtractiveModel;

impl ModelWorker for ExtractiveModel {
    fn name(&self) -> &str {
        "extractive (quotes the pages; no language model)"
    }
    async fn complete(&self, prompt: &Prompt) -> Result<String, InferError> {
        answer(&prompt.question, &prompt.passages).ok_or(InferError::NothingToSay)
    }
}

/// At most so many excerpts make an answer.
const EXCERPTS: usize = 3;
/// An excerpt must be this good, measured by the best one.
const WORTH_SAYING: f32 = 0.6;
/// The first sentences of the best passage lead up to what is best in it.
const WORTH_LEADING: f32 = 0.3;
/// Where only one excerpt is good, its page may go on.
const WORTH_GOING_ON: f32 = 0.3;
/// A sentence that covers less of the question, its headings counted, says nothing on it.
const ON_THE_SUBJECT: f32 = 0.34;

/// A few sentences that follow each other in a passage.
#[derive(Debug)]
struct Excerpt {
    passage: usize,
    block: usize,
    text: String,
    /// The code that it announces with a colon.
    announced: Option<String>,
    /// The first of its passage.
    is_lead: bool,
    terms: Terms,
    score: f32,
}

fn answer(question: &Question, passages: &[Passage]) -> Option<String> {
    let found: Vec<Excerpt> = passages
        .iter()
        .enumerate()
        .flat_map(|(i, passage)| excerpts(question, i, passage))
        .collect();
    let chosen = in_reading_order(choose(question, passages, found));
    let wants_code = matches!(question.intent, Intent::How | Intent::What) && chosen.iter().all(|e| e.announced.is_none());
    let mut code = if wants_code { code(question, passages, &chosen) } else { None };

    let mut text = String::new();
    for (i, excerpt) in chosen.iter().enumerate() {
        text += &format!("{} [{}]\n\n", excerpt.text, excerpt.passage + 1);
        if let Some(code) = &excerpt.announced {
            text += &format!("```\n{code}\n```\n\n");
        }
        let is_last_of_passage = chosen.get(i + 1).is_none_or(|next| next.passage != excerpt.passage);
        if let Some((_, code)) = code.take_if(|(passage, _)| *passage == excerpt.passage && is_last_of_passage) {
            text += &format!("```\n{code}\n```\n\n");
        }
    }
    if let Some((passage, code)) = code {
        text += &format!("An example from [{}]:\n\n```\n{code}\n```\n", passage + 1);
    }
    (!chosen.is_empty()).then_some(text)
}

/// The best excerpts. After the first, what speaks of a part of the question that was not spoken of counts more. No more than two
/// come from one passage.
fn choose(question: &Question, passages: &[Passage], mut found: Vec<Excerpt>) -> Vec<Excerpt> {
    let page = |excerpt: &Excerpt| passages[excerpt.passage].chunk.path.as_str();
    let mut chosen: Vec<Excerpt> = Vec::new();
    while chosen.len() < EXCERPTS {
        let best = chosen.first().map_or(0.0, |e| e.score);
        let spoken = spoken_of(question, &chosen);
        let worth = |excerpt: &Excerpt| {
            let leads_up = excerpt.is_lead && chosen.first().is_some_and(|e| e.passage == excerpt.passage);
            let goes_on = matches!(&chosen[..], [only] if page(only) == page(excerpt));
            let bar = match (leads_up, goes_on) {
                (true, _) => WORTH_LEADING,
                (_, true) => WORTH_GOING_ON,
                _ => WORTH_SAYING,
            };
            let new = spoken_of(question, chosen.iter().chain([excerpt])) - spoken;
            let gain = if chosen.is_empty() || leads_up { 1.0 } else { 0.75 + new };
            (excerpt.score * gain > best * bar).then_some(excerpt.score * gain)
        };
        let next = found
            .iter()
            .enumerate()
            .filter_map(|(i, e)| Some((i, worth(e)?)))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((next, _)) = next else { break };
        let excerpt = found.remove(next);
        let is_new = chosen.iter().all(|e| likeness(&e.terms, &excerpt.terms) < 0.6);
        if is_new && chosen.iter().filter(|e| e.passage == excerpt.passage).count() < 2 {
            chosen.push(excerpt);
        }
    }
    chosen
}

/// The share of the question that these excerpts speak of.
fn spoken_of<'a>(question: &Question, excerpts: impl IntoIterator<Item = &'a Excerpt>) -> f32 {
    let terms: Vec<&Terms> = excerpts.into_iter().map(|e| &e.terms).collect();
    covered(question, &terms)
}

/// The passage with the best excerpt first; what comes from one passage stands together, as it does there.
fn in_reading_order(chosen: Vec<Excerpt>) -> Vec<Excerpt> {
    let mut order: Vec<usize> = Vec::new();
    for excerpt in &chosen {
        if !order.contains(&excerpt.passage) {
            order.push(excerpt.passage);
        }
    }
    let mut chosen = chosen;
    chosen.sort_by_key(|e| (order.iter().position(|p| *p == e.passage), e.block));
    chosen
}

/// The best excerpt of each paragraph of a passage.
fn excerpts(question: &Question, number: usize, passage: &Passage) -> Vec<Excerpt> {
    let chunk = &passage.chunk;
    let names = said(&format!("{} {}", chunk.title, chunk.headings.join(" ")));
    let named = covered(question, &[&names]);
    let mut found = Vec::new();
    for (block, text) in chunk.blocks.iter().enumerate() {
        let place = match text {
            Block::Prose(_) => found.len() as f32,
            // Lists are where two things are held against each other.
            Block::Item(_) if question.intent == Intent::Compare => found.len() as f32 * 0.5,
            Block::Item(_) => found.len() as f32 + 2.0,
            _ => continue,
        };
        // What comes first under a fitting heading is usually the answer.
        let mut prior = (0.25 + 0.75 * passage.score) * (1.0 + 0.5 * named) / (1.0 + 0.1 * place);
        let lead = (found.is_empty() && !chunk.continued).then_some(named);
        found.push(best_of(question, text.text(), &names, lead).map(|(score, text)| {
            let announced = match chunk.blocks.get(block + 1) {
                Some(Block::Code(code)) if text.ends_with(':') && code.lines().count() <= 24 => Some(code.clone()),
                _ => None,
            };
            if text.ends_with(':') && announced.is_none() {
                prior *= 0.6;
            }
            if announced.is_some() {
                prior *= 1.15;
            }
            let terms = said(&text);
            Excerpt {
                passage: number,
                block,
                text,
                announced,
                is_lead: lead.is_some(),
                terms,
                score: score * prior,
            }
        }));
    }
    found.into_iter().flatten().collect()
}

/// The share of the question that all these texts cover together.
fn covered(question: &Question, texts: &[&Terms]) -> f32 {
    question.covered(|t| texts.iter().filter_map(|text| text.get(t)).copied().fold(0.0, f32::max))
}

/// The best sentence of a paragraph, with the neighbours that it needs. `lead` says that the paragraph is the first, and how
/// much of the question stands in its headings.
fn best_of(question: &Question, text: &str, names: &Terms, lead: Option<f32>) -> Option<(f32, String)> {
    let ranges = sentences(text);
    let at = |i: usize| &text[ranges[i].clone()];
    let scores: Vec<f32> = (0..ranges.len())
        .map(|i| score(question, at(i), names, lead.filter(|_| i < 3), i == 0))
        .collect();
    let best = (0..ranges.len()).rev().max_by(|a, b| scores[*a].total_cmp(&scores[*b]))?;
    let mut score = scores[best];
    if score <= 0.0 {
        return None;
    }
    let (mut from, mut to) = (best, best);
    while from > 0 && leans_back(at(from)) && to - from < 2 {
        from -= 1;
    }
    if leans_back(at(from)) {
        // What it leans on is in another paragraph.
        score *= 0.6;
    }
    while to + 1 < ranges.len() && to - from < 2 && fitness(at(to + 1)) >= 0.75 {
        let goes_on = leans_back(at(to + 1)) || scores[to + 1] > 0.6 * scores[best] || lead.is_some();
        let is_long = ranges[to].end - ranges[from].start > 360;
        if !goes_on || is_long {
            break;
        }
        to += 1;
    }
    Some((score, text[ranges[from].start..ranges[to].end].to_owned()))
}

fn score(question: &Question, sentence: &str, names: &Terms, lead: Option<f32>, is_first: bool) -> f32 {
    let own = words(sentence);
    let close = question.pairs_in(&own);
    let own = said_in(own);
    let itself = covered(question, &[&own]);
    let in_context = covered(question, &[&own, names]);
    let leads = is_first && lead.is_some_and(|named| named >= 0.5);
    if in_context < ON_THE_SUBJECT || (itself == 0.0 && !leads) {
        return 0.0;
    }
    let lead = lead.map_or(1.0, |named| if is_first { 1.15 + 0.35 * named } else { 1.0 + 0.3 * named });
    let named = 0.5 + 0.5 * question.named_in(sentence);
    (0.5 * itself + 0.5 * in_context + 0.15 * close) * named * fitness(sentence) * cue(question.intent, sentence) * lead
}

/// The block of code that shows best what was said, and its passage.
fn code(question: &Question, passages: &[Passage], chosen: &[Excerpt]) -> Option<(usize, String)> {
    let mut best: Option<(f32, usize, &str)> = None;
    for (number, passage) in passages.iter().enumerate() {
        let names = said(&format!("{} {}", passage.chunk.title, passage.chunk.headings.join(" ")));
        let of_best_page = chosen
            .first()
            .is_some_and(|e| passages[e.passage].chunk.path == passage.chunk.path);
        let quoted = match chosen.iter().position(|e| e.passage == number) {
            Some(0) => 0.4,
            None if !of_best_page => 0.0,
            _ => 0.2,
        };
        for (block, code) in passage.chunk.blocks.iter().enumerate() {
            let Block::Code(code) = code else { continue };
            let lines = code.lines().count();
            if !is_example(code) || lines > 32 {
                continue;
            }
            let mut own = said(code);
            let operators = question.terms.iter().filter_map(|t| Some((t, t.term.strip_prefix("op:")?)));
            own.extend(
                operators
                    .filter(|(_, sign)| code.contains(sign))
                    .map(|(t, _)| (t.term.clone(), 1.0)),
            );
            let follows = chosen
                .iter()
                .any(|e| e.passage == number && (1..=2).contains(&block.saturating_sub(e.block)));
            let shown = 0.6 * covered(question, &[&own]) + 0.5 * covered(question, &[&own, &names]);
            let mut score = (shown + quoted + if follows { 0.2 } else { 0.0 }) * (0.3 + 0.7 * passage.score);
            if !(2..=18).contains(&lines) {
                score *= 0.8;
            }
            if best.is_none_or(|(other, ..)| score > other) {
                best = Some((score, number, code));
            }
        }
    }
    let enough = if question.intent == Intent::How { 0.45 } else { 0.9 };
    best.filter(|(score, ..)| *score > enough)
        .map(|(_, number, code)| (number, code.to_owned()))
}

/// Code that does something: no signature, no output of a compiler or a shell.
fn is_example(code: &str) -> bool {
    let first = code.trim_start();
    if first.starts_with(DOES_NOT_COMPILE) {
        return false;
    }
    let is_output = ["$ ", "error", "warning", "thread '", "   Compiling"]
        .iter()
        .any(|start| first.starts_with(start));
    let starts = |words: &[&str]| words.iter().any(|word| first.starts_with(word));
    let is_short = code.lines().count() <= 3;
    let is_declaration = is_short && (starts(&["pub ", "impl"]) || (starts(&["fn ", "unsafe fn"]) && !code.contains('{')));
    !is_output && !is_declaration
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Chunk;

    fn passage(headings: &[&str], blocks: Vec<Block>, score: f32) -> Passage {
        let headings = headings.iter().map(|h| (*h).to_owned()).collect();
        let (path, title) = ("a.html".to_owned(), "Pins".to_owned());
        Passage {
            chunk: Chunk {
                path,
                anchor: String::new(),
                title,
                book: String::new(),
                headings,
                opens: true,
                continued: false,
                blocks,
                weight: 1.0,
            },
            score,
        }
    }

    #[test]
    fn the_sentence_that_answers_is_quoted_with_its_source() {
        let blocks = vec![
            Block::Prose(
                "Weather is nice. You can pin a future to the stack with `pin!`. This keeps it in its place. Cats sleep.".into(),
            ),
            Block::Code("let future = pin!(work());\nfuture.await;".into()),
        ];
        let other = passage(
            &["Birds"],
            vec![Block::Prose("Birds fly over the sea in summer.".into())],
            0.4,
        );
        let text = answer(
            &Question::read("How do I pin a future?"),
            &[other, passage(&["Pinning"], blocks, 1.0)],
        )
        .unwrap();
        assert!(
            text.starts_with("You can pin a future to the stack with `pin!`. This keeps it in its place. [2]"),
            "{text}"
        );
        assert!(text.contains("```\nlet future = pin!(work());"), "{text}");
        assert!(!text.contains("Birds") && !text.contains("Cats"), "{text}");
    }

    #[test]
    fn where_nothing_is_on_the_subject_nothing_is_said() {
        let other = passage(
            &["Birds"],
            vec![Block::Prose("Birds fly over the sea in summer.".into())],
            1.0,
        );
        assert_eq!(answer(&Question::read("How do I bake bread?"), &[other]), None);
    }

    #[test]
    fn the_same_is_not_said_twice() {
        let said = || {
            vec![Block::Prose(
                "`Rc` counts references in one thread, `Arc` in many threads.".into(),
            )]
        };
        let passages = [passage(&["Rc"], said(), 1.0), passage(&["Arc"], said(), 0.9)];
        let text = answer(&Question::read("What is the difference between Rc and Arc?"), &passages).unwrap();
        assert_eq!(text.matches("counts references").count(), 1);
    }
}
