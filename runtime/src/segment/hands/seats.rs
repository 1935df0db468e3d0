//! The hands of a worker, and the calls that they are at.

use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;
use std::sync::Arc;

use super::bell::Bell;
use super::{Hand, Over};
use crate::edge::{At, Direct, Place, Sink, guard};
use crate::pipeline::Component;
use crate::record::{Env, Meta};
use crate::stage::Types;

/// The hands of one worker: as a place, it takes a record whenever one of them is idle. `H` is a [`Hand`], `O` what its call comes
/// to, [`Over`].
pub struct Hands<H, O, C, Call> {
    call: C,
    seats: Box<[Seat<H, O, Call>]>,
    idle: Vec<usize>,
    /// Those that have a record and were not polled yet, in the order of the records.
    begun: VecDeque<usize>,
    /// Whose turn it is to be handed on: in the order in which they began, or in which they ended.
    turns: VecDeque<usize>,
    ordered: bool,
    bell: Arc<Bell>,
    /// The cycle that the node is on: what is in work is in it.
    component: Option<Arc<Component>>,
    /// The restarts of the node are exhausted.
    dead: bool,
}

struct Seat<H, O, Call> {
    waker: Waker,
    at: Doing<H, O>,
    /// Its room is kept from record to record.
    call: Pin<Box<Option<Call>>>,
}

enum Doing<H, O> {
    Idle(H),
    /// The hand is with the call.
    Work,
    /// It waits to be handed on.
    Over(O),
}

impl<H, O, C, Call> Hands<H, O, C, Call> {
    /// So many hands; `call` is what one does with a record. Nothing is allocated after this.
    pub fn new(count: usize, ordered: bool, hand: impl FnMut() -> H, call: C) -> Self {
        let bell = Bell::new(count);
        let hands = core::iter::repeat_with(hand).take(count).enumerate();
        let seats = hands.map(|(at, hand)| Seat {
            waker: bell.rope(at),
            at: Doing::Idle(hand),
            call: Box::pin(None),
        });
        Hands {
            call,
            seats: seats.collect(),
            idle: (0..count).rev().collect(),
            begun: VecDeque::with_capacity(count),
            turns: VecDeque::with_capacity(count),
            ordered,
            bell,
            component: None,
            dead: false,
        }
    }

    /// On a cycle.
    pub fn within(mut self, component: Arc<Component>) -> Self {
        self.component = Some(component);
        self
    }

    pub(super) fn are_full(&self) -> bool {
        self.idle.is_empty()
    }

    pub(super) fn are_idle(&self) -> bool {
        self.idle.len() == self.seats.len()
    }

    /// The node is dead, or not: what is taken from now on fails at once.
    pub(super) fn set_dead(&mut self, dead: bool) {
        self.dead = dead;
    }

    /// A call that has ended, and whose turn it is. Its seat is free once [`put_back`](Self::put_back) is called.
    pub(super) fn next(&mut self) -> Option<(usize, O)> {
        let at = *self.turns.front()?;
        match core::mem::replace(&mut self.seats[at].at, Doing::Work) {
            Doing::Over(over) => {
                self.turns.pop_front();
                Some((at, over))
            }
            other => {
                self.seats[at].at = other;
                None
            }
        }
    }

    pub(super) fn has_next(&self) -> bool {
        let first = self.turns.front();
        first.is_some_and(|at| matches!(self.seats[*at].at, Doing::Over(_)))
    }

    /// The hand of seat number `at` is idle again.
    pub(super) fn put_back(&mut self, at: usize, hand: H) {
        self.seats[at].at = Doing::Idle(hand);
        self.idle.push(at);
    }

    /// The calls that have ended and were not handed on.
    pub(super) fn ended(&mut self) -> impl Iterator<Item = O> {
        self.turns.clear();
        let seats = self.seats.iter_mut();
        seats.filter_map(|seat| match core::mem::replace(&mut seat.at, Doing::Work) {
            Doing::Over(over) => Some(over),
            other => {
                seat.at = other;
                None
            }
        })
    }

    /// What is in work is cut.
    pub(super) fn cut(&mut self) {
        self.begun.clear();
        for seat in &mut self.seats {
            // The user's own drop may panic: that is nobody else's failure.
            let _ = guard(|| seat.call.set(None));
        }
    }
}

impl<H, O, C, Call: Future<Output = O>> Hands<H, O, C, Call> {
    /// Polls the calls that have begun, in the order of their records, and those that have woken.
    pub(super) fn poll_calls(&mut self, cx: &mut Context<'_>) {
        let (seats, turns, ordered) = (&mut self.seats, &mut self.turns, self.ordered);
        let mut poll = |at: usize| {
            let seat = &mut seats[at];
            let Some(call) = seat.call.as_mut().as_pin_mut() else { return };
            if let Poll::Ready(over) = call.poll(&mut Context::from_waker(&seat.waker)) {
                seat.call.set(None);
                seat.at = Doing::Over(over);
                if !ordered {
                    turns.push_back(at);
                }
            }
        };
        self.begun.drain(..).for_each(&mut poll);
        self.bell.answer(cx.waker(), poll);
    }
}

impl<H: Send, O: Send, C: Send, Call: Send> Place for Hands<H, O, C, Call> {
    fn blocked(&self) -> bool {
        self.are_full()
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

impl<S, F, M, K, A, L, C, Call> Sink<F, M> for Hands<Hand<S, F, M, K, A, L>, Over<S, F, M, K, A, L>, C, Call>
where
    S: Types<F> + Send,
    F: Send,
    M: Meta,
    K: Send,
    A: Send,
    L: Send,
    C: Fn(Hand<S, F, M, K, A, L>, Env<F, M>) -> Call + Send,
    Call: Send,
{
    type Path = Direct;

    /// An idle hand begins with it: the next time that calls are polled.
    fn put(&mut self, x: Env<F, M>, _at: &mut At) -> bool {
        let at = self.idle.pop().expect("what is full takes no record");
        let seat = &mut self.seats[at];
        let Doing::Idle(mut hand) = core::mem::replace(&mut seat.at, Doing::Work) else {
            unreachable!("an idle seat has its hand")
        };
        if let Some(component) = &self.component {
            component.enter(1);
        }
        hand.node.dead = self.dead;
        seat.call.set(Some((self.call)(hand, x)));
        self.begun.push_back(at);
        if self.ordered {
            self.turns.push_back(at);
        }
        !self.are_full()
    }

    fn send(&mut self, x: Env<F, M>) -> impl Future<Output = ()> + Send {
        self.put(x, &mut At::default());
        core::future::ready(())
    }
}
