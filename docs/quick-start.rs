use forebay::prelude::*;

#[stage] fn long(word: String) -> Option<String> { (word.len() > 3).then_some(word) }
#[stage] fn print(word: String) { println!("{word}") }

pipeline! {
    LongWords {
        input words: String [64];
        words -> long -[1024]-> print;
    }
}

fn main() -> Result<(), forebay::Error> {
    let handle = LongWords::builder().start_threads()?;
    for word in "that is the question".split(' ') {
        handle.words.send_blocking(word.to_owned())?;
    }
    Ok(handle.control.drain_blocking().check()?) // every record is accounted for
}
