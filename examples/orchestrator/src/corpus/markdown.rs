//! Markdown and plain text.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{
    blocks::Blocks,
    page::{Block, Page, RawPage},
};

/// The blocks of a Markdown page. Its title is its first heading.
pub(super) fn extract(raw: &RawPage) -> Page {
    let mut out = Blocks::default();
    let (mut title, mut depth, mut in_code) = (String::new(), 0_usize, false);
    for event in Parser::new_ext(&raw.text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES) {
        match event {
            Event::Start(Tag::Item | Tag::TableRow | Tag::TableHead) => {
                flush(&mut out, depth);
                depth += 1;
            }
            Event::Start(Tag::CodeBlock(_)) => {
                flush(&mut out, depth);
                in_code = true;
            }
            Event::Start(Tag::Heading { .. } | Tag::Paragraph) => flush(&mut out, depth),
            Event::End(TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead) => {
                flush(&mut out, depth);
                depth = depth.saturating_sub(1);
            }
            Event::End(TagEnd::TableCell) => out.text(" · "),
            Event::End(TagEnd::Paragraph) => flush(&mut out, depth),
            Event::End(TagEnd::CodeBlock) => {
                out.end_code();
                in_code = false;
            }
            Event::End(TagEnd::Heading(level)) => {
                let text = out.take();
                if title.is_empty() {
                    title.clone_from(&text);
                }
                out.push(Block::Heading {
                    level: number(level),
                    anchor: anchor(&text),
                    text,
                });
            }
            Event::Text(text) if in_code => out.verbatim(&text),
            Event::Text(text) => out.text(&text),
            Event::Code(code) => {
                out.tick();
                out.text(&code);
                out.tick();
            }
            Event::SoftBreak | Event::HardBreak => out.blank(),
            _ => {}
        }
    }
    Page {
        path: raw.path.clone(),
        title: title.replace('`', ""),
        book: String::new(),
        blocks: out.finish(),
        weight: raw.weight,
    }
}

/// The paragraphs of a plain text; what an empty line separates.
pub(super) fn plain(raw: &RawPage) -> Page {
    let mut out = Blocks::default();
    for line in raw.text.lines() {
        if line.trim().is_empty() {
            out.end(Block::Prose);
        } else {
            out.text(line);
            out.blank();
        }
    }
    Page {
        path: raw.path.clone(),
        title: String::new(),
        book: String::new(),
        blocks: out.finish(),
        weight: raw.weight,
    }
}

fn flush(out: &mut Blocks, depth: usize) {
    if depth > 0 {
        out.end(Block::Item)
    } else {
        out.end(Block::Prose)
    }
}

fn number(level: HeadingLevel) -> u8 {
    level as u8
}

/// The fragment that the usual renderers give a heading.
fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> RawPage {
        RawPage {
            path: "a.md".into(),
            text: text.into(),
            weight: 1.0,
        }
    }

    #[test]
    fn markdown_becomes_blocks() {
        let page = extract(&raw(
            "# Rings `now`\n\nA ring *holds*\nrecords.\n\n- one\n- two\n\n```rust\nlet a = 1;\n\nlet b;\n```\n",
        ));
        assert_eq!(page.title, "Rings now");
        assert_eq!(
            page.blocks,
            [
                Block::Heading {
                    level: 1,
                    text: "Rings `now`".into(),
                    anchor: "rings-now".into()
                },
                Block::Prose("A ring holds records.".into()),
                Block::Item("one".into()),
                Block::Item("two".into()),
                Block::Code("let a = 1;\n\nlet b;".into()),
            ]
        );
    }

    #[test]
    fn plain_text_becomes_paragraphs() {
        let page = plain(&raw("one\ntwo\n\n\nthree\n"));
        assert_eq!(page.blocks, [Block::Prose("one two".into()), Block::Prose("three".into())]);
    }
}
