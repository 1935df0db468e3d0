//! What became of every request of a load: read from the disk when all is over, and not asked of who has written it.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    path::Path,
};

use anyhow::Result;
use forebay::dead_letters::{DeadLetters, Select};

use super::journal::{Outcome, Past, given};
use crate::records::PromptRequest;

/// What became of the requests of a load.
#[derive(Debug, Default, PartialEq)]
pub struct Audit {
    /// How many there were.
    pub requests: u64,
    /// Runs of the load.
    pub runs: u64,
    /// Those that were killed.
    pub killed: u64,
    /// Requests that were answered.
    pub answered: u64,
    /// Requests that are in the dead letters, by cause.
    pub dead: BTreeMap<String, u64>,
    /// Requests that the full input refused.
    pub shed: u64,
    /// Requests of which nobody knows anything.
    pub nowhere: u64,
    /// Requests that were asked in a run that was killed, and again.
    pub again: u64,
    /// Answers to requests that had one.
    pub answered_twice: u64,
    /// Letters of requests that had one, or an answer.
    pub dead_twice: u64,
}

impl Audit {
    /// Of the load whose journal is in the folder `dir`.
    pub fn of(dir: &Path, store: &DeadLetters) -> Result<Audit> {
        let past = Past::of(dir)?;
        let mut letters = Vec::new();
        for letter in store.letters(&Select::all())? {
            let letter = letter?;
            if let Some(request) = store.record::<PromptRequest>(letter.id)? {
                letters.push((request.id, letter.message));
            }
        }
        Ok(Audit::new(&past, &given(dir)?, letters))
    }

    fn new(past: &Past, given: &[u64], letters: Vec<(u64, String)>) -> Audit {
        let mut audit = Audit {
            requests: past.total,
            runs: past.runs,
            killed: past.runs - past.ended,
            again: past.again,
            ..Audit::default()
        };
        let mut answers: HashMap<u64, u64> = HashMap::new();
        given.iter().for_each(|&id| *answers.entry(id).or_default() += 1);
        let mut causes: HashMap<u64, Vec<String>> = HashMap::new();
        letters
            .into_iter()
            .for_each(|(id, cause)| causes.entry(id).or_default().push(cause));
        for id in 1..=past.total {
            let answers = answers.get(&id).copied().unwrap_or_default();
            let mut causes = causes.remove(&id).unwrap_or_default();
            audit.answered_twice += answers.saturating_sub(1);
            if answers > 0 {
                audit.answered += 1;
                audit.dead_twice += causes.len() as u64;
            } else if let Some(cause) = causes.pop() {
                *audit.dead.entry(cause).or_default() += 1;
                audit.dead_twice += causes.len() as u64;
            } else if past.outcomes.get(&id) == Some(&Outcome::Shed) {
                audit.shed += 1;
            } else {
                audit.nowhere += 1;
            }
        }
        audit
    }
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut row = |what: &str, count: u64, why: &str| {
            let row = format!("  {what:<22}{count:>9}   {why}");
            writeln!(f, "{}", row.trim_end())
        };
        let plural = if self.runs == 1 { "" } else { "s" };
        row(
            "requests",
            self.requests,
            &format!("in {} run{plural}, {} of them killed", self.runs, self.killed),
        )?;
        row("answered", self.answered, "")?;
        row("in the dead letters", self.dead.values().sum(), "")?;
        for (cause, count) in &self.dead {
            row("", *count, cause)?;
        }
        row("shed", self.shed, "the input was full")?;
        row("nowhere", self.nowhere, "")?;
        row("asked again", self.again, "when the run was killed nothing was known of them")?;
        row(
            "answered twice",
            self.answered_twice,
            "the kill came between an answer and its note",
        )?;
        row(
            "dead twice",
            self.dead_twice,
            "letters of requests that had a letter or an answer",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_is_somewhere_or_the_table_says_so() {
        let past = Past {
            total: 7,
            runs: 2,
            ended: 1,
            again: 3,
            // Of 5 the journal says that it was answered, and nobody has seen the answer.
            outcomes: HashMap::from([(2, Outcome::Shed), (3, Outcome::Shed), (5, Outcome::Answered)]),
            ..Past::default()
        };
        let letters = vec![(4, "poison".to_owned()), (1, "late".to_owned()), (4, "poison".to_owned())];
        let audit = Audit::new(&past, &[1, 3, 1, 1, 7], letters);
        let expected = Audit {
            requests: 7,
            runs: 2,
            killed: 1,
            answered: 3,
            dead: BTreeMap::from([("poison".to_owned(), 1)]),
            shed: 1,
            nowhere: 2,
            again: 3,
            answered_twice: 2,
            dead_twice: 2,
        };
        assert_eq!(audit, expected);
        assert!(audit.to_string().contains("nowhere                       2"), "{audit}");
    }
}
