//! No rings, no tasks: a loop that calls the five stages. The floor.

use crate::measure::{Outcome, Watch};
use crate::work::{Bad, Seen, Stages, Work};

pub(crate) const NAME: &str = "direct calls";

/// Calls the five stages for each of `n` records.
pub(crate) fn run<W: Work, S: Stages>(n: u64) -> Outcome {
    let watch = Watch::start();
    let mut seen = Seen::default();
    for i in 0..n {
        match S::five(W::make(i)) {
            Ok(record) => seen.add(&record),
            Err(Bad) => break,
        }
    }
    watch.stop(seen)
}
