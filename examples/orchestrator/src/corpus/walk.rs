//! Finds the pages of a corpus.

use std::{collections::HashSet, path::Path};

use ignore::WalkBuilder;

use super::{Corpus, Origin, page::PageFile, rustdocs};

/// What a walk has found.
#[derive(Debug, Default)]
pub struct Files {
    /// The pages, ordered by path.
    pub pages: Vec<PageFile>,
    /// How many entries could not be read.
    pub unreadable: usize,
}

/// The pages of `corpus`: HTML, Markdown and text; hidden and ignored files are left out.
pub fn files(corpus: &Corpus) -> Files {
    let mut found = Files::default();
    for entry in WalkBuilder::new(&corpus.root).build() {
        let Ok(entry) = entry else {
            found.unreadable += 1;
            continue;
        };
        let is_file = entry.file_type().is_some_and(|t| t.is_file());
        let Ok(inner) = entry.path().strip_prefix(&corpus.root) else {
            continue;
        };
        if is_file && is_page(inner) {
            let path = inner
                .components()
                .map(|c| c.as_os_str().to_string_lossy())
                .collect::<Vec<_>>()
                .join("/");
            found.pages.push(PageFile {
                full: entry.into_path(),
                path,
                weight: 1.0,
            });
        }
    }
    if corpus.origin == Origin::RustDocs {
        prefer_std(&mut found.pages);
    }
    found.pages.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn is_page(path: &Path) -> bool {
    let kind = path
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    matches!(kind.as_str(), "html" | "htm" | "md" | "markdown" | "txt" | "text" | "rst")
}

/// Leaves out what is no text, and what `core` and `alloc` say of an item that `std` shows too.
fn prefer_std(pages: &mut Vec<PageFile>) {
    let in_std: HashSet<String> = pages
        .iter()
        .filter_map(|p| p.path.strip_prefix("std/").map(str::to_owned))
        .collect();
    pages.retain(|page| {
        let inner = page.path.strip_prefix("core/").or_else(|| page.path.strip_prefix("alloc/"));
        !rustdocs::is_no_text(&page.path) && inner.is_none_or(|inner| !in_std.contains(inner))
    });
    for page in pages {
        page.weight = rustdocs::weight(&page.path);
    }
}
