//! The text of a prompt.

use crate::search::Passage;

/// What a model of language is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// What comes before the passages.
    pub instructions: String,
    /// At most so many bytes of passages; the best come first.
    pub room: usize,
}

impl Default for Template {
    fn default() -> Template {
        let instructions = "Answer the question from the numbered passages alone. Cite each statement with its number, as in [1]. \
            Where the passages do not answer, say so.";
        Template {
            instructions: instructions.to_owned(),
            room: 24 * 1024,
        }
    }
}

impl Template {
    /// The prompt for `question` over `passages`.
    pub fn fill(&self, question: &str, passages: &[Passage]) -> String {
        let mut text = format!("{}\n\n", self.instructions);
        for (i, Passage { chunk, .. }) in passages.iter().enumerate() {
            let mut passage = format!("[{}] {}", i + 1, chunk.title);
            for heading in &chunk.headings {
                passage += &format!(" > {heading}");
            }
            for block in &chunk.blocks {
                passage += "\n";
                passage += block.text();
            }
            if text.len() + passage.len() > self.room {
                break;
            }
            text += &passage;
            text += "\n\n";
        }
        text + "Question: " + question + "\nAnswer:"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Block, Chunk};

    #[test]
    fn passages_are_numbered_and_fit_the_room() {
        let chunk = |said: &str| Chunk {
            path: "a.md".into(),
            anchor: String::new(),
            title: "Rings".into(),
            book: String::new(),
            headings: vec!["Full".into()],
            opens: true,
            continued: false,
            blocks: vec![Block::Prose(said.into())],
            weight: 1.0,
        };
        let passages: Vec<_> = ["short", &"x".repeat(500)]
            .map(|said| Passage {
                chunk: chunk(said),
                score: 1.0,
            })
            .into();
        let template = Template {
            instructions: "Answer.".into(),
            room: 300,
        };
        assert_eq!(
            template.fill("Why?", &passages),
            "Answer.\n\n[1] Rings > Full\nshort\n\nQuestion: Why?\nAnswer:"
        );
    }
}
