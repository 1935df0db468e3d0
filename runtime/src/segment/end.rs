//! The end of a wire.

use core::task::{Context, Poll};
use std::sync::Arc;

use crate::edge::{At, Direct, Place, Sink, discard};
use crate::pipeline::NodeCell;
use crate::pipeline::counters::Counter;
use crate::record::{Env, Meta};

/// The end of a wire: nothing arrives here ([`Nothing`](crate::stage::Nothing)), or what does is dropped because the
/// declaration says `-> drop`, and the node that gave it counts it.
pub struct End {
    drops: Option<Arc<NodeCell>>,
}

impl End {
    /// A wire that simply ends.
    pub fn new() -> Self {
        End { drops: None }
    }

    /// `-> drop`: what arrives is dropped, and counted by the node that gave it.
    pub fn drops(cell: Arc<NodeCell>) -> Self {
        End { drops: Some(cell) }
    }

    fn discard<T>(&self, x: T) {
        if let Some(cell) = &self.drops {
            cell.dropped.add(1);
        }
        discard(x);
    }
}

impl Default for End {
    fn default() -> Self {
        End::new()
    }
}

impl Place for End {
    fn blocked(&self) -> bool {
        false
    }
    fn poll_settle(&mut self, _cx: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
    fn poll_room(&mut self, _cx: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
    fn flush(&mut self) {}
    fn count(&mut self, _taken: u64) {}
    fn panicked(&mut self, _mark: usize, _message: &str) -> bool {
        false
    }
    fn missed(&mut self) {
        if let Some(cell) = &self.drops {
            cell.dropped.add(1);
        }
    }
    fn finish(&mut self) -> impl Future<Output = ()> + Send {
        core::future::ready(())
    }
    fn close(&mut self) {}
}

impl<T: Send, M: Meta> Sink<T, M> for End {
    type Path = Direct;
    fn put(&mut self, x: Env<T, M>, _at: &mut At) -> bool {
        self.discard(x);
        true
    }
    fn send(&mut self, x: Env<T, M>) -> impl Future<Output = ()> + Send {
        self.discard(x);
        core::future::ready(())
    }
}
