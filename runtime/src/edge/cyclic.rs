//! What an edge does for the cycle of segments that its ring is part of.

use std::sync::Arc;

use crate::pipeline::Component;

/// Whether an edge's ring is part of a cycle, as a type: most are not, and pay nothing.
pub trait Cyclic: Send {
    /// A record is offered to the ring.
    fn enter(&self);
    /// A record that entered is not in it: refused, lost or dropped.
    fn leave(&self);
    /// The edge has closed.
    fn close(&mut self);
}

/// Not in a cycle.
#[derive(Debug, Default)]
pub struct Acyclic;

impl Cyclic for Acyclic {
    #[inline(always)]
    fn enter(&self) {}
    #[inline(always)]
    fn leave(&self) {}
    fn close(&mut self) {}
}

/// In a cycle, which ends when nothing is left in it.
pub struct InCycle {
    component: Arc<Component>,
    /// How many in the cycle read what is written.
    readers: usize,
    /// The writer is not in the cycle and brings records into it: the cycle does not end before this edge closes.
    entry: bool,
}

impl InCycle {
    pub(crate) fn new(component: Arc<Component>, entry: bool, readers: usize) -> Self {
        InCycle {
            component,
            readers,
            entry,
        }
    }
}

impl Cyclic for InCycle {
    #[inline]
    fn enter(&self) {
        self.component.enter(self.readers);
    }
    #[inline]
    fn leave(&self) {
        self.component.leave(self.readers);
    }
    fn close(&mut self) {
        if core::mem::take(&mut self.entry) {
            self.leave();
        }
    }
}
