//! What a load has asked and what it has heard, on the disk: so that a load that was killed goes on where it was.
//!
//! Two files. `answers` is what the askers have seen: an answer is there as soon as it is given. `journal` is what the driver knows: it
//! notes before it asks, and what it hears only now and then. So a kill leaves questions that were answered, and of which the journal does
//! not know: they are asked again, and answered twice. That is counted, not hidden.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

/// What became of a request, as its driver has heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered.
    Answered,
    /// It failed.
    Dead,
    /// The input was full.
    Shed,
}

impl Outcome {
    pub(super) fn word(self) -> &'static str {
        match self {
            Outcome::Answered => "answered",
            Outcome::Dead => "dead",
            Outcome::Shed => "shed",
        }
    }

    pub(super) fn read(word: &str) -> Option<Outcome> {
        [Outcome::Answered, Outcome::Dead, Outcome::Shed]
            .into_iter()
            .find(|outcome| outcome.word() == word)
    }
}

/// So many outcomes are noted with one write.
const NOTED_TOGETHER: usize = 256;

/// The requests `1..=total` of a load: which are still to be asked, and what became of the others.
pub struct Journal {
    total: u64,
    /// Asked in a run that was killed, and nothing was heard.
    again: VecDeque<u64>,
    /// All up to here were asked, or are about to be.
    upto: u64,
    next: u64,
    /// Of so many something was heard, in all runs.
    heard: u64,
    files: Option<Files>,
}

struct Files {
    journal: File,
    answers: File,
    noted: String,
    given: String,
    count: usize,
}

impl Journal {
    /// On no disk.
    pub fn none(total: u64) -> Journal {
        Journal {
            total,
            again: VecDeque::new(),
            upto: 0,
            next: 1,
            heard: 0,
            files: None,
        }
    }

    /// In the folder `dir`: a new one, or the one of a run that was killed. What is among `dead` has failed, as this journal may not have
    /// heard yet.
    pub fn open(dir: &Path, total: u64, dead: &HashSet<u64>) -> Result<Journal> {
        fs::create_dir_all(dir)?;
        let path = journal(dir);
        mend(&path)?;
        mend(&answers(dir))?;
        let past = Past::read(&path)?;
        let (mut upto, mut again, mut heard) = (0, VecDeque::new(), String::new());
        if let Some(past) = &past {
            ensure!(
                past.total == total,
                "{} is the journal of a load of {}: name another folder",
                path.display(),
                past.total
            );
            upto = past.upto;
            for id in (1..=upto).filter(|id| !past.outcomes.contains_key(id)) {
                if dead.contains(&id) {
                    let _ = writeln!(heard, "{} {id}", Outcome::Dead.word());
                } else {
                    again.push_back(id);
                }
            }
        }
        let append = |path: &Path| OpenOptions::new().create(true).append(true).open(path);
        let mut files = Files {
            journal: append(&path)?,
            answers: append(&answers(dir))?,
            noted: String::new(),
            given: String::new(),
            count: 0,
        };
        if past.is_none() {
            writeln!(files.journal, "load {total}")?;
        }
        write!(files.journal, "{heard}run\nagain {}\n", again.len())?;
        Ok(Journal {
            total,
            upto,
            next: upto + 1,
            heard: upto - again.len() as u64,
            again,
            files: Some(files),
        })
    }

    /// The next request to ask, if there is one.
    pub fn ask(&mut self) -> Result<Option<u64>> {
        if let Some(id) = self.again.pop_front() {
            return Ok(Some(id));
        }
        if self.next > self.total {
            return Ok(None);
        }
        if self.next > self.upto {
            self.will_ask(1)?;
        }
        self.next += 1;
        Ok(Some(self.next - 1))
    }

    /// Notes that the next `requests` are about to be asked.
    pub fn will_ask(&mut self, requests: u64) -> Result<()> {
        self.upto = self.upto.max((self.next - 1 + requests).min(self.total));
        match &mut self.files {
            Some(files) => Ok(writeln!(files.journal, "upto {}", self.upto)?),
            None => Ok(()),
        }
    }

    /// Nothing is left to ask.
    pub fn is_asked(&self) -> bool {
        self.again.is_empty() && self.next > self.total
    }

    /// Of so many requests something was heard, in this run and those before.
    pub fn heard(&self) -> u64 {
        self.heard
    }

    /// Something was heard of a request. It is noted by and by.
    pub fn hear(&mut self, id: u64, outcome: Outcome) {
        self.heard += 1;
        if let Some(files) = &mut self.files {
            if outcome == Outcome::Answered {
                // Writing to a `String` does not fail.
                let _ = writeln!(files.given, "{id}");
            }
            let _ = writeln!(files.noted, "{} {id}", outcome.word());
            files.count += 1;
        }
    }

    /// Gives the answers that have come to those who asked; notes outcomes, if they are many.
    pub fn give(&mut self) -> Result<()> {
        if let Some(files) = &mut self.files {
            files.answers.write_all(files.given.as_bytes())?;
            files.given.clear();
            if files.count >= NOTED_TOGETHER {
                files.note()?;
            }
        }
        Ok(())
    }

    /// Ends the run.
    pub fn end(mut self) -> Result<()> {
        self.give()?;
        if let Some(files) = &mut self.files {
            files.note()?;
            writeln!(files.journal, "end")?;
        }
        Ok(())
    }
}

impl Files {
    fn note(&mut self) -> Result<()> {
        self.journal.write_all(self.noted.as_bytes())?;
        self.noted.clear();
        self.count = 0;
        Ok(())
    }
}

/// Takes off a last line that a kill has left half written.
fn mend(path: &Path) -> Result<()> {
    let Some(text) = read(path)? else { return Ok(()) };
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    if whole < text.len() {
        OpenOptions::new().write(true).open(path)?.set_len(whole as u64)?;
    }
    Ok(())
}

/// None where there is no file.
fn read(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// All but a last line that is not ended.
fn whole_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'))
}

fn journal(dir: &Path) -> PathBuf {
    dir.join("journal")
}

fn answers(dir: &Path) -> PathBuf {
    dir.join("answers")
}

/// What a journal says of the runs so far.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub(super) total: u64,
    pub(super) runs: u64,
    pub(super) ended: u64,
    pub(super) again: u64,
    pub(super) outcomes: HashMap<u64, Outcome>,
    pub(super) upto: u64,
}

impl Past {
    pub(super) fn of(dir: &Path) -> Result<Past> {
        Past::read(&journal(dir))?.with_context(|| format!("{} holds no journal", dir.display()))
    }

    /// None where there is no file.
    fn read(path: &Path) -> Result<Option<Past>> {
        let Some(text) = read(path)? else { return Ok(None) };
        let mut past = Past::default();
        for line in whole_lines(&text) {
            let (word, number) = line.split_once(' ').unwrap_or((line, "0"));
            let Ok(number) = number.parse() else { continue };
            match word {
                "load" => past.total = number,
                "run" => past.runs += 1,
                "end" => past.ended += 1,
                "again" => past.again += number,
                "upto" => past.upto = past.upto.max(number),
                word => {
                    if let Some(outcome) = Outcome::read(word) {
                        past.outcomes.insert(number, outcome);
                    }
                }
            }
        }
        Ok(Some(past))
    }
}

/// The answers that were given, each as often as it was.
pub(super) fn given(dir: &Path) -> Result<Vec<u64>> {
    let text = read(&answers(dir))?.unwrap_or_default();
    Ok(whole_lines(&text).filter_map(|line| line.parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_heard_of_is_asked_again() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(dir.path(), 10, &HashSet::new()).unwrap();
        journal.will_ask(4).unwrap();
        let asked: Vec<u64> = (0..5).map(|_| journal.ask().unwrap().unwrap()).collect();
        assert_eq!(asked, [1, 2, 3, 4, 5]);
        journal.hear(1, Outcome::Answered);
        journal.give().unwrap();
        drop(journal); // Killed: the answer was given, and not noted.
        assert_eq!(given(dir.path()).unwrap(), [1]);

        let mut journal = Journal::open(dir.path(), 10, &HashSet::from([3])).unwrap();
        let asked: Vec<u64> = std::iter::from_fn(|| journal.ask().unwrap()).collect();
        assert_eq!(asked, [1, 2, 4, 5, 6, 7, 8, 9, 10], "3 is among the dead letters");
        assert!(journal.is_asked());
        asked.iter().for_each(|&id| journal.hear(id, Outcome::Shed));
        journal.end().unwrap();
        let past = Past::of(dir.path()).unwrap();
        assert_eq!((past.runs, past.ended, past.again, past.outcomes.len()), (2, 1, 4, 10));

        assert!(Journal::open(dir.path(), 11, &HashSet::new()).is_err(), "another load");
    }

    #[test]
    fn half_a_line_says_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(dir.path(), 2000, &HashSet::new()).unwrap();
        journal.will_ask(1234).unwrap();
        drop(journal);
        let path = super::journal(dir.path());
        let mut text = fs::read_to_string(&path).unwrap();
        text += "answered 7\nanswered 12"; // of 1234
        fs::write(&path, text).unwrap();
        drop(Journal::open(dir.path(), 2000, &HashSet::new()).unwrap());
        let past = Past::of(dir.path()).unwrap();
        assert_eq!(past.outcomes, HashMap::from([(7, Outcome::Answered)]));
        assert_eq!(past.again, 1233);
    }
}
