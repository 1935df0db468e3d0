//! What an edge does when its ring is full.

use core::task::{Context, Poll};

use crate::edge::Feed;
use crate::edge::cyclic::Cyclic;
use crate::edge::discard;
use crate::edge::out::Edge;
use crate::edge::shed::{Reason, Shedding};
use crate::record::{Env, Meta};
use crate::ring::PushError;
use crate::ring::mpmc::Sender;

/// A ring whose writer may take out the oldest record.
pub trait Evict<T>: Feed<T> {
    /// Writes a record that the last push gave back as `Full`; if the ring still is the oldest make room, and go to `evicted`.
    fn push_evict(&mut self, record: T, evicted: impl FnMut(T)) -> Result<(), PushError<T>>;
}

impl<T: Send, const N: usize> Evict<T> for Sender<T, N> {
    fn push_evict(&mut self, record: T, evicted: impl FnMut(T)) -> Result<(), PushError<T>> {
        self.push_evict_quietly(record, || (), evicted).map(drop)
    }
}

/// What an edge does when its ring is full.
pub trait Policy<T: Send, M: Meta, W: Feed<Env<T, M>>>: Send + Sized {
    /// The ring had no room for `x`. If this policy waits, it may also be that the reader has gone, and `x` is not counted yet.
    fn full<C: Cyclic>(edge: &mut Edge<T, M, W, Self, C>, x: Env<T, M>);
    /// The reader has gone: `x` is shed, and counted already.
    fn late<C: Cyclic>(edge: &mut Edge<T, M, W, Self, C>, x: Env<T, M>) {
        let _ = edge;
        discard(x);
    }
    /// A full ring stops the segment that writes it.
    const WAITS: bool = false;
    /// A full ring makes room for the new record.
    const MAKES_ROOM: bool = false;
    /// It does not wait for ever: [`poll_try`](Self::poll_try) says when `x` is tried again, and after the last try it gives it up.
    const GIVES_UP: bool = false;
    /// Ready when it is time to try again; true for the last time.
    #[inline(always)]
    fn poll_try(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        let _ = cx;
        Poll::Pending
    }
    /// The last try was in vain.
    fn give_up<C: Cyclic>(edge: &mut Edge<T, M, W, Self, C>, x: Env<T, M>) {
        edge.keep(x);
    }
    /// No record is held any more.
    #[inline(always)]
    fn rest(&mut self) {}
    /// See [`Place::flush`](crate::edge::Place::flush), for the wire of what is shed.
    fn flush(&mut self) {}
    /// See [`Place::close`](crate::edge::Place::close), for the wire of what is shed.
    fn close(&mut self) {}
}

/// `[512]`: wait. Lossless, and the default.
#[derive(Debug, Default)]
pub struct Wait;

impl<T: Send, M: Meta, W: Feed<Env<T, M>>> Policy<T, M, W> for Wait {
    #[inline(always)]
    fn full<C: Cyclic>(edge: &mut Edge<T, M, W, Self, C>, x: Env<T, M>) {
        edge.hold(x);
    }
    const WAITS: bool = true;
}

/// `[512, shed]`: refuse the new record (with `priority` a lesser one that waits), and give it to the shed wire if there is one.
#[derive(Debug, Default)]
pub struct Refuse<S>(pub S);

impl<T: Send, M: Meta, W: Feed<Env<T, M>>, S: Shedding<T, M>> Policy<T, M, W> for Refuse<S> {
    fn full<C: Cyclic>(edge: &mut Edge<T, M, W, Self, C>, x: Env<T, M>) {
        edge.refuse(x, |policy| &mut policy.0);
    }
    fn late<C: Cyclic>(edge: &mut Edge<T, M, W, Self, C>, x: Env<T, M>) {
        edge.policy().0.shed(x, Reason::Closed);
    }
    fn flush(&mut self) {
        self.0.flush();
    }
    fn close(&mut self) {
        self.0.close();
    }
}

/// `[512, drop_oldest]`: the oldest record makes room.
#[derive(Debug, Default)]
pub struct DropOldest;

impl<T: Send, M: Meta, W: Evict<Env<T, M>>> Policy<T, M, W> for DropOldest {
    fn full<C: Cyclic>(edge: &mut Edge<T, M, W, Self, C>, x: Env<T, M>) {
        edge.evict(x);
    }
    const MAKES_ROOM: bool = true;
}
