use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

use super::{Lifeline, Watched};

type Task = Watched<core::future::Pending<()>>;

/// Counts its wake-ups.
#[derive(Default)]
struct Count(AtomicUsize);
impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// Polls another task when it is woken.
struct Polls(Mutex<Task>, Waker);
impl Wake for Polls {
    fn wake(self: Arc<Self>) {
        poll(&mut self.0.lock().unwrap(), &self.1);
    }
}

fn poll(task: &mut Task, waker: &Waker) {
    let task = core::pin::Pin::new(task);
    assert!(task.poll(&mut Context::from_waker(waker)).is_pending());
}

#[test]
fn a_task_that_is_polled_while_all_are_woken_is_woken_the_next_time_too() {
    let life = Lifeline::new("test", 2);
    let woken = Arc::new(Count::default());
    let second = Waker::from(woken.clone());
    let mut first = life.clone().watch(0, core::future::pending());
    let polls = Arc::new(Polls(Mutex::new(life.clone().watch(1, core::future::pending())), second));
    polls.clone().wake();
    poll(&mut first, &Waker::from(polls.clone()));
    life.wake();
    assert_eq!(woken.0.load(SeqCst), 1);
    polls.clone().wake();
    life.wake();
    assert_eq!(woken.0.load(SeqCst), 2);
}

#[test]
fn the_waker_of_a_task_goes_with_it() {
    let life = Lifeline::new("test", 1);
    let woken = Arc::new(Count::default());
    let mut task = life.clone().watch(0, core::future::pending());
    poll(&mut task, &Waker::from(woken.clone()));
    drop(task);
    assert_eq!(Arc::strong_count(&woken), 1);
}
