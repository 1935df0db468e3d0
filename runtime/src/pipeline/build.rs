//! What `start()` is made of: rings, nodes, and their counters in one registry.

use std::sync::Arc;

use crate::StartError;
use crate::edge::{Keyed, Lanes};
use crate::pipeline::counters::{NodeCell, OfferCell, PortOffers, TakeCell};
use crate::pipeline::life::Lifeline;
use crate::record::{Env, Meta};
use crate::ring::Held;
use crate::ring::mpmc::{self, Mpmc, Sender};
use crate::ring::mpsc;
use crate::segment::{Factory, Local, Node};
use crate::stage::Types;

use crate::pipeline::ends::*;
use crate::pipeline::registry::*;

/// Builds the rings and the registry of a pipeline that is about to start.
pub struct Assembly {
    pub(super) lifeline: Arc<Lifeline>,
    pub(super) registry: Registry,
}

impl Assembly {
    /// Of the pipeline called so, of so many tasks, with these nodes, drop counters and links.
    pub fn new(
        pipeline: &'static str,
        tasks: usize,
        nodes: &[&'static str],
        drops: &[Option<usize>],
        links: &'static [LinkSpec],
    ) -> Self {
        let registry = Registry {
            pipeline,
            nodes: nodes.iter().map(|name| (*name, Vec::new())).collect(),
            rings: Vec::new(),
            drops: drops.iter().map(|node| (*node, Vec::new())).collect(),
            links,
        };
        Assembly {
            lifeline: Lifeline::new(pipeline, tasks),
            registry,
        }
    }

    /// The life that it will have.
    pub fn lifeline(&self) -> Arc<Lifeline> {
        self.lifeline.clone()
    }

    /// One worker of node number `node`, a source.
    pub fn node(&mut self, name: &'static str, node: usize) -> Node {
        let cell = self.node_cell(node);
        Node::new(name, node, false, cell, self.lifeline())
    }

    /// One worker of node number `node`, the stage `S`.
    pub fn stage<S: Types<F, AT>, F, const AT: u64>(&mut self, name: &'static str, node: usize) -> Node {
        let cell = self.node_cell(node);
        Node::new(name, node, S::FILTERS, cell, self.lifeline())
    }

    /// A worker's own value of the resource or state `name`.
    pub fn local<T>(&self, name: &'static str, factory: &Factory<T>, worker: usize) -> Result<Local<T>, StartError> {
        Local::build(factory, worker).map_err(|source| StartError::Resource { name, source })
    }

    /// Counters for one worker of node number `node`.
    fn node_cell(&mut self, node: usize) -> Arc<NodeCell> {
        let cell = Arc::new(NodeCell::new());
        self.registry.nodes[node].1.push(cell.clone());
        cell
    }

    /// Counters for one worker of drop counter number `drop`.
    pub fn drop_cell(&mut self, drop: usize) -> Arc<NodeCell> {
        let cell = Arc::new(NodeCell::new());
        self.registry.drops[drop].1.push(cell.clone());
        cell
    }

    /// Nothing more is built.
    pub(crate) fn registry(self) -> Arc<Registry> {
        Arc::new(self.registry)
    }

    /// One producer, one reader: one lane.
    pub fn lane<T, M, const N: usize>(&mut self, name: &'static str, home: SpscHome<T, M, N>) -> LaneEnds<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let (mut home, mut queued) = (home_of(home), Vec::new());
        let (producer, consumer) = spsc_lane(&mut home, &mut queued);
        let (writers, readers) = self.ring(name, vec![vec![producer]], vec![consumer], queued);
        (writers, readers)
    }

    /// Known producers, one reader: a lane for each. `producers`: how many workers each has.
    pub fn lanes<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        producers: &[usize],
        home: SpscHome<T, M, N>,
    ) -> LanesEnds<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let (mut home, mut queued) = (home_of(home), Vec::new());
        let mut read = Vec::new();
        let one = || {
            let (producer, consumer) = spsc_lane(&mut home, &mut queued);
            read.push(consumer);
            producer
        };
        let written = each(producers, one);
        self.ring(name, written, vec![Lanes::new(read)], queued)
    }

    /// Known producers, workers by key: a lane for each pair of them.
    pub fn keyed<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        producers: &[usize],
        workers: usize,
        hash: fn(&T) -> u64,
        home: SpscHome<T, M, N>,
    ) -> KeyedEnds<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let (mut home, mut queued) = (home_of(home), Vec::new());
        let mut read: Vec<Vec<_>> = (0..workers).map(|_| Vec::new()).collect();
        let one = || {
            let lanes = read.iter_mut().map(|worker| {
                let (producer, consumer) = spsc_lane(&mut home, &mut queued);
                worker.push(consumer);
                producer
            });
            Keyed::new(lanes.collect(), hash)
        };
        let written = each(producers, one);
        let read = read.into_iter().map(Lanes::new).collect();
        self.ring(name, written, read, queued)
    }

    /// One ring that all producers and all workers share.
    pub fn shared<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        producers: &[usize],
        workers: usize,
        home: MpmcHome<T, M, N>,
    ) -> SharedEnds<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let ring = mpmc_ring(&mut home_of(home));
        let (sender, receiver) = mpmc::ends(ring.clone());
        let sender = || sender.clone().prepared();
        let written = each(producers, sender);
        let read = vec![receiver.clone(); workers];
        self.ring(name, written, read, vec![Box::new(move || ring.len())])
    }

    /// One ring for each worker, shared by all producers, chosen by key.
    pub fn shared_keyed<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        producers: &[usize],
        workers: usize,
        hash: fn(&T) -> u64,
        home: MpmcHome<T, M, N>,
    ) -> SharedKeyedEnds<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let mut home = home_of(home);
        let mut queued = Queued::new();
        let (mut senders, mut read) = (Vec::new(), Vec::new());
        for _ in 0..workers {
            let ring = mpmc_ring(&mut home);
            let (sender, receiver) = mpmc::ends(ring.clone());
            queued.push(Box::new(move || ring.len()));
            senders.push(sender);
            read.push(receiver);
        }
        let one = || {
            Keyed::new(
                senders
                    .iter()
                    .map(|sender: &Sender<_, N>| sender.clone().prepared())
                    .collect(),
                hash,
            )
        };
        let written = each(producers, one);
        self.ring(name, written, read, queued)
    }

    /// The ring of an input port: its producers are outside and unknown. One for each worker where a key decides.
    pub fn port<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        workers: usize,
        keyed: bool,
        home: MpmcHome<T, M, N>,
    ) -> PortEnds<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let rings = if keyed { workers } else { 1 };
        self.port_of(name, rings, home, |ring| {
            let (sender, receiver) = mpmc::ends(ring);
            (sender, vec![receiver; workers / rings])
        })
    }

    /// The same, where each ring has one reader and nobody makes room in it: one for each of `workers`.
    pub fn sole_port<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        workers: usize,
        home: MpmcHome<T, M, N>,
    ) -> SolePortEnds<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        self.port_of(name, workers, home, |ring| {
            let ends = mpsc::split(ring);
            let (sender, receiver) = ends.expect("a static pipeline is started once, and a new ring was not asked for ends");
            (sender, vec![receiver])
        })
    }

    fn port_of<T, M, R, const N: usize>(
        &mut self,
        name: &'static str,
        rings: usize,
        home: MpmcHome<T, M, N>,
        ends: impl Fn(Held<Mpmc<Env<T, M>, N>>) -> (Sender<Env<T, M>, N>, Vec<R>),
    ) -> (PortEnd<T, N, M>, Ends<ReadEnd<R>>)
    where
        T: Send + 'static,
        M: Meta,
    {
        let mut home = home_of(home);
        let mut queued = Queued::new();
        let (mut senders, mut read) = (Vec::new(), Vec::new());
        for _ in 0..rings {
            let ring = mpmc_ring(&mut home);
            let (sender, receivers) = ends(ring.clone());
            let (counted, closed) = (ring.clone(), ring);
            queued.push(Box::new(move || counted.len()));
            self.lifeline.on_drain(Box::new(move || closed.close_all()));
            // Its producers do not count what is left: the reader does.
            senders.push(sender.leaving_all());
            read.extend(receivers);
        }
        let outside = Arc::<PortOffers>::default();
        let (_, readers) = self.ring::<Sender<Env<T, M>, N>, _>(name, Vec::new(), read, queued);
        if let Some(ring) = self.registry.rings.last_mut() {
            ring.outside = Some(outside.clone());
        }
        (PortEnd { senders, cell: outside }, readers)
    }

    pub(super) fn ring<W, R>(
        &mut self,
        name: &'static str,
        written: Vec<Vec<W>>,
        read: Vec<R>,
        queued: Queued,
    ) -> (Ends<WriteEnd<W>>, Ends<ReadEnd<R>>) {
        let mut cells = RingCells {
            name,
            role: Role::Ring,
            takes: Vec::new(),
            offers: Vec::new(),
            outside: None,
            queued,
        };
        let (ends, offers) = write_ends(written);
        cells.offers = offers;
        let readers = read
            .into_iter()
            .map(|ring| {
                let cell = Arc::new(TakeCell::new());
                cells.takes.push(cell.clone());
                ReadEnd { ring, cell }
            })
            .collect();
        self.registry.rings.push(cells);
        (ends, Ends { lanes: vec![readers] })
    }
}

/// The writing ends of each producer, with their counters.
pub(super) fn write_ends<W>(written: Vec<Vec<W>>) -> (Ends<WriteEnd<W>>, Vec<Vec<Arc<OfferCell>>>) {
    let (mut lanes, mut offers) = (Vec::new(), Vec::new());
    for producer in written {
        let (ends, cells): (Vec<_>, Vec<_>) = producer
            .into_iter()
            .map(|ring| {
                let cell = Arc::new(OfferCell::new());
                let end = WriteEnd {
                    ring,
                    cell: cell.clone(),
                };
                (end, cell)
            })
            .unzip();
        lanes.push(ends);
        offers.push(cells);
    }
    (Ends { lanes }, offers)
}
