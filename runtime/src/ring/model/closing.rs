//! Closing against pushing and popping: each record is found by exactly one side, and who sleeps learns of it.

use loom::future::block_on;
use loom::thread::spawn;

use super::super::{Reader, Writer, mpmc, mpsc, spsc};
use super::{drain, holds, push};

/// Reader and writer close at the same time.
fn both_close(mut w: impl Writer<Box<usize>> + 'static, mut r: impl Reader<Box<usize>> + 'static) {
    let writer = spawn(move || {
        let pushed = (0..2).filter(|i| w.push(Box::new(*i)).is_ok()).count();
        w.publish();
        let mut reclaimed = std::iter::from_fn(|| w.reclaim()).count();
        w.close();
        reclaimed += std::iter::from_fn(|| w.reclaim()).count();
        (pushed, reclaimed, w)
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
    holds(3, 20, &["load spsc/producer.rs", "load spsc/consumer.rs"], || {
        let (w, r) = spsc::split(spsc::Spsc::<Box<usize>, 2>::boxed()).unwrap();
        both_close(w, r);
    });
}

#[test]
fn mpmc_closes_once_for_each_record() {
    holds(3, 20, &["store mpmc/laps.rs", "load mpmc/laps.rs"], || {
        let (w, r) = mpmc::ends(mpmc::Mpmc::<Box<usize>, 2>::boxed());
        both_close(w, r);
    });
}

#[test]
fn sole_closes_once_for_each_record() {
    holds(3, 20, &["store mpmc/runs.rs", "load mpmc/runs.rs"], || {
        let (w, r) = mpsc::split(mpsc::Mpsc::<Box<usize>, 2>::boxed()).unwrap();
        both_close(w, r);
    });
}

/// The one receiver leaves, perhaps in the middle of a run; both sides take out what is left of it.
#[test]
fn a_run_that_was_begun_is_finished_by_whoever_is_left() {
    holds(3, 20, &["store mpmc/runs.rs", "load mpmc/runs.rs"], || {
        let (w, mut r) = mpsc::split(mpsc::Mpsc::<Box<usize>, 4>::boxed_before_wrap(2)).unwrap();
        let writer = spawn(move || {
            let mut w = w;
            let mut records = [0, 1, 2].into();
            let pushed = w.try_push_run(&mut records, Box::new, |_| {}).unwrap_or(0);
            w.close();
            let reclaimed: Vec<usize> = std::iter::from_fn(|| w.reclaim()).map(|i| *i).collect();
            (pushed, reclaimed, w)
        });
        let reader = spawn(move || {
            let mut popped = Vec::from_iter(r.pop());
            r.close();
            popped.extend(block_on(drain(&mut r)));
            (popped, r)
        });
        let (pushed, mut all, _w) = writer.join().unwrap();
        let (popped, _r) = reader.join().unwrap();
        assert!(all.is_sorted() && popped.is_sorted());
        all.extend(popped.into_iter().map(|i| *i));
        all.sort_unstable();
        assert_eq!(all, (0..pushed).collect::<Vec<_>>());
    });
}

/// The reader leaves a writer that may be waiting for room: it wakes, and takes back what nobody took.
fn reader_leaves(mut w: impl Writer<Box<usize>> + 'static, mut r: impl Reader<Box<usize>> + 'static) {
    let writer = spawn(move || {
        let mut pushed = 0;
        while pushed < 3 && block_on(push(&mut w, Box::new(pushed))) {
            pushed += 1;
        }
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
fn spsc_tells_a_waiting_writer_of_the_end() {
    holds(2, 100, &["fence spsc/consumer.rs", "fence ring/wait.rs"], || {
        let (w, r) = spsc::split(spsc::Spsc::<Box<usize>, 1>::boxed()).unwrap();
        reader_leaves(w, r);
    });
}

#[test]
fn mpmc_tells_a_waiting_writer_of_the_end() {
    holds(2, 100, &["fence mpmc/mod.rs", "fence ring/waiters.rs"], || {
        let (w, r) = mpmc::ends(mpmc::Mpmc::<Box<usize>, 1>::boxed());
        reader_leaves(w, r);
    });
}

/// The writer leaves a reader that may be waiting for records.
fn writer_leaves(mut w: impl Writer<Box<usize>> + 'static, mut r: impl Reader<Box<usize>> + 'static) {
    let writer = spawn(move || {
        assert!(w.push(Box::new(0)).is_ok());
        drop(w);
    });
    let reader = spawn(move || assert_eq!(block_on(drain(&mut r)), [Box::new(0)]));
    writer.join().unwrap();
    reader.join().unwrap();
}

#[test]
fn spsc_tells_a_waiting_reader_of_the_end() {
    holds(3, 50, &["fence spsc/producer.rs", "fence ring/wait.rs"], || {
        let (w, r) = spsc::split(spsc::Spsc::<Box<usize>, 1>::boxed()).unwrap();
        writer_leaves(w, r);
    });
}

#[test]
fn mpmc_tells_a_waiting_reader_of_the_end() {
    holds(3, 50, &["fence mpmc/mod.rs", "fence ring/waiters.rs"], || {
        let (w, r) = mpmc::ends(mpmc::Mpmc::<Box<usize>, 1>::boxed());
        writer_leaves(w, r);
    });
}

#[test]
fn an_accepted_push_never_races_close() {
    holds(2, 20, &["fence mpmc/mod.rs", "fence ring/waiters.rs"], || {
        let ring = mpmc::Mpmc::<usize, 1>::boxed();
        let (w, mut r) = mpmc::ends(ring.clone());
        let sender = spawn(move || usize::from(w.try_push(1).is_ok()));
        let receiver = spawn(move || block_on(drain(&mut r)).len());
        let closer = spawn(move || ring.close_all());
        closer.join().unwrap();
        assert_eq!(sender.join().unwrap(), receiver.join().unwrap());
    });
}
