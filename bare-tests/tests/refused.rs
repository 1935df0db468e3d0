//! What must not compile without `std`, and its message. A crate of its own is built for it, so it has no `std` whatever is built beside it.

/// `TRYBUILD=overwrite cargo test -p forebay-bare-tests --test refused` writes the message anew.
#[test]
fn a_pipeline_says_that_it_needs_std() {
    trybuild::TestCases::new().compile_fail("refused/*.rs");
}
