//! `orchestrator dlq`: looks after the dead letters.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use anyhow::{Context, Result};
use forebay::dead_letters::{DeadLetters, Letter, LetterId, Select, State, StoreError};

use crate::{answering::Answering, cli::Dlq, records::PromptRequest, terminal::Screen};

/// The name of a store in a folder.
pub const FILE: &str = "dead-letters.redb";

/// A store, and the folder that goes with it where it is only for this run.
pub struct Letters {
    /// The store.
    pub store: Arc<DeadLetters>,
    _folder: Option<tempfile::TempDir>,
}

impl Letters {
    /// Those in the file `path`.
    pub fn open(path: &Path) -> Result<Letters> {
        Letters::of(DeadLetters::open(path), path)
    }

    /// Those in the file `path`; or only for this run, while another program has them.
    pub fn open_or_borrow(path: &Path) -> Result<Letters> {
        match DeadLetters::open(path) {
            Err(error @ StoreError::InUse(_)) => {
                anstream::eprintln!("{error}: what gets no answer now is not kept.\n");
                Letters::for_this_run()
            }
            opened => Letters::of(opened, path),
        }
    }

    fn of(opened: Result<DeadLetters, StoreError>, path: &Path) -> Result<Letters> {
        let store = opened.with_context(|| format!("cannot open the dead letters in {}", path.display()))?;
        Ok(Letters {
            store: Arc::new(store),
            _folder: None,
        })
    }

    /// In a folder that is gone when this is dropped.
    pub fn for_this_run() -> Result<Letters> {
        let folder = tempfile::tempdir()?;
        let mut letters = Letters::open(&folder.path().join(FILE))?;
        letters._folder = Some(folder);
        Ok(letters)
    }
}

/// Where they are kept: in the file that was named, or beside the indexes.
pub fn path(named: Option<&PathBuf>, home: &Path) -> PathBuf {
    named.cloned().unwrap_or_else(|| home.join(FILE))
}

/// Lists, shows or purges. A [`replay`] wants the pipeline too.
pub fn tend(command: &Dlq, store: &DeadLetters) -> Result<()> {
    let mut out = io::stdout().lock();
    match command {
        Dlq::List {
            node,
            state,
            first,
            after,
        } => {
            let mut select = Select::all();
            if let Some(node) = node {
                select = select.node(node);
            }
            if let Some(state) = state {
                select = select.state(*state);
            }
            if let Some(after) = after {
                select = select.after(*after);
            }
            list(&mut out, store, &select, *first)?;
        }
        Dlq::Show { id } => {
            let letter = store.letter(*id)?.with_context(|| format!("there is no dead letter {id}"))?;
            show(&mut out, &letter)?;
            if let Some(json) = store.json(*id)? {
                let json: serde_json::Value = serde_json::from_str(&json)?;
                writeln!(out, "{json:#}")?;
            }
        }
        Dlq::Purge { ids, all } => {
            let select = if *all {
                Select::all()
            } else {
                Select::ids(ids.iter().copied())
            };
            writeln!(out, "{} letters removed", store.purge(&select)?)?;
        }
        Dlq::Replay { .. } => anyhow::bail!("a replay wants the pipeline"),
    }
    Ok(())
}

/// The `first` of the letters that are meant. They are read as they are written.
fn list(out: &mut impl Write, store: &DeadLetters, select: &Select, first: Option<usize>) -> Result<()> {
    let (mut letters, mut listed, mut last) = (store.letters(select)?, 0, None);
    for letter in letters.by_ref().take(first.unwrap_or(usize::MAX)) {
        let Letter {
            id,
            state,
            node,
            returns,
            message,
            ..
        } = letter?;
        if listed == 0 {
            writeln!(
                out,
                "{:>6}  {:<8}{:<8}{:>8}  QUESTION AND CAUSE",
                "ID", "STATE", "STAGE", "RETURNS"
            )?;
        }
        (listed, last) = (listed + 1, Some(id));
        let question = question(store, id)?;
        writeln!(out, "{id:>6}  {state:<8}{node:<8}{returns:>8}  {question} ({message})")?;
    }
    let totals = store.totals()?;
    writeln!(
        out,
        "{listed} of {} letters: {} waiting, {} out, {} aside",
        totals.records, totals.waiting, totals.out, totals.aside
    )?;
    if let (Some(last), Some(_)) = (last, letters.next()) {
        writeln!(out, "there are more: --after {last}")?;
    }
    Ok(())
}

fn show(out: &mut impl Write, letter: &Letter) -> Result<()> {
    let ago = |time: SystemTime| format!("{:.0?} ago", time.elapsed().unwrap_or_default());
    writeln!(out, "letter {}, {}", letter.id, letter.state)?;
    writeln!(out, "  stage     {}", letter.node)?;
    writeln!(out, "  cause     {}", letter.message)?;
    writeln!(
        out,
        "  attempts  {}, first {}, last {}",
        letter.attempts,
        ago(letter.first),
        ago(letter.last)
    )?;
    writeln!(out, "  replays   {}, of which {} came back", letter.replays, letter.returns)?;
    if letter.unsettled > 0 {
        writeln!(
            out,
            "            {} ended with the program: it may have been answered",
            letter.unsettled
        )?;
    }
    Ok(writeln!(out, "  record    {}, {} bytes", letter.record, letter.bytes)?)
}

fn question(store: &DeadLetters, id: LetterId) -> Result<String> {
    Ok(store
        .record::<PromptRequest>(id)?
        .map_or_else(String::new, |request| request.question))
}

/// Asks the questions of letters again, one after the other.
pub async fn replay(answering: &mut Answering, store: &Arc<DeadLetters>, ids: &[LetterId], force: bool) -> Result<()> {
    let mut select = if ids.is_empty() {
        Select::all()
    } else {
        Select::ids(ids.iter().copied())
    };
    if ids.is_empty() && !force {
        select = select.state(State::Waiting);
    }
    let mut screen = Screen::stdout();
    let (mut answered, mut returned, mut aside) = (0, 0, 0);
    for Letter { id, .. } in store.list(&select)? {
        let asked = question(store, id)?;
        screen.question(&format!("{id}: {asked}"))?;
        let (replay, notice) = answering.ask_again(store, id, force, |piece| screen.piece(piece)).await?;
        for id in &replay.again {
            anstream::println!("letter {id} was out when its program ended: it may be answered twice");
        }
        if !replay.aside.is_empty() {
            aside += 1;
            anstream::println!("letter {id} is set aside, as so many replays of it have failed: --force asks again\n");
        }
        for (id, why) in &replay.unreadable {
            anstream::println!("letter {id} cannot be asked: {why}\n");
        }
        match notice {
            Some(notice) => {
                returned += 1;
                screen.notice(&notice)?;
            }
            None => answered += replay.accepted.len(),
        }
    }
    anstream::println!("\n{answered} answered, {returned} failed again, {aside} set aside");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use forebay::{Cause, Failed};

    use super::*;

    #[test]
    fn a_list_goes_on_after_the_last_that_it_showed() {
        let letters = Letters::for_this_run().unwrap();
        let failed = |id: u64| {
            let request = PromptRequest {
                id,
                session: 0,
                question: format!("question {id}"),
                top: 1,
                asked: Instant::now(),
            };
            Failed::new("infer", Some(request), Cause::Error("no".to_owned()), 1)
        };
        letters.store.keep_all(&(1..=5).map(failed).collect::<Vec<_>>()).unwrap();
        let page = |select: &Select, first| {
            let mut out = Vec::new();
            list(&mut out, &letters.store, select, first).unwrap();
            String::from_utf8(out).unwrap()
        };
        let (mut select, mut shown) = (Select::all(), 0);
        let pages: Vec<usize> = std::iter::from_fn(|| {
            let page = page(&select, Some(2));
            let questions: Vec<&str> = page.lines().filter(|line| line.contains("question ")).collect();
            for question in &questions {
                shown += 1;
                assert!(question.contains(&format!("question {shown} (no)")), "{page}");
            }
            assert!(page.contains(&format!("{} of 5 letters", questions.len())), "{page}");
            let (_, next) = page.trim().rsplit_once("--after ")?;
            select = Select::all().after(next.parse().unwrap());
            Some(questions.len())
        })
        .collect();
        assert_eq!(
            (pages, shown),
            (vec![2, 2], 5),
            "the last page has one, and says of none behind it"
        );
        assert!(page(&Select::all(), None).contains("5 of 5 letters"));
    }
}
