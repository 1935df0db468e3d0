//! crossbeam's `ArrayQueue`. It can neither wait nor end: tasks yield, and a flag beside it says that no more will come.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};

use crossbeam_queue::ArrayQueue;
use tokio::task::yield_now;

use super::{Give, Given, Link, Named, One, Take, Taken};
use crate::work::Work;

/// `push` and `pop`.
pub(crate) struct PushPop;

struct Shared<W> {
    queue: ArrayQueue<W>,
    ended: AtomicBool,
}

/// The way in.
pub(crate) struct Tx<W>(Arc<Shared<W>>);

/// The way out.
pub(crate) struct Rx<W>(Arc<Shared<W>>);

impl Named for PushPop {
    const NAME: &'static str = "ArrayQueue push/pop, yielding";
}

impl<W: Work> Link<W> for PushPop {
    type Tx = One<Tx<W>>;
    type Rx = One<Rx<W>>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let shared = Arc::new(Shared {
            queue: ArrayQueue::new(capacity),
            ended: AtomicBool::new(false),
        });
        (One(Tx(shared.clone())), One(Rx(shared)))
    }
}

impl<W> Drop for Tx<W> {
    fn drop(&mut self) {
        self.0.ended.store(true, Release);
    }
}

impl<W: Work> Give<W> for Tx<W> {
    async fn give(&mut self, record: W) -> impl Given {
        while self.0.queue.push(record).is_err() {
            yield_now().await;
        }
        true
    }
}

impl<W: Work> Take<W> for Rx<W> {
    async fn take(&mut self) -> impl Taken<W> {
        loop {
            let ended = self.0.ended.load(Acquire);
            if let Some(record) = self.0.queue.pop() {
                return Some(record);
            }
            if ended {
                return None;
            }
            yield_now().await;
        }
    }
}
