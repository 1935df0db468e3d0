//! The lock that there is without an operating system.

use loom::thread::spawn;

use super::super::sync::{Arc, Spin};
use super::holds;

#[test]
fn one_at_a_time_holds_the_lock() {
    holds(3, 20, &["exchange sync/spin.rs", "store sync/spin.rs"], || {
        let lock = Arc::new(Spin::new(0));
        let count = |lock: &Spin<usize>| (0..2).for_each(|_| lock.with(|n| *n += 1));
        let threads = [lock.clone(), lock.clone()].map(|lock| spawn(move || count(&lock)));
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(lock.with(|n| *n), 4);
    });
}
