//! Stages that hold their thread for a millisecond: what batches must not cost.

mod blocked;
mod burst;

use std::hint::spin_loop;
use std::time::{Duration, Instant};

use forebay::prelude::stage;

use super::Runtimes;
use crate::measure::Group;
use crate::work::{Bad, opaque};

/// How long a stage holds its thread.
const HOLD: Duration = Duration::from_millis(1);

/// Stage `K`, after a millisecond.
fn held<const K: usize>(record: u64) -> Result<u64, Bad> {
    let start = Instant::now();
    while start.elapsed() < HOLD {
        spin_loop();
    }
    opaque::<u64, K>(record)
}

#[stage]
fn first(record: u64) -> Result<u64, Bad> {
    held::<0>(record)
}
#[stage]
fn second(record: u64) -> Result<u64, Bad> {
    held::<1>(record)
}
#[stage]
fn third(record: u64) -> Result<u64, Bad> {
    held::<2>(record)
}

pub(super) fn groups(runtimes: &Runtimes) -> Vec<Group<'_>> {
    vec![burst::group(runtimes.two()), blocked::group(runtimes.two())]
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}
