//! With an allocator and without `std`: rings on the heap, batches, records given over time.

use core::pin::pin;
use core::task::{Context, Poll, Waker};

use forebay::prelude::*;
use forebay::ring::{Reader, Writer, latest, spsc};
use forebay::stage::BatchStage;
use forebay_bare_tests::Sample;
use forebay_bare_tests::heap::{above_the_lowest, ramp};

fn sample(level: u16) -> Sample {
    Sample { sensor: 7, level }
}

/// What a future that never waits for anybody else gives.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(given) => given,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn a_batch_is_a_stage() {
    let batch = Batch::from(vec![sample(3), sample(5)]);
    let levels = now(<above_the_lowest as BatchStage<Sample, ()>>::start(batch, ()));
    assert_eq!(levels, Ok(vec![0, 2]));
}

#[test]
fn records_are_given_over_time() {
    let (levels, ()) = now(Emit::collect(async |out| ramp(sample(3), out).await));
    assert_eq!(levels, [0, 1, 2, 3]);
}

#[test]
fn a_ring_on_the_heap_is_drained_into_a_vector() {
    let (mut producer, mut consumer) = spsc::split(spsc::Spsc::<u16, 8>::boxed()).unwrap();
    assert_eq!(producer.push_slice(&[1, 2, 3]), 3);
    let mut levels = vec![0];
    assert_eq!((consumer.drain_into(&mut levels), levels), (3, vec![0, 1, 2, 3]));
    let (mut sender, mut watcher) = latest::ends(latest::Latest::<u16, 3>::boxed());
    sender.set(7).unwrap();
    assert_eq!(watcher.get(), Some(&7));
}
