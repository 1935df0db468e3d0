//! What a wire asks of the records on it, and of its stages, in words for people.

use crate::text::Text;

/// Stands for a group, or for a node, in what it asks of its records. (Asked of the record itself, the compiler would propose to
/// borrow it.)
#[derive(Debug)]
pub struct Asks;

/// What a group clones to its branches.
#[diagnostic::on_unimplemented(
    message = "a group clones its records to the branches, and `{T}` is not `Clone`",
    label = "takes a clone of `{T}`",
    note = "derive `Clone` for it, or put it into an `Arc`"
)]
pub trait Branched<T> {
    /// It does.
    const OK: bool = true;
}
#[diagnostic::do_not_recommend]
impl<T: Clone> Branched<T> for Asks {}

/// What a node keeps while it works.
#[diagnostic::on_unimplemented(
    message = "a node whose failures are wired by name keeps a clone of its record, and `{T}` is not `Clone`",
    label = "keeps a clone of `{T}`",
    note = "derive `Clone` for it, or let the node keep none: `{{ keep: nothing }}`"
)]
pub trait Kept<T> {
    /// It does.
    const OK: bool = true;
}
#[diagnostic::do_not_recommend]
impl<T: Clone> Kept<T> for Asks {}

/// What a ring shows to several readers.
#[diagnostic::on_unimplemented(
    message = "every reader of a `broadcast` or a `latest` sees each record and gets a clone of it: `{T}` has to be `Clone + Send + Sync`",
    label = "shows `{T}` to several readers",
    note = "derive `Clone` for it, or put it into an `Arc`; a ring with one reader, `[512]`, takes any record"
)]
pub trait Followed<T> {
    /// It may.
    const OK: bool = true;
}
#[diagnostic::do_not_recommend]
impl<T: Clone + Send + Sync + 'static> Followed<T> for Asks {}

/// What a node keeps for another try.
#[diagnostic::on_unimplemented(
    message = "a node with `retry` keeps a clone of its record for another try, and `{T}` is not `Clone`",
    label = "keeps a clone of `{T}`",
    note = "derive `Clone` for it, or put it into an `Arc`; or leave `retry` out"
)]
pub trait Retried<T> {
    /// It does.
    const OK: bool = true;
}
#[diagnostic::do_not_recommend]
impl<T: Clone> Retried<T> for Asks {}

/// What is put into a port.
#[diagnostic::on_unimplemented(
    message = "a port of `{Port}` is fed `{Self}`",
    label = "this port holds another record",
    note = "declare it with the type that is fed, or put a stage before it that gives `{Port}`"
)]
pub trait Fills<Port> {
    /// It does.
    const OK: bool = true;
}
impl<T> Fills<T> for T {}

/// What comes to a node that another edge leads to as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` comes here, and another edge brings `{Other}` to the same place",
    label = "`{Self}` comes here",
    note = "a node takes one type of record: make another node of the stage, `node NAME_b = NAME;`, or an inlet for each"
)]
pub trait Meets<Other> {
    /// It does.
    const OK: bool = true;
}
impl<T> Meets<T> for T {}

/// What `shared` declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be `shared`: several threads see it at once, and it is not `Send + Sync`",
    label = "not safe to share between threads",
    note = "put what changes behind a `Mutex` or an atomic, or make it a `local`: one for each worker"
)]
pub trait SharedResource {
    /// It does.
    const OK: bool = true;
}
#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> SharedResource for T {}

/// What `local` declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a `local`: a task moves between threads with it, and it is not `Send`",
    label = "not safe to send between threads",
    note = "replace what is not `Send` in it, as an `Rc` by an `Arc`"
)]
pub trait LocalResource {
    /// It does.
    const OK: bool = true;
}
#[diagnostic::do_not_recommend]
impl<T: Send + 'static> LocalResource for T {}

/// What a port holds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a record: it travels between threads, and is not `Send`",
    label = "not safe to send between threads",
    note = "replace what is not `Send` in it, as an `Rc` by an `Arc`"
)]
pub trait Travels {
    /// It does.
    const OK: bool = true;
}
#[diagnostic::do_not_recommend]
impl<T: Send + 'static> Travels for T {}

/// Every inlet of the join `node` is fed by something: `has` is what the stage has, `fed` what the declaration leads to.
pub const fn inlets(node: &str, has: &[&str], fed: &[&str]) {
    let (mut i, mut missing) = (0, None);
    // A name that the stage does not have is an error of its own, and probably the one that is missing.
    while i < fed.len() {
        if !contains(has, fed[i]) {
            return;
        }
        i += 1;
    }
    i = 0;
    while i < has.len() {
        if !contains(fed, has[i]) {
            missing = Some(has[i]);
        }
        i += 1;
    }
    if let Some(inlet) = missing {
        let text = Text::new()
            .str("nothing feeds the inlet `")
            .str(inlet)
            .str("` of `")
            .str(node)
            .str("`: end a wire there, `-> ")
            .str(node)
            .str(".")
            .str(inlet)
            .str("`, or take it out of the stage");
        panic!("{}", text.as_str());
    }
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut i = 0;
    while i < names.len() {
        if same(names[i].as_bytes(), name.as_bytes()) {
            return true;
        }
        i += 1;
    }
    false
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}
