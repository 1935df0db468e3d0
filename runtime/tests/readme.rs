//! The quick start of the README (`docs/quick-start.rs`), compiled and run; and the picture beside it, as the program has it now.

const PROGRAM: &str = include_str!("../../docs/quick-start.rs");
include!("../../docs/quick-start.rs");

const README: &str = include_str!("../../README.md");
const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/quick-start.svg");

#[test]
fn the_quick_start_runs() -> Result<(), forebay::Error> {
    main()
}

#[test]
fn the_readme_shows_this_program() {
    assert!(
        README.contains(&format!("```rust\n{PROGRAM}```")),
        "the README shows another program than docs/quick-start.rs:\n{PROGRAM}"
    );
}

/// `FOREBAY_DRAW=1 cargo test -p forebay --test readme` draws it anew.
#[test]
fn the_picture_is_that_of_the_program() {
    let drawn = LongWords::TOPOLOGY.to_svg();
    if std::env::var_os("FOREBAY_DRAW").is_some() {
        std::fs::write(PICTURE, &drawn).unwrap();
    }
    let committed = std::fs::read_to_string(PICTURE).unwrap_or_default();
    assert!(
        committed == drawn,
        "docs/quick-start.svg is stale: FOREBAY_DRAW=1 cargo test -p forebay --test readme"
    );
}
