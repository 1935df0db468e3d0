//! One writer, one reader: what is written arrives, whole and in order, and nobody sleeps on it.

use loom::future::block_on;
use loom::thread::spawn;

use super::super::{Reader, Writer, mpmc, spsc};
use super::{HANDSHAKE, PUBLISH, drain, holds, push};

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
    holds(2, 100, &[PUBLISH, HANDSHAKE], || {
        let (w, r) = spsc::split(spsc::Spsc::<Box<usize>, 1>::boxed_at(usize::MAX)).unwrap();
        stream(w, r, 2);
    });
}

#[test]
fn mpmc_delivers_and_wakes() {
    holds(2, 100, &[PUBLISH, HANDSHAKE], || {
        let (w, r) = mpmc::ends(mpmc::Mpmc::<Box<usize>, 1>::boxed_before_wrap(1));
        stream(w, r, 2);
    });
}
