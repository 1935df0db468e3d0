//! What must not compile, and its message; and what must.
//!
//! One case a rule, in the folder that says whose words its message holds: `syntax` only ours, the same with every compiler;
//! `types` the compiler's, for one version of it; `layout` what the build finds out, sizes and constants. `pass` compiles and runs.
//!
//! `TRYBUILD=overwrite cargo test -p forebay-ui-tests` writes the messages anew: read them as somebody who has made the mistake.

use std::process::Command;

/// The compiler whose words `types` and `layout` hold.
const PINNED: &str = "rustc 1.95.";

fn pinned() -> bool {
    let version = Command::new("rustc")
        .arg("-V")
        .output()
        .map(|out| out.stdout)
        .unwrap_or_default();
    let version = String::from_utf8_lossy(&version);
    let pinned = version.starts_with(PINNED);
    if !pinned {
        eprintln!("SKIPPED: `types` and `layout` hold the words of {PINNED}x, and this is {version}");
    }
    pinned
}

/// What `cargo check` refuses.
#[test]
fn refused() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("syntax/*.rs");
    if pinned() {
        cases.compile_fail("types/*.rs");
    }
}

/// What only a build refuses, and what compiles. (A case that passes makes `trybuild` build all.)
#[test]
fn built() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    if pinned() {
        cases.compile_fail("layout/*.rs");
    }
}

/// Nothing that the macros write depends on what the crate is called.
#[test]
fn renamed() {
    assert_eq!(forebay_renamed::letters(&["to", "", "be"]), Some(4));
}
