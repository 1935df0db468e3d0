//! Checks what a model said before anyone reads it.

use crate::records::{Answer, Completion, Part, Source};

/// Citations of passages that do not exist are struck out, the others numbered in the order of their use, sources that nothing
/// cites dropped, paragraphs and code told apart.
pub fn checked(completion: Completion) -> Answer {
    let Completion {
        id,
        session,
        asked,
        model,
        turn,
        text,
        passages,
    } = completion;
    let mut used: Vec<usize> = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    for part in split(&text) {
        let part = match part {
            Part::Text(text) => Part::Text(renumber(&text, passages.len(), &mut used)),
            code => code,
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let sources = used.iter().map(|&i| Source::from(&passages[i].chunk)).collect();
    Answer {
        id,
        session,
        asked,
        model,
        turn,
        parts,
        sources,
    }
}

/// Paragraphs, and code between fences.
fn split(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for (i, piece) in text.split("```").enumerate() {
        if i % 2 == 1 {
            // The first line names the language.
            let code = piece.split_once('\n').map_or(piece, |(_, code)| code).trim_end();
            parts.push(Part::Code(code.to_owned()));
        } else {
            let paragraphs = piece.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
            parts.extend(paragraphs.map(|p| Part::Text(p.to_owned())));
        }
    }
    parts
}

/// `[7]` becomes the place of passage 7 among those used; a passage that is not there loses its citation.
fn renumber(text: &str, passages: usize, used: &mut Vec<usize>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let Some(close) = rest[open..].find(']').map(|at| open + at) else {
            break;
        };
        let inner = &rest[open + 1..close];
        let is_citation = !inner.is_empty()
            && inner.len() <= 3
            && inner.bytes().all(|b| b.is_ascii_digit())
            && !in_code(&text[..text.len() - rest.len() + open]);
        let number = inner
            .parse::<usize>()
            .ok()
            .filter(|n| is_citation && (1..=passages).contains(n));
        match number {
            Some(number) => {
                let place = used.iter().position(|&i| i == number - 1).unwrap_or_else(|| {
                    used.push(number - 1);
                    used.len() - 1
                });
                out += &rest[..open];
                out += &format!("[{}]", place + 1);
            }
            None if is_citation => out += rest[..open].trim_end(),
            None => out += &rest[..=close],
        }
        rest = &rest[close + 1..];
    }
    out + rest
}

fn in_code(before: &str) -> bool {
    before.matches('`').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::{
        corpus::{Block, Chunk},
        search::Passage,
    };

    fn answer(text: &str) -> Answer {
        let passage = |title: &str| Passage {
            chunk: Chunk {
                path: format!("{title}.md"),
                anchor: String::new(),
                title: title.into(),
                book: String::new(),
                headings: Vec::new(),
                opens: true,
                continued: false,
                blocks: vec![Block::Prose("x".into())],
                weight: 1.0,
            },
            score: 1.0,
        };
        let passages = vec![passage("a"), passage("b"), passage("c")];
        checked(Completion {
            id: 1,
            session: 1,
            asked: Instant::now(),
            model: "m".into(),
            turn: 1,
            text: text.into(),
            passages,
        })
    }

    #[test]
    fn citations_are_numbered_in_the_order_of_their_use() {
        let answer = answer("Third. [3] First. [1]\n\nThird again. [3]");
        assert_eq!(
            answer.parts,
            [
                Part::Text("Third. [1] First. [2]".into()),
                Part::Text("Third again. [1]".into())
            ]
        );
        let titles: Vec<_> = answer.sources.iter().map(|s| s.title.as_str()).collect();
        assert_eq!(titles, ["c", "a"]);
    }

    #[test]
    fn a_citation_of_nothing_is_struck_out() {
        assert_eq!(
            answer("So it is [9]. `a[1] b[2]` stays, [see] too.").parts,
            [Part::Text("So it is. `a[1] b[2]` stays, [see] too.".into())]
        );
    }

    #[test]
    fn code_is_told_from_text_and_nothing_is_said_twice() {
        let answer = answer("Do: [1]\n\n```rust\na[2];\n```\n\nDo: [1]");
        assert_eq!(answer.parts, [Part::Text("Do: [1]".into()), Part::Code("a[2];".into())]);
    }
}
