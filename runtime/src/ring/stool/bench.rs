//! Seats in the ring itself, for who has no allocator: a few, taken for as long as an end waits.

use core::sync::atomic::{AtomicU8, Ordering::*};
use core::task::Waker;

use super::super::waiters::{Seat, Sleep, Waiters};

/// How many ends of a ring can sleep at a time, of each kind: senders, receivers, segments that feed it.
///
/// Without an allocator the seats are in the ring. An end that waits and finds none free is not asleep: its waker is called at once,
/// so that its task comes back and looks again. (A future that waits, [`Sending`](crate::ring::mpmc::Sending) or
/// [`Reserve`](crate::ring::mpmc::Reserve), is its own seat, and `spsc` has one for each end.)
pub const SEATS: usize = 4;

/// The seats of a list. All zero bytes when nobody sits.
pub(in crate::ring) struct Bench {
    /// A bit for each that is taken.
    taken: AtomicU8,
    seats: [Seat; SEATS],
}

impl Bench {
    pub(in crate::ring) const fn new() -> Self {
        Bench {
            taken: AtomicU8::new(0),
            seats: [const { Seat::new() }; SEATS],
        }
    }

    /// Takes a free seat. Acquire: who had it before has risen.
    fn take(&self) -> Option<usize> {
        let mut taken = self.taken.load(Relaxed);
        loop {
            let free = taken.trailing_ones() as usize;
            if free >= SEATS {
                return None;
            }
            match self.taken.compare_exchange_weak(taken, taken | 1 << free, Acquire, Relaxed) {
                Ok(_) => return Some(free),
                Err(now) => taken = now,
            }
        }
    }

    /// Gives one back, which has been risen from.
    fn give_back(&self, seat: usize) {
        self.taken.fetch_and(!(1 << seat), Release);
    }
}

/// Where an end waits: one of the seats of the list, while it does.
pub(in crate::ring) struct Stool(Option<usize>);

impl Stool {
    pub(in crate::ring) const fn new() -> Self {
        Stool(None)
    }

    /// Goes to the end of `list`: then look again at what you wait for. Called before, and what that was for is gone: it comes again.
    ///
    /// Where all seats are taken `waker` is called at once: this end does not sleep, but comes back and looks again, until one
    /// is free.
    ///
    /// # Safety
    /// It is always the same list, and [left](Self::rise) before this is dropped.
    pub(in crate::ring) unsafe fn sit(&mut self, list: &Waiters, waker: &Waker) {
        self.0 = self.0.or_else(|| list.bench().take());
        match self.0 {
            // SAFETY: the bench is where the list is, the seat is ours alone by the exchange, and we leave before we give it back.
            Some(seat) => while unsafe { list.enlist(&list.bench().seats[seat], waker, 1) } != Sleep::Enlisted {},
            None => waker.wake_by_ref(),
        }
    }

    /// Leaves `list`. `Called`: a wake-up was meant for it, to use or to pass on.
    ///
    /// # Safety
    /// It is always the same list.
    pub(in crate::ring) unsafe fn rise(&mut self, list: &Waiters) -> Sleep {
        let Some(seat) = self.0.take() else { return Sleep::None };
        // SAFETY: as the caller promises.
        let sleep = unsafe { list.leave(&list.bench().seats[seat]) };
        list.bench().give_back(seat);
        sleep
    }
}
