//! Five stages in one segment, against one stage between the same two ports that calls the five by hand; the direct calls alone,
//! with no ports around them, are there to be seen.

use forebay::prelude::*;

use super::five::{five, four, one, three, two};
use super::{FOREBAY, On};
use crate::measure::{Group, Outcome, Target};
use crate::peers::direct;
use crate::ports::through;
use crate::work::{Bad, Opaque, Open, STAGES, Seen, Stages, open};

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
    Opaque::five(record)
}
#[stage]
fn all_open(record: u64) -> Result<u64, Bad> {
    Open::five(record)
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

const BY_HAND: &str = "forebay, five calls by hand";

/// Starts a pipeline and takes records through it.
macro_rules! through {
    ($pipeline:ty) => {
        async |n| {
            let handle = <$pipeline>::builder().start().expect("it starts");
            through(n, (handle.records, handle.done, handle.control)).await
        }
    };
}

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    let opaque = ("fused-opaque", 1.05);
    let open = ("fused-open", 1.6);
    vec![
        group(
            on,
            opaque,
            through!(FusedOpaque),
            through!(ByHandOpaque),
            direct::run::<u64, Opaque>,
        ),
        group(on, open, through!(FusedOpen), through!(ByHandOpen), direct::run::<u64, Open>),
    ]
}

fn group<'a>(
    on: On<'a>,
    (name, most): (&str, f64),
    fused: impl AsyncFn(u64) -> Outcome + 'a,
    by_hand: impl AsyncFn(u64) -> Outcome + 'a,
    calls: impl Fn(u64) -> Outcome + 'a,
) -> Group<'a> {
    let about = format!("five fused stages, u64, {}, capacity 64", on.about());
    let mut group = Group::throughput(name.to_owned(), about, on.clock(), |n| Seen::after::<u64>(n, STAGES));
    group.on(on, BY_HAND, by_hand);
    group.on(on, FOREBAY, fused);
    group.case(direct::NAME, calls);
    group.goal("by-hand", FOREBAY, BY_HAND, Target::AtMost(most));
    group
}
