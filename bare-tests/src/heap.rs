//! What there is with an allocator, and still without `std`.

use alloc::vec::Vec;

use forebay::prelude::*;

use crate::Sample;

/// The levels of a batch, less the lowest of them.
#[stage]
pub async fn above_the_lowest(batch: Batch<Sample>) -> Vec<u16> {
    let lowest = batch.iter().map(|sample| sample.level).min().unwrap_or(0);
    batch.iter().map(|sample| sample.level - lowest).collect()
}

/// Every level up to that of the sample, one after the other.
#[stage(runtime = none)]
pub async fn ramp(sample: Sample, out: &mut Emit<u16>) {
    for level in 0..=sample.level {
        out.emit(level).await;
    }
}
