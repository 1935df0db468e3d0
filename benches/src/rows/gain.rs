//! The gain against work per stage: five ringed stages of this project and of tokio, each of which works for a time.

use forebay::prelude::*;

use super::{FOREBAY, On};
use crate::busy::{Worked, set_busy};
use crate::measure::{Group, Table};
use crate::peers::{Named, direct, five as five_tasks, tokio};
use crate::ports::through;
use crate::stats::{by_round, median};
use crate::work::{Bad, STAGES, Seen, Stages};

/// For how many ns each stage works: the points of the curve.
pub(crate) const WORK: [u64; 8] = [0, 10, 30, 100, 300, 1_000, 3_000, 10_000];

/// The capacity of the rings.
const CAPACITY: usize = 64;

#[stage]
fn one(record: u64) -> Result<u64, Bad> {
    Worked::stage::<u64, 0>(record)
}
#[stage]
fn two(record: u64) -> Result<u64, Bad> {
    Worked::stage::<u64, 1>(record)
}
#[stage]
fn three(record: u64) -> Result<u64, Bad> {
    Worked::stage::<u64, 2>(record)
}
#[stage]
fn four(record: u64) -> Result<u64, Bad> {
    Worked::stage::<u64, 3>(record)
}
#[stage]
fn five(record: u64) -> Result<u64, Bad> {
    Worked::stage::<u64, 4>(record)
}

pipeline! {
    /// Five stages that work, a ring at every hop.
    Working {
        input  records: u64 [64];
        output done: u64 [64];
        errors -> drop;
        records -> one -[64]-> two -[64]-> three -[64]-> four -[64]-> five -> done;
    }
}

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    WORK.into_iter().map(|work| group(on, work)).collect()
}

/// What a group of the curve is called.
pub(crate) fn name(threads: usize, work: u64) -> String {
    format!("gain-{threads}t-{work}ns")
}

/// Our figures of such a group, and tokio's.
fn figures(table: &Table) -> Option<[&[f64]; 2]> {
    let of = |name| table.rows.iter().find(|row| row.name == name).map(|row| row.judged(table));
    Some([of(FOREBAY)?, of(tokio::RecvSend::NAME)?])
}

/// The gain that such a group shows.
pub(crate) fn of(table: &Table) -> Option<f64> {
    let [we, they] = figures(table)?;
    Some(by_round(we, they, |we, they| they / we))
}

/// The gain that is to be expected at so much work, if all else costs what it does in `idle`, the group without any, on one thread.
pub(crate) fn expected(idle: &Table, work: u64) -> Option<f64> {
    let all = (STAGES as u64 * work) as f64;
    let [we, they] = figures(idle)?.map(|figures| median(figures.iter().copied()));
    Some((they + all) / (we + all))
}

fn group(on: On<'_>, work: u64) -> Group<'_> {
    let mut group = Group::throughput(
        name(on.threads, work),
        format!(
            "five ringed stages of {work} ns each, u64, {}, capacity {CAPACITY}",
            on.about()
        ),
        on.clock(),
        |n| Seen::after::<u64>(n, STAGES),
    );
    group.on(on, tokio::RecvSend::NAME, async move |n| {
        set_busy(work);
        five_tasks::<tokio::RecvSend, u64, Worked>(n, CAPACITY).await
    });
    group.on(on, FOREBAY, async move |n| {
        set_busy(work);
        let WorkingHandle { records, done, control } = Working::builder().start().expect("it starts");
        through(n, (records, done, control)).await
    });
    if on.threads == 1 {
        group.case(direct::NAME, move |n| {
            set_busy(work);
            direct::run::<u64, Worked>(n)
        });
    }
    group
}
