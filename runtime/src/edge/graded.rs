//! `priority`, where a ring is written: a lane for each level.

use core::task::{Context, Poll};
use std::sync::Arc;

use crate::edge::Feed;
use crate::edge::room::Room;
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
/// all of it: so a record is refused only when nothing that waits is less urgent, see [`displace`](Feed::displace).
pub struct Graded<T: 'static, M: 'static, const N: usize> {
    lanes: Box<[Sender<Env<T, M>, N>]>,
    ranks: Ranks<T>,
    /// What the lanes share.
    room: Option<Arc<Room>>,
    /// The lane that was full last: the one to wait for.
    full: usize,
}

impl<T, M, const N: usize> Graded<T, M, N> {
    /// A lane for each level, the most urgent first.
    pub(crate) fn new(lanes: Vec<Sender<Env<T, M>, N>>, ranks: Ranks<T>, room: Option<Arc<Room>>) -> Self {
        Graded {
            lanes: lanes.into(),
            ranks,
            room,
            full: 0,
        }
    }

    /// The lanes share their room, and nothing is left of it.
    #[inline]
    fn is_used_up(&self) -> bool {
        self.room.as_ref().is_some_and(|room| room.is_used_up())
    }
}

impl<T, M, const N: usize> Clone for Graded<T, M, N> {
    fn clone(&self) -> Self {
        Graded {
            lanes: self.lanes.iter().map(|lane| lane.clone().prepared()).collect(),
            ranks: self.ranks,
            room: self.room.clone(),
            full: 0,
        }
    }
}

impl<T: Send, M: Meta, const N: usize> Feed<Env<T, M>> for Graded<T, M, N> {
    /// The lane is known: the priority is not asked again.
    fn push_again(&mut self, x: Env<T, M>) -> Result<(), PushError<Env<T, M>>> {
        self.push_to(self.full, x)
    }
    fn displace(&mut self, x: Env<T, M>, mut displaced: impl FnMut(Env<T, M>)) -> Result<(), PushError<Env<T, M>>> {
        let Some(made) = self.room.as_ref().and_then(|room| room.make(&self.lanes, self.full)) else {
            return Err(PushError::Full(x));
        };
        // What is displaced may go where the user's own code is asked: by then this is in.
        let pushed = self.push_counted(x);
        made.into_iter().for_each(&mut displaced);
        pushed
    }
}

impl<T: Send, M: Meta, const N: usize> Writer<Env<T, M>> for Graded<T, M, N> {
    const HIDES: bool = false;

    #[inline]
    fn push(&mut self, x: Env<T, M>) -> Result<(), PushError<Env<T, M>>> {
        let lane = self.ranks.lane(&x.record);
        self.push_to(lane, x)
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
        if self.room.is_some() { N } else { N * self.lanes.len() }
    }
}

impl<T: Send, M: Meta, const N: usize> Graded<T, M, N> {
    #[inline]
    fn push_to(&mut self, lane: usize, x: Env<T, M>) -> Result<(), PushError<Env<T, M>>> {
        self.full = lane;
        match &self.room {
            None => Writer::push(&mut self.lanes[lane], x),
            Some(room) if room.claim() => self.push_counted(x),
            Some(_) if self.lanes[lane].is_closed() => Err(PushError::Closed(x)),
            Some(_) => Err(PushError::Full(x)),
        }
    }

    /// Pushes a record that is counted in the shared room, to the lane that was chosen last.
    fn push_counted(&mut self, x: Env<T, M>) -> Result<(), PushError<Env<T, M>>> {
        let pushed = Writer::push(&mut self.lanes[self.full], x);
        if let (Err(_), Some(room)) = (&pushed, &self.room) {
            room.give();
        }
        pushed
    }
}
