//! The whole program of the design, verbatim, as a test.

use forebay::prelude::*;

#[derive(Clone, Debug, PartialEq)]
struct Word(String);
#[derive(Default)]
struct Count {
    n: u64,
}

#[stage]
fn words(line: String) -> impl Iterator<Item = Word> {
    line.split_whitespace()
        .map(|w| Word(w.to_owned()))
        .collect::<Vec<_>>()
        .into_iter()
}
#[stage]
impl Count {
    fn process(&mut self, _word: Word) {
        self.n += 1;
    }
    fn finish(&mut self) -> Option<u64> {
        Some(self.n)
    }
}
pipeline! {
    /// Counts words.
    WordCount {
        input  lines: String [64];
        output total: u64 [1];
        node   count: Count = Count::default();
        lines -> words -[1024]-> count -> total;
    }
}

#[tokio::main]
async fn main() -> Result<(), forebay::Error> {
    let WordCountHandle {
        lines,
        mut total,
        control,
    } = WordCount::builder().start()?;
    for text in ["to be or not to be", "that is the question"] {
        lines.send(text.to_owned()).await?;
    }
    drop(lines); // the last clone of an input ends it
    assert_eq!(total.recv().await, Some(10));
    let ledger = control.drain().await;
    ledger.check()?; // names the equation that does not hold
    println!("{ledger}"); // a table
    Ok(())
}

#[test]
fn it_runs() -> Result<(), forebay::Error> {
    main()
}
