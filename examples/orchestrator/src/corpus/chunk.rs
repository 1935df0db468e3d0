//! Cuts a page into passages: one a heading, in pieces where a heading says much.

use super::page::{Block, Chunk, Page};

/// About this many bytes make a passage; a paragraph is never cut.
const FULL: usize = 1_800;
/// A part under one of the usual small headings joins the passage before it up to this size.
const JOINED: usize = 2_400;
/// Longer than this, a single block is shortened: a table of ten thousand rows is no passage.
const LONGEST: usize = 6_000;

/// Headings that say nothing without the one above them.
const SMALL: &[&str] = &[
    "Example",
    "Examples",
    "Panics",
    "Errors",
    "Safety",
    "Returns",
    "Usage",
    "Notes",
    "Note",
    "Platform-specific behavior",
    "See also",
];

/// The passages of a page, in order.
pub fn chunks(page: Page) -> impl Iterator<Item = Chunk> + Send + 'static {
    let mut cutter = Cutter {
        open: Vec::new(),
        blocks: Vec::new(),
        size: 0,
        caution: 1.0,
        continued: false,
        anchor: String::new(),
        done: Vec::new(),
        page,
    };
    for block in std::mem::take(&mut cutter.page.blocks) {
        cutter.add(block);
    }
    cutter.end();
    cutter.done.into_iter()
}

struct Cutter {
    page: Page,
    /// The headings that hold here, with their levels.
    open: Vec<(u8, String)>,
    anchor: String,
    blocks: Vec<Block>,
    size: usize,
    /// The heading at hand has said something already.
    continued: bool,
    /// Lowers the word of the passage at hand.
    caution: f32,
    done: Vec<Chunk>,
}

impl Cutter {
    fn add(&mut self, mut block: Block) {
        if let Block::Heading { level, text, anchor } = &block {
            let joins = SMALL.contains(&text.as_str()) && !self.open.is_empty();
            if joins && self.size < JOINED {
                self.blocks.push(block);
                return;
            }
            self.end();
            self.continued = false;
            let level = if joins { 6 } else { *level };
            self.open.retain(|(other, _)| *other < level);
            if !text.is_empty() {
                self.open.push((level, text.clone()));
            }
            self.anchor.clone_from(anchor);
            return;
        }
        if let Block::Caution(factor) = block {
            if self.done.is_empty() && self.blocks.iter().all(|b| matches!(b, Block::Code(_))) && self.open.len() < 2 {
                self.page.weight *= factor;
            } else {
                self.caution = factor;
            }
            return;
        }
        shorten(&mut block);
        if self.size > FULL && !matches!(block, Block::Code(_)) {
            self.end();
        }
        self.size += block.text().len();
        self.blocks.push(block);
    }

    fn end(&mut self) {
        self.size = 0;
        let blocks = std::mem::take(&mut self.blocks);
        let says = |b: &Block| !matches!(b, Block::Heading { .. });
        if !blocks.iter().any(says) {
            return;
        }
        // The title of the page is said once.
        let title = plain(&self.page.title);
        let named = self
            .open
            .iter()
            .map(|(_, text)| text)
            .filter(|text| plain(text) != title && !is_kind_of(text, &self.page.title));
        self.done.push(Chunk {
            path: self.page.path.clone(),
            anchor: self.anchor.clone(),
            title: self.page.title.clone(),
            book: self.page.book.clone(),
            headings: named.cloned().collect(),
            opens: self.done.is_empty(),
            continued: std::mem::replace(&mut self.continued, true),
            blocks,
            weight: self.page.weight * std::mem::replace(&mut self.caution, 1.0),
        });
    }
}

fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// «Struct Vec» above `std::vec::Vec` says nothing new.
fn is_kind_of(heading: &str, title: &str) -> bool {
    let (kind, name) = heading.split_once(' ').unwrap_or_default();
    let kinds = [
        "Struct",
        "Enum",
        "Trait",
        "Macro",
        "Module",
        "Function",
        "Constant",
        "Keyword",
        "Primitive",
        "Union",
        "Crate",
        "Type",
    ];
    kinds.contains(&kind) && (title.ends_with(name.trim_start_matches("Type ")) || title.ends_with(&format!("{name}!")))
}

fn shorten(block: &mut Block) {
    let (Block::Prose(text) | Block::Item(text) | Block::Code(text)) = block else {
        return;
    };
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(level: u8, text: &str) -> Block {
        Block::Heading {
            level,
            text: text.into(),
            anchor: text.to_lowercase(),
        }
    }

    fn page(blocks: Vec<Block>) -> Page {
        Page {
            path: "a.md".into(),
            title: "Rings".into(),
            book: String::new(),
            blocks,
            weight: 1.0,
        }
    }

    #[test]
    fn each_heading_is_a_passage() {
        let said = |t: &str| Block::Prose(t.into());
        let blocks = vec![
            heading(1, "Rings"),
            said("all"),
            heading(2, "Full"),
            said("wait"),
            heading(3, "Shed"),
            said("no"),
            heading(2, "End"),
        ];
        let found: Vec<_> = chunks(page(blocks)).collect();
        let headings: Vec<_> = found.iter().map(|c| c.headings.join(" > ")).collect();
        assert_eq!(
            headings,
            ["", "Full", "Full > Shed"],
            "the title is not repeated, an empty heading is no passage"
        );
        assert_eq!(found[2].address(), "a.md#shed");
    }

    #[test]
    fn a_small_heading_joins_and_a_long_part_is_cut_between_paragraphs() {
        let blocks = vec![
            heading(1, "Push"),
            Block::Prose("Adds.".into()),
            heading(2, "Examples"),
            Block::Code("push(1)".into()),
        ];
        assert_eq!(chunks(page(blocks)).count(), 1);
        let blocks = vec![
            heading(1, "Long"),
            Block::Prose("a".repeat(1900)),
            Block::Prose("b".repeat(100)),
        ];
        let found: Vec<_> = chunks(page(blocks)).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].headings, ["Long"]);
    }
}
