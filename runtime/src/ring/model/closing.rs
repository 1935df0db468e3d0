//! Closing against pushing and popping: each record is found by exactly one side.

use loom::future::block_on;
use loom::thread::spawn;

use super::super::{Reader, Writer, mpmc, spsc};
use super::{drain, holds};

/// Reader and writer close at the same time: each record is found by exactly one.
fn closing(mut w: impl Writer<usize> + 'static, mut r: impl Reader<usize> + 'static) {
    let writer = spawn(move || {
        let pushed = (0..2).filter(|i| w.push(*i).is_ok()).count();
        w.publish();
        w.close();
        (pushed, std::iter::from_fn(|| w.reclaim()).count(), w)
    });
    let reader = spawn(move || {
        let mut popped = usize::from(r.pop().is_some());
        r.close();
        popped += block_on(drain(&mut r)).len();
        (popped, r)
    });
    let (pushed, reclaimed, _w) = writer.join().unwrap();
    let (popped, _r) = reader.join().unwrap();
    assert_eq!(pushed, popped + reclaimed);
}

#[test]
fn spsc_closes_once_for_each_record() {
    holds(2, 20, &[], || {
        let (w, r) = spsc::split(spsc::Spsc::<usize, 2>::boxed()).unwrap();
        closing(w, r);
    });
}

#[test]
fn mpmc_closes_once_for_each_record() {
    holds(2, 20, &[], || {
        let (w, r) = mpmc::ends(mpmc::Mpmc::<usize, 2>::boxed());
        closing(w, r);
    });
}

#[test]
fn an_accepted_push_never_races_close() {
    holds(2, 20, &[], || {
        let ring = mpmc::Mpmc::<usize, 1>::boxed();
        let (w, mut r) = mpmc::ends(ring.clone());
        let sender = spawn(move || usize::from(w.try_push(1).is_ok()));
        let receiver = spawn(move || block_on(drain(&mut r)).len());
        ring.close();
        assert_eq!(sender.join().unwrap(), receiver.join().unwrap());
    });
}
