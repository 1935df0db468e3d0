//! HTML: the main part of a page as blocks, read in one pass over its tokens without a tree.

use html5gum::{
    Span, Tokenizer,
    emitters::callback::{Callback, CallbackEmitter, CallbackEvent},
};
use memchr::memmem;

use super::{
    blocks::{Blocks, DOES_NOT_COMPILE},
    page::{Block, Page, RawPage},
    rustdocs,
};

/// Elements that hold no words of the author's.
const DECORATION: &[&str] = &[
    "aside",
    "button",
    "figcaption",
    "footer",
    "form",
    "head",
    "nav",
    "noscript",
    "rustdoc-toolbar",
    "rustdoc-topbar",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "title",
];

/// Classes of elements that hold none either: line numbers, source links, hidden lines, grammar drawings.
const DECORATED: &[&str] = &[
    "anchor",
    "boring",
    "caption",
    "doc-anchor",
    "file-name",
    "filename",
    "footnote-reference",
    "grammar-container",
    "hideme",
    "line-numbers",
    "rightside",
    "rule",
    "rustdoc-breadcrumbs",
    "since",
    "src",
    "sub-heading",
    "test-arrow",
    "tooltip",
];

/// The blocks of an HTML page; none for a page that only sends the reader elsewhere.
pub(super) fn extract(raw: &RawPage) -> Option<Page> {
    let bytes = raw.text.as_bytes();
    let head = &bytes[..bytes.len().min(2048)];
    if memmem::find(head, b"http-equiv=\"refresh\"").is_some() {
        return None;
    }
    let is_rustdoc = memmem::find(head, b"content=\"rustdoc\"").is_some();
    let mut reader = Reader::default();
    if is_rustdoc {
        reader.item = rustdocs::item_name(&raw.path);
    }
    let mut emitter = CallbackEmitter::new(&mut reader);
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(main_part(&raw.text, is_rustdoc), emitter).collect::<Result<(), _>>();

    let (mut title, book) = split_title(&between(&raw.text, "<title>", "</title>"));
    if is_rustdoc {
        title = rustdocs::title(&raw.path).unwrap_or(title);
    }
    Some(Page {
        path: raw.path.clone(),
        title,
        book,
        blocks: reader.out.finish(),
        weight: raw.weight,
    })
}

/// What stands in `<main>`; without one, everything (the decoration is left out by name).
fn main_part(text: &str, is_rustdoc: bool) -> &str {
    let Some(start) = memmem::find(text.as_bytes(), b"<main") else {
        return text;
    };
    let text = &text[start..];
    let text = memmem::rfind(text.as_bytes(), b"</main>").map_or(text, |end| &text[..end]);
    if is_rustdoc { rustdocs::own_part(text) } else { text }
}

fn between(text: &str, open: &str, close: &str) -> String {
    let found = text.split_once(open).and_then(|(_, rest)| rest.split_once(close));
    let raw = found.map_or("", |(inner, _)| inner);
    raw.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

/// «Page - Book» is how most generators write it.
fn split_title(title: &str) -> (String, String) {
    match title.trim().rsplit_once(" - ") {
        Some((page, book)) => (page.trim().to_owned(), book.trim().to_owned()),
        None => (title.trim().to_owned(), String::new()),
    }
}

#[derive(Default)]
struct Reader {
    out: Blocks,
    /// The start tag at hand.
    tag: Vec<u8>,
    attribute: Attribute,
    id: String,
    class: String,
    /// Inside an element that is left out: its name, and how often it is open.
    skipping: Option<(Vec<u8>, usize)>,
    /// The item that a page of rustdoc is about: `Vec`.
    item: Option<String>,
    /// The method or variant whose section is open: its name and anchor.
    member: Option<(String, String)>,
    heading: Option<Heading>,
    lists: usize,
    in_code: bool,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Attribute {
    Id,
    Class,
    #[default]
    Other,
}

struct Heading {
    level: u8,
    anchor: String,
    is_signature: bool,
}

impl Callback<(), ()> for &mut Reader {
    fn handle_event(&mut self, event: CallbackEvent<'_>, _: Span<()>) -> Option<()> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag.clear();
                self.tag.extend_from_slice(name);
                self.id.clear();
                self.class.clear();
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute = match name {
                    b"id" => Attribute::Id,
                    b"class" => Attribute::Class,
                    _ => Attribute::Other,
                };
            }
            CallbackEvent::AttributeValue { value } => match self.attribute {
                Attribute::Id => self.id = String::from_utf8_lossy(value).into_owned(),
                Attribute::Class => self.class = String::from_utf8_lossy(value).into_owned(),
                Attribute::Other => {}
            },
            CallbackEvent::CloseStartTag { self_closing } => self.opened(self_closing),
            CallbackEvent::EndTag { name } => self.closed(name),
            CallbackEvent::String { value } if self.skipping.is_none() => {
                let text = String::from_utf8_lossy(value);
                if self.in_code {
                    self.out.verbatim(&text)
                } else {
                    self.out.text(&text.replace('`', "'"))
                }
            }
            _ => {}
        }
        None
    }
}

impl Reader {
    fn opened(&mut self, self_closing: bool) {
        let tag = std::mem::take(&mut self.tag);
        self.open(&tag, self_closing);
        self.tag = tag;
    }

    fn open(&mut self, tag: &[u8], self_closing: bool) {
        if let Some((name, depth)) = &mut self.skipping {
            *depth += usize::from(name.as_slice() == tag && !self_closing);
            return;
        }
        let name = std::str::from_utf8(tag).unwrap_or_default();
        if matches!(
            name,
            "br" | "hr" | "img" | "input" | "meta" | "link" | "wbr" | "source" | "col"
        ) {
            if name == "br" {
                self.out.blank();
            }
            return;
        }
        if let Some(factor) = rustdocs::is_warning(&self.class) {
            self.out.caution(factor);
            self.skipping = Some((tag.to_vec(), 1));
            return;
        }
        if !self_closing && (DECORATION.contains(&name) || self.class.split(' ').any(|c| DECORATED.contains(&c))) {
            self.skipping = Some((tag.to_vec(), 1));
            return;
        }
        match name {
            "pre" => {
                self.flush();
                self.in_code = true;
                self.warn_of_code();
            }
            "code" if self.in_code => self.warn_of_code(),
            "code" if !self.in_code && self.heading.as_ref().is_none_or(|h| !h.is_signature) => self.out.tick(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                let is_signature = self.class.contains("code-header");
                self.heading = Some(Heading {
                    level: tag[1] - b'0',
                    anchor: std::mem::take(&mut self.id),
                    is_signature,
                });
            }
            "section" => {
                self.flush();
                self.member = rustdocs::member(&self.id).map(|name| (name.to_owned(), self.id.clone()));
            }
            "li" | "dt" | "tr" => {
                self.flush();
                self.lists += 1;
            }
            "dd" => self.out.text(" · "),
            "td" | "th" => self.out.blank(),
            _ if is_block(name) => self.flush(),
            _ => {}
        }
    }

    fn closed(&mut self, tag: &[u8]) {
        if let Some((name, depth)) = &mut self.skipping {
            *depth -= usize::from(name.as_slice() == tag);
            if *depth == 0 {
                self.skipping = None;
            }
            return;
        }
        match std::str::from_utf8(tag).unwrap_or_default() {
            "pre" if self.in_code => {
                self.out.end_code();
                self.in_code = false;
            }
            "code" if !self.in_code && self.heading.as_ref().is_none_or(|h| !h.is_signature) => self.out.tick(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.end_heading(),
            "li" | "dd" | "tr" => {
                self.flush();
                self.lists = self.lists.saturating_sub(1);
            }
            "td" | "th" => self.out.text(" · "),
            name if is_block(name) => self.flush(),
            _ => {}
        }
    }

    /// Examples of what goes wrong say so: in a quotation nobody sees the crab that warns of them.
    fn warn_of_code(&mut self) {
        let fails = self
            .class
            .split(' ')
            .any(|c| matches!(c, "does_not_compile" | "compile_fail"));
        if fails {
            self.out.verbatim(DOES_NOT_COMPILE);
            self.out.verbatim("\n");
        }
    }

    fn flush(&mut self) {
        if self.in_code {
            return;
        }
        if self.heading.is_some() {
            return self.out.blank();
        }
        if self.lists > 0 {
            self.out.end(Block::Item)
        } else {
            self.out.end(Block::Prose)
        }
    }

    fn end_heading(&mut self) {
        let Some(heading) = self.heading.take() else { return };
        let text = self.out.take();
        if !heading.is_signature {
            let text = text.trim_matches('§').trim().to_owned();
            let is_listing = matches!(text.as_str(), "Implementations" | "Required Methods" | "Provided Methods");
            let text = if is_listing { String::new() } else { text };
            self.out.push(Block::Heading {
                level: heading.level,
                text,
                anchor: heading.anchor,
            });
        } else if let Some((name, anchor)) = self.member.take() {
            // A signature stands under a heading of the member's name: `Vec::retain`.
            let full = self.item.as_ref().map_or(name.clone(), |item| format!("{item}::{name}"));
            self.out.push(Block::Heading {
                level: 3,
                text: format!("`{full}`"),
                anchor,
            });
            self.out.push(Block::Code(one_line(text)));
        }
    }
}

/// A signature on one line, without the comma that rustdoc leaves at the end of a `where`.
fn one_line(signature: String) -> String {
    signature
        .trim_end_matches(',')
        .replace(")where", ") where")
        .replace(">where", "> where")
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "ul"
            | "ol"
            | "dl"
            | "table"
            | "blockquote"
            | "details"
            | "summary"
            | "figure"
    )
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
