//! The quick start of the README, compiled and run; and the picture beside it, as the program has it now.

// quick start
use forebay::prelude::*;

#[stage]
fn words(line: String) -> impl Iterator<Item = String> {
    let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
    words.into_iter()
}

#[stage]
fn long(word: String) -> Option<String> {
    (word.len() > 2).then_some(word)
}

pipeline! {
    LongWords {
        input  lines: String [64];
        output found: String [64];
        lines -> words -[1024]-> long -> found;
    }
}

fn main() -> Result<(), forebay::Error> {
    let mut running = LongWords::builder().start_threads()?;
    running.lines.send_blocking("to be or not to be".to_owned())?;
    drop(running.lines); // the last clone of an input ends it
    while let Some(word) = running.found.recv_blocking() {
        println!("{word}");
    }
    Ok(running.control.finished_blocking().check()?) // every record is accounted for
}
// end of the quick start

const THIS: &str = include_str!("readme.rs");
const README: &str = include_str!("../../README.md");
const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/quick-start.svg");

#[test]
fn the_quick_start_runs() -> Result<(), forebay::Error> {
    main()
}

#[test]
fn the_readme_shows_this_program() {
    let program = THIS
        .split("// quick start\n")
        .nth(1)
        .and_then(|rest| rest.split("// end of the quick start").next());
    let program = format!("```rust\n{}```", program.unwrap());
    assert!(
        README.contains(&program),
        "the README shows another program than this file:\n{program}"
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
