//! What `#[stage]` says to right and to wrong stages.

use proc_macro2::TokenStream;
use syn::ReturnType;

use super::ast::Item;
use super::form::{Form, Gives};
use super::model::{Function, Kind, Shape};
use crate::diag::messages;
use crate::prefixes::prefixes;

fn tokens(source: &str) -> TokenStream {
    source.parse().expect("tokens")
}

fn errors(args: &str, item: &str) -> Vec<String> {
    messages(super::stage(tokens(args), tokens(item)))
}

/// That the stage is refused with one error, which says `words`.
#[track_caller]
fn refused(item: &str, words: &str) {
    refused_with("", item, words);
}

#[track_caller]
fn refused_with(args: &str, item: &str, words: &str) {
    let errors = errors(args, item);
    assert!(
        errors.len() == 1 && errors[0].contains(words),
        "`{item}` should say once: {words}\nand says {errors:#?}"
    );
}

fn function(item: &str) -> Function {
    match syn::parse2(tokens(item)).expect("an item") {
        Item::Function(function) => Function::new(function),
        Item::Impl(_) => panic!("a function"),
    }
}

#[test]
fn forms_of_return_types() {
    let form = |ret: &str| {
        let ret: ReturnType = syn::parse_str(ret).expect("a return type");
        let gives = Gives::new(&ret, false, proc_macro2::Span::call_site());
        let out = gives.out.as_ref().map(crate::tokens::show).unwrap_or_default();
        let fails = gives.fails.as_ref().map(|fails| fails.show()).unwrap_or_default();
        (gives.form, out, fails, gives.later)
    };
    let is = |form: Form, out: &str, fails: &str, later| (form, out.to_owned(), fails.to_owned(), later);
    assert_eq!(form(""), is(Form::None, "", "", false));
    assert_eq!(form("-> ()"), is(Form::None, "", "", false));
    assert_eq!(form("-> (u8, u8)"), is(Form::One, "(u8, u8)", "", false));
    assert_eq!(form("-> Vec<u8>"), is(Form::One, "Vec<u8>", "", false));
    assert_eq!(form("-> (Option<u8>)"), is(Form::Maybe, "u8", "", false));
    assert_eq!(form("-> core::option::Option<u8>"), is(Form::Maybe, "u8", "", false));
    assert_eq!(form("-> Result<u8, E>"), is(Form::One, "u8", "E", false));
    assert_eq!(form("-> Result<(), E>"), is(Form::None, "", "E", false));
    assert_eq!(
        form("-> io::Result<Option<u8>>"),
        is(Form::Maybe, "u8", "the failure of io::Result<()>", false)
    );
    assert_eq!(
        form("-> fmt::Result"),
        is(Form::None, "", "the failure of fmt::Result", false)
    );
    assert_eq!(form("-> impl Send + Iterator<Item = u8>"), is(Form::Items, "u8", "", false));
    assert_eq!(
        form("-> Result<impl Stream<Item = u8>, E>"),
        is(Form::Stream, "u8", "E", false)
    );
    assert_eq!(
        form("-> impl Future<Output = Result<Option<u8>, E>> + Send"),
        is(Form::Maybe, "u8", "E", true)
    );
}

#[test]
fn shapes_of_functions() {
    assert_eq!(function("fn f(x: u8) -> u8 {}").shape, Shape::Stage);
    assert_eq!(function("fn f(x: Batch<u8>) -> Vec<u8> {}").shape, Shape::Batched);
    assert_eq!(function("fn f(r: &u8) -> impl Stream<Item = u8> {}").shape, Shape::Source);
    assert_eq!(
        function("async fn f(r: &u8) -> Result<impl Stream<Item = u8>, E> {}").shape,
        Shape::Source
    );
    assert_eq!(function("fn f(x: u8) -> impl Stream<Item = u8> {}").shape, Shape::Stage);
    assert_eq!(function("fn f<T, M>(x: Vec<T>, m: &M) {}").known, ["T"]);
    assert_eq!(function("fn f(x: impl Debug, m: &mut impl Model) {}").known, ["__Impl0"]);
    let emits = function("async fn f(x: u8, m: &M, out: &mut forebay::prelude::Emit<u16>) {}");
    assert!(matches!(emits.call.params[1].kind, Kind::Resource { mutable: None, .. }));
    assert!(matches!(emits.call.params[2].kind, Kind::Emit(_)));
}

#[test]
fn the_item_comes_first_as_it_was_written() {
    let item = "#[must_use] pub fn f(x: u8) -> u8 { a b ; c }";
    let written = super::stage(tokens(""), tokens(item)).to_string();
    assert!(written.starts_with(&tokens(item).to_string()), "{written}");
    let item = "impl S { fn process(&mut self, x: u8) { #[inlet] fn inner() {} } #[other] fn other() {} }";
    let written = super::stage(tokens(""), tokens(item)).to_string();
    assert!(written.starts_with(&tokens(item).to_string()), "{written}");
    let written = super::stage(tokens(""), tokens("impl S { #[inlet] fn a(&mut self, x: u8) {} }")).to_string();
    assert!(
        written.starts_with(&tokens("impl S { fn a(&mut self, x: u8) {} }").to_string()),
        "{written}"
    );
}

#[test]
fn functions_that_are_no_stages() {
    refused("fn f() -> u8 {}", "`f` takes no record");
    refused("fn f(x: &u8) -> u8 {}", "by value and first: `u8`");
    refused("async fn f(out: &mut Emit<u8>) {}", "by value and first");
    refused("fn f(i: &u8, x: u8) -> u8 {}", "the record comes first");
    refused("fn f(x: u8, y: Index) -> u8 {}", "`&Index` (shared) or `&mut Index` (local)");
    refused("fn f(self, x: u8) -> u8 {}", "no `self`");
    refused("unsafe fn f(x: u8) -> u8 {}", "safe to call");
    refused("async fn f(x: u8, out: &mut Emit<u8>, r: &u8) {}", "it comes last");
    refused("fn f(x: u8, out: &mut Emit<u8>) {}", "`async fn f`");
    refused("async fn f(x: u8, out: &mut Emit<u8>) -> u8 {}", "`()` or `Result<(), E>`");
    refused("fn f(x: Batch<u8>) -> u8 {}", "`Vec<U>` or `Result<Vec<U>, E>`");
    refused("fn f(x: Cow<'_, str>) -> u8 {}", "a record owns what it holds");
    refused("fn f(x: u8, i: &Index) -> &str {}", "a record owns what it holds");
    refused("fn f(x: u8) -> impl Display {}", "a record needs a name");
    refused("fn f(x: u8) -> ! {}", "never returns");
    refused("fn f(x: u8) -> Option<Result<u8, E>> {}", "goes around all of it");
    refused("fn f(x: u8) -> Option<Option<u8>> {}", "once: `Option<T>`");
    refused("fn f<T>(x: u8) -> u8 {}", "neither in the record nor in a resource");
    refused(
        "fn f<M: Model>(x: u8, m: &mut M) -> M::Answer {}",
        "`M` comes from a resource",
    );
    refused("struct S;", "on a function, or on an `impl`");
    refused("mod m {}", "on a function, or on an `impl`");
    refused_with("runtime = none", "fn f(x: u8) {}", "remove `runtime = none`");
    refused_with("runtime = tokio", "async fn f(x: u8) {}", "`runtime = none`, or nothing");
    refused_with(
        "fast",
        "fn f(x: u8) {}",
        "the options are `runtime = none`, `crate = ::forebay`",
    );
    refused_with("crate = 3", "fn f(x: u8) {}", "`crate` is written `crate = ::forebay`");
}

#[test]
fn impls_that_are_no_stages() {
    refused("impl S {}", "`S` takes no record");
    refused("impl Clone for S {}", "not on the `impl` of a trait");
    refused("impl<'a> S<'a> { fn process(&mut self, x: u8) {} }", "no lifetime parameter");
    refused(
        "impl S { fn process(&mut self, x: u8) {} #[inlet] fn a(&mut self, x: u8) {} }",
        "either `process` or inlets",
    );
    refused("impl S { fn process(&mut self) {} }", "takes a record by value");
    refused(
        "impl S { fn process(&mut self, x: u8, y: u8) {} }",
        "`process` takes one record",
    );
    refused("impl S { fn process(&mut self, x: u8, y: &u8) {} }", "borrows no resources");
    refused(
        "impl S { fn process(&mut self, x: Batch<u8>) {} }",
        "batches go to stage functions",
    );
    refused("impl S { fn process(self, x: u8) {} }", "lives on after the call");
    refused("impl S { fn process(x: u8) {} }", "takes `&mut self` first");
    refused("impl S { fn process<T>(&mut self, x: T) {} }", "no parameters of its own");
    refused(
        "impl S { fn process(&mut self, x: impl Debug) {} }",
        "the record needs a type here",
    );
    refused(
        "impl S { fn process(&mut self, x: u8) {} fn tick(&mut self, x: u8) {} }",
        "`tick` takes `&mut self`, and nothing more",
    );
    refused(
        "impl S { fn process(&mut self, x: u8) {} fn next(&mut self) -> Option<u8> {} }",
        "add `fn held(&self) -> usize`",
    );
    refused(
        "impl S { fn process(&mut self, x: u8) {} fn closed(&mut self, i: Inlet) {} }",
        "`closed` is for a stage with inlets",
    );
    refused(
        "impl S { #[inlet] fn a(&mut self, x: u8) {} fn closed(&mut self) {} }",
        "told which inlet",
    );
    refused(
        "impl S { #[inlet] fn errors(&mut self, x: u8) {} }",
        "cannot be called `errors`",
    );
    refused(
        "impl S { fn process(&mut self, x: u8) -> u8 {} fn finish(&mut self) -> Option<u16> {} }",
        "`u8` and `u16`",
    );
    refused(
        "impl S { fn process(&mut self, x: u8) -> Result<(), A> {} fn tick(&mut self) -> Result<u8, B> {} }",
        "`process` and `tick` fail with different types, `A` and `B`",
    );
}

#[test]
fn every_mistake_is_told_at_once() {
    assert_eq!(
        errors("runtme = none", "unsafe fn f(x: u8, y: u8) -> Option<Option<u8>> {}").len(),
        4
    );
    assert_eq!(
        errors(
            "",
            "impl S { fn process(self, x: u8, y: &u8) {} fn next(&mut self) -> u8 {} }"
        )
        .len(),
        3
    );
}

#[test]
fn a_refused_stage_is_still_defined() {
    for item in ["fn f() -> u8 {}", "fn f(x: u8, y: u8) -> Result<Vec<u8>, E> {}"] {
        let written: syn::File = syn::parse2(super::stage(tokens(""), tokens(item))).expect("items");
        assert!(
            written
                .items
                .iter()
                .any(|item| matches!(item, syn::Item::Struct(f) if f.ident == "f")),
            "{item}"
        );
    }
}

const FUNCTION: &str = "#[doc = \"words\"] pub(crate) async fn f<T: Debug>(record: Vec<T>, index: &Index<'_>, out: &mut Emit<u8>)
    -> Result<(), E> where T: Clone { body.await; }";
const IMPL: &str = "impl<K: Ord> S<K> where K: Clone { const X: [u8; 1] = [1]; macro_call! { x }
    #[inlet] fn order(&mut self, o: K) -> Option<u8> { None } #[inlet] async fn price(&mut self, (k, v): (K, u8)) {}
    fn closed(&mut self, inlet: Inlet) -> Result<u8, E> {} }";

#[test]
fn every_prefix_is_taken_calmly() {
    assert_eq!(errors("runtime = none", FUNCTION), [""; 0]);
    assert_eq!(errors("", IMPL), [""; 0]);
    for prefix in prefixes("runtime = none, crate = a::b") {
        super::stage(prefix, tokens(FUNCTION));
    }
    assert!(prefixes(FUNCTION).len() > 40);
    for prefix in prefixes(FUNCTION) {
        let named = prefix.to_string().contains("fn f");
        let written = super::stage(tokens(""), prefix).to_string();
        assert!(!named || written.contains("struct f"), "{written}");
    }
    for prefix in prefixes(IMPL) {
        super::stage(tokens(""), prefix);
    }
}
