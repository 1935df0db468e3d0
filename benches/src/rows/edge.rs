//! One edge: a task that feeds, a ring or a channel, and who takes the records out.
//!
//! This project's edge is a pipeline of one stage: the ring of its input, in front of a stage that looks at each record. One row
//! has its edge between two stages. The last two have the ring of such an edge without a pipeline around it.

use std::ops::Range;

use forebay::prelude::*;

use super::On;
use crate::ends::{Feed, drive};
use crate::measure::{Group, Outcome, Target};
use crate::peers::{Link, Named, One, array_queue, async_channel, flume, kanal, rtrb, tachyonix, thingbuf, tokio};
use crate::ports::{ends, many_in};
use crate::rings::spsc;
use crate::sink::{Sink, Sunk};
use crate::work::{Seen, Wide, Work};

pipeline! {
    /// A ring before a stage.
    Edge<W: Work, const CAP: usize = 64> {
        input  records: W [CAP];
        output seen: Seen [1];
        node   sink: Sink<W, Seen> = Sink::default();
        errors -> drop;
        records -> sink -> seen;
    }
}

/// These numbers, one by one.
#[stage]
fn each(numbers: Range<u64>) -> impl Iterator<Item = u64> {
    numbers
}

pipeline! {
    /// A ring between two stages.
    Between<const CAP: usize = 64> {
        input  numbers: Range<u64> [8];
        output seen: Seen [1];
        node   sink: Sink<u64, Seen> = Sink::default();
        errors -> drop;
        numbers -> each -[CAP]-> sink -> seen;
    }
}

const IN_BATCHES: &str = "forebay, in batches";
const ITEM_BY_ITEM: &str = "forebay, item by item";
const BETWEEN: &str = "forebay, between two stages";

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    vec![narrow::<8>(on), narrow::<64>(on), narrow::<1024>(on), group::<Wide, 64>(on)]
}

fn narrow<const CAP: usize>(on: On<'_>) -> Group<'_> {
    let mut group = group::<u64, CAP>(on);
    group.on(on, BETWEEN, async |n| between::<CAP>(n).await);
    goals(&mut group, on);
    group
}

fn group<W: Work, const CAP: usize>(on: On<'_>) -> Group<'_> {
    let mut group = Group::throughput(
        format!("edge-{}-{}t-{CAP}", W::NAME, on.threads),
        format!("one edge, {}, {}, capacity {CAP}", W::NAME, on.about()),
        on.clock(),
        |n| Seen::after::<W>(n, 0),
    );
    peer::<tokio::RecvSend, W>(&mut group, on, CAP);
    peer::<tokio::RecvMany, W>(&mut group, on, CAP);
    peer::<tokio::ReserveMany, W>(&mut group, on, CAP);
    group.on(on, IN_BATCHES, async |n| in_batches::<W, CAP>(n).await);
    group.on(on, ITEM_BY_ITEM, async |n| item_by_item::<W, CAP>(n).await);
    peer::<spsc::InBatches<CAP>, W>(&mut group, on, CAP);
    peer::<spsc::ItemByItem<CAP>, W>(&mut group, on, CAP);
    peer::<rtrb::Chunks, W>(&mut group, on, CAP);
    peer::<rtrb::Single, W>(&mut group, on, CAP);
    peer::<array_queue::PushPop, W>(&mut group, on, CAP);
    peer::<kanal::RecvSend, W>(&mut group, on, CAP);
    peer::<kanal::DrainInto, W>(&mut group, on, CAP);
    peer::<flume::RecvSend, W>(&mut group, on, CAP);
    peer::<flume::Drain, W>(&mut group, on, CAP);
    peer::<thingbuf::RecvSend, W>(&mut group, on, CAP);
    peer::<thingbuf::ByRef, W>(&mut group, on, CAP);
    peer::<tachyonix::RecvSend, W>(&mut group, on, CAP);
    peer::<async_channel::RecvSend, W>(&mut group, on, CAP);
    group
}

/// What an edge has to reach: fed through a handle, and by itself.
fn goals(group: &mut Group<'_>, on: On<'_>) {
    use Target::{AtLeast, AtMost};
    let tokio = tokio::RecvSend::NAME;
    group.goal("tokio", IN_BATCHES, tokio, AtLeast(40.0));
    group.goal("tokio-item-by-item", ITEM_BY_ITEM, tokio, AtLeast(6.0));
    group.goal("ring/tokio", spsc::InBatches::<8>::NAME, tokio, AtLeast(40.0));
    group.goal("ring/tokio-item-by-item", spsc::ItemByItem::<8>::NAME, tokio, AtLeast(6.0));
    if on.threads > 1 {
        group.goal("rtrb-chunks", IN_BATCHES, rtrb::Chunks::NAME, AtMost(1.15));
        group.goal(
            "ring/rtrb-chunks",
            spsc::InBatches::<8>::NAME,
            rtrb::Chunks::NAME,
            AtMost(1.15),
        );
    }
}

fn peer<'a, L: Link<W>, W: Work>(group: &mut Group<'a>, on: On<'a>, capacity: usize) {
    group.on(on, L::NAME, async move |n| {
        let (feed, drain) = L::open(capacity);
        drive::<W, Seen>(n, feed, drain).await
    });
}

async fn in_batches<W: Work, const CAP: usize>(n: u64) -> Outcome {
    let EdgeHandle { records, seen, control } = Edge::<W, CAP>::builder().start().expect("it starts");
    ends(vec![(many_in(records), 0..n)], Sunk(seen), control).await
}

async fn item_by_item<W: Work, const CAP: usize>(n: u64) -> Outcome {
    let EdgeHandle { records, seen, control } = Edge::<W, CAP>::builder().start().expect("it starts");
    ends(vec![(One(records), 0..n)], Sunk(seen), control).await
}

/// An input of numbers.
struct Ranges(Input<Range<u64>, 8>);

impl Feed<u64> for Ranges {
    async fn feed(&mut self, numbers: Range<u64>) -> bool {
        self.0.send(numbers).await.is_ok()
    }
}

async fn between<const CAP: usize>(n: u64) -> Outcome {
    let BetweenHandle { numbers, seen, control } = Between::<CAP>::builder().start().expect("it starts");
    let outcome = drive::<u64, Seen>(n, Ranges(numbers), Sunk(seen)).await;
    let ledger = control.drain().await;
    ledger.check().expect("the ledger balances");
    assert_eq!(ledger.each.emitted, n, "the ledger counts every record");
    outcome
}
