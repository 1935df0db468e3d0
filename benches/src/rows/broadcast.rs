//! One producer, and readers that each see every record.
//!
//! Such channels lose what a slow reader does not take in time. Here nobody is too slow: the producer waits, and it is the same
//! wait for all of them, until no reader is more than half the capacity behind. So all records are accounted for.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Release};

use crossbeam_utils::CachePadded;
use forebay::prelude::*;
use tokio::task::yield_now;

use super::{FOREBAY, On};
use crate::ends::{BATCH, Drain, Feed};
use crate::measure::{Group, Outcome, Target, Watch};
use crate::peers::Named;
use crate::peers::broadcast::{Broadcast, Disruptor, Tokio};
use crate::ports::{balanced, many_in};
use crate::rings::broadcast::Ring;
use crate::work::{Bad, PANICS, Seen};

const CAPACITY: usize = 1024;

/// How far each reader has come.
#[derive(Clone)]
pub(crate) struct Gate(Arc<[CachePadded<AtomicU64>]>);

impl Gate {
    fn new(readers: usize) -> Self {
        Gate((0..readers).map(|_| CachePadded::default()).collect())
    }

    /// A reader has taken so many.
    #[inline(always)]
    fn passed(&self, reader: usize, count: u64) {
        self.0[reader].store(count, Release);
    }

    /// Waits until no reader is far behind `next`.
    async fn open(&self, next: u64) {
        let least = || self.0.iter().map(|count| count.load(Acquire)).min().unwrap_or(next);
        while next - least() > (CAPACITY / 2 - BATCH) as u64 {
            yield_now().await;
        }
    }
}

/// A reader inside a pipeline.
struct Follower {
    seen: Seen,
    gate: Gate,
    reader: usize,
}

#[stage]
impl Follower {
    fn process(&mut self, record: u64) -> Result<(), Bad> {
        // No record of a run makes it fail, nor panic; the optimiser does not know that.
        if record >= PANICS {
            return Err(Bad);
        }
        self.seen.add(&record);
        self.gate.passed(self.reader, self.seen.count);
        Ok(())
    }
    fn finish(&mut self) -> Option<Seen> {
        Some(self.seen)
    }
}

pipeline! {
    /// A topic with one reader.
    ToOne {
        input  records: u64 [1024];
        topic  all: u64 [broadcast 1024];
        output seen: Seen [1];
        node   first: Follower;
        errors -> drop;
        records -> all;
        all -> first -> seen;
    }
}
pipeline! {
    /// A topic with three readers.
    ToThree {
        input  records: u64 [1024];
        topic  all: u64 [broadcast 1024];
        output seen: Seen [1];
        node   first: Follower;
        node   second: Follower;
        node   third: Follower;
        errors -> drop;
        records -> all;
        all -> { first, second, third };
        first -> seen;
        second -> seen;
        third -> seen;
    }
}

async fn to_one(n: u64) -> Outcome {
    let gate = Gate::new(1);
    let ToOneHandle { records, seen, control } = ToOne::builder().first(follower(&gate, 0)).start().expect("it starts");
    inside(n, gate, records, seen, control).await
}

async fn to_three(n: u64) -> Outcome {
    let gate = Gate::new(3);
    let builder = ToThree::builder()
        .first(follower(&gate, 0))
        .second(follower(&gate, 1))
        .third(follower(&gate, 2));
    let ToThreeHandle { records, seen, control } = builder.start().expect("it starts");
    inside(n, gate, records, seen, control).await
}

fn follower(gate: &Gate, reader: usize) -> impl Fn(WorkerId) -> Follower + Send + Sync + 'static {
    let gate = gate.clone();
    move |_| Follower {
        seen: Seen::default(),
        gate: gate.clone(),
        reader,
    }
}

/// Drives a pipeline whose readers say at the end what they saw.
async fn inside<L: Ledger + 'static>(
    n: u64,
    gate: Gate,
    records: Input<u64, CAPACITY>,
    seen: AsyncStream<Seen, 1>,
    control: Control<L>,
) -> Outcome {
    let watch = Watch::start();
    let feeder = tokio::spawn(feed_all(n, many_in(records), gate));
    let reader = tokio::spawn(seen.collect::<Vec<Seen>>());
    feeder.await.expect("the feeder does not panic");
    let all = reader.await.expect("the reader does not panic");
    let outcome = watch.stop(common(&all));
    balanced(control, n).await;
    outcome
}

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    [1, 3].into_iter().map(|readers| group(on, readers)).collect()
}

fn group(on: On<'_>, readers: usize) -> Group<'_> {
    let mut group = Group::throughput(
        format!("broadcast-{readers}-{}t", on.threads),
        format!("broadcast to {readers} reader(s), u64, {}, capacity {CAPACITY}", on.about()),
        on.clock(),
        |n| Seen::after::<u64>(n, 0),
    );
    contender::<Tokio>(&mut group, on, readers);
    group.on(
        on,
        FOREBAY,
        async move |n| if readers == 1 { to_one(n).await } else { to_three(n).await },
    );
    contender::<Ring<CAPACITY>>(&mut group, on, readers);
    contender::<Disruptor>(&mut group, on, readers);
    group.goal("tokio", FOREBAY, Tokio::NAME, Target::AtLeast(5.0));
    group.goal("ring/tokio", Ring::<CAPACITY>::NAME, Tokio::NAME, Target::AtLeast(5.0));
    group
}

fn contender<'a, B: Broadcast<u64>>(group: &mut Group<'a>, on: On<'a>, readers: usize) {
    group.on(on, B::NAME, async move |n| {
        let (feed, drains) = B::open(CAPACITY, readers);
        let gate = Gate::new(readers);
        let watch = Watch::start();
        let feeder = tokio::spawn(feed_all(n, feed, gate.clone()));
        let drains: Vec<_> = drains
            .into_iter()
            .enumerate()
            .map(|(reader, drain)| tokio::spawn(drain_all(drain, gate.clone(), reader)))
            .collect();
        feeder.await.expect("the feeder does not panic");
        let mut all = Vec::new();
        for drain in drains {
            all.push(drain.await.expect("a reader does not panic"));
        }
        watch.stop(common(&all))
    });
}

async fn feed_all(n: u64, mut feed: impl Feed<u64>, gate: Gate) {
    let mut next = 0;
    while next < n {
        let end = n.min(next + BATCH as u64);
        gate.open(next).await;
        if !feed.feed(next..end).await {
            return;
        }
        next = end;
    }
}

async fn drain_all(mut drain: impl Drain<u64, Seen>, gate: Gate, reader: usize) -> Seen {
    let mut seen = Seen::default();
    while drain.drain(&mut seen).await {
        gate.passed(reader, seen.count);
    }
    // One that has ended holds nobody up.
    gate.passed(reader, u64::MAX);
    seen
}

/// What all of them saw; nothing if one saw something else.
fn common(all: &[Seen]) -> Seen {
    match all {
        [first, rest @ ..] if rest.iter().all(|seen| seen == first) => *first,
        _ => Seen::default(),
    }
}
