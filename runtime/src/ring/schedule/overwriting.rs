//! Rings that overwrite: readers of all speeds, each of which is told what it lost.

use core::future::poll_fn;

use shuttle::thread::{spawn, yield_now};

use super::super::sync::Twin::*;
use super::super::{Reader, Writer, broadcast, latest, mpmc};
use super::{block_on, holds};

/// Reads to the end, in chunks of `chunk`; says how many records there were, with those that were lost, of `senders` senders.
fn read(r: &mut impl Reader<(usize, Box<usize>)>, senders: usize, chunk: usize) -> usize {
    let (mut seen, mut next) = (0, vec![0; senders]);
    while block_on(poll_fn(|cx| r.poll_ready(cx))) != 0 {
        for _ in 0..chunk {
            let Some((sender, i)) = r.pop() else { break };
            assert!(*i >= next[sender], "in order");
            next[sender] = *i + 1;
            seen += 1;
        }
        r.release();
        (1..chunk).for_each(|_| yield_now());
    }
    seen
}

/// One producer, readers that go on at different speeds, and one that joins and leaves again and again.
fn broadcast_crowd<const N: usize>(readers: usize, each: usize) {
    let (mut w, first) = broadcast::split(broadcast::Broadcast::<(usize, Box<usize>), N>::boxed_before_wrap(each / 2)).unwrap();
    let mut threads = Vec::new();
    for reader in 0..readers {
        let mut r = first.clone();
        threads.push(spawn(move || {
            let seen = read(&mut r, 1, 1 + 2 * reader);
            assert_eq!(seen + r.take_lost() as usize, each);
        }));
    }
    threads.push(spawn(move || {
        let mut fickle = first;
        while !fickle.is_ended() {
            let last = fickle.pop();
            let mut other = fickle.clone();
            if let (Some(last), Some(next)) = (last, other.pop()) {
                assert!(*next.1 > *last.1);
            }
            fickle = other;
            yield_now();
        }
    }));
    for i in 0..each {
        w.push((0, Box::new(i))).unwrap();
        if i % 3 == 0 {
            w.publish();
        }
    }
    drop(w);
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

/// Senders and watchers; a watcher looks too, and never sees an older value than before.
fn latest_crowd<const SLOTS: usize>(senders: usize, watchers: usize, each: usize) {
    let (first, last) = latest::ends(latest::Latest::<(usize, Box<usize>), SLOTS>::boxed_before_wrap(each / 2));
    let mut threads = Vec::new();
    for sender in 0..senders {
        let mut s = first.clone();
        threads.push(spawn(move || {
            for i in 0..each {
                s.push((sender, Box::new(i))).unwrap();
                if i % 3 != 1 {
                    s.publish();
                }
            }
        }));
    }
    drop(first);
    for watcher in 0..watchers {
        let mut w = last.clone();
        threads.push(spawn(move || {
            for _ in 0..watcher * 10 {
                let before = w.get().map(|now| (now.0, *now.1));
                yield_now();
                let after = w.get().map(|now| (now.0, *now.1));
                assert!(before.map(|x| x.0) != after.map(|x| x.0) || before <= after);
            }
            w.release();
            let seen = read(&mut w, senders, 1 + 2 * watcher);
            assert_eq!(seen + w.take_lost() as usize, senders * each);
        }));
    }
    drop(last);
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

/// The writer goes on when all readers have seen its last record: a wake-up that is lost is the end of it.
fn lockstep<R: Reader<usize> + 'static>(mut w: impl Writer<usize>, readers: Vec<R>, rounds: usize) {
    let count = readers.len();
    let (answer, mut answers) = mpmc::ends(mpmc::Mpmc::<usize, 4>::boxed());
    let threads: Vec<_> = readers
        .into_iter()
        .map(|mut r| {
            let answer = answer.clone();
            spawn(move || {
                while block_on(poll_fn(|cx| r.poll_ready(cx))) != 0 {
                    if let Some(i) = r.pop() {
                        answer.try_push(i).unwrap();
                    }
                }
            })
        })
        .collect();
    for i in 0..rounds {
        w.push(i).unwrap();
        w.publish();
        for _ in 0..count {
            assert_ne!(block_on(poll_fn(|cx| answers.poll_ready(cx))), 0);
            assert_eq!(answers.pop(), Some(i));
        }
    }
    drop(w);
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn broadcast_in_lockstep() {
    holds(2, &[SecondLook, LookForSleepers], || {
        let (w, r) = broadcast::split(broadcast::Broadcast::<usize, 2>::boxed()).unwrap();
        lockstep(w, vec![r.clone(), r.clone(), r], 20);
    });
}

#[test]
fn latest_in_lockstep() {
    holds(2, &[SecondLook, LookForSleepers], || {
        let (w, r) = latest::ends(latest::Latest::<usize, 8>::boxed());
        lockstep(w, vec![r.clone(), r.clone(), r], 20);
    });
}

#[test]
fn broadcast_room_for_1() {
    holds(2, &[SecondLook], || broadcast_crowd::<1>(2, 40));
}

#[test]
fn broadcast_room_for_8() {
    holds(4, &[SecondLook], || broadcast_crowd::<8>(3, 200));
}

#[test]
fn latest_with_few_slots() {
    holds(2, &[SecondLook], || latest_crowd::<7>(2, 2, 30));
}

#[test]
fn latest_with_many() {
    holds(4, &[SecondLook], || latest_crowd::<32>(3, 4, 60));
}
