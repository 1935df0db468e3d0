//! Hands that wake, and the task that answers, under the model checker; see `ring::model`.

use std::future::poll_fn;
use std::task::Poll;

use loom::future::block_on;
use loom::thread::spawn;

use super::*;
use crate::ring::model::holds;
use crate::ring::sync::AtomicUsize;
use crate::ring::sync::Ordering::Relaxed;

/// Whoever has woken is named, and what it was woken for is seen; twice in a row too, when the second finds the bit of the first.
#[test]
fn who_has_woken_is_named() {
    holds(2, 100, &["exchange hands/bell.rs", "torn hands/bell.rs"], || {
        let bell = Bell::new(2);
        let news = [(); 2].map(|()| Arc::new(AtomicUsize::new(0)));
        let times = [2, 1];
        let threads = [0, 1].map(|at| {
            let (rope, news) = (bell.rope(at), news[at].clone());
            spawn(move || {
                for _ in 0..times[at] {
                    news.fetch_add(1, Relaxed);
                    rope.wake_by_ref();
                }
            })
        });
        let task = spawn(move || {
            let mut seen = [0; 2];
            block_on(poll_fn(|cx| {
                bell.answer(cx.waker(), |at| seen[at] = news[at].load(Relaxed));
                match seen == times {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                }
            }));
        });
        task.join().unwrap();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}
