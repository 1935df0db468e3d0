//! What `start()` is made of: rings with their counters, and the registry from which ledgers are read.

use std::sync::Arc;

use crate::StartError;
use crate::edge::{Edge, Keyed, Lanes, Policy};
use crate::pipeline::counters::{Counter, NodeCell, OfferCell, SharedCount, TakeCell, read_ring};
use crate::pipeline::ledger::{LinkEntry, LinkRule, NodeEntry, NodeLedger, RingEntry, RingLedger, Snapshot};
use crate::pipeline::life::Lifeline;
use crate::record::{Env, Meta};
use crate::ring::mpmc::{self, Mpmc, Receiver, Sender, Sole};
use crate::ring::spsc::{self, Consumer, Producer, Spsc};
use crate::ring::{Held, Reader, Writer};
use crate::segment::{BatchLane, Factory, Lane, Local, Node};
use crate::stage::Types;

/// The writing end of a ring, with its counters.
pub struct WriteEnd<W> {
    ring: W,
    cell: Arc<OfferCell>,
}

impl<W> WriteEnd<W> {
    /// An edge over it.
    pub fn edge<T, M, P>(self, policy: P, lifeline: &Arc<Lifeline>) -> Edge<T, M, W, P>
    where
        T: Send,
        M: Meta,
        W: Writer<Env<T, M>>,
        P: Policy<T, M, W>,
    {
        Edge::new(self.ring, policy, self.cell, lifeline.clone())
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
    lanes: Vec<Vec<E>>,
}

impl<E> Ends<E> {
    /// The next end of producer (or worker side) number `lane`.
    pub fn take(&mut self, lane: usize) -> E {
        self.lanes[lane].pop().expect("the declaration counts the ends of every ring")
    }
}

struct RingCells {
    name: &'static str,
    takes: Vec<Arc<TakeCell>>,
    /// By producer.
    offers: Vec<Vec<Arc<OfferCell>>>,
    outside: Option<Arc<OfferCell<SharedCount>>>,
    queued: Vec<Box<dyn Fn() -> usize + Send + Sync>>,
}

impl RingCells {
    fn read(&self) -> RingLedger {
        // The ring first: what is queued may still be taken, never the other way round.
        let held: u64 = self.queued.iter().map(|len| len() as u64).sum();
        let unreleased: u64 = self.takes.iter().map(|cell| cell.unreleased.get()).sum();
        let queued = held.saturating_sub(unreleased);
        let takes = self.takes.iter().map(|cell| &**cell);
        let mut counts = read_ring(takes, self.offers.iter().flatten().map(|cell| &**cell), queued);
        if let Some(outside) = &self.outside {
            counts += read_ring([], [&**outside], 0);
        }
        counts
    }

    fn offered(&self, producer: usize) -> u64 {
        match &self.outside {
            Some(outside) => outside.offered.get(),
            None => self.offers[producer].iter().map(|cell| cell.offered.get()).sum(),
        }
    }

    /// What its reader left in it when it was dropped: shed, and no producer was there to give it to the shed wire.
    fn left(&self) -> u64 {
        self.takes.iter().map(|cell| cell.shed.get()).sum()
    }
}

/// Where a link begins.
#[derive(Debug, Clone, Copy)]
pub enum LinkFrom {
    /// What node number so and so gives.
    Node(usize),
    /// What is taken from ring number so and so, with no node between.
    Ring(usize),
    /// The failures of a node.
    Errors(usize),
    /// What a ring sheds.
    Shed(usize),
}

/// Where a link ends.
#[derive(Debug, Clone, Copy)]
pub enum LinkTo {
    /// In a ring, as its producer number so and so.
    Ring(usize, usize),
    /// In a node, by a call.
    Node(usize),
    /// Where the failed batches of a node go: counted in records by the node alone.
    FailedOf(usize),
}

/// A link of the declaration, for the ledger's check.
#[derive(Debug, Clone, Copy)]
pub struct LinkSpec {
    /// Its beginning.
    pub from: LinkFrom,
    /// A `match`, or an end in `-> drop`: which of the drop counters is its own.
    pub route: Option<usize>,
    /// Its ends.
    pub to: &'static [LinkTo],
}

/// From here to there.
pub const fn link(from: LinkFrom, to: &'static [LinkTo]) -> LinkSpec {
    LinkSpec { from, route: None, to }
}

impl LinkSpec {
    /// A `match`, or an end in `-> drop`.
    pub const fn route(mut self, drops: usize) -> Self {
        self.route = Some(drops);
        self
    }
}

/// All counters of a running pipeline, and what they mean.
pub(crate) struct Registry {
    pipeline: &'static str,
    nodes: Vec<(&'static str, Vec<Arc<NodeCell>>)>,
    rings: Vec<RingCells>,
    /// What `=> drop` arms and `-> drop` ends count; the node that they stand behind, if any.
    drops: Vec<(Option<usize>, Vec<Arc<NodeCell>>)>,
    links: &'static [LinkSpec],
}

impl Registry {
    /// The counts as they stand: nodes before rings, against the stream.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let dropped: Vec<u64> = self
            .drops
            .iter()
            .map(|(_, cells)| cells.iter().map(|cell| cell.dropped.get()).sum())
            .collect();
        let mut nodes: Vec<NodeEntry> = Vec::with_capacity(self.nodes.len());
        for (index, (name, cells)) in self.nodes.iter().enumerate() {
            let mut counts: NodeLedger = cells.iter().map(|cell| cell.read()).sum();
            counts.dropped += self
                .drops
                .iter()
                .zip(&dropped)
                .filter(|((node, _), _)| *node == Some(index))
                .map(|(_, dropped)| dropped)
                .sum::<u64>();
            nodes.push(NodeEntry { name, counts });
        }
        let read: Vec<RingLedger> = self.rings.iter().map(RingCells::read).collect();
        let links = self.links.iter().map(|link| self.link(link, &nodes, &dropped)).collect();
        let mut rings: Vec<RingEntry> = Vec::with_capacity(read.len());
        for (ring, counts) in self.rings.iter().zip(read) {
            // Several edges into one node are one entry: its input.
            match rings.iter_mut().find(|entry| entry.name == ring.name) {
                Some(entry) => entry.counts += counts,
                None => rings.push(RingEntry { name: ring.name, counts }),
            }
        }
        Snapshot {
            pipeline: self.pipeline,
            rings,
            nodes,
            links,
        }
    }

    fn link(&self, link: &LinkSpec, nodes: &[NodeEntry], dropped: &[u64]) -> LinkEntry {
        let targets = link
            .to
            .iter()
            .map(|to| match *to {
                LinkTo::Ring(ring, producer) => (self.rings[ring].name, self.rings[ring].offered(producer)),
                LinkTo::Node(node) => (nodes[node].name, nodes[node].counts.taken),
                LinkTo::FailedOf(node) => (
                    nodes[node].name,
                    nodes[node].counts.failed.saturating_sub(nodes[node].counts.unwired),
                ),
            })
            .collect();
        let (from, rule) = match link.from {
            LinkFrom::Node(node) => (self.nodes[node].0, LinkRule::Each),
            LinkFrom::Ring(ring) => (self.rings[ring].name, LinkRule::Each),
            LinkFrom::Errors(node) => (self.nodes[node].0, LinkRule::Failures),
            LinkFrom::Shed(ring) => (
                self.rings[ring].name,
                LinkRule::Shed {
                    refused: self.rings[ring].left(),
                },
            ),
        };
        let rule = link.route.map_or(rule, |route| LinkRule::Route { dropped: dropped[route] });
        let ring = matches!(link.from, LinkFrom::Ring(_));
        LinkEntry {
            from,
            ring,
            rule,
            targets,
        }
    }
}

/// Builds the rings and the registry of a pipeline that is about to start.
pub struct Assembly {
    lifeline: Arc<Lifeline>,
    registry: Registry,
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
        let mut one = || {
            let (producer, consumer) = spsc_lane(&mut home, &mut queued);
            read.push(consumer);
            producer
        };
        let written = producers
            .iter()
            .map(|workers| (0..*workers).map(|_| one()).collect())
            .collect();
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
        let mut one = || {
            let lanes = read.iter_mut().map(|worker| {
                let (producer, consumer) = spsc_lane(&mut home, &mut queued);
                worker.push(consumer);
                producer
            });
            Keyed::new(lanes.collect(), hash)
        };
        let written = producers
            .iter()
            .map(|workers| (0..*workers).map(|_| one()).collect())
            .collect();
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
        let written = producers
            .iter()
            .map(|workers| (0..*workers).map(|_| sender()).collect())
            .collect();
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
        let mut queued: Vec<Box<dyn Fn() -> usize + Send + Sync>> = Vec::new();
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
        let written = producers
            .iter()
            .map(|workers| (0..*workers).map(|_| one()).collect())
            .collect();
        self.ring(name, written, read, queued)
    }

    /// The ring of an input port: its producers are outside and unknown. One for each worker where a key decides.
    pub fn port<T, const N: usize>(
        &mut self,
        name: &'static str,
        workers: usize,
        keyed: bool,
        home: MpmcHome<T, (), N>,
    ) -> PortEnds<T, N>
    where
        T: Send + 'static,
    {
        let rings = if keyed { workers } else { 1 };
        self.port_of(name, rings, home, |ring| {
            let (sender, receiver) = mpmc::ends(ring);
            (sender, vec![receiver; workers / rings])
        })
    }

    /// The same, where each ring has one reader and nobody makes room in it: one for each of `workers`.
    pub fn sole_port<T, const N: usize>(
        &mut self,
        name: &'static str,
        workers: usize,
        home: MpmcHome<T, (), N>,
    ) -> SolePortEnds<T, N>
    where
        T: Send + 'static,
    {
        self.port_of(name, workers, home, |ring| {
            let ends = mpmc::sole_ends(ring);
            let (sender, receiver) = ends.expect("a static pipeline is started once, and a new ring was not asked for ends");
            (sender, vec![receiver])
        })
    }

    fn port_of<T, R, const N: usize>(
        &mut self,
        name: &'static str,
        rings: usize,
        home: MpmcHome<T, (), N>,
        ends: impl Fn(Held<Mpmc<Env<T>, N>>) -> (Sender<Env<T>, N>, Vec<R>),
    ) -> (PortEnd<T, N>, Ends<ReadEnd<R>>)
    where
        T: Send + 'static,
    {
        let mut home = home_of(home);
        let mut queued: Vec<Box<dyn Fn() -> usize + Send + Sync>> = Vec::new();
        let (mut senders, mut read) = (Vec::new(), Vec::new());
        for _ in 0..rings {
            let ring = mpmc_ring(&mut home);
            let (sender, receivers) = ends(ring.clone());
            let (counted, closed) = (ring.clone(), ring);
            queued.push(Box::new(move || counted.len()));
            self.lifeline.on_drain(Box::new(move || closed.close()));
            // Its producers do not count what is left: the reader does.
            senders.push(sender.leaving_all());
            read.extend(receivers);
        }
        let outside = Arc::new(OfferCell::shared());
        let (_, readers) = self.ring::<Sender<Env<T>, N>, _>(name, Vec::new(), read, queued);
        if let Some(ring) = self.registry.rings.last_mut() {
            ring.outside = Some(outside.clone());
        }
        (PortEnd { senders, cell: outside }, readers)
    }

    fn ring<W, R>(
        &mut self,
        name: &'static str,
        written: Vec<Vec<W>>,
        read: Vec<R>,
        queued: Vec<Box<dyn Fn() -> usize + Send + Sync>>,
    ) -> (Ends<WriteEnd<W>>, Ends<ReadEnd<R>>) {
        let mut cells = RingCells {
            name,
            takes: Vec::new(),
            offers: Vec::new(),
            outside: None,
            queued,
        };
        let mut lanes = Vec::new();
        for producer in written {
            let (ends, offers) = producer
                .into_iter()
                .map(|ring| {
                    let cell = Arc::new(OfferCell::new());
                    (
                        WriteEnd {
                            ring,
                            cell: cell.clone(),
                        },
                        cell,
                    )
                })
                .unzip();
            lanes.push(ends);
            cells.offers.push(offers);
        }
        let readers = read
            .into_iter()
            .map(|ring| {
                let cell = Arc::new(TakeCell::new());
                cells.takes.push(cell.clone());
                ReadEnd { ring, cell }
            })
            .collect();
        self.registry.rings.push(cells);
        (Ends { lanes }, Ends { lanes: vec![readers] })
    }
}

/// The senders of an input port, with their counters.
pub struct PortEnd<T: 'static, const N: usize> {
    pub(crate) senders: Vec<Sender<Env<T>, N>>,
    pub(crate) cell: Arc<OfferCell<SharedCount>>,
}

type LaneEnds<T, M, const N: usize> = (Ends<WriteEnd<Producer<Env<T, M>, N>>>, Ends<ReadEnd<Consumer<Env<T, M>, N>>>);
type LanesEnds<T, M, const N: usize> = (
    Ends<WriteEnd<Producer<Env<T, M>, N>>>,
    Ends<ReadEnd<Lanes<Consumer<Env<T, M>, N>>>>,
);
type KeyedEnds<T, M, const N: usize> = (
    Ends<WriteEnd<Keyed<T, Producer<Env<T, M>, N>>>>,
    Ends<ReadEnd<Lanes<Consumer<Env<T, M>, N>>>>,
);
type SharedEnds<T, M, const N: usize> = (Ends<WriteEnd<Sender<Env<T, M>, N>>>, Ends<ReadEnd<Receiver<Env<T, M>, N>>>);
type SharedKeyedEnds<T, M, const N: usize> = (
    Ends<WriteEnd<Keyed<T, Sender<Env<T, M>, N>>>>,
    Ends<ReadEnd<Receiver<Env<T, M>, N>>>,
);
type SolePortEnds<T, const N: usize> = (PortEnd<T, N>, Ends<ReadEnd<Sole<Env<T>, N>>>);
type PortEnds<T, const N: usize> = (PortEnd<T, N>, Ends<ReadEnd<Receiver<Env<T>, N>>>);

/// Where rings live that are not on the heap: in a static.
pub type SpscHome<T, M, const N: usize> = Option<&'static [Spsc<Env<T, M>, N>]>;
/// See [`SpscHome`].
pub type MpmcHome<T, M, const N: usize> = Option<&'static [Mpmc<Env<T, M>, N>]>;

fn home_of<R>(home: Option<&'static [R]>) -> impl Iterator<Item = &'static R> {
    home.into_iter().flatten()
}

/// The next ring of its home, or one on the heap.
fn spsc_lane<T: Send + 'static, const N: usize>(
    home: &mut impl Iterator<Item = &'static Spsc<T, N>>,
    queued: &mut Vec<Box<dyn Fn() -> usize + Send + Sync>>,
) -> (Producer<T, N>, Consumer<T, N>) {
    let ring = home.next().map_or_else(|| Held::from(Spsc::boxed()), Held::Static);
    let counted = ring.clone();
    queued.push(Box::new(move || counted.len()));
    spsc::split(ring).expect("a static pipeline is started once, and a new ring has not been split")
}

fn mpmc_ring<T: Send + 'static, const N: usize>(home: &mut impl Iterator<Item = &'static Mpmc<T, N>>) -> Held<Mpmc<T, N>> {
    home.next().map_or_else(|| Held::from(Mpmc::boxed()), Held::Static)
}
