//! A way into a node: what comes in there, what is kept of it, and where its failures go.

use core::marker::PhantomData;
use core::task::{Context, Poll};

use crate::edge::{Cause, Failed, Failures};
use crate::pipeline::counters::Counter;
use crate::record::Meta;
use crate::stage::Types;

use crate::segment::node::{Node, WAYS};

/// Whether a node keeps a clone of the record while it works on it.
pub trait Keep<T>: Send {
    /// It does.
    const KEEPS: bool;
    /// The clone.
    fn keep(record: &T) -> Option<T>;
}

/// Failures carry no record.
#[derive(Debug)]
pub struct KeepNothing;

/// Failures carry a clone of the record.
#[derive(Debug)]
pub struct KeepRecord;

impl<T> Keep<T> for KeepNothing {
    const KEEPS: bool = false;
    fn keep(_record: &T) -> Option<T> {
        None
    }
}

impl<T: Clone> Keep<T> for KeepRecord {
    const KEEPS: bool = true;
    fn keep(record: &T) -> Option<T> {
        Some(record.clone())
    }
}

/// One way into a node: the stage `S` fed with `F` through its inlet `AT`, and where its failures go.
pub struct Way<S: Types<F, AT>, F, M, K, E, const AT: u64 = 0> {
    pub(crate) mark: usize,
    pub(crate) scratch: S::Scratch,
    pub(crate) kept: Option<S::In>,
    /// What travels with the record in work.
    pub(crate) meta: M,
    pub(crate) errors: E,
    keep: PhantomData<fn() -> (F, K)>,
}

impl<S: Types<F, AT>, F, M: Meta, K, E, const AT: u64> Way<S, F, M, K, E, AT> {
    /// The `index`th way into the node `id`.
    pub fn new(id: usize, index: usize, errors: E) -> Self {
        let mark = (id + 1) << WAYS | index;
        Way {
            mark,
            scratch: S::Scratch::default(),
            kept: None,
            meta: M::default(),
            errors,
            keep: PhantomData,
        }
    }

    /// Hands the failure of the record in work on; false when that blocks.
    pub(crate) fn fail(&mut self, node: &Node, cause: Cause<S::Err>) -> bool
    where
        E: Failures<S::In, S::Err, M>,
    {
        let attempts = self.meta.attempts().saturating_add(1);
        self.fail_at(node, cause, attempts);
        !self.errors.blocked()
    }

    /// The failure of try number `attempts`.
    pub(crate) fn fail_at(&mut self, node: &Node, cause: Cause<S::Err>, attempts: u32)
    where
        E: Failures<S::In, S::Err, M>,
    {
        let failed = Failed {
            record: self.kept.take(),
            cause,
            attempts,
            node: node.name,
        };
        if !self.errors.fail(failed, core::mem::take(&mut self.meta)) {
            node.cell.unwired.add(1);
        }
    }
}

/// What a node does with any of its ways.
pub trait WayIn: Send {
    /// See [`Place::blocked`](crate::edge::Place::blocked).
    fn blocked(&self) -> bool;
    /// See [`Place::poll_settle`](crate::edge::Place::poll_settle).
    fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()>;
    /// See [`Place::poll_room`](crate::edge::Place::poll_room).
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()>;
    /// See [`Place::flush`](crate::edge::Place::flush).
    fn flush(&mut self);
    /// See [`Place::close`](crate::edge::Place::close).
    fn close(&mut self);
    /// See [`Place::panicked`](crate::edge::Place::panicked).
    fn panicked(&mut self, node: &Node, mark: usize, message: &str) -> bool;
}

impl<S, F, M, K, E, const AT: u64> WayIn for Way<S, F, M, K, E, AT>
where
    S: Types<F, AT>,
    M: Meta,
    E: Failures<S::In, S::Err, M>,
{
    #[inline]
    fn blocked(&self) -> bool {
        self.errors.blocked()
    }
    fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.errors.poll_settle(cx)
    }
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.errors.poll_room(cx)
    }
    fn flush(&mut self) {
        self.errors.flush();
    }
    fn close(&mut self) {
        self.errors.close();
    }
    fn panicked(&mut self, node: &Node, mark: usize, message: &str) -> bool {
        if mark != self.mark {
            return false;
        }
        self.fail(node, Cause::Panic(message.to_owned()));
        true
    }
}

macro_rules! ways_in {
    ($($way:ident $at:tt),+) => {
        impl<$($way: WayIn),+> WayIn for ($($way,)+) {
            fn blocked(&self) -> bool {
                $(self.$at.blocked())||+
            }
            fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
                let mut settled = true;
                $(settled &= self.$at.poll_settle(cx).is_ready();)+
                if settled { Poll::Ready(()) } else { Poll::Pending }
            }
            fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
                $(core::task::ready!(self.$at.poll_room(cx));)+
                Poll::Ready(())
            }
            fn flush(&mut self) {
                $(self.$at.flush();)+
            }
            fn close(&mut self) {
                $(self.$at.close();)+
            }
            fn panicked(&mut self, node: &Node, mark: usize, message: &str) -> bool {
                $(self.$at.panicked(node, mark, message))||+
            }
        }
    };
}
ways_in!(A 0);
ways_in!(A 0, B 1);
ways_in!(A 0, B 1, C 2);
ways_in!(A 0, B 1, C 2, D 3);
ways_in!(A 0, B 1, C 2, D 3, G 4);
ways_in!(A 0, B 1, C 2, D 3, G 4, H 5);
ways_in!(A 0, B 1, C 2, D 3, G 4, H 5, I 6);
ways_in!(A 0, B 1, C 2, D 3, G 4, H 5, I 6, J 7);
