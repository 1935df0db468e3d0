//! What is particular to the documentation of Rust: names from paths, which parts repeat others, whose word counts for more.

use memchr::memmem;

/// Headings from which on a page of rustdoc repeats other pages: what `Deref` lends, the implementations of traits.
const REPEATS: &[&[u8]] = &[
    b"<h2 id=\"deref-methods",
    b"<h2 id=\"trait-implementations\"",
    b"<h2 id=\"synthetic-implementations\"",
    b"<h2 id=\"blanket-implementations\"",
    b"<h2 id=\"foreign-impls\"",
    b"<h2 id=\"implementors\"",
];

/// A page of rustdoc without the part that repeats other pages.
pub(super) fn own_part(main: &str) -> &str {
    let cut = REPEATS.iter().filter_map(|mark| memmem::find(main.as_bytes(), mark)).min();
    cut.map_or(main, |end| &main[..end])
}

/// The member that a section is about: `retain` for `method.retain`.
pub(super) fn member(id: &str) -> Option<&str> {
    let (kind, name) = id.split_once('.')?;
    matches!(
        kind,
        "method" | "tymethod" | "variant" | "structfield" | "associatedconstant" | "associatedtype"
    )
    .then_some(name)
}

/// The item that a page is about: `Vec` for `std/vec/struct.Vec.html`.
pub(super) fn item_name(path: &str) -> Option<String> {
    let (kind, name) = kind_and_name(path)?;
    (!matches!(kind, "keyword" | "macro" | "fn")).then(|| name.to_owned())
}

/// The title of a page: `std::vec::Vec`, `std::pin::pin!`, `keyword for`.
pub(super) fn title(path: &str) -> Option<String> {
    let (folder, _) = path.rsplit_once('/')?;
    let module = folder.replace('/', "::");
    Some(match kind_and_name(path) {
        Some((kind @ ("keyword" | "primitive" | "attribute"), name)) => format!("{kind} {name}"),
        Some(("macro", name)) => format!("{module}::{name}!"),
        Some((_, name)) => format!("{module}::{name}"),
        None => module,
    })
}

fn kind_and_name(path: &str) -> Option<(&str, &str)> {
    path.rsplit('/').next()?.strip_suffix(".html")?.split_once('.')
}

/// Pages that are lists, tools and views of source, not texts.
pub(super) fn is_no_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let listing = matches!(
        name,
        "all.html" | "print.html" | "toc.html" | "SUMMARY.html" | "not_found.html" | "settings.html" | "help.html"
    );
    listing
        || path.starts_with("src/")
        || path.starts_with("static.files/")
        || path.starts_with("book/first-edition/")
        || is_translated(path)
}

/// Only the English text is read: the stems are English.
fn is_translated(path: &str) -> bool {
    let folder = path.strip_prefix("rust-by-example/").and_then(|inner| inner.split_once('/'));
    matches!(folder, Some(("es" | "ja" | "ko" | "zh", _)))
}

/// How rustdoc marks what is not for everyday use.
pub(super) fn is_warning(class: &str) -> Option<f32> {
    let mut classes = class.split(' ');
    if !classes.any(|c| c == "stab") {
        return None;
    }
    classes.find_map(|c| match c {
        "unstable" => Some(0.25),
        "deprecated" => Some(0.35),
        _ => None,
    })
}

/// How much the word of a page counts: guides and the standard library before the machinery behind them.
pub(super) fn weight(path: &str) -> f32 {
    const WEIGHTS: &[(&str, f32)] = &[
        ("book/appendix", 0.8),
        ("book/second-edition", 0.2),
        ("book/2018-edition", 0.2),
        // These chapters tell the story of a project.
        ("book/ch02-", 0.75),
        ("book/ch12-", 0.75),
        ("book/ch21-", 0.75),
        ("book/", 1.0),
        ("std/arch/", 0.15),
        ("std/simd/", 0.35),
        ("std/intrinsics/", 0.3),
        ("std/os/", 0.6),
        ("std/ffi/", 0.6),
        ("std/", 0.95),
        ("core/arch/", 0.12),
        ("core/", 0.35),
        ("alloc/", 0.35),
        ("reference/", 0.75),
        ("rust-by-example/", 0.9),
        ("nomicon/", 0.7),
        ("edition-guide/", 0.6),
        ("cargo/", 0.75),
        ("rustc/", 0.5),
        ("rustdoc/", 0.5),
        ("clippy/", 0.25),
        ("embedded-book/", 0.35),
        ("error_codes/", 0.55),
        ("style-guide/", 0.4),
        ("unstable-book/", 0.3),
        ("proc_macro/", 0.5),
        ("test/", 0.3),
        ("std_detect/", 0.15),
        ("releases", 0.2),
    ];
    WEIGHTS
        .iter()
        .find(|(prefix, _)| path.starts_with(prefix))
        .map_or(0.3, |(_, weight)| *weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_come_from_paths() {
        assert_eq!(title("std/vec/struct.Vec.html").unwrap(), "std::vec::Vec");
        assert_eq!(title("std/pin/index.html").unwrap(), "std::pin");
        assert_eq!(title("std/pin/macro.pin.html").unwrap(), "std::pin::pin!");
        assert_eq!(title("std/keyword.for.html").unwrap(), "keyword for");
        assert_eq!(item_name("std/vec/struct.Vec.html").unwrap(), "Vec");
        assert_eq!(item_name("std/pin/index.html"), None);
    }

    #[test]
    fn members_are_told_from_other_sections() {
        assert_eq!(member("method.retain"), Some("retain"));
        assert_eq!(member("impl-Vec"), None);
        assert_eq!(member("main-content"), None);
    }

    #[test]
    fn what_repeats_is_cut() {
        assert_eq!(own_part("own<h2 id=\"trait-implementations\" class=\"x\">rest"), "own");
        assert_eq!(own_part("own"), "own");
    }
}
