//! What the README begins with.
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
    drop(running.lines);
    assert_eq!(running.found.recv_blocking().as_deref(), Some("not"));
    assert_eq!(running.found.recv_blocking(), None);
    running.control.finished_blocking().check()?;
    Ok(())
}
