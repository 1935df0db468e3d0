//! One value, which senders replace and watchers look at.

use loom::future::block_on;
use loom::thread::spawn;

use super::super::latest::{Latest, Sender, Watcher, ends};
use super::super::{Reader, Writer};
use super::{drain, holds};

/// Values are boxed, so that looking at one that is dropped is a crash as well as a race.
type Ends<const SLOTS: usize> = (Sender<Box<usize>, SLOTS>, Watcher<Box<usize>, SLOTS>);

fn new<const SLOTS: usize>() -> Ends<SLOTS> {
    ends(Latest::boxed_before_wrap(1))
}

/// Watches to the end: what was seen is in order, and what is missing was told as skipped.
fn watch<const SLOTS: usize>(mut w: Watcher<Box<usize>, SLOTS>, values: usize) {
    let seen: Vec<usize> = block_on(drain(&mut w)).into_iter().map(|i| *i).collect();
    assert!(seen.is_sorted_by(|a, b| a < b), "in order");
    assert_eq!(seen.last(), Some(&(values - 1)), "the last is seen");
    assert_eq!(seen.len() + w.take_lost() as usize, values);
}

/// What the two tests below must not hold with.
const TWINS: [&str; 3] = ["exchange latest/slot.rs", "fence latest/sender.rs", "fence ring/waiters.rs"];

/// A sender that sends so many values by `send` and leaves, and a watcher.
fn sent(values: usize, send: fn(&mut Sender<Box<usize>, 3>)) {
    let (mut s, w) = new::<3>();
    let sender = spawn(move || send(&mut s));
    let watcher = spawn(move || watch(w, values));
    sender.join().unwrap();
    watcher.join().unwrap();
}

#[test]
fn a_watcher_sees_the_last_and_is_woken() {
    holds(2, 1000, &TWINS, || {
        sent(3, |s| (0..3).for_each(|i| assert!(s.set(Box::new(i)).is_ok())));
    });
}

#[test]
fn of_a_batch_the_last_is_seen_and_the_others_are_told() {
    holds(2, 1000, &TWINS, || {
        sent(4, |s| {
            assert!(s.set(Box::new(0)).is_ok());
            (1..4).for_each(|i| assert!(s.push(Box::new(i)).is_ok()));
        });
    });
}

#[test]
fn what_is_looked_at_is_not_dropped() {
    holds(3, 1000, &["exchange latest/slot.rs"], || {
        let (mut s, mut w) = new::<3>();
        assert!(s.set(Box::new(0)).is_ok());
        let sender = spawn(move || {
            for i in 1..4 {
                assert!(s.set(Box::new(i)).is_ok());
            }
        });
        let watcher = spawn(move || {
            let mut last = 0;
            for _ in 0..2 {
                let now = **w.get().unwrap();
                assert!(now >= last, "never an older one");
                last = now;
            }
            w.release();
            if let Some(i) = w.pop() {
                assert!(*i >= last);
                // The version is that of the value: as many were skipped as there were before it.
                assert_eq!(w.take_lost() as usize, *i);
            }
        });
        sender.join().unwrap();
        watcher.join().unwrap();
    });
}

#[test]
fn the_end_comes_after_what_all_senders_set() {
    holds(3, 500, &["torn latest/mod.rs"], || {
        let (mut a, mut w) = new::<4>();
        let mut b = a.clone();
        let one = spawn(move || assert!(a.set(Box::new(1)).is_ok()));
        let two = spawn(move || {
            assert!(Writer::push(&mut b, Box::new(2)).is_ok());
            b.publish();
        });
        // With a thread of its own this would take too long.
        let mut seen = 0;
        for _ in 0..2 {
            seen += usize::from(w.pop().is_some());
            let ended = w.is_ended();
            seen += w.take_lost() as usize;
            assert!(!ended || seen == 2, "all is seen or told before the end");
        }
        one.join().unwrap();
        two.join().unwrap();
        seen += usize::from(w.pop().is_some());
        assert_eq!(seen + w.take_lost() as usize, 2);
        assert!(w.is_ended());
    });
}

#[test]
fn two_watchers_let_go_of_what_was_replaced() {
    holds(2, 1000, &["exchange latest/slot.rs"], || {
        let (mut s, mut a) = new::<4>();
        let mut b = a.clone();
        assert!(s.set(Box::new(0)).is_ok());
        let one = spawn(move || {
            assert!(**a.get().unwrap() <= 1);
            a.release();
        });
        let two = spawn(move || {
            assert!(*b.pop().unwrap() <= 1);
            assert!(Reader::popped(&b) == 1);
        });
        let three = spawn(move || {
            assert!(s.set(Box::new(1)).is_ok());
            s
        });
        let _open = three.join().unwrap();
        one.join().unwrap();
        two.join().unwrap();
    });
}
