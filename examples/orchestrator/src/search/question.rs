//! What a question asks: its terms, and of what kind it is.

use super::{
    vocabulary::{alike, goes_with_anything, is_stop_word, same},
    words::{Word, stem, words},
};

/// What kind of answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// «How do I …»: steps and code.
    How,
    /// «What is …», «What does …»: a definition.
    What,
    /// «What is the difference between … and …».
    Compare,
    /// «Why …»: a reason.
    Why,
    /// Anything else.
    Other,
}

/// A term that is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// As in the index.
    pub term: String,
    /// 1 for a word of the question; less for a part of an identifier or a word of like meaning.
    pub weight: f32,
    /// The word of the question that it stands for.
    pub group: usize,
    /// How rare it is in the corpus; set by the search.
    pub rarity: f32,
}

/// A question, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// As it was asked.
    pub text: String,
    /// What kind of answer it wants.
    pub intent: Intent,
    /// What is looked for.
    pub terms: Vec<Term>,
    /// How many words of the question the terms stand for.
    pub groups: usize,
    /// How much each of them matters: a verb that goes with anything matters less.
    pub importance: Vec<f32>,
    /// Names as they were written: `Rc`, `HashMap`.
    pub names: Vec<String>,
    /// Neighbours in the question, as terms: they count more where they stand together.
    pub pairs: Vec<[String; 2]>,
}

impl Question {
    /// Reads a question.
    pub fn read(text: &str) -> Question {
        let lower = text.to_lowercase();
        let mut question = Question {
            text: text.trim().to_owned(),
            intent: intent(&lower),
            terms: Vec::new(),
            groups: 0,
            importance: Vec::new(),
            names: Vec::new(),
            pairs: Vec::new(),
        };
        let found = words(text);
        let keywords = keyword_positions(&found, text);
        let mut last: Option<(usize, String)> = None;
        for (i, word) in found.iter().enumerate() {
            let said = text[word.at.clone()].to_lowercase();
            let quoted = text[..word.at.start].ends_with('`') || keywords.contains(&i);
            if word.is_part {
                let weight = if is_stop_word(&said) { 0.0 } else { 0.25 };
                question.add(&word.term, weight, question.groups.saturating_sub(1));
                continue;
            }
            if (is_stop_word(&said) || said.chars().count() < 2) && !quoted && !word.term.starts_with("op:") {
                continue;
            }
            let group = question.groups;
            question.groups += 1;
            question
                .importance
                .push(if goes_with_anything(&word.term) { 0.3 } else { 1.0 });
            question.add(&word.term, 1.0, group);
            for same in same(&word.term) {
                question.add(&stem(same), 0.85, group);
            }
            for like in alike(&word.term) {
                question.add(&stem(like), 0.45, group);
            }
            if said != text[word.at.clone()] && i > 0 {
                question.names.push(text[word.at.clone()].to_owned());
            }
            if let Some((position, before)) = &last
                && word.position - position <= 3
                && *before != word.term
            {
                question.pairs.push([before.clone(), word.term.clone()]);
            }
            last = Some((word.position, word.term.clone()));
        }
        question
    }

    fn add(&mut self, term: &str, weight: f32, group: usize) {
        if weight > 0.0 && !self.terms.iter().any(|t| t.term == term) {
            self.terms.push(Term {
                term: term.to_owned(),
                weight,
                group,
                rarity: 1.0,
            });
        }
    }

    /// How much the words of the question weigh together.
    pub fn weight(&self) -> f32 {
        (0..self.groups).map(|g| self.group_weight(g)).sum::<f32>().max(f32::EPSILON)
    }

    /// How much one word of the question weighs: the more, the rarer.
    pub fn group_weight(&self, group: usize) -> f32 {
        self.terms
            .iter()
            .find(|t| t.group == group && t.weight >= 1.0)
            .map_or(0.0, |t| t.rarity * self.importance[group])
    }

    /// How many of the names stand in a text exactly as they were written; 1 if the question has none.
    pub fn named_in(&self, text: &str) -> f32 {
        let there = self.names.iter().filter(|name| text.contains(name.as_str())).count();
        (1 + there) as f32 / (1 + self.names.len()) as f32
    }

    /// Which share of the neighbours in the question stand close together in a text.
    pub fn pairs_in(&self, text: &[Word]) -> f32 {
        if self.pairs.is_empty() {
            return 0.0;
        }
        let places = |term: &str| {
            text.iter()
                .filter(|w| w.term == *term)
                .map(|w| w.position)
                .collect::<Vec<_>>()
        };
        let close = |[first, second]: &&[String; 2]| {
            let (first, second) = (places(first), places(second));
            first.iter().any(|a| second.iter().any(|b| a.abs_diff(*b) <= 3))
        };
        self.pairs.iter().filter(close).count() as f32 / self.pairs.len() as f32
    }

    /// A term that tells what is asked, not a verb that goes with anything (where there is anything else).
    pub fn tells(&self, term: &Term) -> bool {
        self.importance[term.group] >= 1.0 || self.importance.iter().all(|i| *i < 1.0)
    }

    /// Which share of the question is covered, from 0 to 1, where `strength` says how clearly a term is said.
    pub fn covered(&self, strength: impl Fn(&str) -> f32) -> f32 {
        let mut best = vec![0.0_f32; self.groups];
        for term in &self.terms {
            best[term.group] = best[term.group].max(term.weight.min(1.0) * strength(&term.term));
        }
        let sum: f32 = best.iter().enumerate().map(|(g, share)| share * self.group_weight(g)).sum();
        sum / self.weight()
    }
}

/// `for` in «the for loop» is a word of the language, not a stop word.
fn keyword_positions(found: &[Word], text: &str) -> Vec<usize> {
    let said = |i: usize| text[found[i].at.clone()].to_lowercase();
    let names = [
        "loop",
        "loops",
        "keyword",
        "keywords",
        "expression",
        "expressions",
        "statement",
        "statements",
        "block",
        "trait",
        "type",
        "let",
    ];
    let own = [
        "for", "while", "if", "let", "where", "as", "in", "else", "use", "move", "do", "into", "from", "from", "try", "any",
    ];
    (0..found.len().saturating_sub(1))
        .filter(|&i| own.contains(&said(i).as_str()) && names.contains(&said(i + 1).as_str()))
        .collect()
}

fn intent(lower: &str) -> Intent {
    let starts = |words: &[&str]| words.iter().any(|w| lower.trim_start().starts_with(w));
    if [
        "difference",
        "differ ",
        " vs ",
        " vs. ",
        " versus ",
        "compared to",
        "compare ",
    ]
    .iter()
    .any(|w| lower.contains(w))
    {
        Intent::Compare
    } else if starts(&["how "]) || lower.contains("how do i") || lower.contains("how to") || lower.contains("how can") {
        let explains = starts(&["how does", "how is", "how are", "how do the", "how did"]);
        if explains { Intent::What } else { Intent::How }
    } else if starts(&["why "]) {
        Intent::Why
    } else if starts(&[
        "what ", "what's", "which ", "who ", "when ", "where ", "define", "explain", "describe",
    ]) {
        Intent::What
    } else {
        Intent::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own_terms(text: &str) -> Vec<String> {
        Question::read(text)
            .terms
            .into_iter()
            .filter(|t| t.weight >= 1.0)
            .map(|t| t.term)
            .collect()
    }

    #[test]
    fn only_what_is_asked_about_is_looked_for() {
        assert_eq!(own_terms("How do I pin a future?"), ["pin", "futur"]);
        assert_eq!(own_terms("What is the difference between Rc and Arc?"), ["rc", "arc"]);
        assert_eq!(
            own_terms("What does the ? operator do?"),
            ["op:?".to_owned(), stem("operator")]
        );
        assert_eq!(own_terms("What does the `for` loop do?"), ["for", "loop"]);
    }

    #[test]
    fn the_kind_of_a_question_is_told() {
        assert_eq!(Question::read("How do I pin a future?").intent, Intent::How);
        assert_eq!(Question::read("How does the borrow checker treat it?").intent, Intent::What);
        assert_eq!(Question::read("Rc vs Arc").intent, Intent::Compare);
        assert_eq!(Question::read("Why is it so?").intent, Intent::Why);
    }

    #[test]
    fn a_word_of_like_meaning_counts_less() {
        let question = Question::read("What is a lambda?");
        let covered = question.covered(|t| f32::from(t == stem("closure")));
        assert!(covered > 0.2 && covered < 0.9, "{covered}");
        assert_eq!(question.covered(|t| f32::from(t == stem("lambda"))), 1.0);
    }
}
