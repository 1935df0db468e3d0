//! One producer whose records every reader sees. The model's ring has two blocks.

use loom::future::block_on;
use loom::thread::spawn;

use super::super::broadcast::{Broadcast, Producer, Subscriber, split};
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
        "load broadcast/mod.rs",
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

/// Reads what there is, and does not wait; who comes later reads the rest.
fn look<const N: usize>(r: &mut Subscriber<Box<usize>, N>, pops: usize) -> Vec<usize> {
    (0..pops).filter_map(|_| r.pop()).map(|i| *i).collect()
}

#[test]
fn what_is_overwritten_is_not_being_cloned() {
    let twins = [
        "store broadcast/producer.rs",
        "exchange broadcast/block.rs",
        "load broadcast/subscriber.rs",
    ];
    holds(3, 1000, &twins, || {
        let (mut w, mut r) = ends::<1>();
        let reader = spawn(move || {
            let seen = look(&mut r, 2);
            r.release();
            (r, seen)
        });
        // The third overwrites the first; where that is pinned, the second.
        let writer = spawn(move || {
            for i in 0..3 {
                // Each new block shows what is in the last.
                assert!(w.push(Box::new(i)).is_ok());
            }
        });
        writer.join().unwrap();
        let (mut r, mut seen) = reader.join().unwrap();
        seen.extend(look(&mut r, 3));
        assert!(seen.is_sorted_by(|a, b| a < b) && seen.last() == Some(&2));
        assert_eq!(seen.len() + r.take_lost() as usize, 3);
    });
}

#[test]
fn two_readers_pin_what_they_like() {
    holds(2, 1000, &["exchange broadcast/block.rs"], || {
        let (mut w, a) = ends::<2>();
        for i in 0..2 {
            assert!(w.push(Box::new(i)).is_ok());
        }
        w.publish();
        let mut b = a.clone();
        assert_eq!(look(&mut b, 1), [0]);
        b.release();
        let readers = [(a, 3), (b, 2)].map(|(mut r, records)| {
            spawn(move || {
                let seen = look(&mut r, 1);
                r.release();
                (r, seen, records)
            })
        });
        // The third overwrites the first, or the second, or is lost where both are pinned.
        let writer = spawn(move || {
            assert!(w.push(Box::new(2)).is_ok());
            w.publish();
            w
        });
        let _open = writer.join().unwrap();
        for reader in readers {
            let (mut r, mut seen, records) = reader.join().unwrap();
            seen.extend(look(&mut r, 3));
            assert!(seen.is_sorted_by(|a, b| a < b));
            assert_eq!(seen.len() + r.take_lost() as usize, records);
        }
    });
}

#[test]
fn a_publish_wakes() {
    holds(2, 100, &["fence broadcast/producer.rs", "fence ring/waiters.rs"], || {
        let (mut w, mut r) = ends::<2>();
        let reader = spawn(move || {
            block_on(core::future::poll_fn(|cx| r.poll_ready(cx)));
            assert_eq!(look(&mut r, 1), [0]);
        });
        let writer = spawn(move || {
            assert!(w.push(Box::new(0)).is_ok());
            w.publish();
            w
        });
        // It stays until the reader has gone: the end would wake that too.
        let _open = writer.join().unwrap();
        reader.join().unwrap();
    });
}
