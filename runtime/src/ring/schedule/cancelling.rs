//! Waits that are given up at any moment, on both sides, and permits that are not used.

use core::future::poll_fn;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use shuttle::rand::{Rng, thread_rng};
use shuttle::thread::spawn;

use super::super::sync::Twin::*;
use super::super::{Reader, mpmc};
use super::{block_on, drain, holds};

/// Two pushes at a time; the one that is later is dropped in whatever state it is.
fn pushes<const N: usize>(senders: usize, each: usize) {
    let (tx, mut rx) = mpmc::ends(mpmc::Mpmc::<usize, N>::boxed());
    let threads: Vec<_> = (0..senders)
        .map(|_| {
            let tx = tx.clone();
            spawn(move || {
                let mut more = 0;
                for _ in 0..each {
                    if thread_rng().gen_bool(0.2) {
                        let mut reserve = pin!(tx.reserve());
                        // Enlisted, and gone; or a permit that is not used.
                        let _ = reserve.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                    }
                    if thread_rng().gen_bool(0.2) {
                        let mut run = pin!(tx.reserve_many(2));
                        // The same for two; or one of them is used.
                        if let Poll::Ready(Ok(slots)) = run.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                            assert!(slots.send_all(&mut [1].into()).is_ok());
                            more += 1;
                        }
                    }
                    let (mut a, mut b) = (pin!(tx.send(1)), pin!(tx.send(1)));
                    block_on(poll_fn(|cx| match a.as_mut().poll(cx) {
                        Poll::Pending => b.as_mut().poll(cx),
                        done => done,
                    }))
                    .unwrap();
                }
                more
            })
        })
        .collect();
    drop(tx);
    let came = block_on(drain(&mut rx)).len();
    let more: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!(came, senders * each + more);
}

#[test]
fn cancelled_pushes_room_for_1() {
    holds(1, &[SecondLook, LookForSleepers], || pushes::<1>(3, 30));
}

#[test]
fn cancelled_pushes_room_for_2() {
    holds(2, &[SecondLook, LookForSleepers], || pushes::<2>(4, 50));
}

/// Receivers that poll, stop waiting, come and go; one of them stays.
fn receives<const N: usize>(receivers: usize, records: usize) {
    let (tx, mut rx) = mpmc::ends(mpmc::Mpmc::<usize, N>::boxed());
    let mut threads = Vec::new();
    for _ in 0..receivers {
        let mut rx = rx.clone();
        threads.push(spawn(move || {
            let mut took = 0;
            for _ in 0..records / 2 {
                let polled = rx.poll_ready(&mut Context::from_waker(Waker::noop()));
                if polled == Poll::Ready(0) {
                    break;
                }
                if polled.is_ready() {
                    took += usize::from(Reader::pop(&mut rx).is_some());
                    rx.release();
                } else if thread_rng().gen_bool(0.5) {
                    rx.unwait();
                } else {
                    rx = rx.clone();
                }
            }
            took
        }));
    }
    let sender = spawn(move || (0..records).for_each(|_| block_on(tx.send(1)).unwrap()));
    let mut all = block_on(drain(&mut rx)).len();
    sender.join().unwrap();
    all += threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>();
    assert_eq!(all, records);
}

#[test]
fn receivers_that_come_and_go_room_for_1() {
    holds(1, &[SecondLook, LookForSleepers], || receives::<1>(2, 40));
}

#[test]
fn receivers_that_come_and_go_room_for_4() {
    holds(2, &[SecondLook], || receives::<4>(3, 100));
}
