//! `priority`, where a ring is read: which lane gives the next record.

use core::task::{Context, Poll};
use std::sync::Arc;

use crate::edge::lanes::in_every_lane;
use crate::edge::room::Room;
use crate::ring::Reader;

/// So many records in a row may overtake lesser ones that wait; then a lesser one has its turn.
pub(crate) const OVERTAKES: u32 = 63;

/// Lanes by rank, the most urgent first.
#[derive(Clone)]
pub struct Ranked<R> {
    lanes: Box<[R]>,
    turns: Turns,
    /// What the lanes share.
    room: Option<Arc<Room>>,
}

/// Whose turn it is.
#[derive(Clone)]
enum Turns {
    /// The first lane that has a record. After [`OVERTAKES`] records the lesser lanes have a turn, one after the other.
    Strict { overtaken: u32, lesser: usize },
    /// Each lane as often as its weight says in a round; the round ends when no lane with a record has anything left of its own.
    Weighted { weights: &'static [u32], left: Box<[u32]> },
}

impl<R> Ranked<R> {
    /// Reads `lanes`; without weights strictly by rank.
    pub(crate) fn new(lanes: Vec<R>, weights: Option<&'static [u32]>, room: Option<Arc<Room>>) -> Self {
        let turns = match weights {
            None => Turns::Strict { overtaken: 0, lesser: 0 },
            Some(weights) => Turns::Weighted {
                weights,
                left: weights.into(),
            },
        };
        Ranked {
            lanes: lanes.into(),
            turns,
            room,
        }
    }
}

impl<R> Ranked<R> {
    fn next<T>(&mut self) -> Option<T>
    where
        R: Reader<T>,
    {
        let Ranked { lanes, turns, .. } = self;
        match turns {
            Turns::Strict { overtaken, lesser } => {
                if *overtaken >= OVERTAKES {
                    *overtaken = 0;
                    for _ in 1..lanes.len() {
                        *lesser = *lesser % (lanes.len() - 1) + 1;
                        if let Some(x) = lanes[*lesser].pop() {
                            return Some(x);
                        }
                    }
                }
                let (at, x) = lanes.iter_mut().enumerate().find_map(|(at, lane)| Some((at, lane.pop()?)))?;
                // Whoever is served last has overtaken nobody.
                *overtaken = if at + 1 < lanes.len() { *overtaken + 1 } else { 0 };
                Some(x)
            }
            Turns::Weighted { weights, left } => {
                for _ in 0..2 {
                    for (lane, left) in lanes.iter_mut().zip(left.iter_mut()).filter(|(_, left)| **left > 0) {
                        if let Some(x) = lane.pop() {
                            *left -= 1;
                            return Some(x);
                        }
                    }
                    left.copy_from_slice(weights);
                }
                None
            }
        }
    }
}

impl<T, R: Reader<T>> Reader<T> for Ranked<R> {
    const SHARED: bool = R::SHARED;

    in_every_lane!();

    #[inline]
    fn pop(&mut self) -> Option<T> {
        let x = self.next()?;
        if let Some(room) = &self.room {
            room.give();
        }
        Some(x)
    }
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        let ready = self.ready();
        if ready > 0 {
            // What another lane called us for goes to another worker.
            self.unwait();
            return Poll::Ready(ready);
        }
        let mut waits = false;
        for lane in &mut self.lanes {
            match lane.poll_ready(cx) {
                Poll::Ready(0) => {}
                // The lanes behind it are not asked: what they have called us for we would have answered.
                Poll::Ready(ready) => {
                    self.unwait();
                    return Poll::Ready(ready);
                }
                Poll::Pending => waits = true,
            }
        }
        if waits { Poll::Pending } else { Poll::Ready(0) }
    }
}

#[cfg(test)]
#[path = "ranked_tests.rs"]
mod tests;
