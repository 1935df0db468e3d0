//! `docs/language.md` has all options and clauses that are known, and no others.

use std::collections::BTreeSet;

use super::read;

const LANGUAGE: &str = include_str!("../../../../docs/language.md");

/// What a message lists behind `… are`, in backquotes.
fn listed(body: &str) -> BTreeSet<String> {
    let errors = read(&format!("P {{ {body} }}")).expect_err("it is refused, with a list");
    let list = errors[0].split(" are ").nth(1).expect("the message has a list");
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The first words in the first column of the tables of a section, where they are code.
fn tables(section: &str, word: impl Fn(&str) -> Option<String>) -> BTreeSet<String> {
    let text = LANGUAGE
        .split(&format!("\n## {section}\n"))
        .nth(1)
        .expect("the section is there");
    let text = text.split("\n## ").next().unwrap_or(text);
    let cells = text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    cells.filter_map(word).collect()
}

#[test]
fn node_options() {
    let word = |cell: &str| cell.split(':').next().map(str::to_owned);
    assert_eq!(
        tables("Node options", word),
        listed("input a: u8 [1]; a -> b { unknown: 1 };")
    );
}

#[test]
fn ring_options() {
    // `[512]` alone waits.
    let word = |cell: &str| match cell.strip_prefix("[512") {
        Some(option) => option.strip_prefix(", ")?.strip_suffix(']').map(str::to_owned),
        None => Some(cell.to_owned()),
    };
    assert_eq!(tables("Rings", word), listed("input a: u8 [1, unknown]; a -> b;"));
}

#[test]
fn ring_kinds() {
    let word = |cell: &str| Some(cell.strip_prefix('[')?.split([' ', ']']).next()?.to_owned());
    let mut kinds = tables("Rings that overwrite", word);
    kinds.retain(|kind| !kind.is_empty());
    assert_eq!(kinds, listed("topic t: u8 [unknown 1]; input a: u8 [1]; a -> t; t -> b;"));
}

#[test]
fn clauses() {
    let word = |cell: &str| cell.split(' ').next().map(str::to_owned);
    assert_eq!(tables("Pipelines", word), listed("service s: u8; input a: u8 [1]; a -> b;"));
}
