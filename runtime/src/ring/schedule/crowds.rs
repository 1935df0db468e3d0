//! Several senders of every kind and several receivers.

use core::future::poll_fn;

use shuttle::thread::spawn;

use super::super::sync::Twin::*;
use super::super::sync::{Arc, AtomicUsize, Ordering::SeqCst};
use super::super::{Reader, Writer, mpmc};
use super::{block_on, holds, push};

/// Every record arrives once, those of one sender in order at each receiver, and none before it was counted.
fn crowd<const N: usize>(senders: usize, receivers: usize, each: usize) {
    let (tx, rx) = mpmc::ends(mpmc::Mpmc::<(usize, usize), N>::boxed_before_wrap(each));
    let accepted = Arc::new(AtomicUsize::new(0));
    let taken = Arc::new(AtomicUsize::new(0));
    let mut threads = Vec::new();
    for sender in 0..senders {
        let (mut tx, accepted) = (tx.clone(), accepted.clone());
        threads.push(spawn(move || {
            let count = || {
                accepted.fetch_add(1, SeqCst);
            };
            for i in 0..each {
                match (sender + i / 8) % 3 {
                    0 => block_on(tx.send_with((sender, i), count)).unwrap(),
                    1 => block_on(tx.reserve()).unwrap().send_with((sender, i), count).unwrap(),
                    _ => {
                        count();
                        assert!(block_on(push(&mut tx, (sender, i))));
                        if i % 4 == 3 {
                            tx.publish();
                        }
                    }
                }
            }
        }));
    }
    drop(tx);
    for _ in 0..receivers {
        let (mut rx, accepted, taken) = (rx.clone(), accepted.clone(), taken.clone());
        threads.push(spawn(move || {
            let mut last = vec![None; senders];
            while block_on(poll_fn(|cx| rx.poll_ready(cx))) != 0 {
                while let Some((sender, i)) = Reader::pop(&mut rx) {
                    assert!(last[sender] < Some(i), "in order");
                    last[sender] = Some(i);
                    assert!(
                        taken.fetch_add(1, SeqCst) < accepted.load(SeqCst),
                        "counted before it is seen"
                    );
                }
                rx.release();
            }
        }));
    }
    drop(rx);
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(taken.load(SeqCst), senders * each);
}

#[test]
fn three_senders_two_receivers_room_for_1() {
    holds(2, &[SecondLook, LookForSleepers], || crowd::<1>(3, 2, 60));
}

#[test]
fn three_senders_two_receivers_room_for_2() {
    holds(2, &[SecondLook, LookForSleepers], || crowd::<2>(3, 2, 60));
}

#[test]
fn four_senders_four_receivers_room_for_4() {
    holds(4, &[SecondLook], || crowd::<4>(4, 4, 80));
}

#[test]
fn two_senders_three_receivers_room_for_8() {
    holds(8, &[SecondLook], || crowd::<8>(2, 3, 500));
}

/// Senders that never wait, receivers that do: what is not received was evicted.
fn evict<const N: usize>(senders: usize, receivers: usize, each: usize) {
    let (tx, rx) = mpmc::ends(mpmc::Mpmc::<usize, N>::boxed_before_wrap(each));
    let left = Arc::new(AtomicUsize::new(senders * each));
    let mut threads = Vec::new();
    for _ in 0..senders {
        let (tx, left) = (tx.clone(), left.clone());
        threads.push(spawn(move || {
            for _ in 0..each {
                tx.push_evict(
                    1,
                    || {},
                    |one| {
                        left.fetch_sub(one, SeqCst);
                    },
                )
                .unwrap();
            }
        }));
    }
    drop(tx);
    for _ in 0..receivers {
        let (mut rx, left) = (rx.clone(), left.clone());
        threads.push(spawn(move || {
            while block_on(poll_fn(|cx| rx.poll_ready(cx))) != 0 {
                if let Some(one) = Reader::pop(&mut rx) {
                    left.fetch_sub(one, SeqCst);
                }
                rx.release();
            }
        }));
    }
    drop(rx);
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(left.load(SeqCst), 0);
}

#[test]
fn evictors_and_receivers_room_for_1() {
    holds(1, &[SecondLook], || evict::<1>(2, 2, 40));
}

#[test]
fn evictors_and_receivers_room_for_4() {
    holds(2, &[SecondLook], || evict::<4>(3, 2, 80));
}
