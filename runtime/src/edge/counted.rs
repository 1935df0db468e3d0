//! A follower for somebody outside, who is told the sum of what was missed.

use core::task::{Context, Poll, ready};

use crate::TryRecvError;
use crate::edge::Follower;
use crate::record::Env;

/// Reads a ring that overwrites, and counts what it has lost.
pub(crate) struct Counted<R> {
    ring: R,
    lost: u64,
}

impl<R> Counted<R> {
    pub(crate) fn new(ring: R) -> Self {
        Counted { ring, lost: 0 }
    }

    pub(crate) fn ring(&self) -> &R {
        &self.ring
    }

    pub(crate) fn ring_mut(&mut self) -> &mut R {
        &mut self.ring
    }

    /// How many records it has missed so far.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }

    fn take<T>(&mut self) -> Option<T>
    where
        R: Follower<Env<T>>,
    {
        let x = self.ring.pop();
        self.lost += self.ring.take_lost();
        x.map(|x| x.record)
    }

    /// The next record, if one is there now.
    pub(crate) fn try_recv<T>(&mut self) -> Result<T, TryRecvError>
    where
        R: Follower<Env<T>>,
    {
        if let Some(record) = self.take() {
            return Ok(record);
        }
        self.ring.release();
        match self.ring.is_ended() {
            // The last record may have come between the two looks.
            true => self.take().ok_or(TryRecvError::Ended),
            false => Err(TryRecvError::Empty),
        }
    }

    /// Calls `f` with each record that is there now, `most` at most; how many there were.
    pub(crate) fn for_each_ready<T>(&mut self, most: usize, mut f: impl FnMut(T)) -> usize
    where
        R: Follower<Env<T>>,
    {
        let before = self.ring.popped();
        self.ring.pop_each(most, |x| {
            f(x.record);
            true
        });
        self.lost += self.ring.take_lost();
        self.ring.release();
        self.ring.popped().wrapping_sub(before)
    }

    /// The next record, or the end.
    pub(crate) fn poll_recv<T>(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>>
    where
        R: Follower<Env<T>>,
    {
        loop {
            if let Some(record) = self.take() {
                return Poll::Ready(Some(record));
            }
            let polled = self.ring.poll_ready(cx);
            self.lost += self.ring.take_lost();
            if ready!(polled) == 0 {
                return Poll::Ready(None);
            }
        }
    }
}
