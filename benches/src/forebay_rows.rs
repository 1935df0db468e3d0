//! This project: what `pipeline!` expands to, fed and read through its handle, with its guards and its ledger.

use std::collections::VecDeque;
use std::ops::Range;

use forebay::prelude::*;

use crate::ends::{BATCH, Drain, Feed, drive};
use crate::harness::Outcome;
use crate::work::{Bad, Seen, Wide, Work, five_opaque, five_open, opaque, open};

#[stage]
fn one<W: Work>(record: W) -> Result<W, Bad> {
    opaque::<W, 0>(record)
}
#[stage]
fn two<W: Work>(record: W) -> Result<W, Bad> {
    opaque::<W, 1>(record)
}
#[stage]
fn three<W: Work>(record: W) -> Result<W, Bad> {
    opaque::<W, 2>(record)
}
#[stage]
fn four<W: Work>(record: W) -> Result<W, Bad> {
    opaque::<W, 3>(record)
}
#[stage]
fn five<W: Work>(record: W) -> Result<W, Bad> {
    opaque::<W, 4>(record)
}

pipeline! {
    /// Five stages, a ring at every hop.
    RingedNarrow<const CAP: usize = 64> {
        input  records: u64 [CAP];
        output done: u64 [CAP];
        errors -> drop;
        records -> one -[CAP]-> two -[CAP]-> three -[CAP]-> four -[CAP]-> five -> done;
    }
}
pipeline! {
    /// The same for wide records.
    RingedWide<const CAP: usize = 64> {
        input  records: Wide [CAP];
        output done: Wide [CAP];
        errors -> drop;
        records -> one -[CAP]-> two -[CAP]-> three -[CAP]-> four -[CAP]-> five -> done;
    }
}

/// A record for which the five ringed stages are declared.
pub(crate) trait Ringed: Work {
    /// Takes `n` records through them.
    fn ringed(n: u64, capacity: usize) -> impl Future<Output = Outcome>;
}

/// Starts a pipeline, takes `n` records through it, and checks its ledger at the end.
macro_rules! through {
    ($pipeline:ty, $n:expr) => {{
        let handle = <$pipeline>::builder().start().expect("it starts");
        run($n, handle.records, handle.done, handle.control).await
    }};
}

impl Ringed for u64 {
    async fn ringed(n: u64, capacity: usize) -> Outcome {
        match capacity {
            8 => through!(RingedNarrow<8>, n),
            64 => through!(RingedNarrow<64>, n),
            1024 => through!(RingedNarrow<1024>, n),
            other => unreachable!("no row has the capacity {other}"),
        }
    }
}

impl Ringed for Wide {
    async fn ringed(n: u64, capacity: usize) -> Outcome {
        match capacity {
            8 => through!(RingedWide<8>, n),
            64 => through!(RingedWide<64>, n),
            1024 => through!(RingedWide<1024>, n),
            other => unreachable!("no row has the capacity {other}"),
        }
    }
}

#[stage]
fn open_one(record: u64) -> Result<u64, Bad> {
    open::<u64, 0>(record)
}
#[stage]
fn open_two(record: u64) -> Result<u64, Bad> {
    open::<u64, 1>(record)
}
#[stage]
fn open_three(record: u64) -> Result<u64, Bad> {
    open::<u64, 2>(record)
}
#[stage]
fn open_four(record: u64) -> Result<u64, Bad> {
    open::<u64, 3>(record)
}
#[stage]
fn open_five(record: u64) -> Result<u64, Bad> {
    open::<u64, 4>(record)
}
#[stage]
fn all_opaque(record: u64) -> Result<u64, Bad> {
    five_opaque(record)
}
#[stage]
fn all_open(record: u64) -> Result<u64, Bad> {
    five_open(record)
}

pipeline! {
    /// Five stages in one segment.
    FusedOpaque {
        input  records: u64 [64];
        output done: u64 [64];
        errors -> drop;
        records -> one -> two -> three -> four -> five -> done;
    }
}
pipeline! {
    /// The same, and the compiler may inline them.
    FusedOpen {
        input  records: u64 [64];
        output done: u64 [64];
        errors -> drop;
        records -> open_one -> open_two -> open_three -> open_four -> open_five -> done;
    }
}
pipeline! {
    /// One stage that calls the five by hand.
    ByHandOpaque {
        input  records: u64 [64];
        output done: u64 [64];
        errors -> drop;
        records -> all_opaque -> done;
    }
}
pipeline! {
    /// The same, and the compiler may inline them.
    ByHandOpen {
        input  records: u64 [64];
        output done: u64 [64];
        errors -> drop;
        records -> all_open -> done;
    }
}

/// Five fused opaque stages.
pub(crate) async fn fused_opaque(n: u64) -> Outcome {
    through!(FusedOpaque, n)
}

/// Five fused stages in the open.
pub(crate) async fn fused_open(n: u64) -> Outcome {
    through!(FusedOpen, n)
}

/// One stage that calls the five by hand, opaque.
pub(crate) async fn by_hand_opaque(n: u64) -> Outcome {
    through!(ByHandOpaque, n)
}

/// One stage that calls the five by hand, in the open.
pub(crate) async fn by_hand_open(n: u64) -> Outcome {
    through!(ByHandOpen, n)
}

async fn run<W, L, const CAP: usize>(n: u64, records: Input<W, CAP>, done: AsyncStream<W, CAP>, control: Control<L>) -> Outcome
where
    W: Work + Send + 'static,
    L: Ledger + 'static,
{
    let feed = ManyIn(records, VecDeque::with_capacity(BATCH));
    let outcome = drive(n, feed, Many(done)).await;
    let ledger = control.drain().await;
    ledger.check().expect("the ledger balances");
    assert_eq!(
        ledger.ring("records").map(|ring| ring.offered),
        Some(n),
        "the ledger counts every record"
    );
    outcome
}

/// The input, written in batches.
struct ManyIn<W: Send + 'static, const CAP: usize>(Input<W, CAP>, VecDeque<W>);

impl<W: Work, const CAP: usize> Feed<W> for ManyIn<W, CAP> {
    async fn feed(&mut self, numbers: Range<u64>) -> bool {
        self.1.extend(numbers.map(W::make));
        self.0.send_all(&mut self.1).await.is_ok()
    }
}

/// The output, read in batches.
struct Many<W: Send + 'static, const CAP: usize>(AsyncStream<W, CAP>);

impl<W: Work, const CAP: usize> Drain<W> for Many<W, CAP> {
    async fn drain(&mut self, seen: &mut Seen) -> bool {
        let Some(first) = self.0.recv().await else { return false };
        seen.add(&first);
        self.0.for_each_ready(|record| seen.add(&record));
        true
    }
}
