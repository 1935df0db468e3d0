//! The futures of an input port.

use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::collections::VecDeque;

use pin_project_lite::pin_project;

use super::offer::Limit;
use super::{Input, WhenFull};
use crate::error::SendError;
use crate::record::{Entry, Env};
use crate::ring::mpmc::{self, Permit, Sender};

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

pin_project! {
    /// A turn that is waited for: to get a slot, or (where a port says `offer`) to try again.
    pub struct Turn<R> {
        // None where lanes share their room: a slot of one says nothing of it.
        #[pin]
        slot: Option<R>,
        limit: Limit,
    }
}

/// Whose turn it is.
enum Turned<S> {
    /// A slot is kept, or the ring was closed.
    Slot(S),
    /// Time to try again: true for the last time.
    Try(bool),
}

impl<R: Future> Turn<R> {
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Turned<R::Output>> {
        let this = self.project();
        if let Some(slot) = this.slot.as_pin_mut()
            && let Poll::Ready(slot) = slot.poll(cx)
        {
            return Poll::Ready(Turned::Slot(slot));
        }
        this.limit.poll(cx).map(Turned::Try)
    }
}

/// The future of [`Input::send`]. Dropping it while it waits sends nothing; the record is dropped with it.
pub type Send<'a, T, const CAP: usize, M = ()> =
    Waiting<&'a Input<T, CAP, M>, Option<T>, Turn<mpmc::Reserve<'a, Env<T, M>, CAP>>>;

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
    Waiting<&'a Input<T, CAP, M>, Run<'a, T>, Turn<mpmc::ReserveMany<'a, Env<T, M>, CAP>>>;

/// Records on their way through [`Input::send_all`].
pub struct Run<'a, T> {
    records: &'a mut VecDeque<T>,
    /// Some of them went to the shed wire.
    shed: bool,
}

pub(super) fn send_all<'a, T, const CAP: usize, M: Entry>(
    input: &'a Input<T, CAP, M>,
    records: &'a mut VecDeque<T>,
) -> SendAll<'a, T, CAP, M> {
    Waiting {
        input,
        with: Run { records, shed: false },
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

impl<T: core::marker::Send + 'static, const CAP: usize, M: Entry> Input<T, CAP, M> {
    /// A caller of `send` waits when the ring is full.
    fn waits(&self) -> bool {
        matches!(self.full, WhenFull::Wait | WhenFull::Offer(..))
    }

    /// The turn of a record that found the ring full: how it waits for its lane.
    fn turn<'a, R>(&'a self, record: &T, reserve: impl FnOnce(&'a Sender<Env<T, M>, CAP>) -> R) -> Turn<R> {
        let limit = match &self.full {
            WhenFull::Offer(patience, _) => Some(patience.countdown()),
            _ => None,
        };
        Turn {
            slot: self.sort.sharing().is_none().then(|| reserve(self.lane(record))),
            limit: Limit(limit),
        }
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
    // Small, so that it becomes a part of where it is awaited: nearly always there is room at the first poll.
    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.turn.is_some() {
            return self.wait(cx);
        }
        let this = self.as_mut().project();
        let record = this.with.take().expect("a send is not polled after its end");
        match this.input.attempt(record) {
            Ok(()) => Poll::Ready(Ok(())),
            Err(refused) => self.refused(refused, cx),
        }
    }
}

impl<T: core::marker::Send + 'static, const CAP: usize, M: Entry> Send<'_, T, CAP, M> {
    /// There was no room for it at once.
    #[cold]
    #[inline(never)]
    fn refused(mut self: Pin<&mut Self>, refused: SendError<T>, cx: &mut Context<'_>) -> Poll<Result<(), SendError<T>>> {
        let mut this = self.as_mut().project();
        match refused {
            SendError::Full(record) if this.input.waits() => {
                this.turn.set(Some(this.input.turn(&record, Sender::reserve)));
                *this.with = Some(record);
                self.wait(cx)
            }
            SendError::Full(record) => Poll::Ready(this.input.full(record)),
            refused => Poll::Ready(Err(refused)),
        }
    }

    /// Waits for the turn of the record.
    #[inline(never)]
    fn wait(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), SendError<T>>> {
        let mut this = self.project();
        loop {
            let turn = this.turn.as_mut().as_pin_mut().expect("a turn was taken");
            let turned = ready!(turn.poll(cx));
            let record = this.with.take().expect("the record waits with its turn");
            let sent = match turned {
                Turned::Slot(Ok(slot)) => this.input.fill(slot, record),
                Turned::Slot(Err(_)) => Err(SendError::Closed(record)),
                Turned::Try(last) => match this.input.attempt(record) {
                    Err(SendError::Full(record)) if !last => {
                        *this.with = Some(record);
                        continue;
                    }
                    Err(SendError::Full(record)) => this.input.full(record),
                    sent => sent,
                },
            };
            this.turn.set(None);
            return Poll::Ready(sent);
        }
    }
}

impl<T: core::marker::Send + 'static, const CAP: usize, M: Entry> Future for SendAll<'_, T, CAP, M> {
    type Output = Result<(), SendError<()>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Run { records, shed } = this.with;
        loop {
            let Some(turn) = this.turn.as_mut().as_pin_mut() else {
                if !this.input.waits() {
                    return Poll::Ready(this.input.try_send_all(records));
                }
                match this.input.attempt_all(records) {
                    Err(SendError::Full(())) => {
                        let most = this.input.run_of(records);
                        let turn = this.input.turn(&records[0], |lane| lane.reserve_many(most));
                        this.turn.set(Some(turn));
                    }
                    Ok(()) if *shed => return Poll::Ready(Err(SendError::Shed)),
                    sent => return Poll::Ready(sent),
                }
                continue;
            };
            let turned = ready!(turn.poll(cx));
            let sent = match turned {
                Turned::Slot(Ok(slots)) => this.input.fill_all(slots, records),
                Turned::Slot(Err(_)) => Err(SendError::Closed(())),
                Turned::Try(false) => match this.input.first(records, Input::attempt) {
                    Err(SendError::Full(())) => continue,
                    sent => sent,
                },
                Turned::Try(true) => this.input.first(records, Input::try_send),
            };
            this.turn.set(None);
            match sent {
                Ok(()) => {}
                Err(SendError::Shed) => *shed = true,
                Err(refused) => return Poll::Ready(Err(refused)),
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
