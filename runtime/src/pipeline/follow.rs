//! The rings that every reader sees: built with all their readers, before anything runs.

use std::sync::Arc;

use crate::edge::{Cursor, Follower, Lanes, Standing, Tells, TellsWire};
use crate::pipeline::build::{Assembly, write_ends};
use crate::pipeline::counters::{Counter, OfferCell, TakeCell};
use crate::pipeline::ends::{Ends, ReadEnd, WriteEnd, each, home_of};
use crate::pipeline::life::{Component, Keeper};
use crate::pipeline::registry::{RingCells, Role};
use crate::record::{Env, Meta};
use crate::ring::Held;
use crate::ring::broadcast::{self, Broadcast, Producer, Subscriber};
use crate::ring::latest::{self, Latest, Sender, Watcher};
use crate::segment::Newest;
use crate::subscription::Subscription;
use crate::watch::Watch;

/// All that the readers of a ring are made from: the first of them, which has not read anything.
pub struct Followers<R> {
    first: R,
    name: &'static str,
    offers: Vec<Vec<Arc<OfferCell>>>,
    /// How many records wait for a reader at most.
    room: usize,
}

/// Where broadcast rings live that are not on the heap: in a static.
pub type BroadcastHome<T, M, const N: usize> = Option<&'static [Broadcast<Env<T, M>, N>]>;

/// Where a `latest` lives that is not on the heap: in a static.
pub type LatestHome<T, M, const SLOTS: usize> = Option<&'static [Latest<Env<T, M>, SLOTS>]>;

type LatestEnds<T, M, const SLOTS: usize> = (Ends<WriteEnd<Sender<Env<T, M>, SLOTS>>>, Followers<Watcher<Env<T, M>, SLOTS>>);

type BroadcastEnds<T, M, const N: usize> = (
    Ends<WriteEnd<Producer<Env<T, M>, N>>>,
    Followers<Lanes<Subscriber<Env<T, M>, N>>>,
);

impl Assembly {
    /// `[broadcast 1024]`: a ring for each worker of each producer, which all readers read.
    pub fn broadcast<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        shown: bool,
        producers: &[usize],
        home: BroadcastHome<T, M, N>,
    ) -> BroadcastEnds<T, M, N>
    where
        T: Clone + Send + Sync + 'static,
        M: Meta,
    {
        let (mut home, mut read) = (home_of(home), Vec::new());
        let one = || {
            let ring = home.next().map_or_else(|| Held::from(Broadcast::boxed()), Held::Static);
            let ends = broadcast::split(ring);
            let (producer, subscriber) = ends.expect("a static pipeline is started once, and a new ring has not been split");
            read.push(subscriber);
            producer
        };
        let written = each(producers, one);
        let room = N * read.len();
        self.spread(name, shown, written, Lanes::new(read), room)
    }

    /// `[latest]`, `[latest = expr]`: one value, set by all workers of all producers.
    pub fn latest<T, M, const SLOTS: usize>(
        &mut self,
        name: &'static str,
        shown: bool,
        producers: &[usize],
        first: Option<T>,
        home: LatestHome<T, M, SLOTS>,
    ) -> LatestEnds<T, M, SLOTS>
    where
        T: Clone + Send + Sync + 'static,
        M: Meta,
    {
        let ring = home_of(home).next().map_or_else(|| Held::from(Latest::boxed()), Held::Static);
        let (mut sender, watcher) = latest::ends(ring);
        let given = u64::from(first.is_some());
        first.map(|first| sender.set(Env::new(first)));
        let mut sender = Some(sender);
        let mut left: usize = producers.iter().sum();
        let one = || {
            left -= 1;
            // The last one is the first.
            let given = if left == 0 { sender.take() } else { sender.clone() };
            given.expect("taken when none is left to be made")
        };
        let written = each(producers, one);
        let (ends, mut followers) = self.spread(name, shown, written, watcher, 1);
        // The declaration has offered it.
        let declared = OfferCell::new();
        declared.offered.add(given);
        followers.offers.push(vec![Arc::new(declared)]);
        if let Some(ring) = self.registry.rings.last_mut() {
            ring.offers.clone_from(&followers.offers);
        }
        (ends, followers)
    }

    /// The row of the ring itself: what it accepts it hands to all of its readers.
    fn spread<W, R>(
        &mut self,
        name: &'static str,
        shown: bool,
        written: Vec<Vec<W>>,
        first: R,
        room: usize,
    ) -> (Ends<WriteEnd<W>>, Followers<R>) {
        let (ends, offers) = write_ends(written);
        self.registry.rings.push(RingCells {
            name,
            role: Role::Spread { shown },
            takes: Vec::new(),
            offers: offers.clone(),
            outside: None,
            queued: Vec::new(),
        });
        let followed = Followers {
            first,
            name,
            offers,
            room,
        };
        (ends, followed)
    }

    /// A reader of its own, from the first record on.
    pub fn cursor<R: Clone>(&mut self, followed: &mut Followers<R>, name: &'static str) -> Ends<ReadEnd<Cursor<R>>> {
        let (cell, standing) = (Arc::new(TakeCell::new()), Arc::new(Standing::default()));
        self.registry.rings.push(RingCells {
            name,
            role: Role::Cursor {
                standing: standing.clone(),
                room: followed.room as u64,
            },
            takes: vec![cell.clone()],
            offers: followed.offers.clone(),
            outside: None,
            queued: Vec::new(),
        });
        let ring = Cursor::new(followed.first.clone(), followed.name, name, cell.clone(), standing);
        Ends {
            lanes: vec![vec![ReadEnd { ring, cell }]],
        }
    }
}

impl<R> ReadEnd<Cursor<R>> {
    /// What it reads is in this cycle until it is read.
    pub fn within<T>(self, component: Arc<Component>) -> Self
    where
        R: Follower<T>,
    {
        ReadEnd {
            ring: self.ring.within(component),
            cell: self.cell,
        }
    }

    /// With a wire that is told of its lag.
    pub fn telling<E>(self, wire: E) -> ReadEnd<Cursor<R, TellsWire<E>>>
    where
        TellsWire<E>: Tells,
    {
        ReadEnd {
            ring: self.ring.telling(wire),
            cell: self.cell,
        }
    }
}

impl<T: Clone + Send + Sync + 'static, M: Meta, const SLOTS: usize> Followers<Watcher<Env<T, M>, SLOTS>> {
    /// What one worker of a node borrows.
    pub fn newest(&self) -> Newest<T, M, SLOTS> {
        Newest::new(self.first.clone())
    }
}

impl<T: Clone + Send + Sync + 'static, const SLOTS: usize> Followers<Watcher<Env<T>, SLOTS>> {
    /// The end of an output port.
    pub fn output(self, name: &'static str, keeper: Arc<Keeper>) -> Watch<T, SLOTS> {
        Watch::new(name, self.first, keeper)
    }
}

impl<T, const N: usize> Followers<Lanes<Subscriber<Env<T>, N>>>
where
    T: Clone + Send + Sync + 'static,
{
    /// The end of an output port, to be cloned by its readers.
    pub fn output(self, name: &'static str, keeper: Arc<Keeper>) -> Subscription<T, N> {
        Subscription::new(name, self.first, keeper)
    }
}
