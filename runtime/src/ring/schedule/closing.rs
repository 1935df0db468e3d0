//! Ends that leave at any moment: each record is found by exactly one side.

use core::future::poll_fn;

use shuttle::rand::{Rng, thread_rng};
use shuttle::thread::spawn;

use super::super::sync::Twin::*;
use super::super::{Reader, Writer, mpmc, mpsc, spsc};
use super::{block_on, drain, holds, push};

/// Writes until the readers have left, or enough; then takes back what nobody took, its own or another's: what it says is how
/// many more it wrote than it took.
fn write(mut w: impl Writer<usize>, most: usize) -> isize {
    let mut pushed = 0;
    while pushed < most && block_on(push(&mut w, 1)) {
        pushed += 1;
        if thread_rng().gen_bool(0.5) {
            w.publish();
        }
    }
    let mut reclaimed = std::iter::from_fn(|| w.reclaim()).count();
    w.close();
    reclaimed += std::iter::from_fn(|| w.reclaim()).count();
    pushed as isize - reclaimed as isize
}

/// Reads so many and leaves, with what was left for it.
fn read(mut r: impl Reader<usize>, most: usize) -> isize {
    let mut popped = 0;
    while popped < most && block_on(poll_fn(|cx| r.poll_ready(cx))) != 0 {
        popped += usize::from(r.pop().is_some());
        r.release();
    }
    r.close();
    (popped + block_on(drain(&mut r)).len()) as isize
}

fn leave(w: impl Writer<usize> + 'static, r: impl Reader<usize> + 'static) {
    let (pushes, pops) = (thread_rng().gen_range(0..20), thread_rng().gen_range(0..20));
    let writer = spawn(move || write(w, pushes));
    let popped = read(r, pops);
    assert_eq!(writer.join().unwrap(), popped);
}

#[test]
fn spsc_room_for_2() {
    holds(1, &[SecondLook, LookForSleepers], || {
        let (w, r) = spsc::split(spsc::Spsc::<usize, 2>::boxed_at(usize::MAX - 3)).unwrap();
        leave(w, r);
    });
}

#[test]
fn mpmc_room_for_2() {
    holds(1, &[SecondLook, LookForSleepers], || {
        let (w, r) = mpmc::ends(mpmc::Mpmc::<usize, 2>::boxed_before_wrap(3));
        leave(w, r);
    });
}

#[test]
fn sole_room_for_2() {
    holds(1, &[SecondLook, LookForSleepers], || {
        let (w, r) = mpsc::split(mpsc::Mpsc::<usize, 2>::boxed_before_wrap(3)).unwrap();
        leave(w, r);
    });
}

/// Several of each leave, each when it likes.
#[test]
fn a_crowd_that_leaves() {
    holds(2, &[SecondLook, LookForSleepers], || {
        let (tx, rx) = mpmc::ends(mpmc::Mpmc::<usize, 2>::boxed_before_wrap(3));
        // All there before the first leaves: an end that is dropped last drops what is left, uncounted.
        let ends = [(tx.clone(), rx.clone()), (tx.clone(), rx.clone()), (tx, rx)];
        let mut writers = Vec::new();
        let mut readers = Vec::new();
        for (w, r) in ends {
            let (pushes, pops) = (thread_rng().gen_range(0..20), thread_rng().gen_range(0..20));
            writers.push(spawn(move || write(w, pushes)));
            readers.push(spawn(move || read(r, pops)));
        }
        let kept: isize = writers.into_iter().map(|w| w.join().unwrap()).sum();
        let popped: isize = readers.into_iter().map(|r| r.join().unwrap()).sum();
        assert_eq!(kept, popped);
    });
}

/// The ring is closed for all in the midst of it: what was accepted arrives, nothing else does.
#[test]
fn closed_for_all() {
    holds(1, &[SecondLook], || {
        let ring = mpmc::Mpmc::<usize, 2>::boxed();
        let (tx, mut rx) = mpmc::ends(ring.clone());
        let senders: Vec<_> = (0..3)
            .map(|_| {
                let tx = tx.clone();
                spawn(move || (0..10).filter(|_| block_on(tx.send(1)).is_ok()).count())
            })
            .collect();
        let closer = spawn(move || ring.close_all());
        let taken = block_on(drain(&mut rx)).len();
        closer.join().unwrap();
        assert_eq!(senders.into_iter().map(|s| s.join().unwrap()).sum::<usize>(), taken);
    });
}
