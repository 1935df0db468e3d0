//! Stages that work for a time.

use std::hint::black_box;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use crate::work::{Bad, Stages, Work, opaque};

/// How many rounds a stage of [`Worked`] works.
static ROUNDS: AtomicU64 = AtomicU64::new(0);

/// Has each stage of [`Worked`] work for about so many nanoseconds from here on.
pub(crate) fn set_busy(ns: u64) {
    ROUNDS.store((ns as f64 / ns_a_round()).round() as u64, Relaxed);
}

/// What a round takes when nothing disturbs it. Measured once: all contenders do the same work.
fn ns_a_round() -> f64 {
    const PROBE: u64 = 100_000;
    static NS: OnceLock<f64> = OnceLock::new();
    *NS.get_or_init(|| {
        let probe = |_| {
            let start = Instant::now();
            rounds(PROBE);
            start.elapsed()
        };
        let best: Duration = (0..50).map(probe).min().unwrap_or_default();
        best.as_nanos().max(1) as f64 / PROBE as f64
    })
}

/// Work that takes time and touches nothing.
#[inline(always)]
fn rounds(n: u64) {
    for i in 0..n {
        black_box(i);
    }
}

/// Works as long as [`set_busy`] says, then as an opaque stage does.
pub(crate) struct Worked;

impl Stages for Worked {
    #[inline(always)]
    fn stage<W: Work, const K: usize>(record: W) -> Result<W, Bad> {
        rounds(ROUNDS.load(Relaxed));
        opaque::<W, K>(record)
    }
}
