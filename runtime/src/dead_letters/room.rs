//! The tables of a store, in one transaction.

use std::time::SystemTime;

use redb::{
    MultimapTable, MultimapTableDefinition, ReadableMultimapTable, ReadableTable, Table, TableDefinition, WriteTransaction,
};

use super::options::{Options, WhenFull};
use super::payload::mark;
use super::{CauseKind, Letter, LetterId, State, StoreError};

/// What is said of each letter, as JSON.
pub(super) const LETTERS: TableDefinition<'static, u64, &[u8]> = TableDefinition::new("letters");
/// The records, apart: a list does not read them.
pub(super) const PAYLOADS: TableDefinition<'static, u64, &str> = TableDefinition::new("payloads");
/// Letters that are out, by the mark of their payload.
const OUT: MultimapTableDefinition<'static, u64, u64> = MultimapTableDefinition::new("out");
/// Numbers of the whole store.
pub(super) const NUMBERS: TableDefinition<'static, &str, u64> = TableDefinition::new("numbers");

/// The form of all this. Another one is another number.
const FORMAT: u64 = 1;

/// A failure as it comes to the store.
pub(super) struct Draft {
    pub(super) record: &'static str,
    pub(super) payload: Option<String>,
    pub(super) node: &'static str,
    pub(super) cause: CauseKind,
    pub(super) message: String,
    pub(super) attempts: u32,
}

/// The numbers of the whole store.
#[derive(Default)]
pub(super) struct Numbers {
    pub(super) records: u64,
    pub(super) bytes: u64,
    pub(super) dropped: u64,
    last: u64,
}

/// The tables of a store, open for writing.
pub(super) struct Room<'t> {
    letters: Table<'t, u64, &'static [u8]>,
    payloads: Table<'t, u64, &'static str>,
    out: MultimapTable<'t, u64, u64>,
    numbers: Table<'t, &'static str, u64>,
    now: Numbers,
}

impl<'t> Room<'t> {
    pub(super) fn enter(transaction: &'t WriteTransaction) -> Result<Self, StoreError> {
        let mut numbers = transaction.open_table(NUMBERS)?;
        let number = |name| Ok::<_, StoreError>(numbers.get(name)?.map(|number| number.value()));
        let found = number("format")?;
        let now = Numbers {
            records: number("records")?.unwrap_or_default(),
            bytes: number("bytes")?.unwrap_or_default(),
            dropped: number("dropped")?.unwrap_or_default(),
            last: number("last")?.unwrap_or_default(),
        };
        match found {
            Some(FORMAT) => {}
            Some(other) => return Err(StoreError::Format(other)),
            None => {
                numbers.insert("format", FORMAT)?;
            }
        }
        Ok(Room {
            letters: transaction.open_table(LETTERS)?,
            payloads: transaction.open_table(PAYLOADS)?,
            out: transaction.open_multimap_table(OUT)?,
            numbers,
            now,
        })
    }

    /// Writes the numbers down; the transaction is ready to be committed.
    pub(super) fn leave(mut self) -> Result<(), StoreError> {
        let Numbers {
            records,
            bytes,
            dropped,
            last,
        } = self.now;
        for (name, number) in [("records", records), ("bytes", bytes), ("dropped", dropped), ("last", last)] {
            self.numbers.insert(name, number)?;
        }
        Ok(())
    }

    /// A failure becomes a letter; or it is one that comes back.
    pub(super) fn keep(&mut self, draft: Draft, options: &Options, now: SystemTime) -> Result<Letter, StoreError> {
        if let Some(letter) = self.awaited(&draft)? {
            return self.come_back(letter, draft, options, now);
        }
        let payload = draft.payload.as_deref().unwrap_or_default();
        let mut letter = Letter {
            id: LetterId(self.now.last + 1),
            state: State::Waiting,
            record: draft.record.to_owned(),
            whole: draft.payload.is_some(),
            node: draft.node.to_owned(),
            cause: draft.cause,
            message: draft.message,
            attempts: draft.attempts,
            replays: 0,
            returns: 0,
            unsettled: 0,
            first: now,
            last: now,
            bytes: 0,
        };
        self.make_room(size(&letter, payload), options)?;
        self.measure(&mut letter, payload);
        if letter.whole {
            self.payloads.insert(letter.id.0, payload)?;
        }
        self.now.last += 1;
        self.now.records += 1;
        self.write(&letter)?;
        Ok(letter)
    }

    /// The letter that is out with this very record, if there is one.
    fn awaited(&self, draft: &Draft) -> Result<Option<Letter>, StoreError> {
        let Some(payload) = &draft.payload else { return Ok(None) };
        for id in self.out.get(mark(payload))? {
            let id = id?.value();
            let same = self.payloads.get(id)?.is_some_and(|stored| stored.value() == payload);
            if same && let Some(letter) = self.letter(LetterId(id))?.filter(|letter| letter.record == draft.record) {
                return Ok(Some(letter));
            }
        }
        Ok(None)
    }

    /// A replay has failed. The letter has its place: it is taken back however full the store is.
    fn come_back(&mut self, mut letter: Letter, draft: Draft, options: &Options, now: SystemTime) -> Result<Letter, StoreError> {
        self.end_out(&letter)?;
        letter.attempts = letter.attempts.saturating_add(draft.attempts);
        letter.returns = letter.returns.saturating_add(1);
        letter.state = at_rest(&letter, options);
        letter.node = draft.node.to_owned();
        letter.cause = draft.cause;
        letter.message = draft.message;
        letter.last = now;
        self.measure(&mut letter, draft.payload.as_deref().unwrap_or_default());
        self.write(&letter)?;
        Ok(letter)
    }

    /// Room for a letter of so many bytes, or the policy's refusal.
    fn make_room(&mut self, bytes: u64, options: &Options) -> Result<(), StoreError> {
        if bytes > options.bytes {
            return Err(StoreError::TooLarge { bytes });
        }
        while self.now.records >= options.records || self.now.bytes + bytes > options.bytes {
            let oldest = match options.when_full {
                WhenFull::Refuse => None,
                WhenFull::DropOldest => self.letters.first()?.map(|(id, _)| LetterId(id.value())),
            };
            let Some(oldest) = oldest else {
                return Err(StoreError::Full {
                    records: self.now.records,
                    bytes: self.now.bytes,
                });
            };
            self.remove(oldest)?;
            self.now.dropped += 1;
        }
        Ok(())
    }

    /// Marks a letter as out, with its record as this program writes it: so it is recognised when it comes back.
    pub(super) fn send_out(&mut self, mut letter: Letter, record: &str, payload: &str) -> Result<(), StoreError> {
        letter.record = record.to_owned();
        self.measure(&mut letter, payload);
        letter.state = State::Out;
        letter.replays = letter.replays.saturating_add(1);
        self.payloads.insert(letter.id.0, payload)?;
        self.out.insert(mark(payload), letter.id.0)?;
        self.write(&letter)
    }

    /// Takes back that a letter is out: no port has its record. As it was `before`.
    pub(super) fn stay(&mut self, before: &Letter) -> Result<(), StoreError> {
        if let Some(mut letter) = self.letter(before.id)?.filter(|letter| letter.state == State::Out) {
            self.end_out(&letter)?;
            letter.state = before.state;
            letter.replays = letter.replays.saturating_sub(1);
            self.write(&letter)?;
        }
        Ok(())
    }

    /// Letters that were out when their program ended wait again.
    pub(super) fn recall(&mut self, options: &Options) -> Result<(), StoreError> {
        let mut out = Vec::new();
        for entry in self.out.iter()? {
            for id in entry?.1 {
                out.push(LetterId(id?.value()));
            }
        }
        for id in out {
            if let Some(mut letter) = self.letter(id)? {
                self.end_out(&letter)?;
                letter.state = at_rest(&letter, options);
                letter.unsettled = letter.unsettled.saturating_add(1);
                self.write(&letter)?;
            }
        }
        Ok(())
    }

    /// Removes a letter; false when there is none.
    pub(super) fn remove(&mut self, id: LetterId) -> Result<bool, StoreError> {
        let Some(letter) = self.letter(id)? else { return Ok(false) };
        if letter.state == State::Out {
            self.end_out(&letter)?;
        }
        self.letters.remove(id.0)?;
        self.payloads.remove(id.0)?;
        self.now.records -= 1;
        self.now.bytes -= letter.bytes;
        Ok(true)
    }

    pub(super) fn letter(&self, id: LetterId) -> Result<Option<Letter>, StoreError> {
        let Some(stored) = self.letters.get(id.0)? else {
            return Ok(None);
        };
        serde_json::from_slice(stored.value()).map_err(StoreError::Unreadable)
    }

    pub(super) fn payload(&self, id: LetterId) -> Result<Option<String>, StoreError> {
        Ok(self.payloads.get(id.0)?.map(|stored| stored.value().to_owned()))
    }

    fn end_out(&mut self, letter: &Letter) -> Result<(), StoreError> {
        if let Some(payload) = self.payload(letter.id)? {
            self.out.remove(mark(&payload), letter.id.0)?;
        }
        Ok(())
    }

    /// Counts what the letter takes of the bound, as it is now with this payload.
    fn measure(&mut self, letter: &mut Letter, payload: &str) {
        self.now.bytes -= letter.bytes;
        letter.bytes = size(letter, payload);
        self.now.bytes += letter.bytes;
    }

    fn write(&mut self, letter: &Letter) -> Result<(), StoreError> {
        let written = serde_json::to_vec(letter).map_err(StoreError::Unreadable)?;
        self.letters.insert(letter.id.0, &*written)?;
        Ok(())
    }
}

fn size(letter: &Letter, payload: &str) -> u64 {
    (payload.len() + letter.record.len() + letter.node.len() + letter.message.len()) as u64
}

/// Whether a letter that is not out waits, or was set aside.
fn at_rest(letter: &Letter, options: &Options) -> State {
    if letter.returns < options.poison_after {
        State::Waiting
    } else {
        State::Aside
    }
}
