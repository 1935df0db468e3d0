//! One writer, one reader, many records, in batches.

use core::future::poll_fn;

use shuttle::thread::spawn;

use super::super::sync::Twin::{self, *};
use super::super::{Reader, Writer, mpmc, mpsc, spsc};
use super::{block_on, holds, push};

const RECORDS: usize = 1000;

/// Published in batches of `batch`, released in batches of three, popped by chunks and one by one.
fn stream(mut w: impl Writer<usize> + 'static, mut r: impl Reader<usize> + 'static, batch: usize) {
    let writer = spawn(move || {
        for i in 0..RECORDS {
            assert!(block_on(push(&mut w, i)));
            if i % batch == 0 {
                w.publish();
            }
        }
    });
    let mut next = 0;
    while block_on(poll_fn(|cx| r.poll_ready(cx))) != 0 {
        r.pop_each(3, |i| {
            assert_eq!(i, next);
            next += 1;
            next % 7 != 0
        });
        if next % 3 == 0 {
            r.release();
        }
        while let Some(i) = r.pop() {
            assert_eq!(i, next);
            next += 1;
        }
    }
    assert_eq!(next, RECORDS);
    writer.join().unwrap();
}

/// In a ring with more room a look that came too late is soon followed by another.
fn twins(room: usize) -> &'static [Twin] {
    if room == 1 {
        &[SecondLook, LookForSleepers]
    } else {
        &[SecondLook]
    }
}

fn spsc_stream<const N: usize>(batch: usize) {
    holds(4, twins(N), move || {
        let (w, r) = spsc::split(spsc::Spsc::<usize, N>::boxed_at(usize::MAX - RECORDS / 2)).unwrap();
        stream(w, r, batch);
    });
}

fn mpmc_stream<const N: usize>(batch: usize) {
    holds(4, twins(N), move || {
        let (w, r) = mpmc::ends(mpmc::Mpmc::<usize, N>::boxed_before_wrap(RECORDS / 2));
        stream(w, r, batch);
    });
}

fn sole_stream<const N: usize>(batch: usize) {
    holds(4, twins(N), move || {
        let (w, r) = mpsc::split(mpsc::Mpsc::<usize, N>::boxed_before_wrap(RECORDS / 2)).unwrap();
        stream(w, r, batch);
    });
}

/// The same for each capacity.
macro_rules! streams {
    ($($name:ident: $stream:ident),*) => {$(
        mod $name {
            #[test]
            fn with_room_for_1() { super::$stream::<1>(1); }
            #[test]
            fn with_room_for_2() { super::$stream::<2>(1); }
            #[test]
            fn with_room_for_4() { super::$stream::<4>(3); }
            #[test]
            fn with_room_for_8() { super::$stream::<8>(5); }
        }
    )*};
}
streams!(spsc_ring: spsc_stream, mpmc_ring: mpmc_stream, sole_ring: sole_stream);
