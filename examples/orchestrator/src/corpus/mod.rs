//! What is answered from: a folder of pages, read into headings, prose and code, and cut into passages.

mod blocks;
mod chunk;
mod html;
mod locate;
mod markdown;
mod page;
mod rustdocs;
mod walk;

pub use blocks::DOES_NOT_COMPILE;
pub use chunk::chunks;
pub use locate::{Corpus, Origin};
pub use page::{Block, Chunk, Page, PageFile, RawPage};
pub use walk::{Files, files};

use std::{io, path::Path};

/// Reads a page as it is on disk. What is not UTF-8 is replaced, not refused.
pub fn read_page(file: PageFile) -> io::Result<RawPage> {
    let bytes = std::fs::read(&file.full)?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(other) => String::from_utf8_lossy(other.as_bytes()).into_owned(),
    };
    Ok(RawPage {
        path: file.path,
        text,
        weight: file.weight,
    })
}

/// The headings, prose and code of a page; nothing for a redirect or an empty page.
pub fn extract_page(raw: RawPage) -> Option<Page> {
    let kind = Path::new(&raw.path)
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut page = match kind.as_str() {
        "html" | "htm" => html::extract(&raw)?,
        "md" | "markdown" => markdown::extract(&raw),
        _ => markdown::plain(&raw),
    };
    if page.title.is_empty() {
        page.title = Path::new(&raw.path)
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
            .unwrap_or_default();
    }
    (!page.blocks.is_empty()).then_some(page)
}
