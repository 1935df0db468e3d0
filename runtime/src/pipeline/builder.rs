//! What a generated builder is made of.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use crate::StartError;
use crate::edge::{Coalesced, Lanes, Ranked, Ranks, Shed};
use crate::fault::Alarms;
use crate::input::{Admission, Input, Patience, ShedPort, ShedWire, WhenFull};
use crate::pipeline::coalesced::Backlogs;
use crate::pipeline::ends::{PortEnd, ReadEnd};
use crate::pipeline::graded::Rooms;
use crate::pipeline::launch::OnEnd;
use crate::pipeline::life::Keeper;
use crate::pipeline::topology::Topology;
use crate::record::{Entry, Env};
use crate::ring::mpmc::Receiver;
use crate::ring::spsc::Consumer;
use crate::stream::AsyncStream;

/// A declared pipeline.
pub trait Pipeline {
    /// Its builder, with nothing given yet.
    type Builder;
    /// What it is made of.
    const TOPOLOGY: Topology;
    /// Starts to build one.
    fn builder() -> Self::Builder;
}

/// The rings of a pipeline, inline: what a `static` one is made of.
#[doc(hidden)]
pub trait Inline {
    /// All of them.
    type Rings: 'static;
    /// Empty, which is all zero bytes.
    const EMPTY: Self::Rings;
}

/// Rings that live in a static: a pipeline is started in them once.
#[doc(hidden)]
pub struct InStatic<R> {
    rings: R,
    started: AtomicBool,
}

impl<R> InStatic<R> {
    /// Empty ones.
    pub const fn new(rings: R) -> Self {
        InStatic {
            rings,
            started: AtomicBool::new(false),
        }
    }
}

/// What every builder has: where the rings will live, and whom to tell at the end.
#[doc(hidden)]
pub struct Begin<L, R: 'static> {
    /// Called with the final ledger.
    pub on_end: Option<OnEnd<L>>,
    /// The static that holds the rings; on the heap otherwise.
    pub home: Option<&'static InStatic<R>>,
}

impl<L, R> Begin<L, R> {
    /// On the heap, and nobody to tell.
    pub const fn new() -> Self {
        Begin {
            on_end: None,
            home: None,
        }
    }

    /// The rings of the static, for the one pipeline that may live there.
    pub fn rings(&self) -> Result<Option<&'static R>, StartError> {
        match self.home {
            Some(home) if home.started.swap(true, Relaxed) => Err(StartError::Started),
            Some(home) => Ok(Some(&home.rings)),
            None => Ok(None),
        }
    }
}

impl<L, R> Default for Begin<L, R> {
    fn default() -> Self {
        Begin::new()
    }
}

/// A resource that the builder was not given.
#[derive(Debug)]
pub struct Missing;

/// A resource that the builder was given.
#[derive(Debug)]
pub struct Present<T>(pub T);

/// That the builder was given the resource `Name`.
#[diagnostic::on_unimplemented(
    message = "the builder was not given `{Name}`",
    label = "a resource is missing",
    note = "call the method of the builder that is called like the resource, before this"
)]
pub trait Given<Name> {
    /// What was given.
    type Value;
    /// Hands it over.
    fn take(self) -> Self::Value;
}

/// That the builder was not given the resource `Name` before.
#[diagnostic::on_unimplemented(
    message = "the builder was given `{Name}` before",
    label = "given again",
    note = "a resource is given once: remove one of the calls"
)]
pub trait NotGiven<Name> {}
impl<Name> NotGiven<Name> for Missing {}

impl<Name, T> Given<Name> for Present<T> {
    type Value = T;
    fn take(self) -> T {
        self.0
    }
}

/// An input port.
#[doc(hidden)]
pub fn input<T: Send + 'static, M: Entry, const N: usize>(
    name: &'static str,
    end: PortEnd<T, N, M>,
    hash: Option<fn(&T) -> u64>,
    full: FullInput<T>,
    keeper: Arc<Keeper>,
    clock: M::Clock,
) -> Input<T, N, M> {
    Input::new(name, end, hash, full.0, keeper, clock)
}

/// The same with a `quota` or a `limit`.
#[doc(hidden)]
pub fn admitting_input<T: Send + 'static, M: Entry, const N: usize>(
    input: Input<T, N, M>,
    admission: Admission<T>,
) -> Input<T, N, M> {
    input.admitting(admission)
}

/// The same with `priority`.
#[doc(hidden)]
pub fn ranked_input<T: Send + 'static, M: Entry, const N: usize>(
    input: Input<T, N, M>,
    ranks: Ranks<T>,
    rooms: Rooms,
) -> Input<T, N, M> {
    input.ranked(ranks, rooms)
}

/// The same with `coalesce`.
#[doc(hidden)]
pub fn coalescing_input<T: Send + 'static, M: Entry, const N: usize>(
    input: Input<T, N, M>,
    backlogs: Backlogs<T, M>,
) -> Input<T, N, M> {
    input.coalescing(backlogs)
}

/// See [`input`].
#[doc(hidden)]
pub struct FullInput<T>(WhenFull<T>);

impl<T> FullInput<T> {
    /// It waits.
    pub fn wait() -> Self {
        FullInput(WhenFull::Wait)
    }
    /// It refuses.
    pub fn shed() -> Self {
        FullInput(WhenFull::Shed(None))
    }
    /// It refuses after so many more tries, one every so often.
    pub fn offer(self, more: u32, every: Duration, alarms: Alarms) -> Self {
        let patience = Patience { more, every, alarms };
        match self.0 {
            WhenFull::Shed(wire) => FullInput(WhenFull::Offer(patience, wire)),
            other => FullInput(other),
        }
    }
    /// It makes room.
    pub fn drop_oldest() -> Self {
        FullInput(WhenFull::DropOldest)
    }
}

/// It refuses, into a wire.
#[doc(hidden)]
pub fn shed_wire<T: Send + 'static, M: Entry, const N: usize>(
    end: PortEnd<Shed<T>, N, M>,
    hash: Option<fn(&Shed<T>) -> u64>,
    clock: M::Clock,
    evicts: bool,
) -> FullInput<T> {
    let wire: Arc<dyn ShedPort<T>> = Arc::new(ShedWire {
        end,
        clock,
        hash,
        evicts,
    });
    FullInput(WhenFull::Shed(Some(wire)))
}

/// An output port with a lane for each producer.
#[doc(hidden)]
pub fn output<T: Send + 'static, const N: usize>(
    name: &'static str,
    end: ReadEnd<Lanes<Consumer<Env<T>, N>>>,
    keeper: Arc<Keeper>,
) -> AsyncStream<T, N> {
    AsyncStream::of_lanes(name, end, keeper)
}

/// An output port with a lane for each level of a priority.
#[doc(hidden)]
pub fn output_ranked<T: Send + 'static, const N: usize>(
    name: &'static str,
    end: ReadEnd<Ranked<Receiver<Env<T>, N>>>,
    keeper: Arc<Keeper>,
) -> AsyncStream<T, N> {
    AsyncStream::of_ranked(name, end, keeper)
}

/// An output port in which newer records take the places of older ones.
#[doc(hidden)]
pub fn output_coalesced<T: Send + 'static, const N: usize>(
    name: &'static str,
    end: ReadEnd<Coalesced<Env<T>, Receiver<Env<T>, N>>>,
    keeper: Arc<Keeper>,
) -> AsyncStream<T, N> {
    AsyncStream::of_coalesced(name, end, keeper)
}

/// An output port with one ring for all.
#[doc(hidden)]
pub fn output_shared<T: Send + 'static, const N: usize>(
    name: &'static str,
    end: ReadEnd<Receiver<Env<T>, N>>,
    keeper: Arc<Keeper>,
) -> AsyncStream<T, N> {
    AsyncStream::of_shared(name, end, keeper)
}
