//! `priority`, where a ring is written: a lane for each level.

use core::task::{Context, Poll};

use crate::record::{Env, Meta, Prioritized, Priority};
use crate::ring::mpmc::Sender;
use crate::ring::{Closed, PushError, Writer};
use crate::text::Text;

/// What a ring with `priority` goes by.
pub struct Ranks<T> {
    /// How many lanes there are.
    pub(crate) levels: usize,
    /// The lane of a record, 0 first.
    pub(crate) level: fn(&T) -> usize,
    /// `weighted 4:2:1`; none: strict.
    pub(crate) weights: Option<&'static [u32]>,
    /// The lanes share their room: a ring that sheds.
    pub(crate) shares: bool,
}

impl<T> Clone for Ranks<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Ranks<T> {}

/// By the record's `#[priority]`, strict.
#[track_caller]
pub const fn ranks<T: Prioritized<Priority: Priority>>() -> Ranks<T> {
    let levels = <T::Priority as Priority>::LEVELS;
    assert!(
        levels > 1,
        "a `#[priority]` with one level chooses nothing: leave `priority` out"
    );
    assert!(
        levels <= 16,
        "a `#[priority]` has at most 16 levels: a ring with `priority` has a lane for each"
    );
    Ranks::new(levels, level_of::<T>)
}

fn level_of<T: Prioritized<Priority: Priority>>(record: &T) -> usize {
    record.priority().level()
}

impl<T> Ranks<T> {
    /// So many levels, strict.
    pub(crate) const fn new(levels: usize, level: fn(&T) -> usize) -> Self {
        Ranks {
            levels,
            level,
            weights: None,
            shares: false,
        }
    }

    /// How many lanes there are.
    pub const fn levels(&self) -> usize {
        self.levels
    }

    /// Each lane has its share.
    #[track_caller]
    pub const fn weighted(mut self, weights: &'static [u32]) -> Self {
        if weights.len() != self.levels {
            let text = Text::new()
                .str("here are ")
                .number(weights.len() as u64)
                .str(" weights, and the `#[priority]` has ")
                .number(self.levels as u64)
                .str(" levels: write a weight for each, the most urgent first");
            panic!("{}", text.as_str());
        }
        self.weights = Some(weights);
        self
    }

    /// The lanes hold as many records together as each of them by itself.
    pub const fn sharing(mut self) -> Self {
        self.shares = true;
        self
    }

    /// The lane of a record.
    #[inline]
    pub(crate) fn lane(&self, record: &T) -> usize {
        (self.level)(record).min(self.levels - 1)
    }
}

/// The writing end of a ring with `priority`.
///
/// Where the ring waits, each lane has the room that is written. Where it sheds, all of them share that room, and each may use
/// all of it: so a record is refused only when nothing that waits is less urgent, see [`displace`](Writer::displace).
pub struct Graded<T: 'static, M: 'static, const N: usize> {
    lanes: Box<[Sender<Env<T, M>, N>]>,
    ranks: Ranks<T>,
    /// The lane that was full last: the one to wait for.
    full: usize,
}

impl<T, M, const N: usize> Graded<T, M, N> {
    /// A lane for each level, the most urgent first.
    pub(crate) fn new(lanes: Vec<Sender<Env<T, M>, N>>, ranks: Ranks<T>) -> Self {
        Graded {
            lanes: lanes.into(),
            ranks,
            full: 0,
        }
    }

    /// The lanes share their room, and nothing is left of it.
    #[inline]
    fn is_used_up(&self) -> bool {
        self.ranks.shares && used_up(&self.lanes)
    }
}

impl<T, M, const N: usize> Clone for Graded<T, M, N> {
    fn clone(&self) -> Self {
        Graded {
            lanes: self.lanes.iter().map(|lane| lane.clone().prepared()).collect(),
            ranks: self.ranks,
            full: 0,
        }
    }
}

/// Lanes that share the room of one have nothing left of it.
///
/// With one writer that is exact. Of several that look at the same moment each may find the last room; it is in its own lane, so it
/// is there.
#[inline]
pub(crate) fn used_up<T, const N: usize>(lanes: &[Sender<T, N>]) -> bool {
    lanes.iter().map(Sender::len).sum::<usize>() >= N
}

/// Of lanes that share their room, all of which is used: takes out the oldest of the least urgent records that matter less than what
/// is meant for `lane`.
pub(crate) fn take_lesser<T: Send, const N: usize>(lanes: &[Sender<T, N>], lane: usize) -> Option<T> {
    if lanes[lane].len() >= N {
        return None;
    }
    lanes[lane + 1..].iter().rev().find_map(Sender::take_oldest)
}

impl<T: Send, M: Meta, const N: usize> Writer<Env<T, M>> for Graded<T, M, N> {
    const HIDES: bool = false;

    #[inline]
    fn push(&mut self, x: Env<T, M>) -> Result<(), PushError<Env<T, M>>> {
        let lane = self.ranks.lane(&x.record);
        self.push_to(lane, x)
    }
    /// The lane is known: the priority is not asked again.
    fn push_again(&mut self, x: Env<T, M>) -> Result<(), PushError<Env<T, M>>> {
        self.push_to(self.full, x)
    }
    fn displace(&mut self, x: Env<T, M>, displaced: impl FnMut(Env<T, M>)) -> Result<(), PushError<Env<T, M>>> {
        let mut displaced = displaced;
        let lesser = if self.ranks.shares {
            take_lesser(&self.lanes, self.full)
        } else {
            None
        };
        match lesser {
            Some(lesser) => {
                displaced(lesser);
                Writer::push(&mut self.lanes[self.full], x)
            }
            None => Err(PushError::Full(x)),
        }
    }
    /// Room in the fullest lane: any record may go there.
    fn room(&mut self) -> usize {
        if self.is_used_up() {
            return 0;
        }
        self.lanes.iter_mut().map(Writer::room).min().unwrap_or(0)
    }
    fn publish(&mut self) {
        self.lanes.iter_mut().for_each(Writer::publish);
    }
    fn unpublished(&self) -> usize {
        self.lanes.iter().map(Writer::unpublished).sum()
    }
    fn peer_asleep(&self) -> bool {
        self.lanes.iter().any(Writer::peer_asleep)
    }
    fn unwait(&mut self) {
        self.lanes[self.full].unwait();
    }
    fn is_closed(&self) -> bool {
        self.lanes.iter().all(Writer::is_closed)
    }
    /// Where the lanes share their room, nobody calls when there is some: such a ring sheds, or looks again by its clock.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Closed>> {
        self.publish();
        let closed = self.lanes[self.full].is_closed();
        match self.is_used_up() && !closed {
            true => Poll::Pending,
            false => self.lanes[self.full].poll_room(cx),
        }
    }
    fn reclaim(&mut self) -> Option<Env<T, M>> {
        self.lanes.iter_mut().find_map(Writer::reclaim)
    }
    fn close(&mut self) {
        self.lanes.iter_mut().for_each(Writer::close);
    }
    fn len(&self) -> usize {
        self.lanes.iter().map(Sender::len).sum()
    }
    fn capacity(&self) -> usize {
        if self.ranks.shares { N } else { N * self.lanes.len() }
    }
}

impl<T: Send, M: Meta, const N: usize> Graded<T, M, N> {
    #[inline]
    fn push_to(&mut self, lane: usize, x: Env<T, M>) -> Result<(), PushError<Env<T, M>>> {
        if self.is_used_up() {
            self.full = lane;
            return Err(match self.lanes[lane].is_closed() {
                true => PushError::Closed(x),
                false => PushError::Full(x),
            });
        }
        Writer::push(&mut self.lanes[lane], x).inspect_err(|_| self.full = lane)
    }
}
