//! The futures of an input port.

use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::collections::VecDeque;

use pin_project_lite::pin_project;

use super::{Input, WhenFull};
use crate::error::SendError;
use crate::record::{Entry, Env};
use crate::ring::mpmc::{self, Permit};

pin_project! {
    /// Something of an input port that waits for its turn.
    #[must_use = "nothing is sent or reserved before this is awaited"]
    pub struct Waiting<I, X, R> {
        input: I,
        // What waits with it.
        with: X,
        #[pin]
        turn: Option<R>,
    }
}

/// The future of [`Input::send`]. Dropping it while it waits sends nothing; the record is dropped with it.
pub type Send<'a, T, const CAP: usize, M = ()> = Waiting<&'a Input<T, CAP, M>, Option<T>, mpmc::Reserve<'a, Env<T, M>, CAP>>;

/// The future of [`Input::reserve`]. Dropping it gives up the turn, and what was reserved.
pub type Reserve<'a, T, const CAP: usize, M = ()> =
    Waiting<&'a Input<T, CAP, M>, Slots<'a, T, CAP, M>, mpmc::Reserve<'a, Env<T, M>, CAP>>;

/// One slot in the ring of each worker; for one ring without an allocation.
pub struct Slots<'a, T: 'static, const CAP: usize, M: 'static = ()> {
    first: Option<Permit<'a, Env<T, M>, CAP>>,
    more: Vec<Permit<'a, Env<T, M>, CAP>>,
}

impl<'a, T, const CAP: usize, M> Slots<'a, T, CAP, M> {
    const fn new() -> Self {
        Slots {
            first: None,
            more: Vec::new(),
        }
    }

    fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.more.len()
    }

    fn push(&mut self, slot: Permit<'a, Env<T, M>, CAP>) {
        match self.first {
            None => self.first = Some(slot),
            Some(_) => self.more.push(slot),
        }
    }

    fn take(mut self, lane: usize) -> Option<Permit<'a, Env<T, M>, CAP>> {
        match lane {
            0 => self.first,
            lane => Some(self.more.swap_remove(lane - 1)),
        }
    }
}

/// The future of [`Input::send_all`]. Dropped while it waits, what was not sent is still in the queue.
pub type SendAll<'a, T, const CAP: usize, M = ()> =
    Waiting<&'a Input<T, CAP, M>, &'a mut VecDeque<T>, mpmc::Reserve<'a, Env<T, M>, CAP>>;

pub(super) fn send_all<'a, T, const CAP: usize, M: Entry>(
    input: &'a Input<T, CAP, M>,
    records: &'a mut VecDeque<T>,
) -> SendAll<'a, T, CAP, M> {
    Waiting {
        input,
        with: records,
        turn: None,
    }
}

pub(super) fn send<T, const CAP: usize, M: Entry>(input: &Input<T, CAP, M>, record: T) -> Send<'_, T, CAP, M> {
    Waiting {
        input,
        with: Some(record),
        turn: None,
    }
}

pub(super) fn reserve<T, const CAP: usize, M: Entry>(input: &Input<T, CAP, M>) -> Reserve<'_, T, CAP, M> {
    Waiting {
        input,
        with: Slots::new(),
        turn: None,
    }
}

impl<T: core::marker::Send + 'static, const CAP: usize, M: Entry> Future for Send<'_, T, CAP, M> {
    type Output = Result<(), SendError<T>>;

    /// # Panics
    /// When it is polled after it was ready.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if this.turn.is_none() {
            let record = this.with.take().expect("a send is not polled after its end");
            match this.input.try_send(record) {
                Err(SendError::Full(record)) if matches!(this.input.full, WhenFull::Wait) => {
                    let lane = this.input.lane(&record);
                    *this.with = Some(record);
                    this.turn.set(Some(lane.reserve()));
                }
                sent => return Poll::Ready(sent),
            }
        }
        let Some(turn) = this.turn.as_mut().as_pin_mut() else {
            unreachable!("the turn was just taken")
        };
        let slot = ready!(turn.poll(cx));
        this.turn.set(None);
        let record = this.with.take().expect("the record waits with its turn");
        Poll::Ready(match slot {
            Ok(slot) => this.input.fill(slot, record),
            Err(_) => Err(SendError::Closed(record)),
        })
    }
}

impl<T: core::marker::Send + 'static, const CAP: usize, M: Entry> Future for SendAll<'_, T, CAP, M> {
    type Output = Result<(), SendError<()>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            if this.turn.is_none() {
                match this.input.try_send_all(this.with) {
                    Err(SendError::Full(())) if matches!(this.input.full, WhenFull::Wait) => {
                        let lane = this.input.lane(&this.with[0]);
                        this.turn.set(Some(lane.reserve()));
                    }
                    sent => return Poll::Ready(sent.map(drop)),
                }
            }
            let Some(turn) = this.turn.as_mut().as_pin_mut() else {
                unreachable!("the turn was just taken")
            };
            let slot = ready!(turn.poll(cx));
            this.turn.set(None);
            let Ok(slot) = slot else {
                return Poll::Ready(Err(SendError::Closed(())));
            };
            let Some(record) = this.with.pop_front() else { continue };
            if let Err(SendError::Closed(record)) = this.input.fill(slot, record) {
                this.with.push_front(record);
                return Poll::Ready(Err(SendError::Closed(())));
            }
        }
    }
}

impl<'a, T: core::marker::Send + 'static, const CAP: usize, M: Entry> Future for Reserve<'a, T, CAP, M> {
    type Output = Option<Slot<'a, T, CAP, M>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        // Always in the order of the lanes: two who reserve cannot wait for each other.
        while this.with.len() < this.input.lanes.len() {
            if this.turn.is_none() {
                let lane = &this.input.lanes[this.with.len()];
                this.turn.set(Some(lane.reserve()));
            }
            let Some(turn) = this.turn.as_mut().as_pin_mut() else {
                unreachable!("the turn was just taken")
            };
            let slot = ready!(turn.poll(cx));
            this.turn.set(None);
            match slot {
                Ok(slot) => this.with.push(slot),
                Err(_) => return Poll::Ready(None),
            }
        }
        Poll::Ready(Some(Slot {
            input: this.input,
            slots: core::mem::replace(this.with, Slots::new()),
        }))
    }
}

/// A slot of an input's ring that waits for a record. Dropped, it goes to who waits next.
#[must_use = "a slot is kept from others until it is filled or dropped"]
pub struct Slot<'a, T: 'static, const CAP: usize, M: Entry = ()> {
    input: &'a Input<T, CAP, M>,
    slots: Slots<'a, T, CAP, M>,
}

impl<T: core::marker::Send + 'static, const CAP: usize, M: Entry> Slot<'_, T, CAP, M> {
    /// Sends a record, at once. It comes back only if the input was closed meanwhile, or does not let it in (a `quota`, a `limit`).
    pub fn send(self, record: T) -> Result<(), SendError<T>> {
        let lane = self.input.lane_number(&record);
        match self.slots.take(lane) {
            Some(slot) => self.input.fill(slot, record),
            None => Err(SendError::Closed(record)),
        }
    }
}
