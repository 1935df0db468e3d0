//! The ends of the rings of a pipeline that is about to start, each with its counters.

use std::sync::Arc;

use crate::edge::{Acyclic, Edge, Feed, InCycle, Keyed, Lanes, Policy};
use crate::pipeline::counters::{OfferCell, PortOffers, TakeCell};
use crate::pipeline::life::{Component, Lifeline};
use crate::record::{Env, Meta};
use crate::ring::mpmc::{Mpmc, Receiver, Sender};
use crate::ring::mpsc;
use crate::ring::spsc::{self, Consumer, Producer, Spsc};
use crate::ring::{Held, Reader};
use crate::segment::{BatchLane, Lane};

/// The writing end of a ring, with its counters.
pub struct WriteEnd<W> {
    pub(super) ring: W,
    pub(super) cell: Arc<OfferCell>,
}

impl<W> WriteEnd<W> {
    /// An edge over it.
    pub fn edge<T, M, P>(self, policy: P, lifeline: &Arc<Lifeline>) -> Edge<T, M, W, P>
    where
        T: Send,
        M: Meta,
        W: Feed<Env<T, M>>,
        P: Policy<T, M, W>,
    {
        Edge::new(self.ring, policy, self.cell, lifeline.clone(), Acyclic)
    }

    /// An edge over it into a cycle: from within, or from elsewhere (`entry`). So many in the cycle see each record.
    pub fn edge_in<T, M, P>(
        self,
        policy: P,
        lifeline: &Arc<Lifeline>,
        cycle: &Arc<Component>,
        entry: bool,
        readers: usize,
    ) -> Edge<T, M, W, P, InCycle>
    where
        T: Send,
        M: Meta,
        W: Feed<Env<T, M>>,
        P: Policy<T, M, W>,
    {
        let cycle = InCycle::new(cycle.clone(), entry, readers);
        Edge::new(self.ring, policy, self.cell, lifeline.clone(), cycle)
    }
}

/// The reading end of a ring, with its counters.
pub struct ReadEnd<R> {
    pub(crate) ring: R,
    pub(crate) cell: Arc<TakeCell>,
}

impl<R> ReadEnd<R> {
    /// A segment's lane over it.
    pub fn lane<T, M, MN, const AT: u64>(self) -> Lane<R, T, M, MN, AT>
    where
        T: Send,
        M: Meta,
        MN: Meta,
        R: Reader<Env<T, M>>,
    {
        Lane::new(self.ring, self.cell)
    }

    /// A segment's lane over it, in batches.
    pub fn batches<T, M, MN>(self, most: usize) -> BatchLane<R, T, M, MN>
    where
        T: Send,
        M: Meta,
        MN: Meta,
        R: Reader<Env<T, M>>,
    {
        BatchLane::new(self.ring, self.cell, most)
    }
}

/// The ends of a ring on one side, to be given out: to each producer or worker its own.
pub struct Ends<E> {
    pub(super) lanes: Vec<Vec<E>>,
}

impl<E> Ends<E> {
    /// The next end of producer (or worker side) number `lane`.
    pub fn take(&mut self, lane: usize) -> E {
        self.lanes[lane].pop().expect("the declaration counts the ends of every ring")
    }
}

impl<W> Ends<WriteEnd<W>> {
    /// The same ends with something around each ring.
    pub(super) fn map<V>(self, mut around: impl FnMut(W) -> V) -> Ends<WriteEnd<V>> {
        let lanes = self.lanes.into_iter().map(|lane| {
            let ends = lane.into_iter().map(|WriteEnd { ring, cell }| WriteEnd {
                ring: around(ring),
                cell,
            });
            ends.collect()
        });
        Ends { lanes: lanes.collect() }
    }
}

impl<R> Ends<ReadEnd<R>> {
    /// The same ends with something around the ring of each worker.
    pub(super) fn map<V>(self, mut around: impl FnMut(usize, R) -> V) -> Ends<ReadEnd<V>> {
        let lanes = self.lanes.into_iter().map(|lane| {
            let ends = lane.into_iter().enumerate().map(|(worker, ReadEnd { ring, cell })| ReadEnd {
                ring: around(worker, ring),
                cell,
            });
            ends.collect()
        });
        Ends { lanes: lanes.collect() }
    }
}

/// The senders of an input port, with their counters.
pub struct PortEnd<T: 'static, const N: usize, M: 'static = ()> {
    pub(crate) senders: Vec<Sender<Env<T, M>, N>>,
    pub(crate) cell: Arc<PortOffers>,
}

pub(super) type LaneEnds<T, M, const N: usize> = (Ends<WriteEnd<Producer<Env<T, M>, N>>>, Ends<ReadEnd<Consumer<Env<T, M>, N>>>);
pub(super) type LanesEnds<T, M, const N: usize> = (
    Ends<WriteEnd<Producer<Env<T, M>, N>>>,
    Ends<ReadEnd<Lanes<Consumer<Env<T, M>, N>>>>,
);
pub(super) type KeyedEnds<T, M, const N: usize> = (
    Ends<WriteEnd<Keyed<T, Producer<Env<T, M>, N>>>>,
    Ends<ReadEnd<Lanes<Consumer<Env<T, M>, N>>>>,
);
pub(super) type SharedEnds<T, M, const N: usize> = (Ends<WriteEnd<Sender<Env<T, M>, N>>>, Ends<ReadEnd<Receiver<Env<T, M>, N>>>);
pub(super) type SharedKeyedEnds<T, M, const N: usize> = (
    Ends<WriteEnd<Keyed<T, Sender<Env<T, M>, N>>>>,
    Ends<ReadEnd<Receiver<Env<T, M>, N>>>,
);
pub(super) type SolePortEnds<T, M, const N: usize> = (PortEnd<T, N, M>, Ends<ReadEnd<mpsc::Receiver<Env<T, M>, N>>>);
pub(super) type PortEnds<T, M, const N: usize> = (PortEnd<T, N, M>, Ends<ReadEnd<Receiver<Env<T, M>, N>>>);

/// Where rings live that are not on the heap: in a static.
pub type SpscHome<T, M, const N: usize> = Option<&'static [Spsc<Env<T, M>, N>]>;
/// See [`SpscHome`].
pub type MpmcHome<T, M, const N: usize> = Option<&'static [Mpmc<Env<T, M>, N>]>;

/// How many records wait in each ring of an edge.
pub(super) type Queued = Vec<Box<dyn Fn() -> usize + Send + Sync>>;

/// A writing end for each worker of each producer.
pub(super) fn each<W>(producers: &[usize], mut one: impl FnMut() -> W) -> Vec<Vec<W>> {
    let of = |workers: &usize| (0..*workers).map(|_| one()).collect();
    producers.iter().map(of).collect()
}

pub(super) fn home_of<R>(home: Option<&'static [R]>) -> impl Iterator<Item = &'static R> {
    home.into_iter().flatten()
}

/// The next ring of its home, or one on the heap.
pub(super) fn spsc_lane<T: Send + 'static, const N: usize>(
    home: &mut impl Iterator<Item = &'static Spsc<T, N>>,
    queued: &mut Queued,
) -> (Producer<T, N>, Consumer<T, N>) {
    let ring = home.next().map_or_else(|| Held::from(Spsc::boxed()), Held::Static);
    let counted = ring.clone();
    queued.push(Box::new(move || counted.len()));
    spsc::split(ring).expect("a static pipeline is started once, and a new ring has not been split")
}

pub(super) fn mpmc_ring<T: Send + 'static, const N: usize>(
    home: &mut impl Iterator<Item = &'static Mpmc<T, N>>,
) -> Held<Mpmc<T, N>> {
    home.next().map_or_else(|| Held::from(Mpmc::boxed()), Held::Static)
}
