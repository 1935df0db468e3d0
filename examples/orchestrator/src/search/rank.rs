//! The finer ranking: how much of the question a passage covers, and where.

use std::collections::{HashMap, HashSet};

use super::{
    question::{Intent, Question},
    vocabulary::is_stop_word,
    words::{Word, words},
};
use crate::corpus::Chunk;

/// A passage that was found for a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// What it says.
    pub chunk: Chunk,
    /// How well it fits; 1 for the best.
    pub score: f32,
}

/// The best `limit` of the candidates, each of another text.
pub(super) fn rank(question: &Question, candidates: Vec<(f32, Chunk)>, limit: usize) -> Vec<Passage> {
    let mut found: Vec<Passage> = candidates
        .into_iter()
        .map(|(score, chunk)| Passage {
            score: score * fit(question, &chunk),
            chunk,
        })
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut seen = HashSet::new();
    found.retain(|passage| seen.insert(passage.chunk.prose().collect::<String>()));
    found.truncate(limit);
    let best = found.first().map_or(1.0, |p| p.score).max(f32::EPSILON);
    for passage in &mut found {
        passage.score /= best;
    }
    found
}

/// Which terms a text says, and how clearly: a part of a longer identifier says less than the word itself.
pub fn said(text: &str) -> HashMap<String, f32> {
    said_in(words(text))
}

/// The same of words.
pub fn said_in(words: Vec<Word>) -> HashMap<String, f32> {
    let mut found = HashMap::with_capacity(words.len());
    for word in words {
        let strength = if word.is_part { 0.7 } else { 1.0 };
        let known = found.entry(word.term).or_insert(strength);
        *known = f32::max(*known, strength);
    }
    found
}

/// Multiplies the score of the search: coverage first, then where the words stand.
fn fit(question: &Question, chunk: &Chunk) -> f32 {
    let names = said(&format!("{}\n{}", chunk.title, chunk.headings.join("\n")));
    let own = said(own_name(question, chunk));
    let prose = words(&chunk.prose().collect::<Vec<_>>().join("\n"));
    let close = question
        .pairs_in(&prose)
        .max(question.pairs_in(&words(&chunk.headings.join("\n"))));
    let prose = said_in(prose);
    let code = said(&chunk.code().collect::<Vec<_>>().join("\n"));
    let of = |terms: &HashMap<String, f32>, t: &str| terms.get(t).copied().unwrap_or_default();

    let anywhere = question.covered(|t| of(&names, t).max(of(&prose, t)).max(0.8 * of(&code, t)));
    let in_prose = question.covered(|t| of(&prose, t));
    let in_names = question.covered(|t| of(&names, t));
    let in_own_name = question.covered(|t| of(&own, t));
    // What a thing is stands where it has its name.
    let by_name = match question.intent {
        Intent::What => 1.4,
        Intent::How => 0.75,
        _ => 0.9,
    };
    let mut fit = 0.1 + anywhere * anywhere + 0.5 * in_prose + 0.5 * in_names + by_name * in_own_name * precision(question, &own);
    fit += 0.5 * close;
    if question.intent == Intent::How && chunk.code().next().is_some() {
        fit *= 1.15;
    }
    if is_unasked_member(question, chunk) {
        fit *= match question.intent {
            Intent::How => 1.0,
            Intent::Compare => 0.35,
            _ => 0.6,
        };
    }
    if prose.len() < 12 {
        fit *= 0.7;
    }
    fit
}

/// Which share of a name was asked for: a name that says exactly what was asked, and little else, is the place to look.
fn precision(question: &Question, name: &HashMap<String, f32>) -> f32 {
    const KINDS: &[&str] = &[
        "type",
        "primit",
        "modul",
        "keyword",
        "trait",
        "struct",
        "macro",
        "introduct",
        "overview",
        "basic",
        "understand",
    ];
    let telling = || name.keys().filter(|t| !is_stop_word(t) && !KINDS.contains(&t.as_str()));
    let asked = telling()
        .filter(|t| question.terms.iter().any(|q| q.term == **t && question.tells(q)))
        .count();
    0.25 + 0.75 * asked as f32 / telling().count().max(1) as f32
}

/// The passage is about a method, and the question names another or none.
fn is_unasked_member(question: &Question, chunk: &Chunk) -> bool {
    let Some((_, member)) = chunk
        .headings
        .last()
        .and_then(|name| name.trim_matches('`').rsplit_once("::"))
    else {
        return false;
    };
    let member = said(member);
    !question
        .terms
        .iter()
        .any(|term| term.weight >= 1.0 && member.get(&term.term).is_some_and(|strength| *strength >= 1.0))
}

/// What the passage is named by itself: the method alone where nobody asked for its type.
fn own_name<'a>(question: &Question, chunk: &'a Chunk) -> &'a str {
    let name = chunk.headings.last().unwrap_or(&chunk.title).trim_matches('`');
    match name.rsplit_once("::") {
        Some((owner, member)) if question.covered(|t| f32::from(said(owner).contains_key(t))) == 0.0 => member,
        Some((_, member)) if chunk.headings.is_empty() => member,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Block;

    fn chunk(title: &str, headings: &[&str], prose: &str) -> Chunk {
        Chunk {
            path: format!("{title}.html"),
            anchor: String::new(),
            title: title.into(),
            book: String::new(),
            headings: headings.iter().map(|h| (*h).to_owned()).collect(),
            opens: true,
            continued: false,
            blocks: vec![Block::Prose(prose.into())],
            weight: 1.0,
        }
    }

    fn best(question: &str, chunks: Vec<Chunk>) -> String {
        let found = rank(&Question::read(question), chunks.into_iter().map(|c| (1.0, c)).collect(), 3);
        assert_eq!(found[0].score, 1.0);
        let chunk = &found[0].chunk;
        chunk.headings.last().unwrap_or(&chunk.title).clone()
    }

    const TEXT: &str =
        "Something about a vector and what it keeps of its elements when it is told to, with more words than twelve.";

    #[test]
    fn the_passage_of_that_name_comes_first() {
        let chunks = vec![
            chunk("std::vec::Vec", &["`Vec::drain`"], TEXT),
            chunk("std::vec::Vec", &["`Vec::retain`"], TEXT),
        ];
        assert_eq!(best("What does Vec::retain do?", chunks), "`Vec::retain`");
    }

    #[test]
    fn what_a_thing_is_stands_before_its_methods() {
        let own = format!("A contiguous growable array. {TEXT}");
        let chunks = vec![
            chunk("std::vec::Vec", &["`Vec::drain`"], TEXT),
            chunk("std::vec::Vec", &[], &own),
        ];
        assert_eq!(best("What is a Vec?", chunks), "std::vec::Vec");
    }

    #[test]
    fn more_of_the_question_is_better_and_the_same_text_comes_once() {
        let both = format!("Threads share state behind a lock. {TEXT}");
        let chunks = vec![
            chunk("A", &[], &format!("Threads. {TEXT}")),
            chunk("B", &[], &both),
            chunk("C", &[], &both),
        ];
        let found = rank(
            &Question::read("How do threads share state?"),
            chunks.into_iter().map(|c| (1.0, c)).collect(),
            3,
        );
        let titles: Vec<_> = found.iter().map(|p| p.chunk.title.as_str()).collect();
        assert_eq!(titles, ["B", "A"]);
    }
}
