//! One producer whose records every reader sees. The model's ring has two blocks.

use loom::future::block_on;
use loom::thread::spawn;

use super::super::broadcast::{Broadcast, Producer, Subscriber, split};
use super::super::{Reader, Writer};
use super::{drain, holds};

/// Records are boxed, so that cloning one that is being replaced is a crash as well as a race.
type Ends<const N: usize> = (Producer<Box<usize>, N>, Subscriber<Box<usize>, N>);

fn ends<const N: usize>() -> Ends<N> {
    split(Broadcast::boxed_before_wrap(N)).unwrap()
}

/// Reads to the end: what was seen is in order, and what is missing was told as lost.
fn read<const N: usize>(mut r: Subscriber<Box<usize>, N>, records: usize) -> usize {
    let seen: Vec<usize> = block_on(drain(&mut r)).into_iter().map(|i| *i).collect();
    assert!(seen.is_sorted_by(|a, b| a < b), "in order");
    assert_eq!(seen.len() + r.take_lost() as usize, records);
    assert!(records == 0 || seen.last() == Some(&(records - 1)), "the last is there");
    seen.len()
}

#[test]
fn it_delivers_and_wakes() {
    let twins = [
        "store broadcast/producer.rs",
        "load broadcast/subscriber.rs",
        "fence broadcast/producer.rs",
        "fence ring/waiters.rs",
    ];
    holds(2, 1000, &twins, || {
        let (mut w, r) = ends::<2>();
        let writer = spawn(move || {
            for i in 0..2 {
                assert!(w.push(Box::new(i)).is_ok());
                w.publish();
            }
        });
        let reader = spawn(move || assert_eq!(read(r, 2), 2));
        writer.join().unwrap();
        reader.join().unwrap();
    });
}

#[test]
fn what_is_overwritten_is_not_being_cloned() {
    let twins = [
        "store broadcast/producer.rs",
        "exchange broadcast/block.rs",
        "load broadcast/subscriber.rs",
    ];
    holds(3, 1000, &twins, || {
        let (mut w, r) = ends::<1>();
        let writer = spawn(move || {
            for i in 0..4 {
                assert!(w.push(Box::new(i)).is_ok());
                w.publish();
            }
        });
        // It sees the last, or all blocks were pinned, which one reader cannot do.
        let reader = spawn(move || assert_ne!(read(r, 4), 0));
        writer.join().unwrap();
        reader.join().unwrap();
    });
}

#[test]
fn two_readers_pin_what_they_like() {
    holds(
        2,
        1000,
        &["exchange broadcast/block.rs", "fence broadcast/producer.rs"],
        || {
            let (mut w, mut a) = ends::<2>();
            let mut b = a.clone();
            let one = spawn(move || {
                let seen = block_on(drain(&mut a)).len();
                assert_eq!(seen + a.take_lost() as usize, 3);
            });
            let two = spawn(move || {
                // It leaves after the first, with or without the next.
                let first = b.pop().map(|i| *i);
                b.close();
                let all: Vec<usize> = first.into_iter().chain(std::iter::from_fn(|| b.pop().map(|i| *i))).collect();
                assert!(all.is_sorted_by(|a, b| a < b));
            });
            for i in 0..3 {
                assert!(w.push(Box::new(i)).is_ok());
                w.publish();
            }
            drop(w);
            one.join().unwrap();
            two.join().unwrap();
        },
    );
}

#[test]
fn the_end_is_seen_after_the_last() {
    holds(
        2,
        100,
        &[
            "exchange broadcast/producer.rs",
            "load broadcast/mod.rs",
            "fence broadcast/producer.rs",
        ],
        || {
            let (mut w, mut r) = ends::<2>();
            let writer = spawn(move || {
                assert!(w.push(Box::new(0)).is_ok());
                Writer::close(&mut w);
            });
            while !r.is_ended() {
                match r.pop() {
                    Some(i) => assert_eq!(*i, 0),
                    None => loom::thread::yield_now(),
                }
            }
            assert_eq!(Reader::popped(&r), 1);
            writer.join().unwrap();
        },
    );
}
