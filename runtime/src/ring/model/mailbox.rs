//! One slot, which the next record overwrites.

use loom::future::block_on;
use loom::thread::spawn;

use super::super::mailbox::{Mailbox, ends};
use super::{drain, holds};

#[test]
fn a_record_is_taken_or_overwritten() {
    let twins = [
        "store mpmc/laps.rs",
        "load mpmc/laps.rs",
        "fence mpmc/mod.rs",
        "fence ring/waiters.rs",
    ];
    holds(1, 500, &twins, || {
        let (mut s, mut r) = ends(Mailbox::<Box<usize>>::boxed_before_wrap(1));
        let sender = spawn(move || {
            for i in 0..2 {
                assert!(s.put(Box::new(i)).is_ok());
            }
            s.take_lost() as usize
        });
        let receiver = spawn(move || {
            let taken = block_on(drain(&mut r));
            assert!(taken.is_sorted_by(|a, b| a < b));
            assert_eq!(taken.last().map(|last| **last), Some(1), "the last is there");
            taken.len()
        });
        assert_eq!(sender.join().unwrap() + receiver.join().unwrap(), 2);
    });
}
