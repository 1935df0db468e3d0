//! Workers that take permits at once, under the model checker; see `ring::model`.
//!
//! Everything is relaxed, and orders nothing: a permit is one number, and each step on it reads and writes at once. That is what the twin
//! takes away.

use loom::thread::spawn;

use super::*;
use crate::ring::model::holds;

/// Two take the one permit, and one of them uses it late: the calls are a span apart.
#[test]
fn a_permit_is_used_once_a_span() {
    holds(3, 10, &["torn fault/rate.rs"], || {
        let (start, span) = (Instant::now(), Duration::from_secs(1));
        let rate = Rate::new(1, span, start);
        let takes = move |rate: Arc<Rate>| rate.take(start, None).expect("there is one, some day").from;
        let (one, two) = (rate.clone(), rate.clone());
        let (one, two) = (spawn(move || takes(one)), spawn(move || takes(two)));
        let mut from = [one.join().unwrap(), two.join().unwrap(), takes(rate)];
        from.sort_unstable();
        assert_eq!(from.map(|from| (from - start).as_secs()), [0, 1, 2]);
    });
}
