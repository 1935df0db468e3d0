//! Callers that ask a limit at once, under the model checker; see `ring::model`.
//!
//! As with `rate`: one number, relaxed, and each step on it reads and writes at once. That is what the twin takes away.

use loom::thread::spawn;

use super::*;
use crate::ring::model::holds;

#[test]
fn a_token_lets_one_in_and_one_given_back_another() {
    holds(3, 10, &["torn input/admission.rs"], || {
        let start = Instant::now();
        let limit = Arc::new(Limit {
            bucket: Bucket::new(1, Duration::from_secs(1)),
            start,
            full: AtomicU64::new(0),
        });
        let one = limit.clone();
        let one = spawn(move || {
            let let_in = one.try_take(start);
            if let_in {
                one.give_back();
            }
            let_in
        });
        let two = limit.clone();
        let two = spawn(move || two.try_take(start));
        let (one, two) = (one.join().unwrap(), two.join().unwrap());
        assert!(one || two, "there was a token");
        assert_eq!(limit.try_take(start), !two, "the first gave it back");
    });
}
