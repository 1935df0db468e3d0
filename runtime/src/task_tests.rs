use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::Wake;
use std::thread;

use super::*;

/// Counts its wake-ups.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// Polls once with a waker of its own, and gives that waker's count.
fn poll<T: Clone>(task: &mut AsyncTask<T>) -> (Poll<T>, Arc<Counter>) {
    let counter = Arc::new(Counter::default());
    let answer = pin!(task).poll(&mut Context::from_waker(&counter.clone().into()));
    (answer, counter)
}

#[test]
fn everyone_who_waits_gets_the_value() {
    let end = Completion::new();
    thread::scope(|scope| {
        let waiting: Vec<_> = (0..4)
            .map(|_| {
                let task = end.wait();
                scope.spawn(|| task.wait_blocking())
            })
            .collect();
        assert!(end.complete("done"));
        waiting
            .into_iter()
            .for_each(|thread| assert_eq!(thread.join().unwrap(), "done"));
    });
    assert_eq!(end.wait().wait_blocking(), "done");
}

#[test]
fn it_resolves_in_a_runtime() {
    ::tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(async {
            let end = Completion::new();
            let completing = end.clone();
            let completed = ::tokio::spawn(async move { completing.complete(7) });
            assert_eq!(end.wait().await, 7);
            assert!(completed.await.unwrap());
        });
}

#[test]
fn the_first_value_counts() {
    let end = Completion::new();
    assert_eq!(end.get(), None);
    assert!(end.complete(1));
    assert!(!end.complete(2));
    assert_eq!((end.get(), end.wait().wait_blocking()), (Some(1), 1));
}

#[test]
fn the_newest_waker_of_a_task_is_woken_once() {
    let end = Completion::new();
    let mut task = end.wait();
    let (_, older) = poll(&mut task);
    let (_, newer) = poll(&mut task);
    end.complete(());
    end.complete(());
    assert_eq!((older.0.load(SeqCst), newer.0.load(SeqCst)), (0, 1));
    assert_eq!(poll(&mut task).0, Poll::Ready(()));
}

#[test]
fn dropping_a_task_cancels_nothing_and_frees_its_place() {
    let end = Completion::new();
    let mut kept = end.wait();
    let (_, waker) = poll(&mut kept);
    for _ in 0..10 {
        let mut dropped = end.wait();
        let (_, gone) = poll(&mut dropped);
        drop(dropped);
        assert_eq!(Arc::strong_count(&gone), 1);
    }
    assert_eq!(end.shared.lock().waiting.len(), 2);
    end.complete(3);
    assert_eq!(waker.0.load(SeqCst), 1);
    assert_eq!(poll(&mut kept).0, Poll::Ready(3));
}

#[test]
fn a_task_outlives_the_completing_side() {
    let end = Completion::new();
    let task = end.wait();
    end.complete(5);
    drop(end);
    assert_eq!(task.wait_blocking(), 5);
}

#[test]
fn tasks_may_cross_threads() {
    static_assertions::assert_impl_all!(AsyncTask<u32>: Send, Sync, Unpin);
    static_assertions::assert_impl_all!(Completion<u32>: Send, Sync, Clone);
    static_assertions::assert_not_impl_any!(AsyncTask<u32>: Clone);
}
