//! What a call gives, until it is handed on.

use core::task::{Context, Poll};

use crate::edge::{At, Direct, Place, Sink};
use crate::record::{Env, Meta};

/// Where a hand puts the one record that its call gives: the place behind it is busy with those of others.
pub struct Given<T, M>(Option<Env<T, M>>);

impl<T, M> Given<T, M> {
    pub(super) fn nothing() -> Self {
        Given(None)
    }

    pub(super) fn take(&mut self) -> Option<Env<T, M>> {
        self.0.take()
    }
}

impl<T: Send, M: Meta> Place for Given<T, M> {
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
    fn missed(&mut self) {}
    fn finish(&mut self) -> impl Future<Output = ()> + Send {
        core::future::ready(())
    }
    fn close(&mut self) {}
}

impl<T: Send, M: Meta> Sink<T, M> for Given<T, M> {
    type Path = Direct;
    fn put(&mut self, x: Env<T, M>, _at: &mut At) -> bool {
        self.0 = Some(x);
        true
    }
    fn send(&mut self, x: Env<T, M>) -> impl Future<Output = ()> + Send {
        self.0 = Some(x);
        core::future::ready(())
    }
}
