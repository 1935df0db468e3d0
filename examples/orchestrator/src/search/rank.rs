//! The finer ranking: how much of the question a passage covers, and where.

use std::collections::HashSet;

use super::{
    question::{Intent, Question},
    words::words,
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

/// Multiplies the score of the search: coverage first, then where the words stand.
fn fit(question: &Question, chunk: &Chunk) -> f32 {
    let terms = |text: &str| words(text).into_iter().map(|w| w.term).collect::<HashSet<_>>();
    let named = terms(&format!("{}\n{}", chunk.title, chunk.headings.join("\n")));
    let own = terms(&format!(
        "{}\n{}",
        chunk.title,
        chunk.headings.last().map_or("", String::as_str)
    ));
    let prose = terms(&chunk.prose().collect::<Vec<_>>().join("\n"));
    let code = terms(&chunk.code().collect::<Vec<_>>().join("\n"));

    let anywhere = question.covered(|t| named.contains(t) || prose.contains(t) || code.contains(t));
    let said = question.covered(|t| prose.contains(t));
    let in_own_name = question.covered(|t| own.contains(t));
    // A name that says exactly what was asked, and little else.
    let focus = in_own_name / (1.0 + 0.04 * own.len() as f32);
    let shows_code = chunk.code().next().is_some();
    let wants_code = question.intent == Intent::How;
    let mut fit = 0.15 + anywhere * anywhere + 0.5 * said + 0.9 * focus;
    if wants_code && shows_code {
        fit *= 1.15;
    }
    if prose.len() < 12 {
        fit *= 0.7;
    }
    fit
}
