//! What an option costs: a small pipeline with it, against the same one without.
//!
//! A row more is a line more in `rows!`: its name, the row that it is compared with, and the wires. All have an input `records`, an output
//! `done` and `errors`.

use forebay::prelude::*;
use forebay::record::{Entry, Prioritized, Priority as Level};

use super::On;
use crate::ends::Drain;
use crate::measure::{Group, Outcome, Table, Target};
use crate::peers::Many;
use crate::ports::{Queued, Ready, ends, many_in};
use crate::stats::by_round;
use crate::work::{Bad, Eye, Seen, Work, opaque, right};

/// A record with a key.
#[record]
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Item {
    #[key]
    number: u64,
}

/// Four levels, all in use.
impl Prioritized for Item {
    type Priority = Self;
    fn priority(&self) -> &Self {
        self
    }
}

impl Level for Item {
    const LEVELS: usize = 4;
    fn level(&self) -> usize {
        (self.number % 4) as usize
    }
}

impl Work for Item {
    const NAME: &'static str = "a record with a key";
    fn make(number: u64) -> Self {
        Item { number }
    }
    fn word(&mut self) -> &mut u64 {
        &mut self.number
    }
    fn digest(&self) -> u64 {
        self.number
    }
}

/// Looks at records in any order: some options have several workers.
#[derive(Default)]
struct Sum(Seen);

impl Eye<Item> for Sum {
    #[inline(always)]
    fn look(&mut self, record: &Item) {
        self.0.count += 1;
        self.0.sum = self.0.sum.wrapping_add(record.digest());
    }
    fn seen(self) -> Seen {
        self.0
    }
}

#[stage]
fn step(record: Item) -> Result<Item, Bad> {
    opaque::<Item, 0>(record)
}
#[stage]
async fn soon(record: Item) -> Result<Item, Bad> {
    opaque::<Item, 0>(record)
}
#[stage]
async fn all(records: Batch<Item>) -> Result<Vec<Item>, Bad> {
    records.into_iter().map(opaque::<Item, 0>).collect()
}
#[stage]
fn pass(record: Item) -> Item {
    record
}
#[stage]
fn gone(_failed: Failed<Item, Bad>) {}
#[stage]
fn refused(_shed: Shed<Item>) {}

/// The rows: `NAME, against BASE: Pipeline Handle { more clauses } wires`.
macro_rules! rows {
    ($($name:literal, against $base:literal: $pipeline:ident $handle:ident { $($text:tt)* })*) => {
        $(pipeline! {
            $pipeline {
                input  records: Item [64];
                output done: Item [64];
                $($text)*
            }
        })*

        /// Each row, and the one that it is compared with.
        const ROWS: &[(&str, &str)] = &[$(($name, $base)),*];

        fn cases<'a>(group: &mut Group<'a>, on: On<'a>) {
            $(group.on(on, $name, async |n| {
                let $handle { records, done, control } = $pipeline::builder().start().expect("it starts");
                run(n, many_in(records), Ready(done), control).await
            });)*
        }
    };
}

rows! {
    "plain", against "plain": Plain PlainHandle { records -> step -> done; errors -> drop; }
    "plain, again", against "plain": Again AgainHandle { records -> step -> done; errors -> drop; }
    "retry", against "plain": Retry RetryHandle { records -> step { retry: 3, backoff: 10ms..1s } -> done; errors -> drop; }
    "breaker", against "plain": Breaker BreakerHandle { records -> step { breaker: 5 in 30s } -> done; errors -> drop; }
    "rate", against "plain": Rate RateHandle { records -> step { rate: 1000000 per 1ms } -> done; errors -> drop; }
    "rate, by key", against "plain": RateByKey RateByKeyHandle { records -> step { rate: 1000000 per 1ms by key } -> done; errors -> drop; }
    "deadline", against "plain": Deadline DeadlineHandle { records -> step { deadline: 1h } -> done; errors -> drop; }
    "restart", against "plain": Restart RestartHandle { records -> step { restart: 3 in 10s else drain } -> done; errors -> drop; }
    ".errors", against "plain": Wired WiredHandle { records -> step -> done; step.errors -[64]-> gone; }
    ".errors, keep: nothing", against "plain": Nothing NothingHandle {
        records -> step { keep: nothing } -> done; step.errors -[64]-> gone;
    }
    "async", against "async": Soon SoonHandle { records -> soon -> done; errors -> drop; }
    "async, timeout", against "async": Timeout TimeoutHandle { records -> soon { timeout: 1h } -> done; errors -> drop; }
    "async, retry", against "async": SoonRetry SoonRetryHandle { records -> soon { retry: 3 } -> done; errors -> drop; }
    "async, deadline", against "async": SoonLate SoonLateHandle { records -> soon { deadline: 1h } -> done; errors -> drop; }
    "async, concurrency", against "async": InFlight InFlightHandle { records -> soon { concurrency: 16 } -> done; errors -> drop; }
    "async, concurrency, ordered", against "async": InOrder InOrderHandle { records -> soon { concurrency: 16 ordered } -> done; errors -> drop; }
    "async, all of them", against "async": Every EveryHandle {
        records -> soon { timeout: 1h, retry: 3, backoff: 10ms..1s, breaker: 5 in 30s, rate: 1000000 per 1ms, deadline: 1h } -> done;
        errors -> drop;
    }
    "batch", against "batch": Batched BatchedHandle { records -> all { batch: 32 } -> done; errors -> drop; }
    "batch, within", against "batch": Within WithinHandle { records -> all { batch: 32 within 5ms } -> done; errors -> drop; }
    "ring", against "ring": Ringed RingedHandle { records -> step -[1024]-> pass -> done; errors -> drop; }
    "ring, shed", against "ring": Sheds ShedsHandle { records -> step -[1024, shed]-> pass -> done; errors -> drop; }
    "ring, shed, wired", against "ring": ShedsTo ShedsToHandle {
        records -> step -[1024, shed]-> pass -> done; errors -> drop; pass.shed -[64]-> refused;
    }
    "ring, drop_oldest", against "ring": Drops DropsHandle { records -> step -[1024, drop_oldest]-> pass -> done; errors -> drop; }
    "ring, offer", against "ring": Offers OffersHandle { records -> step -[1024, offer 3 every 10ms]-> pass -> done; errors -> drop; }
    "ring, priority", against "ring": Strict StrictHandle { records -> step -[1024, priority]-> pass -> done; errors -> drop; }
    "ring, priority, weighted", against "ring": Weighted WeightedHandle {
        records -> step -[1024, priority weighted 4:3:2:1]-> pass -> done; errors -> drop;
    }
    "ring, priority, shed", against "ring": Ranked RankedHandle { records -> step -[1024, priority, shed]-> pass -> done; errors -> drop; }
    "ring, coalesce", against "ring": Newest NewestHandle { records -> step -[1024, coalesce by key]-> pass -> done; errors -> drop; }
    "ring, broadcast", against "ring": Cast CastHandle { records -> step -[broadcast 1024]-> pass -> done; errors -> drop; }
    "two workers", against "two workers": Two TwoHandle { records -> step -[1024]-> pass { workers: 2 } -[64]-> ended -> done; node ended = pass; errors -> drop; }
    "two workers, by key", against "two workers": Keyed KeyedHandle {
        records -> step -[1024, by key]-> pass { workers: 2 } -[64]-> ended -> done; node ended = pass; errors -> drop;
    }
}

async fn run<M: Entry, L: Ledger + 'static>(
    n: u64,
    feed: Many<Queued<Item, M, 64>>,
    drain: impl Drain<Item, Sum>,
    control: Control<L>,
) -> Outcome {
    ends::<Item, Sum, L>(vec![(feed, 0..n)], drain, control).await
}

/// What the group is called.
pub(crate) const NAME: &str = "options-1t";

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    let about = format!("one stage, opaque, with an option and without, {}", on.about());
    let mut group = Group::throughput(NAME.to_owned(), about, on.clock(), |n| {
        let mut sum = Sum::default();
        (0..n).for_each(|number| sum.look(&right(number, 1)));
        sum.seen()
    });
    cases(&mut group, on);
    // What is not declared costs nothing: two pipelines without an option differ by the noise alone.
    group.goal("not-declared", "plain, again", "plain", Target::AtMost(1.05));
    vec![group]
}

/// What each option costs, in ns a record, as that group has it.
pub(crate) fn costs(table: &Table) -> Vec<(&'static str, &'static str, f64)> {
    let figures = |name| table.rows.iter().find(|row| row.name == name).map(|row| row.judged(table));
    let cost = |&(name, base): &(&'static str, &'static str)| {
        let cost = by_round(figures(name)?, figures(base)?, |with, without| with - without);
        Some((name, base, cost))
    };
    ROWS.iter().filter(|(name, base)| name != base).filter_map(cost).collect()
}
