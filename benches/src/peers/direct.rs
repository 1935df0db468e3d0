//! No rings, no tasks: a loop that calls the five stages. The floor.

use crate::measure::{Outcome, Watch};
use crate::work::{Bad, Seen, Work};

pub(crate) const NAME: &str = "direct calls";

/// Calls `five` for each of `n` records.
pub(crate) fn run<W: Work>(n: u64, five: impl Fn(W) -> Result<W, Bad>) -> Outcome {
    let watch = Watch::start();
    let mut seen = Seen::default();
    for i in 0..n {
        match five(W::make(i)) {
            Ok(record) => seen.add(&record),
            Err(Bad) => break,
        }
    }
    watch.stop(seen)
}
