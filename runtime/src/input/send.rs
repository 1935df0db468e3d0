//! The futures of an input port.

use core::pin::Pin;
use core::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::{Input, WhenFull};
use crate::error::SendError;
use crate::record::Env;
use crate::ring::mpmc::{self, Permit};

pin_project! {
    /// The future of [`Input::send`]. Dropping it while it waits sends nothing; the record is dropped with it.
    #[must_use = "a record is sent when this is awaited"]
    pub struct Send<'a, T: 'static, const CAP: usize> {
        input: &'a Input<T, CAP>,
        record: Option<T>,
        #[pin]
        turn: Option<mpmc::Reserve<'a, Env<T>, CAP>>,
    }
}

impl<'a, T: core::marker::Send + 'static, const CAP: usize> Send<'a, T, CAP> {
    pub(super) fn new(input: &'a Input<T, CAP>, record: T) -> Self {
        Send { input, record: Some(record), turn: None }
    }
}

impl<T: core::marker::Send + 'static, const CAP: usize> Future for Send<'_, T, CAP> {
    type Output = Result<(), SendError<T>>;

    /// # Panics
    /// When it is polled after it was ready.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if this.turn.is_none() {
            let record = this.record.take().expect("a send is not polled after its end");
            match this.input.try_send(record) {
                Err(SendError::Full(record)) if matches!(this.input.full, WhenFull::Wait) => {
                    let lane = this.input.lane(&record);
                    *this.record = Some(record);
                    this.turn.set(Some(lane.reserve()));
                }
                sent => return Poll::Ready(sent),
            }
        }
        let Some(turn) = this.turn.as_mut().as_pin_mut() else { unreachable!("the turn was just taken") };
        let slot = ready!(turn.poll(cx));
        this.turn.set(None);
        let record = this.record.take().expect("the record waits with its turn");
        Poll::Ready(match slot {
            Ok(slot) => this.input.fill(slot, record),
            Err(_) => Err(SendError::Closed(record)),
        })
    }
}

pin_project! {
    /// The future of [`Input::reserve`]. Dropping it gives up the turn, and what was reserved.
    #[must_use = "a slot is reserved when this is awaited"]
    pub struct Reserve<'a, T: 'static, const CAP: usize> {
        input: &'a Input<T, CAP>,
        slots: Vec<Permit<'a, Env<T>, CAP>>,
        #[pin]
        turn: Option<mpmc::Reserve<'a, Env<T>, CAP>>,
    }
}

impl<'a, T: core::marker::Send + 'static, const CAP: usize> Reserve<'a, T, CAP> {
    pub(super) fn new(input: &'a Input<T, CAP>) -> Self {
        Reserve { input, slots: Vec::with_capacity(input.lanes.len()), turn: None }
    }
}

impl<'a, T: core::marker::Send + 'static, const CAP: usize> Future for Reserve<'a, T, CAP> {
    type Output = Option<Slot<'a, T, CAP>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        // Always in the order of the lanes: two who reserve cannot wait for each other.
        while this.slots.len() < this.input.lanes.len() {
            if this.turn.is_none() {
                let lane = &this.input.lanes[this.slots.len()];
                this.turn.set(Some(lane.reserve()));
            }
            let Some(turn) = this.turn.as_mut().as_pin_mut() else { unreachable!("the turn was just taken") };
            let slot = ready!(turn.poll(cx));
            this.turn.set(None);
            match slot {
                Ok(slot) => this.slots.push(slot),
                Err(_) => return Poll::Ready(None),
            }
        }
        Poll::Ready(Some(Slot { input: this.input, slots: core::mem::take(this.slots) }))
    }
}

/// A slot of an input's ring that waits for a record. Dropped, it goes to who waits next.
#[must_use = "a slot is kept from others until it is filled or dropped"]
pub struct Slot<'a, T: 'static, const CAP: usize> {
    input: &'a Input<T, CAP>,
    slots: Vec<Permit<'a, Env<T>, CAP>>,
}

impl<T: core::marker::Send + 'static, const CAP: usize> Slot<'_, T, CAP> {
    /// Sends a record, at once. It comes back only if the input was closed meanwhile.
    pub fn send(mut self, record: T) -> Result<(), SendError<T>> {
        let lane = self.input.lane_number(&record);
        let slot = self.slots.swap_remove(lane);
        self.input.fill(slot, record)
    }
}
