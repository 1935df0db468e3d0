//! Pushes that never wait: the oldest record makes room.

use super::super::PushError;
use super::super::sync::{Ordering::*, relax, yield_now};
use super::claim::Claim;
use super::{Mpmc, ONE, Refused, Sender};

impl<T: 'static, const N: usize> Sender<T, N> {
    /// Pushes a record; if the ring is full the oldest make room, and go to `evicted`. `accepted` runs once the record is in
    /// for sure, and before a receiver sees it. Says how many went: seldom more than one, when others push at the same time.
    ///
    /// It does not wait for a receiver to come. If the oldest slot's receiver, or its sender, was stopped between claiming it and being done
    /// with it, which is a few instructions, it waits for that.
    ///
    /// `Full` comes back only when all slots are reserved and none holds a record, or when the ring has a
    /// [`mpsc::Receiver`](crate::ring::mpsc::Receiver) receiver: nobody else takes records out then.
    pub fn push_evict(&self, record: T, accepted: impl FnOnce(), evicted: impl FnMut(T)) -> Result<usize, PushError<T>> {
        self.evict(record, true, accepted, evicted)
    }

    /// The same as a [`Writer`](crate::ring::Writer) does it: no receiver is woken before it publishes.
    #[doc(hidden)]
    pub fn push_evict_quietly(
        &mut self,
        record: T,
        accepted: impl FnOnce(),
        evicted: impl FnMut(T),
    ) -> Result<usize, PushError<T>> {
        let went = self.evict(record, false, accepted, evicted)?;
        self.unpublished += 1;
        Ok(went)
    }

    #[cfg(feature = "std")]
    /// Takes the oldest record out, and tells those who wait for room. `None` when there is none, or when a [`mpsc::Receiver`](crate::ring::mpsc::Receiver)
    /// receiver alone takes records out.
    pub(crate) fn take_oldest(&self) -> Option<T> {
        if self.ring.takers.load(Acquire) == ONE {
            return None;
        }
        let record = self.ring.take()?;
        self.ring.freed(N - 1);
        Some(record)
    }

    fn evict(&self, record: T, now: bool, accepted: impl FnOnce(), mut evicted: impl FnMut(T)) -> Result<usize, PushError<T>> {
        /// Who makes room and does not use it tells those who wait, should `evicted` panic too.
        struct Made<'a, T, const N: usize>(&'a Mpmc<T, N>, usize);
        impl<T, const N: usize> Drop for Made<'_, T, N> {
            fn drop(&mut self) {
                if self.1 != 0 {
                    self.0.freed(N / 2);
                }
            }
        }
        let ring = &*self.ring;
        if ring.takers.load(Acquire) == ONE {
            return self.put(record, now, accepted).map(|()| 0);
        }
        let mut made = Made(ring, 0);
        let mut tries = 0_u32;
        loop {
            match self.claim() {
                Ok(at) => {
                    ring.fill(at, record, now, accepted);
                    return Ok(core::mem::take(&mut made.1));
                }
                Err(Refused::Closed) => return Err(PushError::Closed(record)),
                Err(Refused::Full) => {}
            }
            let claim = ring.look();
            let head = ring.head.0.load(Acquire);
            if claim.reserved() == N && head == claim.tail() {
                return Err(PushError::Full(record));
            }
            // Only if nobody is taking a record out: then a slot is about to be free.
            let taken = Claim::<N>::distance(head, claim.end()) >= N;
            match if taken { ring.take() } else { None } {
                Some(oldest) => {
                    made.1 += 1;
                    evicted(oldest);
                }
                // Somebody is between the claim of a slot and its stamp.
                None if tries < 64 => {
                    tries += 1;
                    relax();
                }
                None => yield_now(),
            }
        }
    }
}
