//! A small pipeline of rings: an input, a relay, two workers that share, a fan-in of lanes.

use core::future::poll_fn;
use core::task::Poll;

use shuttle::thread::spawn;

use super::super::sync::Twin::*;
use super::super::{Reader, Writer, mpmc, mpsc, spsc};
use super::{block_on, holds, push};

/// Takes all, a chunk at a time, and writes it on; publishes and releases at the end of a chunk, as segments do.
fn relay(mut r: impl Reader<usize>, mut w: impl Writer<usize>, chunk: usize) {
    while block_on(poll_fn(|cx| r.poll_ready(cx))) != 0 {
        for _ in 0..chunk {
            let Some(i) = r.pop() else { break };
            if w.room() == 0 {
                w.publish();
                r.release_now();
            }
            assert!(block_on(push(&mut w, i)));
        }
        w.publish();
        r.release();
    }
}

/// One task that waits on two rings with one waker.
fn fan_in(mut a: impl Reader<usize>, mut b: impl Reader<usize>) -> usize {
    let mut sum = 0;
    let (mut a_ended, mut b_ended) = (false, false);
    while !(a_ended && b_ended) {
        let (from_a, from_b) = block_on(poll_fn(|cx| {
            let from_a = if a_ended { Poll::Pending } else { a.poll_ready(cx) };
            let from_b = if b_ended { Poll::Pending } else { b.poll_ready(cx) };
            if from_a.is_pending() && from_b.is_pending() {
                return Poll::Pending;
            }
            Poll::Ready((from_a, from_b))
        }));
        a_ended |= from_a == Poll::Ready(0);
        b_ended |= from_b == Poll::Ready(0);
        for ring in [&mut a as &mut dyn TakeAll, &mut b] {
            sum += ring.take_all();
        }
    }
    sum
}

/// Whatever is there.
trait TakeAll {
    fn take_all(&mut self) -> usize;
}
impl<R: Reader<usize>> TakeAll for R {
    fn take_all(&mut self) -> usize {
        let sum = std::iter::from_fn(|| self.pop()).sum();
        self.release_now();
        sum
    }
}

fn pipeline<const N: usize>(senders: usize, each: usize) {
    let (input, first) = mpsc::split(mpsc::Mpsc::<usize, N>::boxed_before_wrap(each)).unwrap();
    let (shared, worker) = mpmc::ends(mpmc::Mpmc::<usize, N>::boxed());
    let (lane_a, out_a) = spsc::split(spsc::Spsc::<usize, N>::boxed_at(usize::MAX - 3)).unwrap();
    let (lane_b, out_b) = spsc::split(spsc::Spsc::<usize, N>::boxed()).unwrap();
    let mut threads: Vec<_> = (0..senders)
        .map(|_| {
            let input = input.clone();
            spawn(move || (0..each).for_each(|i| block_on(input.send(i)).unwrap()))
        })
        .collect();
    drop(input);
    let second = worker.clone();
    threads.push(spawn(move || relay(first, shared, 4)));
    threads.push(spawn(move || relay(worker, lane_a, 2)));
    threads.push(spawn(move || relay(second, lane_b, 2)));
    let sum = fan_in(out_a, out_b);
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(sum, senders * each * (each - 1) / 2);
}

#[test]
fn room_for_1() {
    holds(2, &[SecondLook, LookForSleepers], || pipeline::<1>(2, 40));
}

#[test]
fn room_for_4() {
    holds(8, &[SecondLook], || pipeline::<4>(3, 300));
}
