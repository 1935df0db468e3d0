//! Fan-in: several rings read as one.

use core::task::{Context, Poll};

use crate::ring::Reader;

/// How many records in a row one lane gives before the next has its turn.
const TURN: usize = 32;

/// One ring a producer, read in turn.
#[derive(Clone)]
pub struct Lanes<R> {
    lanes: Box<[R]>,
    current: usize,
    left: usize,
}

impl<R> Lanes<R> {
    /// Reads `lanes` in turn.
    pub fn new(lanes: Vec<R>) -> Self {
        Lanes {
            lanes: lanes.into(),
            current: 0,
            left: TURN,
        }
    }

    /// Its rings.
    pub(crate) fn each(&mut self) -> impl Iterator<Item = &mut R> {
        self.lanes.iter_mut()
    }

    fn advance(&mut self) {
        self.current += 1;
        if self.current == self.lanes.len() {
            self.current = 0;
        }
        self.left = TURN;
    }
}

/// What a reader of several lanes asks of all of them alike.
macro_rules! in_every_lane {
    () => {
        fn ready(&mut self) -> usize {
            self.lanes.iter_mut().map(Reader::ready).sum()
        }
        #[inline]
        fn popped(&self) -> usize {
            self.lanes.iter().map(Reader::popped).fold(0, usize::wrapping_add)
        }
        fn release(&mut self) {
            self.lanes.iter_mut().for_each(Reader::release);
        }
        fn release_now(&mut self) {
            self.lanes.iter_mut().for_each(Reader::release_now);
        }
        fn unwait(&mut self) {
            self.lanes.iter_mut().for_each(Reader::unwait);
        }
        fn is_ended(&self) -> bool {
            self.lanes.iter().all(Reader::is_ended)
        }
        fn peer_asleep(&self) -> bool {
            self.lanes.iter().any(Reader::peer_asleep)
        }
        fn close(&mut self) {
            self.lanes.iter_mut().for_each(Reader::close);
        }
        fn len(&self) -> usize {
            self.lanes.iter().map(Reader::len).sum()
        }
        fn capacity(&self) -> usize {
            self.lanes.iter().map(Reader::capacity).sum()
        }
    };
}
pub(super) use in_every_lane;

/// Waits for records on any of the lanes: `Pending` as long as none has any and one may still have some.
fn poll_lanes<T, R: Reader<T>>(lanes: &mut [R], cx: &mut Context<'_>) -> Poll<usize> {
    let (mut records, mut waits) = (0, false);
    for lane in lanes {
        match lane.poll_ready(cx) {
            Poll::Ready(n) => records += n,
            Poll::Pending => waits = true,
        }
    }
    match records == 0 && waits {
        true => Poll::Pending,
        false => Poll::Ready(records),
    }
}

impl<T, R: Reader<T>> Reader<T> for Lanes<R> {
    const SHARED: bool = R::SHARED;

    in_every_lane!();

    #[inline]
    fn pop(&mut self) -> Option<T> {
        if self.left == 0 {
            self.advance();
        }
        for _ in 0..self.lanes.len() {
            if let Some(x) = self.lanes[self.current].pop() {
                self.left -= 1;
                return Some(x);
            }
            self.advance();
        }
        None
    }
    #[inline(always)]
    fn pop_each(&mut self, most: usize, mut take: impl FnMut(T) -> bool) {
        let (mut left, mut empty, mut more) = (most, 0, true);
        while left > 0 && empty < self.lanes.len() {
            if self.left == 0 {
                self.advance();
            }
            let lane = &mut self.lanes[self.current];
            let before = lane.popped();
            lane.pop_each(left.min(self.left), |record| {
                more = take(record);
                more
            });
            let taken = lane.popped().wrapping_sub(before);
            left -= taken;
            self.left -= taken;
            if !more {
                return;
            }
            if taken == 0 {
                empty += 1;
                self.advance();
            } else {
                empty = 0;
            }
        }
    }
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        poll_lanes(&mut self.lanes, cx)
    }
}
