//! Affinity: the same key always meets the same worker.

use core::hash::{BuildHasher, Hash};
use core::task::{Context, Poll};

use rustc_hash::FxBuildHasher;

use crate::edge::Feed;
use crate::edge::policy::Evict;
use crate::record::{Env, Keyed as HasKey};
use crate::ring::{Closed, PushError, Writer};

/// The hash of a key. Its seed is fixed: the same key gives the same worker in every run.
pub fn hash_of<K: Hash + ?Sized>(key: &K) -> u64 {
    FxBuildHasher.hash_one(key)
}

/// The hash of a record's `#[key]`.
pub fn key_of<T: HasKey>(record: &T) -> u64 {
    hash_of(record.key())
}

/// The lane of a hash among `lanes`: its upper bits, scaled, since the lower ones of a multiplicative hash are weak.
pub(crate) fn lane_of(hash: u64, lanes: usize) -> usize {
    ((u128::from(hash) * lanes as u128) >> 64) as usize
}

/// One ring a worker, chosen by a key.
pub struct Keyed<T, W> {
    lanes: Box<[W]>,
    hash: fn(&T) -> u64,
    /// The lane that was full last: the one to wait for.
    full: usize,
}

impl<T, W> Keyed<T, W> {
    /// Shards over `lanes` by `hash`.
    pub fn new(lanes: Vec<W>, hash: fn(&T) -> u64) -> Self {
        Keyed {
            lanes: lanes.into(),
            hash,
            full: 0,
        }
    }
}

impl<T, W> Keyed<T, W> {
    /// The same with something around each lane.
    pub(crate) fn map<V>(self, around: impl FnMut(W) -> V) -> Keyed<T, V> {
        Keyed {
            lanes: self.lanes.into_iter().map(around).collect(),
            hash: self.hash,
            full: self.full,
        }
    }
}

impl<T: Send, M: Send, W: Feed<Env<T, M>>> Feed<Env<T, M>> for Keyed<T, W> {
    const REPLACES: bool = W::REPLACES;

    /// The lane is known: the user's hash is not asked again.
    fn push_again(&mut self, x: Env<T, M>) -> Result<(), PushError<Env<T, M>>> {
        self.lanes[self.full].push_again(x)
    }
    fn displace(&mut self, x: Env<T, M>, displaced: impl FnMut(Env<T, M>)) -> Result<(), PushError<Env<T, M>>> {
        self.lanes[self.full].displace(x, displaced)
    }
    fn take_replaced(&mut self) -> usize {
        self.lanes.iter_mut().map(Feed::take_replaced).sum()
    }
}

impl<T: Send, M: Send, W: Writer<Env<T, M>>> Writer<Env<T, M>> for Keyed<T, W> {
    const HIDES: bool = W::HIDES;

    #[inline]
    fn push(&mut self, x: Env<T, M>) -> Result<(), PushError<Env<T, M>>> {
        let lane = lane_of((self.hash)(&x.record), self.lanes.len());
        self.lanes[lane].push(x).inspect_err(|_| self.full = lane)
    }
    /// Room in the fullest lane: any record may go there.
    fn room(&mut self) -> usize {
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
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Closed>> {
        self.publish();
        self.lanes[self.full].poll_room(cx)
    }
    fn reclaim(&mut self) -> Option<Env<T, M>> {
        self.lanes.iter_mut().find_map(Writer::reclaim)
    }
    fn close(&mut self) {
        self.lanes.iter_mut().for_each(Writer::close);
    }
    fn len(&self) -> usize {
        self.lanes.iter().map(Writer::len).sum()
    }
    fn capacity(&self) -> usize {
        self.lanes.iter().map(Writer::capacity).sum()
    }
}

impl<T: Send, M: Send, W: Evict<Env<T, M>>> Evict<Env<T, M>> for Keyed<T, W> {
    fn push_evict(&mut self, x: Env<T, M>, evicted: impl FnMut(Env<T, M>)) -> Result<(), PushError<Env<T, M>>> {
        self.lanes[self.full].push_evict(x, evicted)
    }
}
