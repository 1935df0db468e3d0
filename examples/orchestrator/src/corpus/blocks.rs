//! What the extractors write into: running text becomes blocks, white space is folded.

use super::page::Block;

/// Stands above code that is shown because it is wrong.
pub const DOES_NOT_COMPILE: &str = "// This does not compile:";

/// Collects blocks; running text is gathered until a block ends.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    done: Vec<Block>,
    running: String,
}

impl Blocks {
    /// Running text: white space counts as one blank.
    pub(super) fn text(&mut self, text: &str) {
        if text.starts_with(char::is_whitespace) {
            self.blank();
        }
        let mut words = text.split_whitespace();
        if let Some(first) = words.next() {
            self.running.push_str(first);
            for word in words {
                self.running.push(' ');
                self.running.push_str(word);
            }
            if text.ends_with(char::is_whitespace) {
                self.blank();
            }
        }
    }

    /// Text as it stands, inside a block of code.
    pub(super) fn verbatim(&mut self, text: &str) {
        self.running.push_str(text);
    }

    /// One blank, where there is none yet.
    pub(super) fn blank(&mut self) {
        if !self.running.is_empty() && !self.running.ends_with(' ') {
            self.running.push(' ');
        }
    }

    /// A tick on either side of inline code. Two pieces of code side by side are one: `Rc` and `<T>`.
    pub(super) fn tick(&mut self) {
        if self.running.ends_with('`') {
            self.running.pop();
        } else {
            self.running.push('`');
        }
    }

    /// The running text so far is a block.
    pub(super) fn end(&mut self, make: impl FnOnce(String) -> Block) {
        let text = self.take();
        if text.chars().any(char::is_alphanumeric) || text.contains('`') {
            self.done.push(make(text));
        }
    }

    /// The running text so far is a block of code.
    pub(super) fn end_code(&mut self) {
        let text = std::mem::take(&mut self.running);
        let text = text.trim_matches(['\n', '\r']).trim_end();
        if !text.is_empty() {
            self.done.push(Block::Code(text.to_owned()));
        }
    }

    /// The running text so far, which becomes no block.
    pub(super) fn take(&mut self) -> String {
        let text = self.running.trim().to_owned();
        self.running.clear();
        text
    }

    /// What was said last, or is being said, is not for everyday use.
    pub(super) fn caution(&mut self, factor: f32) {
        self.done.push(Block::Caution(factor));
    }

    pub(super) fn push(&mut self, block: Block) {
        self.done.push(block);
    }

    pub(super) fn finish(mut self) -> Vec<Block> {
        self.end(Block::Prose);
        self.done
    }
}
