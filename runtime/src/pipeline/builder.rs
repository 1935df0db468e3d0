//! What a generated builder is made of.

use std::sync::Arc;

use crate::edge::{Lanes, Shed};
use crate::input::{Input, ShedPort, WhenFull};
use crate::pipeline::build::{PortEnd, ReadEnd};
use crate::pipeline::life::Keeper;
use crate::pipeline::topology::Topology;
use crate::record::Env;
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
pub fn input<T: Send + 'static, const N: usize>(
    name: &'static str,
    end: PortEnd<T, N>,
    hash: Option<fn(&T) -> u64>,
    full: FullInput<T>,
    keeper: Arc<Keeper>,
) -> Input<T, N> {
    Input::new(name, end, hash, full.0, keeper)
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
    /// It makes room.
    pub fn drop_oldest() -> Self {
        FullInput(WhenFull::DropOldest)
    }
}

/// It refuses, into a wire.
#[doc(hidden)]
pub fn shed_wire<T: Send + 'static, const N: usize>(wire: PortEnd<Shed<T>, N>) -> FullInput<T> {
    let wire: Arc<dyn ShedPort<T>> = Arc::new(wire);
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

/// An output port with one ring for all.
#[doc(hidden)]
pub fn output_shared<T: Send + 'static, const N: usize>(
    name: &'static str,
    end: ReadEnd<Receiver<Env<T>, N>>,
    keeper: Arc<Keeper>,
) -> AsyncStream<T, N> {
    AsyncStream::of_shared(name, end, keeper)
}
