//! Many threads: nothing is lost, nothing comes twice, nobody sleeps for ever. Threads wait by parking, never by sleeping.

use crate::tools::*;
use forebay::ring::mpmc::{Mpmc as Ring, ends};
use forebay::ring::{Reader, Writer};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread::{scope, spawn};

both!(
    every_record_arrives_in_order,
    the_reader_closes_while_the_writer_pushes,
    the_writer_closes_while_the_reader_pops
);

fn stream<K: Kind, const N: usize>(batch: usize) {
    let (mut w, mut r) = K::wrapping::<usize, N>(MANY / 2);
    let writer = spawn(move || {
        for i in 0..MANY {
            push_waiting(&mut w, i).unwrap();
            if i % batch == 0 {
                w.publish();
            }
        }
    });
    let mut next = 0;
    while wait_ready(&mut r) != 0 {
        while let Some(i) = r.pop() {
            assert_eq!(i, next);
            next += 1;
            if i % 3 == 0 {
                r.release();
            }
        }
    }
    assert_eq!(next, MANY);
    writer.join().unwrap();
}

fn every_record_arrives_in_order<K: Kind>() {
    stream::<K, 1>(1);
    stream::<K, 2>(1);
    stream::<K, 4>(7);
    stream::<K, 256>(64);
}

const ROUNDS: usize = if cfg!(miri) { 10 } else { 2_000 };

fn the_reader_closes_while_the_writer_pushes<K: Kind>() {
    for round in 0..ROUNDS {
        let alive = Alive::default();
        let (mut w, mut r) = K::ring::<One, 4>();
        let start = Barrier::new(2);
        let (pushed, (popped, reclaimed)) = scope(|s| {
            let writer = s.spawn(|| {
                start.wait();
                let (mut pushed, mut reclaimed) = (0, 0);
                while push_waiting(&mut w, alive.one()).is_ok() {
                    pushed += 1;
                    w.publish();
                }
                while w.reclaim().is_some() {
                    reclaimed += 1;
                }
                w.close();
                while w.reclaim().is_some() {
                    reclaimed += 1;
                }
                (pushed, reclaimed)
            });
            start.wait();
            let mut popped = 0;
            while popped < round % 7 && wait_ready(&mut r) != 0 {
                popped += usize::from(r.pop().is_some());
            }
            r.close();
            while wait_ready(&mut r) != 0 {
                popped += usize::from(r.pop().is_some());
            }
            let (pushed, reclaimed) = writer.join().unwrap();
            (pushed, (popped, reclaimed))
        });
        assert_eq!(pushed, popped + reclaimed, "each record is found by exactly one side");
        drop((w, r));
        assert_eq!(alive.get(), 0);
    }
}

fn the_writer_closes_while_the_reader_pops<K: Kind>() {
    for round in 0..ROUNDS {
        let (mut w, mut r) = K::ring::<usize, 4>();
        let writer = spawn(move || {
            for i in 0..round % 9 {
                push_waiting(&mut w, i).unwrap();
            }
        });
        let mut popped = 0;
        while wait_ready(&mut r) != 0 {
            popped += std::iter::from_fn(|| r.pop()).count();
        }
        assert_eq!(popped, round % 9);
        writer.join().unwrap();
    }
}

fn bump(count: &AtomicUsize, by: usize) {
    count.fetch_add(by, SeqCst);
}

/// Several senders of every kind and several receivers: the sum is exact, and each sender's records are in order at each receiver.
fn sum_is_exact<const N: usize>(senders: usize, receivers: usize) {
    let (tx, rx) = ends(Ring::<(usize, usize), N>::boxed_before_wrap(MANY / 2));
    let accepted = AtomicUsize::new(0);
    let (sum, count) = (AtomicUsize::new(0), AtomicUsize::new(0));
    scope(|s| {
        for sender in 0..senders {
            let mut tx = tx.clone();
            let accepted = &accepted;
            s.spawn(move || {
                for i in 0..MANY / senders {
                    // Every way in: waiting, by permit, and as segments do.
                    match (sender + i / 8) % 3 {
                        0 => block_on(tx.send_with((sender, i), || bump(accepted, 1))).unwrap(),
                        1 => block_on(tx.reserve())
                            .unwrap()
                            .send_with((sender, i), || bump(accepted, 1))
                            .unwrap(),
                        _ => {
                            accepted.fetch_add(1, SeqCst);
                            push_waiting(&mut tx, (sender, i)).unwrap();
                            if i % 4 == 3 {
                                tx.publish();
                            }
                        }
                    }
                }
            });
        }
        drop(tx);
        for _ in 0..receivers {
            let mut rx = rx.clone();
            let (sum, count, accepted) = (&sum, &count, &accepted);
            s.spawn(move || {
                let mut last = vec![None; senders];
                while wait_ready(&mut rx) != 0 {
                    while let Some((sender, i)) = rx.pop() {
                        assert!(last[sender] < Some(i), "in order");
                        last[sender] = Some(i);
                        sum.fetch_add(i, SeqCst);
                        let taken = count.fetch_add(1, SeqCst) + 1;
                        assert!(taken <= accepted.load(SeqCst), "counted before it is seen");
                    }
                    rx.release();
                }
            });
        }
        drop(rx);
    });
    let each = MANY / senders;
    assert_eq!(count.into_inner(), each * senders);
    assert_eq!(sum.into_inner(), senders * each * (each - 1) / 2);
}

#[test]
fn two_by_two() {
    sum_is_exact::<1>(2, 2);
    sum_is_exact::<2>(2, 2);
    sum_is_exact::<64>(2, 2);
}

#[test]
fn four_by_one_and_one_by_four() {
    sum_is_exact::<4>(4, 1);
    sum_is_exact::<4>(1, 4);
}

#[test]
fn pushes_that_are_cancelled_in_the_race_lose_no_wake_up() {
    let (tx, mut rx) = ends(Ring::<usize, 2>::boxed());
    scope(|s| {
        for t in 0..2 {
            let tx = tx.clone();
            s.spawn(move || {
                for i in 0..MANY / 4 {
                    // Two at a time; the one that is later is dropped in whatever state it is.
                    let (mut a, mut b) = (Box::pin(tx.send(1)), Box::pin(tx.send(1)));
                    block_on(std::future::poll_fn(|cx| {
                        let first = if (i + t) % 2 == 0 {
                            a.as_mut().poll(cx)
                        } else {
                            b.as_mut().poll(cx)
                        };
                        if first.is_ready() {
                            return first;
                        }
                        if (i + t) % 2 == 0 {
                            b.as_mut().poll(cx)
                        } else {
                            a.as_mut().poll(cx)
                        }
                    }))
                    .unwrap();
                }
            });
        }
        drop(tx);
        let mut sum = 0;
        while wait_ready(&mut rx) != 0 {
            while let Some(one) = rx.pop() {
                sum += one;
                rx.release();
            }
        }
        assert_eq!(sum, MANY / 4 * 2);
    });
}

#[test]
fn evictors_and_receivers_share_what_there_is() {
    let (tx, rx) = ends(Ring::<usize, 4>::boxed());
    let (taken, evicted) = (AtomicUsize::new(0), AtomicUsize::new(0));
    scope(|s| {
        for _ in 0..2 {
            let (tx, evicted) = (tx.clone(), &evicted);
            s.spawn(move || {
                for _ in 0..MANY / 2 {
                    tx.push_evict(1, || {}, |one| bump(evicted, one)).unwrap();
                }
            });
        }
        drop(tx);
        for _ in 0..2 {
            let (mut rx, taken) = (rx.clone(), &taken);
            s.spawn(move || {
                while wait_ready(&mut rx) != 0 {
                    while let Some(one) = rx.pop() {
                        taken.fetch_add(one, SeqCst);
                    }
                    rx.release();
                }
            });
        }
        drop(rx);
    });
    assert_eq!(taken.into_inner() + evicted.into_inner(), MANY);
}
