//! Room for one record, between two sides that take turns.

use loom::thread::{spawn, yield_now};

use super::super::slot::slot;
use super::holds;

#[test]
fn a_record_is_put_and_taken() {
    holds(3, 20, &["store ring/slot.rs", "load ring/slot.rs"], || {
        let (mut putter, mut taker) = slot();
        let other = spawn(move || {
            for i in 0..2 {
                let mut record = Some(Box::new(i));
                while !putter.put(&mut record) {
                    yield_now();
                }
            }
        });
        let taker = spawn(move || {
            for i in 0..2 {
                let record = loop {
                    match taker.take() {
                        Some(record) => break record,
                        None => yield_now(),
                    }
                };
                assert_eq!(*record, i);
            }
        });
        taker.join().unwrap();
        other.join().unwrap();
    });
}
