//! What a reader has missed, and who is told of it.

use crate::edge::{Cyclic, Edge, Feed, Place, Policy};
use crate::record::{Env, Meta};

/// What the reader of a `broadcast` or a `latest` has missed: what `node.lagged` yields.
///
/// The records were overwritten before the node's task came to read them. Each counts once: the sum over all of these is what the
/// ledger calls `lost` of this reader. While the wire is full the count is kept, and told with the next; the last one is told when the
/// reader ends, and counts as `shed` of the wire if there is no room even then. A wire that says `drop_oldest`, or is a `[mailbox]`, is
/// never full: what it told first, and nobody has taken, counts as its `lost`.
///
/// ```
/// use forebay::prelude::*;
///
/// #[stage]
/// fn warn(lagged: Lagged) -> String {
///     format!("{} is too slow for {}: {} missed", lagged.reader, lagged.ring, lagged.missed)
/// }
///
/// assert_eq!(warn(Lagged::new("readings", "store", 3)), "store is too slow for readings: 3 missed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lagged {
    /// How many records it missed since it was told last; at least 1.
    pub missed: u64,
    /// The topic, or the node whose records they were.
    pub ring: &'static str,
    /// The reader: the node, or the inlet.
    pub reader: &'static str,
}

impl Lagged {
    /// A lag, for a stage's own tests.
    pub const fn new(ring: &'static str, reader: &'static str, missed: u64) -> Self {
        Lagged { missed, ring, reader }
    }
}

/// Where a reader's lag is told. It never waits.
pub trait Tells: Send {
    /// Tells; false when there is no room for it now.
    fn tell(&mut self, lagged: Lagged) -> bool;
    /// See [`Place::flush`].
    fn flush(&mut self) {}
    /// The last word, whether there is room or not; then see [`Place::close`].
    fn close(&mut self, last: Option<Lagged>) {
        let _ = last;
    }
}

/// No `.lagged` wire: the ledger alone knows.
#[derive(Debug, Default)]
pub struct Untold;

impl Tells for Untold {
    #[inline]
    fn tell(&mut self, _lagged: Lagged) -> bool {
        true
    }
}

/// A `.lagged` wire.
pub struct TellsWire<E>(pub E);

impl<M, W, P, C> Tells for TellsWire<Edge<Lagged, M, W, P, C>>
where
    C: Cyclic,
    M: Meta,
    W: Feed<Env<Lagged, M>>,
    P: Policy<Lagged, M, W>,
{
    fn tell(&mut self, lagged: Lagged) -> bool {
        let room = self.0.has_room();
        if room {
            self.0.write(Env::new(lagged));
        }
        room
    }
    fn flush(&mut self) {
        Place::flush(&mut self.0);
    }
    fn close(&mut self, last: Option<Lagged>) {
        if let Some(lagged) = last {
            self.0.write(Env::new(lagged));
        }
        Place::close(&mut self.0);
    }
}

/// What is to be told of one reader's lag.
pub(super) struct Report<L: Tells> {
    lags: L,
    of: &'static str,
    reader: &'static str,
    /// Missed, and not told yet: the wire was full.
    untold: u64,
}

impl Report<Untold> {
    pub(super) const fn new(of: &'static str, reader: &'static str) -> Self {
        Report {
            lags: Untold,
            of,
            reader,
            untold: 0,
        }
    }

    /// The same, told to a wire.
    pub(super) fn to<E>(&self, wire: E) -> Report<TellsWire<E>>
    where
        TellsWire<E>: Tells,
    {
        Report {
            lags: TellsWire(wire),
            of: self.of,
            reader: self.reader,
            untold: self.untold,
        }
    }
}

impl<L: Tells> Report<L> {
    /// Something is to be told.
    #[inline]
    pub(super) fn is_due(&self) -> bool {
        self.untold != 0
    }

    pub(super) fn flush(&mut self) {
        self.lags.flush();
    }

    pub(super) fn tell(&mut self, lost: u64) {
        self.untold += lost;
        if self.lags.tell(Lagged::new(self.of, self.reader, self.untold)) {
            self.untold = 0;
        }
    }
}

impl<L: Tells> Drop for Report<L> {
    fn drop(&mut self) {
        let last = (self.untold > 0).then(|| Lagged::new(self.of, self.reader, self.untold));
        self.lags.close(last);
    }
}
