//! A user's crate in which `forebay` has another name: nothing that the macros write says `::forebay`.

use bay::prelude::*;

/// What travels.
#[record(crate = ::bay, max_size = 16)]
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Whose word it is.
    #[key]
    pub of: u32,
    /// How long it is.
    pub letters: u32,
}

/// Counts letters.
#[stage(crate = ::bay)]
pub fn measured(text: String) -> Result<Word, String> {
    match text.len() {
        0 => Err("nothing".to_owned()),
        letters => Ok(Word {
            of: 7,
            letters: u32::try_from(letters).map_err(|error| error.to_string())?,
        }),
    }
}

/// Adds up.
#[derive(Default, Debug)]
pub struct Sum {
    letters: u32,
}

#[stage(crate = ::bay)]
impl Sum {
    fn process(&mut self, word: Word) {
        self.letters += word.letters;
    }
    fn finish(&mut self) -> u32 {
        self.letters
    }
}

pipeline! {
    /// Counts the letters of all texts.
    pub Letters {
        input texts: String [8];
        output letters: u32 [1];
        node sum: Sum = Sum::default();
        texts -> measured -[8]-> sum -> letters;
        errors -> drop;
    }
}

/// Runs it.
pub fn letters(of: &[&str]) -> Option<u32> {
    let LettersHandle {
        texts,
        mut letters,
        control,
    } = Letters::builder().start_threads().ok()?;
    for text in of {
        texts.send_blocking((*text).to_owned()).ok()?;
    }
    drop(texts);
    let sum = letters.recv_blocking();
    control.finished_blocking().check().ok()?;
    sum
}
