//! What is not declared is not there: the expansion of a pipeline without options against faults names nothing of the room that holds them.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

/// What the runtime's `fault/` gives to generated code.
fn room() -> BTreeSet<String> {
    let text = include_str!("../../../../runtime/src/fault/mod.rs");
    let uses = text.lines().filter_map(|line| line.strip_prefix("pub use "));
    let names = uses.flat_map(|line| line.rsplit("::").next().unwrap_or(line).split([',', '{', '}', ';', ' ']));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn names(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => names(group.stream(), found),
            TokenTree::Ident(ident) => drop(found.insert(ident.to_string())),
            _ => {}
        }
    }
}

/// Which of these the expansion of a pipeline of this one node names.
fn named(options: &str) -> BTreeSet<String> {
    let text = format!("@ ::forebay ; P {{ input a: u8 [64]; output b: u8 [64]; a -> work {options} -> b; errors -> drop; }}");
    let mut found = BTreeSet::new();
    names(super::super::expand(text.parse().expect("tokens")), &mut found);
    assert!(!found.contains("compile_error"), "{text}");
    found.intersection(&room()).cloned().collect()
}

#[test]
fn without_an_option_nothing_of_the_room_is_named() {
    assert!(room().len() > 8, "{:?}", room());
    for plain in ["", "{ workers: 2 }", "{ batch: 8 }", "{ restart: 3 in 10s else drain }"] {
        assert_eq!(named(plain), BTreeSet::new(), "{plain}");
    }
    let options = [
        "timeout: 1s",
        "retry: 3",
        "deadline: 1s",
        "breaker: 5 in 30s",
        "rate: 5 per 1s",
        "batch: 8 within 5ms",
    ];
    for option in options {
        assert!(!named(&format!("{{ {option} }}")).is_empty(), "{option}");
    }
}
