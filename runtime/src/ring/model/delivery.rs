//! One writer, one reader: what is written arrives, whole and in order, and nobody sleeps on it.

use loom::future::block_on;
use loom::thread::spawn;

use super::super::{Reader, Writer, mpmc, mpsc, spsc};
use super::{drain, holds, push};

/// Records are boxed, so that reading one too early is a crash as well as a race.
fn stream(mut w: impl Writer<Box<usize>> + 'static, mut r: impl Reader<Box<usize>> + 'static, records: usize) {
    let writer = spawn(move || {
        block_on(async {
            for i in 0..records {
                assert!(push(&mut w, Box::new(i)).await);
                w.publish();
            }
        });
    });
    let reader = spawn(move || {
        let all: Vec<usize> = block_on(drain(&mut r)).into_iter().map(|i| *i).collect();
        assert_eq!(all, (0..records).collect::<Vec<_>>());
    });
    writer.join().unwrap();
    reader.join().unwrap();
}

#[test]
fn spsc_delivers_and_wakes() {
    let twins = [
        "store spsc/producer.rs",
        "store spsc/consumer.rs",
        "load spsc/producer.rs",
        "load spsc/consumer.rs",
        "fence spsc/producer.rs",
        "fence spsc/consumer.rs",
        "fence ring/wait.rs",
    ];
    holds(2, 1000, &twins, || {
        let (w, r) = spsc::split(spsc::Spsc::<Box<usize>, 1>::boxed_at(usize::MAX)).unwrap();
        stream(w, r, 2);
    });
}

#[test]
fn mpmc_delivers_and_wakes() {
    let twins = [
        "store mpmc/laps.rs",
        "load mpmc/laps.rs",
        "fence mpmc/mod.rs",
        "fence ring/waiters.rs",
    ];
    holds(2, 1000, &twins, || {
        let (w, r) = mpmc::ends(mpmc::Mpmc::<Box<usize>, 1>::boxed_before_wrap(1));
        stream(w, r, 2);
    });
}

/// What the ring of one receiver rests on: the run, the head, and the sleep on each side.
const RUNS: [&str; 6] = [
    "store mpmc/runs.rs",
    "load mpmc/runs.rs",
    "store mpmc/sole.rs",
    "fence mpmc/mod.rs",
    "fence ring/wait.rs",
    "fence ring/waiters.rs",
];

#[test]
fn sole_delivers_and_wakes() {
    holds(2, 1000, &RUNS, || {
        let (w, r) = mpsc::split(mpsc::Mpsc::<Box<usize>, 1>::boxed_before_wrap(1)).unwrap();
        stream(w, r, 2);
    });
}

/// The same, a chunk at a time.
fn chunks(mut w: impl Writer<Box<usize>> + 'static, mut r: impl Reader<Box<usize>> + 'static) {
    let writer = spawn(move || {
        for i in 0..2 {
            assert!(w.push(Box::new(i)).is_ok());
        }
        w.publish();
        assert!(block_on(push(&mut w, Box::new(2))));
        w.publish();
    });
    let reader = spawn(move || {
        let mut next = 0;
        block_on(async {
            while core::future::poll_fn(|cx| r.poll_ready(cx)).await != 0 {
                r.pop_each(2, |i| {
                    assert_eq!(*i, next);
                    next += 1;
                    true
                });
                r.release();
            }
        });
        assert_eq!(next, 3);
    });
    writer.join().unwrap();
    reader.join().unwrap();
}

#[test]
fn spsc_takes_chunks() {
    holds(
        2,
        100,
        &["store spsc/producer.rs", "load spsc/consumer.rs", "fence spsc/producer.rs"],
        || {
            let (w, r) = spsc::split(spsc::Spsc::<Box<usize>, 2>::boxed_at(usize::MAX)).unwrap();
            chunks(w, r);
        },
    );
}

#[test]
fn sole_takes_chunks() {
    holds(2, 100, &RUNS, || {
        let (w, r) = mpsc::split(mpsc::Mpsc::<Box<usize>, 2>::boxed_before_wrap(1)).unwrap();
        chunks(w, r);
    });
}
