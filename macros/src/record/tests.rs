//! What `#[record]` says to right and to wrong records.

use proc_macro2::TokenStream;

use crate::diag::messages;
use crate::prefixes::prefixes;

fn tokens(source: &str) -> TokenStream {
    source.parse().expect("tokens")
}

fn errors(args: &str, item: &str) -> Vec<String> {
    messages(super::record(tokens(args), tokens(item)))
}

/// That the record is refused with one error, which says `words`.
#[track_caller]
fn refused(args: &str, item: &str, words: &str) {
    let errors = errors(args, item);
    assert!(
        errors.len() == 1 && errors[0].contains(words),
        "`{item}` should say once: {words}\nand says {errors:#?}"
    );
}

const STRUCT: &str = "#[derive(Clone)] pub struct Request<T> where T: Clone { #[key] #[serde(skip)] session: u64, #[priority] urgency: u8, text: T }";
const OPTIONS: &str = "name = \"prompt.request\", version = 2, crate = a::b";

#[test]
fn the_type_comes_first_without_the_marks() {
    let written = super::record(tokens(OPTIONS), tokens(STRUCT)).to_string();
    let plain = STRUCT.replace("#[key] ", "").replace("#[priority] ", "");
    assert!(written.starts_with(&tokens(&plain).to_string()), "{written}");
    assert_eq!(errors(OPTIONS, STRUCT), [""; 0]);
}

#[test]
fn what_is_no_record() {
    refused("", "union U { a: u8 }", "what a union holds");
    refused("", "fn f() {}", "on a struct or an enum");
    refused("", "struct R<'a>(&'a u8);", "no lifetime parameter");
    refused("", "struct R(#[key] u8, #[key] u8);", "one `#[key]`");
    refused("", "struct R(#[priority] u8, u8, #[priority] u8);", "one `#[priority]`");
    refused("", "struct R(#[key(by)] u8);", "just `#[key]`");
    refused("", "enum R { A { #[key] x: u8 } }", "only a field of a struct");
    refused("name = \"a b\"", "struct R;", "ASCII letters");
    refused("name = \"\"", "struct R;", "ASCII letters");
    refused("version = 0", "struct R;", "from 1");
    refused("version = 4294967296", "struct R;", "from 1");
    refused("version = two", "struct R;", "`version = 2`");
    refused("max_size = 99999999999", "struct R;", "at most 4294967295");
    refused("max_size = 8", "struct R<T>(T);", "with parameters");
    refused(
        "size = 8",
        "struct R;",
        "the options are `name = \"prompt.request\"`, `version = 2`, `max_size = 256`",
    );
    refused("version = 2, version = 3", "struct R;", "given twice");
    refused(",", "struct R;", "expected an option");
}

#[test]
fn every_mistake_is_told_at_once() {
    assert_eq!(
        errors("version = 0, nme = \"x\"", "struct R<'a>(#[key] u8, #[key] &'a u8);").len(),
        4
    );
}

#[test]
fn every_prefix_is_taken_calmly() {
    for prefix in prefixes(OPTIONS) {
        super::record(prefix, tokens(STRUCT));
    }
    for item in [STRUCT, "pub enum Answer { Yes(u8), No { why: String } }"] {
        for prefix in prefixes(item) {
            let text = prefix.to_string();
            let written = super::record(tokens(""), prefix).to_string();
            assert!(!text.contains("Request") || written.contains("Request"), "{written}");
        }
    }
}
