//! A thread that parks and two that wake it, under the model checker; see `ring::model`.

use std::sync::Arc;
use std::task::Wake;

use loom::thread::spawn;

use super::Parker;
use crate::ring::model::holds;
use crate::ring::sync::AtomicUsize;
use crate::ring::sync::Ordering::Relaxed;

/// What was written before a wake-up is seen after it, be it the second, which finds that there was a first.
#[test]
fn what_it_is_woken_for_is_seen() {
    holds(3, 100, &["exchange rt/park.rs"], || {
        // The checker's own join sleeps in the same place: so who parks here joins nobody.
        let sleeper = spawn(|| {
            let (parker, news) = (Parker::new(), Arc::new(AtomicUsize::new(0)));
            for _ in 0..2 {
                let (parker, news) = (parker.clone(), news.clone());
                spawn(move || {
                    news.fetch_add(1, Relaxed);
                    parker.wake_by_ref();
                });
            }
            while news.load(Relaxed) < 2 {
                parker.park();
            }
        });
        sleeper.join().unwrap();
    });
}
