//! How text becomes terms, for the index and for questions alike.
//!
//! Words are lowered and stemmed. An identifier is one term and its parts too, so that `HashMap`, `hash map` and `hash_map`
//! meet. An operator that stands alone (`?`, `->`) is a term of its own. Stop words are kept here; questions leave them out.

use std::{cell::RefCell, collections::HashMap};

use frostem::{Algorithm, Stemmer};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// A term of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// The term: a stem, a whole identifier, or `op:` and an operator.
    pub term: String,
    /// Where it stands in the text, in bytes.
    pub at: std::ops::Range<usize>,
    /// Its number in the text; the whole of an identifier shares the number of its first part.
    pub position: usize,
    /// A part of a longer identifier.
    pub is_part: bool,
}

/// The terms of `text`, in order.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::with_capacity(text.len() / 6);
    let mut position = 0;
    let mut rest = text.char_indices().peekable();
    while let Some(&(start, c)) = rest.peek() {
        let end_of = |rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>, keep: fn(char) -> bool| {
            while rest.next_if(|(_, c)| keep(*c)).is_some() {}
            rest.peek().map_or(text.len(), |(at, _)| *at)
        };
        if is_word(c) {
            let end = end_of(&mut rest, is_word);
            position = add_word(&mut found, text, start..end, position);
            // `borrow's`, `doesn't`: what follows the apostrophe is no word.
            if rest.peek().is_some_and(|(_, c)| matches!(c, '\'' | '’')) {
                let mut ahead = rest.clone();
                ahead.next();
                let suffix = ahead.clone().take_while(|(_, c)| c.is_alphabetic()).count();
                if (1..=2).contains(&suffix) {
                    rest.nth(suffix);
                }
            }
        } else if is_operator(c) {
            let end = end_of(&mut rest, is_operator);
            if stands_alone(text, start, end) && !matches!(&text[start..end], "-" | "--" | "." | "..." | "," | ":" | ";") {
                found.push(Word {
                    term: format!("op:{}", &text[start..end]),
                    at: start..end,
                    position,
                    is_part: false,
                });
                position += 1;
            }
        } else {
            rest.next();
        }
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_operator(c: char) -> bool {
    c.is_ascii_punctuation() && !matches!(c, '_' | '`' | '"' | '\'' | '(' | ')' | ',' | ';')
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let edge = |c: Option<char>| {
        c.is_none_or(|c| c.is_whitespace() || matches!(c, '`' | '"' | '\'' | '(' | ')' | '“' | '”' | '‘' | '’'))
    };
    let before = text[..start].chars().next_back();
    // At the very end of a text, `?` closes the question.
    end - start <= 3 && edge(before) && edge(text[end..].chars().next()) && (start > 0 || end < text.len())
}

fn add_word(found: &mut Vec<Word>, text: &str, at: std::ops::Range<usize>, position: usize) -> usize {
    let word = &text[at.clone()];
    let parts = parts(word);
    let letters = word.trim_matches('_');
    if letters.is_empty() || letters.len() > 60 {
        return position;
    }
    let whole = stem(&letters.to_lowercase());
    found.push(Word {
        term: whole,
        at: at.clone(),
        position,
        is_part: false,
    });
    if parts.len() < 2 {
        return position + 1;
    }
    for (i, part) in parts.iter().enumerate() {
        found.push(Word {
            term: stem(&part.to_lowercase()),
            at: at.clone(),
            position: position + i,
            is_part: true,
        });
    }
    position + parts.len()
}

/// The parts of an identifier: `read`, `to`, `string`; `Ref`, `Cell`; `HTTP`, `Server`.
fn parts(word: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for piece in word.split('_').filter(|p| !p.is_empty()) {
        let mut from = 0;
        let chars: Vec<(usize, char)> = piece.char_indices().collect();
        for i in 1..chars.len() {
            let (before, here) = (chars[i - 1].1, chars[i].1);
            let after = chars.get(i + 1).map(|(_, c)| *c);
            let hump = here.is_uppercase()
                && (before.is_lowercase() || (before.is_uppercase() && after.is_some_and(char::is_lowercase)));
            if hump {
                found.push(&piece[from..chars[i].0]);
                from = chars[i].0;
            }
        }
        found.push(&piece[from..]);
    }
    // `ABCs` and the like are no identifiers.
    if found.iter().all(|p| p.len() < 2) {
        Vec::new()
    } else {
        found
    }
}

/// The stem of a lowered word; remembered, for the words of a language are few.
pub(super) fn stem(word: &str) -> String {
    const REMEMBERED: usize = 100_000;
    thread_local! {
        static KNOWN: RefCell<HashMap<String, String>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some(stem) = known.get(word) {
            return stem.clone();
        }
        // Some stems of English hide a word of programming.
        let stem = match word {
            "string" | "strings" => "string".to_owned(),
            "future" | "futures" => "futur".to_owned(),
            other => Stemmer::new(Algorithm::English).stem(other).into_owned(),
        };
        if known.len() > REMEMBERED {
            known.clear();
        }
        known.insert(word.to_owned(), stem.clone());
        stem
    })
}

/// The tokenizer of the index.
#[derive(Debug, Clone, Default)]
pub(super) struct Words;

impl Tokenizer for Words {
    type TokenStream<'a> = Stream;
    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        Stream {
            words: words(text).into_iter(),
            token: Token::default(),
        }
    }
}

/// The terms of a text as the index takes them.
pub(super) struct Stream {
    words: std::vec::IntoIter<Word>,
    token: Token,
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else { return false };
        self.token = Token {
            offset_from: word.at.start,
            offset_to: word.at.end,
            position: word.position,
            text: word.term,
            position_length: 1,
        };
        true
    }
    fn token(&self) -> &Token {
        &self.token
    }
    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        words(text).into_iter().map(|w| w.term).collect()
    }

    #[test]
    fn identifiers_are_one_term_and_their_parts() {
        assert_eq!(terms("HashMap"), [stem("hashmap").as_str(), "hash", "map"]);
        assert_eq!(
            terms("read_to_string"),
            [stem("read_to_string").as_str(), "read", "to", "string"]
        );
        assert_eq!(terms("Vec::retain"), ["vec", "retain"]);
        assert_eq!(terms("Rc<T>"), ["rc", "t"]);
    }

    #[test]
    fn forms_of_a_word_meet() {
        assert_eq!(stem("threads"), stem("thread"));
        assert_eq!(stem("sharing"), stem("shared"));
        assert_eq!(terms("doesn't the borrower's"), ["doesn", "the", &stem("borrower")]);
    }

    #[test]
    fn an_operator_is_a_term_only_alone() {
        assert!(terms("What does the ? operator do?").contains(&"op:?".to_owned()));
        assert!(terms("the `?` operator").contains(&"op:?".to_owned()));
        assert!(!terms("Does it?").iter().any(|t| t.starts_with("op:")));
        assert!(!terms("a - b ... c").iter().any(|t| t.starts_with("op:")));
    }

    #[test]
    fn parts_share_positions_so_that_phrases_match() {
        let found = words("a HashMap is");
        let positions: Vec<_> = found.iter().map(|w| w.position).collect();
        assert_eq!(positions, [0, 1, 1, 2, 3]);
    }
}
