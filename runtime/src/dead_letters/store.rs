//! The store: what it does for a program.

use core::fmt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use redb::{Database, DatabaseError, ReadableDatabase};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::room::{Draft, LETTERS, NUMBERS, PAYLOADS, Room};
use super::{CauseKind, Letter, LetterId, Letters, Options, Select, State, StoreError, letters, payload};
use crate::edge::Failed;

/// Pages of the file that are kept in memory.
const CACHE: usize = 8 << 20;

/// A store of failed records, in a file: see [the module](super).
///
/// Every method reads or writes the disk, and what changes the store ends with an fsync: call them where a thread may wait, on a
/// `blocking` node or in `spawn_blocking`. Changes come one after the other; who lists and reads waits for none of them.
pub struct DeadLetters {
    db: Database,
    path: PathBuf,
    options: Options,
}

/// What a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Totals {
    /// Letters.
    pub records: u64,
    /// What they take of the bound in bytes.
    pub bytes: u64,
    /// Letters that wait for a replay.
    pub waiting: u64,
    /// Letters whose record was given to a port, and what became of it is not known.
    pub out: u64,
    /// Letters that were set aside.
    pub aside: u64,
    /// Letters that made room for others, since the file was made: these are gone.
    pub dropped: u64,
}

impl DeadLetters {
    /// How a store is opened, with the usual bounds: `DeadLetters::options().records(10_000).open(path)`.
    pub fn options() -> Options {
        Options::default()
    }

    /// Opens the store in the file `path`, with the usual bounds. See [`Options::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Options::default().open(path)
    }

    pub(super) fn open_with(options: Options, path: &Path) -> Result<Self, StoreError> {
        let db = match Database::builder().set_cache_size(CACHE).create(path) {
            Err(DatabaseError::DatabaseAlreadyOpen) => return Err(StoreError::InUse(path.to_owned())),
            opened => opened?,
        };
        let store = DeadLetters {
            db,
            path: path.to_owned(),
            options,
        };
        store.change(|room| room.recall(&store.options))?;
        Ok(store)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Stores a failure; it is on the disk when this returns.
    ///
    /// The record of a letter that is out, failed again, is that letter: it keeps its id, and its tries and returns count on.
    ///
    /// # Errors
    /// [`Full`](StoreError::Full) or [`TooLarge`](StoreError::TooLarge) by the bounds, [`Unwritable`](StoreError::Unwritable) where the
    /// record has no form as JSON, [`Disk`](StoreError::Disk).
    pub fn keep<In: Serialize, E: fmt::Display>(&self, failed: &Failed<In, E>) -> Result<Letter, StoreError> {
        let draft = draft(failed)?;
        self.change(|room| room.keep(draft, &self.options, SystemTime::now()))
    }

    /// Stores all of `failed`, or none of them, with one fsync. Their letters are in the same order.
    ///
    /// # Errors
    /// As [`keep`](Self::keep).
    pub fn keep_all<In: Serialize, E: fmt::Display>(&self, failed: &[Failed<In, E>]) -> Result<Vec<Letter>, StoreError> {
        let drafts: Vec<Draft> = failed.iter().map(draft).collect::<Result<_, _>>()?;
        let now = SystemTime::now();
        self.change(|room| drafts.into_iter().map(|draft| room.keep(draft, &self.options, now)).collect())
    }

    /// The letters that are meant, the oldest first, read one by one: for a store that may hold many.
    ///
    /// # Errors
    /// [`Disk`](StoreError::Disk); and each letter may be [`Unreadable`](StoreError::Unreadable).
    pub fn letters(&self, select: &Select) -> Result<Letters, StoreError> {
        let stored = self.db.begin_read()?.open_table(LETTERS)?.range_owned(letters::ids(select))?;
        Ok(Letters::new(stored, select))
    }

    /// The letters that are meant, the oldest first, all at once. [`Select::first`] and [`Select::after`] say how many, and from where.
    ///
    /// # Errors
    /// [`Disk`](StoreError::Disk), or [`Unreadable`](StoreError::Unreadable).
    pub fn list(&self, select: &Select) -> Result<Vec<Letter>, StoreError> {
        self.letters(select)?.collect()
    }

    /// [`list`](Self::list), of those that `takes` takes too.
    pub(super) fn scan(&self, select: &Select, mut takes: impl FnMut(&Letter) -> bool) -> Result<Vec<Letter>, StoreError> {
        let mut letters = self.letters(select)?;
        core::iter::from_fn(|| letters.next_of(&mut takes)).collect()
    }

    /// A letter, if the store has it.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn letter(&self, id: LetterId) -> Result<Option<Letter>, StoreError> {
        let letters = self.db.begin_read()?.open_table(LETTERS)?;
        let Some(stored) = letters.get(id.0)? else { return Ok(None) };
        serde_json::from_slice(stored.value()).map_err(StoreError::Unreadable)
    }

    /// The record of a letter as JSON, if the store has the letter and the letter is whole.
    ///
    /// # Errors
    /// [`Disk`](StoreError::Disk).
    pub fn json(&self, id: LetterId) -> Result<Option<String>, StoreError> {
        let payloads = self.db.begin_read()?.open_table(PAYLOADS)?;
        Ok(payloads.get(id.0)?.map(|stored| stored.value().to_owned()))
    }

    /// The record of a letter, if the store has the letter and the letter is whole.
    ///
    /// # Errors
    /// [`Unreadable`](StoreError::Unreadable) where it is not a `T`.
    pub fn record<T: DeserializeOwned>(&self, id: LetterId) -> Result<Option<T>, StoreError> {
        let json = self.json(id)?;
        json.map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(StoreError::Unreadable)
    }

    /// Removes the letters that are meant; how many they were. They cannot be had back.
    ///
    /// # Errors
    /// [`Disk`](StoreError::Disk), or [`Unreadable`](StoreError::Unreadable).
    pub fn purge(&self, select: &Select) -> Result<u64, StoreError> {
        let meant = self.list(select)?;
        self.change(|room| {
            let mut removed = 0;
            for letter in &meant {
                // It may have come back, or gone out, since it was listed.
                if room.letter(letter.id)?.is_some_and(|now| select.takes(&now)) {
                    removed += u64::from(room.remove(letter.id)?);
                }
            }
            Ok(removed)
        })
    }

    /// What it holds. Looks at every letter.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn totals(&self) -> Result<Totals, StoreError> {
        let numbers = self.db.begin_read()?.open_table(NUMBERS)?;
        let number = |name| Ok::<_, StoreError>(numbers.get(name)?.map_or(0, |number| number.value()));
        let mut totals = Totals {
            records: number("records")?,
            bytes: number("bytes")?,
            dropped: number("dropped")?,
            ..Totals::default()
        };
        for letter in self.letters(&Select::all())? {
            *match letter?.state {
                State::Waiting => &mut totals.waiting,
                State::Out => &mut totals.out,
                State::Aside => &mut totals.aside,
            } += 1;
        }
        Ok(totals)
    }

    /// One change of the store: all of it or nothing, on the disk when it returns.
    pub(super) fn change<R>(&self, work: impl FnOnce(&mut Room<'_>) -> Result<R, StoreError>) -> Result<R, StoreError> {
        let transaction = self.db.begin_write()?;
        let done = {
            let mut room = Room::enter(&transaction)?;
            let done = work(&mut room)?;
            room.leave()?;
            done
        };
        transaction.commit()?;
        Ok(done)
    }
}

impl fmt::Debug for DeadLetters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeadLetters")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

fn draft<In: Serialize, E: fmt::Display>(failed: &Failed<In, E>) -> Result<Draft, StoreError> {
    Ok(Draft {
        record: core::any::type_name::<In>(),
        payload: failed.record.as_ref().map(payload::encode).transpose()?,
        node: failed.node,
        cause: CauseKind::of(&failed.cause),
        message: failed.cause.to_string(),
        attempts: failed.attempts,
    })
}
