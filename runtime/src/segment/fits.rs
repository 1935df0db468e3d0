//! What a wire asks of the records on it, in words for people.

/// What a group clones to its branches.
#[diagnostic::on_unimplemented(
    message = "a group clones its records to the branches, and `{Self}` is not `Clone`",
    label = "takes a clone of `{Self}`",
    note = "derive `Clone` for it, or put it into an `Arc`"
)]
pub trait Branched {}
#[diagnostic::do_not_recommend]
impl<T: Clone> Branched for T {}

/// What a node keeps while it works.
#[diagnostic::on_unimplemented(
    message = "a node whose failures are wired by name keeps a clone of its record, and `{Self}` is not `Clone`",
    label = "keeps a clone of `{Self}`",
    note = "derive `Clone` for it, or let the node keep none: `{{ keep: nothing }}`"
)]
pub trait Kept {}
#[diagnostic::do_not_recommend]
impl<T: Clone> Kept for T {}

/// What is put into a port.
#[diagnostic::on_unimplemented(
    message = "a port of `{Port}` is fed `{Self}`",
    label = "this port holds another record",
    note = "declare it with the type that is fed, or put a stage before it that gives `{Port}`"
)]
pub trait Fills<Port> {}
impl<T> Fills<T> for T {}

/// What comes to a node that another edge leads to as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` comes here, and another edge brings `{Other}` to the same place",
    label = "`{Self}` comes here",
    note = "a node takes one type of record: make another node of the stage, `node NAME_b = NAME;`, or an inlet for each"
)]
pub trait Meets<Other> {}
impl<T> Meets<T> for T {}
