//! A model that needs no download: it says what the pages say, in their own sentences, and shows their code.

use super::{
    InferError, ModelWorker,
    sentences::{covered, cue, fitness, leans_back, likeness, sentences, terms_of},
};
use crate::{
    corpus::Block,
    records::Prompt,
    search::{Intent, Passage, Question},
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
const WORTH_SAYING: f32 = 0.5;
/// A sentence that covers less of the question, its headings counted, says nothing on it.
const ON_THE_SUBJECT: f32 = 0.34;

/// A few sentences that follow each other in a passage.
#[derive(Debug)]
struct Excerpt {
    passage: usize,
    block: usize,
    text: String,
    terms: Vec<String>,
    score: f32,
}

fn answer(question: &Question, passages: &[Passage]) -> Option<String> {
    let mut found: Vec<Excerpt> = passages
        .iter()
        .enumerate()
        .flat_map(|(i, passage)| excerpts(question, i, passage))
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let chosen = choose(found);
    let first = chosen.first()?;
    let code = matches!(question.intent, Intent::How | Intent::What)
        .then(|| code(question, passages, &chosen))
        .flatten();

    let mut text = String::new();
    for excerpt in &chosen {
        text += &format!("{} [{}]\n\n", excerpt.text, excerpt.passage + 1);
        if let Some((passage, code)) = &code
            && *passage == excerpt.passage
            && !text.contains("```")
        {
            text += &format!("```\n{code}\n```\n\n");
        }
    }
    if let Some((passage, code)) = &code
        && !text.contains("```")
        && *passage != first.passage
    {
        text += &format!("From [{}]:\n\n```\n{code}\n```\n", passage + 1);
    }
    Some(text)
}

/// The best excerpts, each saying something new; no more than two of a passage.
fn choose(found: Vec<Excerpt>) -> Vec<Excerpt> {
    let mut chosen: Vec<Excerpt> = Vec::new();
    for excerpt in found {
        let best = chosen.first().map_or(0.0, |e| e.score);
        let is_new = chosen.iter().all(|e| likeness(&e.terms, &excerpt.terms) < 0.6);
        let of_passage = chosen.iter().filter(|e| e.passage == excerpt.passage).count();
        if excerpt.score >= best * WORTH_SAYING && is_new && of_passage < 2 {
            chosen.push(excerpt);
        }
        if chosen.len() == EXCERPTS {
            break;
        }
    }
    chosen
}

/// The best excerpt of each paragraph of a passage.
fn excerpts(question: &Question, number: usize, passage: &Passage) -> Vec<Excerpt> {
    let chunk = &passage.chunk;
    let names = terms_of(&format!("{} {}", chunk.title, chunk.headings.join(" ")));
    let mut found = Vec::new();
    let mut is_lead = true;
    for (block, said) in chunk.blocks.iter().enumerate() {
        let (Block::Prose(text) | Block::Item(text)) = said else {
            continue;
        };
        let prior = (0.3 + 0.7 * passage.score) * if matches!(said, Block::Item(_)) { 0.8 } else { 1.0 };
        found.extend(best_of(question, text, &names, is_lead).map(|(score, text)| {
            let terms = terms_of(&text);
            Excerpt {
                passage: number,
                block,
                text,
                terms,
                score: score * prior,
            }
        }));
        is_lead = false;
    }
    found
}

/// The best sentence of a paragraph, with the neighbours that it needs.
fn best_of(question: &Question, text: &str, names: &[String], is_lead: bool) -> Option<(f32, String)> {
    let ranges = sentences(text);
    let scores: Vec<f32> = ranges
        .iter()
        .enumerate()
        .map(|(i, r)| score(question, &text[r.clone()], names, is_lead && i == 0))
        .collect();
    let best = (0..ranges.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))?;
    if scores[best] <= 0.0 {
        return None;
    }
    let (mut from, mut to) = (best, best);
    while from > 0 && leans_back(&text[ranges[from].clone()]) && to - from < 2 {
        from -= 1;
    }
    if from == best && leans_back(&text[ranges[from].clone()]) {
        // What it leans on is in another paragraph.
        return Some((scores[best] * 0.6, text[ranges[best].clone()].to_owned()));
    }
    while to + 1 < ranges.len() && to - from < 2 {
        let next = &text[ranges[to + 1].clone()];
        let goes_on = leans_back(next) && fitness(next) >= 1.0;
        if !goes_on && scores[to + 1] < 0.6 * scores[best] {
            break;
        }
        to += 1;
    }
    Some((scores[best], text[ranges[from].start..ranges[to].end].to_owned()))
}

fn score(question: &Question, sentence: &str, names: &[String], is_lead: bool) -> f32 {
    let own = terms_of(sentence);
    let said = covered(question, &own);
    let in_context = question.covered(|t| own.iter().chain(names).any(|have| have == t));
    if in_context < ON_THE_SUBJECT || (said == 0.0 && !is_lead) {
        return 0.0;
    }
    let lead = if is_lead { 1.2 } else { 1.0 };
    (0.55 * said + 0.45 * in_context) * fitness(sentence) * cue(question.intent, sentence) * lead
}

/// The block of code that shows best what was said, and its passage.
fn code(question: &Question, passages: &[Passage], chosen: &[Excerpt]) -> Option<(usize, String)> {
    let mut best: Option<(f32, usize, &str)> = None;
    for (number, passage) in passages.iter().enumerate() {
        let rank = chosen.iter().position(|e| e.passage == number);
        for (block, said) in passage.chunk.blocks.iter().enumerate() {
            let Block::Code(code) = said else { continue };
            let lines = code.lines().count();
            if !is_example(code) || lines > 32 {
                continue;
            }
            let names = terms_of(&format!("{} {}", passage.chunk.title, passage.chunk.headings.join(" ")));
            let own = terms_of(code);
            let shows = question.covered(|t| own.iter().any(|have| have == t));
            let in_context = question.covered(|t| own.iter().chain(&names).any(|have| have == t));
            let follows = chosen
                .iter()
                .any(|e| e.passage == number && (1..=2).contains(&block.saturating_sub(e.block)));
            let quoted = match rank {
                Some(0) => 0.45,
                Some(_) => 0.25,
                None => 0.0,
            };
            let mut score = 0.6 * shows + 0.5 * in_context + quoted + if follows { 0.2 } else { 0.0 };
            score *= 0.3 + 0.7 * passage.score;
            if lines > 18 || lines < 2 {
                score *= 0.8;
            }
            if best.is_none_or(|(other, ..)| score > other) {
                best = Some((score, number, code));
            }
        }
    }
    best.filter(|(score, ..)| *score > 0.45)
        .map(|(_, number, code)| (number, code.to_owned()))
}

/// Code that does something: no signature, no output of a compiler or a shell.
fn is_example(code: &str) -> bool {
    let first = code.trim_start();
    let is_output = ["$ ", "error", "warning", "thread '", "   Compiling"]
        .iter()
        .any(|start| first.starts_with(start));
    let is_declaration = code.lines().count() <= 3
        && ["pub ", "impl", "unsafe fn", "fn "]
            .iter()
            .any(|start| first.starts_with(start));
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
