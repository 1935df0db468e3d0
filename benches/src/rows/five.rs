//! Five stages in a row with a ring before each and one after the last: six hops.

use forebay::prelude::*;

use super::{FOREBAY, On};
use crate::measure::{Clock, Group, Outcome, Target};
use crate::peers::{Link, Named, Relay, direct, five as five_tasks, flume, kanal, tokio};
use crate::ports::through;
use crate::rings::{in_place, spsc};
use crate::work::{Bad, Opaque, STAGES, Seen, Wide, Work, opaque};

#[stage]
pub(super) fn one<W: Work>(record: W) -> Result<W, Bad> {
    opaque::<W, 0>(record)
}
#[stage]
pub(super) fn two<W: Work>(record: W) -> Result<W, Bad> {
    opaque::<W, 1>(record)
}
#[stage]
pub(super) fn three<W: Work>(record: W) -> Result<W, Bad> {
    opaque::<W, 2>(record)
}
#[stage]
pub(super) fn four<W: Work>(record: W) -> Result<W, Bad> {
    opaque::<W, 3>(record)
}
#[stage]
pub(super) fn five<W: Work>(record: W) -> Result<W, Bad> {
    opaque::<W, 4>(record)
}

pipeline! {
    /// Five stages, a ring at every hop.
    pub(super) Ringed<W: Work, const CAP: usize = 64> {
        input  records: W [CAP];
        output done: W [CAP];
        errors -> drop;
        records -> one -[CAP]-> two -[CAP]-> three -[CAP]-> four -[CAP]-> five -> done;
    }
}

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    vec![
        group::<u64, 8>(on),
        group::<u64, 64>(on),
        group::<u64, 1024>(on),
        group::<Wide, 8>(on),
        group::<Wide, 64>(on),
        group::<Wide, 1024>(on),
    ]
}

fn group<W: Work, const CAP: usize>(on: On<'_>) -> Group<'_> {
    let mut group = Group::throughput(
        format!("five-{}-{}t-{CAP}", W::NAME, on.threads),
        format!("five ringed stages, opaque, {}, {}, capacity {CAP}", W::NAME, on.about()),
        on.clock(),
        |n| Seen::after::<W>(n, STAGES),
    );
    peer::<tokio::RecvSend, W>(&mut group, on, CAP);
    peer::<tokio::ReserveMany, W>(&mut group, on, CAP);
    group.on(on, FOREBAY, async |n| ringed::<W, CAP>(n).await);
    // Tasks by hand around our rings: no ledger, and a panic is not caught.
    peer::<spsc::InBatches<CAP>, W>(&mut group, on, CAP);
    if W::NAME != u64::NAME {
        group.on(on, in_place::NAME, async |n| in_place::five::<W, CAP>(n).await);
    }
    peer::<kanal::RecvSend, W>(&mut group, on, CAP);
    peer::<kanal::DrainInto, W>(&mut group, on, CAP);
    peer::<flume::RecvSend, W>(&mut group, on, CAP);
    peer::<flume::Drain, W>(&mut group, on, CAP);
    if on.threads == 1 {
        group.case(direct::NAME, direct::run::<W, Opaque>);
    }
    goals::<W>(&mut group, on);
    group
}

fn peer<'a, L, W>(group: &mut Group<'a>, on: On<'a>, capacity: usize)
where
    L: Link<W, Rx: Relay<W, L::Tx>>,
    W: Work,
{
    group.on(on, L::NAME, async move |n| five_tasks::<L, W, Opaque>(n, capacity).await);
}

async fn ringed<W: Work, const CAP: usize>(n: u64) -> Outcome {
    let RingedHandle { records, done, control } = Ringed::<W, CAP>::builder().start().expect("it starts");
    through(n, (records, done, control)).await
}

/// What the rings have to reach.
fn goals<W: Work>(group: &mut Group<'_>, on: On<'_>) {
    use Target::{AtLeast, NsAHop};
    let mut goal = |name, peer: &str, target| group.goal(name, FOREBAY, peer, target);
    if W::NAME != u64::NAME {
        goal("tokio", tokio::RecvSend::NAME, AtLeast(9.0));
        group.goal("ring/in-place/tokio", in_place::NAME, tokio::RecvSend::NAME, AtLeast(12.0));
        return;
    }
    let (many, kanal) = if on.clock() == Clock::Cpu { (14.0, 9.0) } else { (12.0, 10.0) };
    goal("tokio", tokio::RecvSend::NAME, AtLeast(35.0));
    goal("tokio-batched", tokio::ReserveMany::NAME, AtLeast(many));
    goal("kanal", kanal::RecvSend::NAME, AtLeast(kanal));
    goal("kanal-batched", kanal::DrainInto::NAME, AtLeast(kanal));
    goal("ns-a-hop-over-direct", direct::NAME, NsAHop(1.0, STAGES + 1));
}
