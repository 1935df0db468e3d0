//! Fused fan-in: one node, called from several places of its segment.

use core::task::{Context, Poll};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::AcqRel;

use crossbeam_utils::atomic::AtomicCell;

use crate::edge::{At, Path, Place, Sink};
use crate::record::Env;

/// One of the places that call a node which others of the same segment call too.
///
/// A segment is one task, so the node is always at home when it is called; it is taken out of a shared cell for the call, and
/// put back after it, by one exchange of a pointer each.
pub struct Joint<P> {
    home: Arc<Home<P>>,
    /// The first caller passes clocks on.
    first: bool,
}

struct Home<P> {
    place: AtomicCell<Option<Box<P>>>,
    /// How many callers have not ended: the last one passes the end on.
    finishing: AtomicUsize,
    closing: AtomicUsize,
}

/// The callers of a node, before they are given out.
pub struct Callers<P> {
    home: Arc<Home<P>>,
    given: bool,
}

impl<P: Place> Callers<P> {
    /// `count` places will call `place`.
    pub fn new(place: P, count: usize) -> Self {
        let home = Home {
            place: AtomicCell::new(Some(Box::new(place))),
            finishing: AtomicUsize::new(count),
            closing: AtomicUsize::new(count),
        };
        Callers {
            home: Arc::new(home),
            given: false,
        }
    }

    /// The next of them.
    pub fn caller(&mut self) -> Joint<P> {
        Joint {
            home: self.home.clone(),
            first: !core::mem::replace(&mut self.given, true),
        }
    }
}

/// The node, out of its home; it goes back on every path, a panic included.
struct Out<'a, P> {
    home: &'a AtomicCell<Option<Box<P>>>,
    place: Option<Box<P>>,
}

impl<P> Drop for Out<'_, P> {
    fn drop(&mut self) {
        self.home.store(self.place.take());
    }
}

impl<P> Joint<P> {
    /// Calls `f` with the node, if it is at home. It is away only while it is torn down in the middle of a call.
    fn with<T>(&self, away: T, f: impl FnOnce(&mut P) -> T) -> T {
        let mut out = Out {
            home: &self.home.place,
            place: self.home.place.take(),
        };
        match &mut out.place {
            Some(place) => f(place),
            None => away,
        }
    }

    fn out(&self) -> Out<'_, P> {
        Out {
            home: &self.home.place,
            place: self.home.place.take(),
        }
    }
}

impl<P: Place> Place for Joint<P> {
    fn blocked(&self) -> bool {
        self.with(false, |place| place.blocked())
    }
    fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.with(Poll::Ready(()), |place| place.poll_settle(cx))
    }
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.with(Poll::Ready(()), |place| place.poll_room(cx))
    }
    fn flush(&mut self) {
        self.with((), |place| place.flush());
    }
    /// Each call is counted as it is made: those before us do not know who else calls.
    fn count(&mut self, _taken: u64) {}
    fn panicked(&mut self, mark: usize, message: &str) -> bool {
        self.with(false, |place| {
            let below = place.panicked(mark, message);
            if below {
                place.count(1);
            }
            below
        })
    }
    fn missed(&mut self) {
        self.with((), |place| place.missed());
    }
    async fn finish(&mut self) {
        if self.home.finishing.fetch_sub(1, AcqRel) == 1
            && let Some(place) = &mut self.out().place
        {
            place.finish().await;
        }
    }
    async fn tick(&mut self, node: usize) {
        if self.first
            && let Some(place) = &mut self.out().place
        {
            place.tick(node).await;
        }
    }
    fn close(&mut self) {
        if self.home.closing.fetch_sub(1, AcqRel) == 1 {
            self.with((), |place| place.close());
        }
    }
}

impl<T: Send, M: Send, P: Sink<T, M, AT>, const AT: u64> Sink<T, M, AT> for Joint<P> {
    type Path = <P::Path as Path>::Meets;
    fn put(&mut self, x: Env<T, M>, at: &mut At) -> bool {
        self.with(true, |place| {
            let more = place.put(x, at);
            place.count(1);
            more
        })
    }
    async fn send(&mut self, x: Env<T, M>) {
        if let Some(place) = &mut self.out().place {
            place.send(x).await;
        }
    }
}
