//! Sentences: where they end, and what makes one fit to stand in an answer.

use std::{collections::HashMap, ops::Range};

use crate::search::Intent;

/// The sentences of a paragraph, as ranges. A point inside backticks or after «e.g.» ends none.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut in_code) = (0, false);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '`' => in_code = !in_code,
            '.' | '!' | '?' if !in_code => {
                // A closing bracket or quote belongs to the sentence.
                while chars.next_if(|(_, c)| matches!(c, ')' | '"' | '”' | '’')).is_some() {}
                let end = chars.peek().map_or(text.len(), |(at, _)| *at);
                let ends_here = end == text.len() || text[end..].starts_with(' ');
                let next_starts = text[end..].trim_start().chars().next().is_none_or(|c| !c.is_lowercase());
                if ends_here && next_starts && !ends_in_abbreviation(&text[start..=at]) {
                    found.push(trimmed(text, start..end));
                    start = end;
                }
            }
            _ => {}
        }
    }
    found.push(trimmed(text, start..text.len()));
    found.retain(|range| !range.is_empty());
    found
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let from = range.start + (inner.len() - inner.trim_start().len());
    from..from + inner.trim().len()
}

fn ends_in_abbreviation(text: &str) -> bool {
    ["e.g.", "i.e.", "etc.", "vs.", "cf.", "resp.", "approx."]
        .iter()
        .any(|a| text.ends_with(a))
}

/// It leans on the sentence before it: «This …», «However, …».
pub(super) fn leans_back(sentence: &str) -> bool {
    const LEANING: &str = " this that these those it its they them their he she such here there then however therefore thus hence also \
        but and so or otherwise instead similarly additionally furthermore moreover finally next again both another still yet \
        likewise conversely consequently now doing ";
    // «It is possible to …» points at nothing.
    let lower = sentence.to_lowercase();
    if ["it’s ", "it's ", "it is "].iter().any(|s| lower.starts_with(s)) && lower.split(' ').take(4).any(|w| w == "to") {
        return false;
    }
    let first = sentence
        .split(|c: char| !c.is_alphanumeric())
        .find(|w| !w.is_empty())
        .unwrap_or_default();
    LEANING.contains(&format!(" {} ", first.to_lowercase()))
}

/// How fit a sentence is by itself, whatever the question: 1 is plain prose, less is talk about the text.
pub(super) fn fitness(sentence: &str) -> f32 {
    let lower = without_asides(sentence).to_lowercase();
    let mut fitness = 1.0;
    let talks_of_text = [
        "listing",
        "figure",
        "chapter",
        "section",
        "appendix",
        "see also",
        "let’s",
        "let's",
        "we’ll",
        "we'll",
        "recall",
        "previous",
        "click",
        "as mentioned",
        "above example",
        "following example",
        "next example",
        "in this example",
        "for example, this code",
        "we saw",
        "you’ll see",
    ];
    if talks_of_text.iter().any(|t| lower.contains(t)) {
        fitness *= 0.45;
    }
    let hesitates = [
        "(",
        "note that",
        "unfortunately",
        "however",
        "otherwise",
        "as of ",
        "if you're",
        "if you’re",
        "imagine",
        "consumes ",
        "consider",
    ];
    if hesitates.iter().any(|start| lower.starts_with(start)) {
        fitness *= 0.7;
    }
    if [" these ", " those "].iter().any(|w| lower.contains(w))
        || ["the last ", "the first ", "the second ", "the previous "]
            .iter()
            .any(|s| lower.starts_with(s))
    {
        fitness *= 0.75;
    }
    if sentence.ends_with('?') {
        fitness *= 0.35;
    }
    if sentence.ends_with(':') {
        fitness *= 0.85;
    }
    let chats = [
        "wow",
        "at this point",
        "here’s",
        "here's",
        "you might imagine",
        "don’t worry",
        "remember that",
        "our program",
        "minigrep",
        "so far",
    ];
    if chats.iter().any(|c| lower.contains(c)) {
        fitness *= 0.6;
    }
    if [" we ", " our "].iter().any(|w| format!(" {lower}").contains(w)) {
        fitness *= 0.85;
    }
    let count = sentence.split_whitespace().count();
    if count < 5 {
        fitness *= 0.5;
    } else if count > 55 {
        fitness *= 0.7;
    }
    fitness
}

/// What stands in brackets does not make a sentence less fit.
fn without_asides(sentence: &str) -> String {
    let mut depth = 0_usize;
    let keep = |c: &char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    if sentence.starts_with('(') {
        sentence.to_owned()
    } else {
        sentence.chars().filter(keep).collect()
    }
}

/// What a sentence says that answers of this kind say: 1 is nothing in particular.
pub(super) fn cue(intent: Intent, sentence: &str) -> f32 {
    let lower = format!(" {} ", sentence.to_lowercase());
    let has = |cues: &[&str]| cues.iter().any(|c| lower.contains(c));
    match intent {
        Intent::What if has(&[" can only ", " cannot ", " can’t "]) => 0.8,
        Intent::What
            if has(&[
                " is a ",
                " is an ",
                " is the ",
                " are ",
                " means ",
                " is used ",
                " allows ",
                " lets ",
                " can be used ",
                " will ",
                " returns ",
            ]) =>
        {
            1.15
        }
        Intent::How
            if has(&[
                " you can ",
                " use ",
                " using ",
                " by ",
                " call ",
                " calling ",
                " we can ",
                " to do ",
            ]) =>
        {
            1.15
        }
        Intent::Compare
            if has(&[
                " unlike ",
                " while ",
                " whereas ",
                " but ",
                " differ",
                " only ",
                " instead ",
                " both ",
                " versus ",
                " than ",
                " same ",
                " however",
                " on the other hand",
                " rather ",
                " not ",
                " recap ",
                "single owner",
            ]) =>
        {
            1.25
        }
        Intent::Why
            if has(&[
                " because ",
                " so that ",
                " reason",
                " since ",
                " due to ",
                " prevent",
                " in order ",
                " would ",
                " otherwise ",
            ]) =>
        {
            1.3
        }
        _ => 1.0,
    }
}

/// How alike two texts are: the share of the smaller one's terms that both have.
pub(super) fn likeness(a: &Terms, b: &Terms) -> f32 {
    let shared = a.keys().filter(|t| b.contains_key(*t)).count();
    shared as f32 / a.len().min(b.len()).max(1) as f32
}

/// The terms of a text, and how clearly each is said.
pub(super) type Terms = HashMap<String, f32>;

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn sentences_end_where_a_reader_says() {
        assert_eq!(split("One. Two! (Three?) Four"), ["One.", "Two!", "(Three?)", "Four"]);
        assert_eq!(
            split("Use e.g. Rust 1.95 or `a. B` here. Done."),
            ["Use e.g. Rust 1.95 or `a. B` here.", "Done."]
        );
        assert_eq!(split(""), Vec::<&str>::new());
    }

    #[test]
    fn what_leans_back_is_told() {
        assert!(leans_back("This is so."));
        assert!(leans_back("However, it is."));
        assert!(!leans_back("`Rc<T>` counts."));
    }

    #[test]
    fn talk_about_the_text_is_less_fit() {
        assert!(
            fitness("Listing 15-3 shows how the two of them differ here.")
                < fitness("The two of them differ in how they are counted.")
        );
    }
}
