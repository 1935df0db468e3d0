//! How long chunks and polls are.

use std::time::{Duration, Instant};

use crate::rt::look;

/// The most records of a poll, before the task lets others run.
pub(crate) const POLL_RECORDS: u64 = 256;
/// The longest poll.
pub(crate) const POLL_TIME: Duration = Duration::from_micros(100);
/// A chunk that takes less lets the next one be twice as long, up to what fits into this.
const CHUNK_TIME: Duration = Duration::from_micros(20);
/// A time that may hold more than the work is worth a second look, up to here.
const GAP_TIME: Duration = Duration::from_millis(1);

/// Chunks double while they are quick: a slow stage publishes every record, a fast one hundreds at once.
pub(super) struct Tempo {
    /// How long the next chunk may be.
    chunk: u64,
    /// So many records fit into a chunk's time, by the last look at the clock that says.
    fit: u64,
    /// So many may share the next look.
    share: u64,
    /// Work of this poll: as many records, or all that it may have if it has taken long enough.
    spent: u64,
    /// When it began, as far as is known.
    since: Option<Instant>,
    /// The last look at the clock, before the chunks that are not timed yet.
    mark: Option<Instant>,
    /// Nothing but work has happened since then.
    exact: bool,
    /// Records in chunks that are not timed yet.
    untimed: u64,
    /// The chunks before the last look were quick.
    quick: bool,
}

impl Tempo {
    pub(super) fn new() -> Self {
        Tempo {
            chunk: 1,
            fit: 1,
            share: 1,
            spent: 0,
            since: None,
            mark: None,
            exact: false,
            untimed: 0,
            quick: false,
        }
    }

    /// A chunk begins; how many records it may have.
    #[inline]
    pub(super) fn begin(&mut self) -> usize {
        if self.mark.is_none() {
            self.mark = Some(look());
            self.exact = true;
        }
        self.chunk as usize
    }

    /// It has ended, with `taken` records. True where it was quick, as far as is known.
    #[inline]
    pub(super) fn end(&mut self, taken: u64) -> bool {
        self.spent += taken.max(1);
        self.untimed += taken.max(1);
        // The clock costs more than ten records do: small chunks share a look, if all of them fit into the time of one.
        if self.untimed >= self.share {
            self.time();
        }
        self.chunk = if self.quick { (self.chunk * 2).min(self.fit) } else { 1 };
        self.quick
    }

    /// Times the chunks since the last look at the clock.
    fn time(&mut self) {
        let now = look();
        let mark = self.mark.unwrap_or(now);
        let took = now - mark;
        let records = core::mem::take(&mut self.untimed);
        let fit = CHUNK_TIME.as_nanos() as u64 * records / (took.as_nanos() as u64).max(1);
        let least = if self.exact { 1 } else { self.fit };
        self.fit = fit.clamp(least, POLL_RECORDS);
        // A long time may have been spent elsewhere; then the next chunk is timed by itself.
        let known = self.exact || took < CHUNK_TIME;
        self.share = if known { self.fit } else { 1 };
        self.quick = took < if known { CHUNK_TIME } else { GAP_TIME };
        let since = *self.since.get_or_insert(if self.exact { mark } else { now });
        if now - since > POLL_TIME {
            self.spent = POLL_RECORDS;
        }
        self.mark = (took < CHUNK_TIME).then_some(now);
    }

    /// Something was done that is no chunk.
    #[inline]
    pub(super) fn spend(&mut self) {
        self.spent += 1;
    }

    /// It is enough for one poll.
    #[inline]
    pub(super) fn is_over(&self) -> bool {
        self.spent >= POLL_RECORDS
    }

    /// A poll ends here.
    #[inline]
    pub(super) fn rest(&mut self) {
        (self.spent, self.since) = (0, None);
        self.exact = false;
    }
}
