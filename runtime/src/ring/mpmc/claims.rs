//! Who gets which slot: claims, and slots that are promised.

use super::super::Closed;
use super::super::sync::Ordering::*;
use super::claim::Claim;
use super::{AHEAD, Mpmc, Refused};

impl<T, const N: usize> Mpmc<T, N> {
    /// How many slots can be claimed, up to [`AHEAD`]; exact as long as nobody else claims.
    pub(super) fn room(&self) -> usize {
        loop {
            let claim = self.look();
            let room = self.free(claim.end(), AHEAD);
            if room != 0 || claim == self.look() {
                return room;
            }
        }
    }

    /// How many slots are free from the position `end` on, up to `most`; too few if others have claimed there meanwhile.
    #[inline(always)]
    pub(super) fn free(&self, end: usize, most: usize) -> usize {
        if self.is_sole() {
            self.free_by_head(end, most)
        } else {
            self.free_by_laps(end, most)
        }
    }

    /// Claims the next position for a push (`by` is [`ONE_PUSHED`](Claim::ONE_PUSHED)), or one slot more to be reserved
    /// ([`ONE_RESERVED`](Claim::ONE_RESERVED)). All slots up to the end are known to be empty, so only the one at the end is
    /// looked at. AcqRel: who looked at a slot that we get hands on what it saw.
    #[inline(always)]
    pub(super) fn claim(&self, by: usize) -> Result<usize, Refused> {
        let mut claim = self.look();
        loop {
            if claim.is_closed() {
                return Err(Refused::Closed);
            }
            if self.free(claim.end(), 1) != 0 {
                match self
                    .claim
                    .0
                    .compare_exchange_weak(claim.0, claim.0.wrapping_add(by), AcqRel, Acquire)
                {
                    Ok(_) => return Ok(claim.tail()),
                    Err(now) => claim = Claim(now),
                }
            } else {
                let now = self.look();
                if now == claim {
                    return Err(Refused::Full);
                }
                claim = now;
            }
        }
    }

    /// Reserves up to `most` slots; says how many.
    pub(super) fn reserve(&self, most: usize) -> usize {
        self.claim_run(Claim::<N>::ONE_RESERVED, most).map_or(0, |(_, slots)| slots)
    }

    /// [`claim`](Self::claim) for up to `most` at once: the next position, and how many.
    pub(super) fn claim_run(&self, by: usize, most: usize) -> Result<(usize, usize), Refused> {
        loop {
            let claim = self.look();
            if claim.is_closed() {
                return Err(Refused::Closed);
            }
            let run = self.free(claim.end(), most);
            if run == 0 {
                if claim == self.look() {
                    return Err(Refused::Full);
                }
                continue;
            }
            let next = claim.0.wrapping_add(run * by);
            if self.claim.0.compare_exchange_weak(claim.0, next, AcqRel, Acquire).is_ok() {
                return Ok((claim.tail(), run));
            }
        }
    }

    /// Turns `slots` reserved ones into the next positions for pushes: the first. Once the ring is closed reservations mean nothing.
    pub(super) fn redeem(&self, slots: usize) -> Result<usize, Closed> {
        self.settle(slots, Claim::<N>::ONE_PUSHED)
    }

    /// Gives reserved slots back. Segments are told at any slot: those that stay reserved may stay so for long.
    pub(super) fn unreserve(&self, slots: usize) {
        if self.settle(slots, 0).is_ok() {
            self.freed(N - 1);
        }
    }

    /// So many reservations less, and `by` more for each.
    fn settle(&self, slots: usize, by: usize) -> Result<usize, Closed> {
        let change = slots.wrapping_mul(by.wrapping_sub(Claim::<N>::ONE_RESERVED));
        let mut claim = self.look();
        loop {
            if claim.is_closed() {
                return Err(Closed);
            }
            let next = claim.0.wrapping_add(change);
            match self.claim.0.compare_exchange_weak(claim.0, next, AcqRel, Acquire) {
                Ok(_) => return Ok(claim.tail()),
                Err(now) => claim = Claim(now),
            }
        }
    }
}
