//! Values that belong to one worker.

use std::error::Error as StdError;
use std::sync::Arc;

use crate::edge::{discard, guard};

/// Which worker of a node, and which of its lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorkerId {
    index: usize,
    incarnation: u32,
}

impl WorkerId {
    /// The first life of the worker at `index`.
    pub const fn new(index: usize) -> Self {
        WorkerId { index, incarnation: 0 }
    }

    /// Its place among the workers of its node, from 0.
    pub const fn index(&self) -> usize {
        self.index
    }

    /// How many times it was rebuilt.
    pub const fn incarnation(&self) -> u32 {
        self.incarnation
    }
}

/// What a factory may fail with.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// How a worker's value is built: off the hot path, so a `dyn` does no harm.
pub type Factory<T> = Arc<dyn Fn(WorkerId) -> Result<T, BoxError> + Send + Sync>;

/// A value that one worker lends to one node.
pub struct Local<T> {
    value: T,
    worker: WorkerId,
    factory: Factory<T>,
}

impl<T> Local<T> {
    /// Builds the first one.
    pub fn build(factory: &Factory<T>, index: usize) -> Result<Self, BoxError> {
        let worker = WorkerId::new(index);
        let value = guard(|| factory(worker)).map_err(BoxError::from)??;
        Ok(Local {
            value,
            worker,
            factory: factory.clone(),
        })
    }

    /// The value.
    #[inline(always)]
    pub fn get(&mut self) -> &mut T {
        &mut self.value
    }

    /// The value, to look at.
    pub fn peek(&self) -> &T {
        &self.value
    }

    /// Builds it anew for the worker's next life.
    pub fn rebuild(&mut self) -> Result<(), String> {
        self.worker.incarnation += 1;
        let (factory, worker) = (&self.factory, self.worker);
        let value = guard(|| factory(worker).map_err(|error| error.to_string()))??;
        discard(core::mem::replace(&mut self.value, value));
        Ok(())
    }
}
