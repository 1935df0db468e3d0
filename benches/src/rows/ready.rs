//! Five async stages that are ready at once, a ring at every hop: what `async` costs where nothing waits.

use forebay::prelude::*;

use super::{FOREBAY, On};
use crate::ends::drive;
use crate::measure::{Group, Outcome, Target};
use crate::peers::{Give, Given, Link, Named, One, Take, Taken, kanal, tokio};
use crate::ports::through;
use crate::work::{Bad, STAGES, Seen, Work, opaque};

/// Stage `K`, async. Everybody calls this one.
async fn ready<W: Work, const K: usize>(record: W) -> Result<W, Bad> {
    opaque::<W, K>(record)
}

#[stage(runtime = none)]
async fn one(record: u64) -> Result<u64, Bad> {
    ready::<u64, 0>(record).await
}
#[stage(runtime = none)]
async fn two(record: u64) -> Result<u64, Bad> {
    ready::<u64, 1>(record).await
}
#[stage(runtime = none)]
async fn three(record: u64) -> Result<u64, Bad> {
    ready::<u64, 2>(record).await
}
#[stage(runtime = none)]
async fn four(record: u64) -> Result<u64, Bad> {
    ready::<u64, 3>(record).await
}
#[stage(runtime = none)]
async fn five(record: u64) -> Result<u64, Bad> {
    ready::<u64, 4>(record).await
}

pipeline! {
    /// Five async stages, a ring at every hop.
    pub(super) Ready<const CAP: usize = 64> {
        input  records: u64 [CAP];
        output done: u64 [CAP];
        errors -> drop;
        records -> one -[CAP]-> two -[CAP]-> three -[CAP]-> four -[CAP]-> five -> done;
    }
}

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    vec![group::<8>(on), group::<64>(on), group::<1024>(on)]
}

fn group<const CAP: usize>(on: On<'_>) -> Group<'_> {
    let mut group = Group::throughput(
        format!("ready-{}t-{CAP}", on.threads),
        format!("five ringed async stages, ready at once, u64, {}, capacity {CAP}", on.about()),
        on.clock(),
        |n| Seen::after::<u64>(n, STAGES),
    );
    peer::<tokio::RecvSend, _, _>(&mut group, on, CAP);
    group.on(on, FOREBAY, async |n| ringed::<CAP>(n).await);
    peer::<kanal::RecvSend, _, _>(&mut group, on, CAP);
    let least = if on.threads == 1 { 25.0 } else { 15.0 };
    group.goal("tokio", FOREBAY, tokio::RecvSend::NAME, Target::AtLeast(least));
    group
}

async fn ringed<const CAP: usize>(n: u64) -> Outcome {
    let ReadyHandle { records, done, control } = Ready::<CAP>::builder().start().expect("it starts");
    through(n, (records, done, control)).await
}

fn peer<'a, L, T, U>(group: &mut Group<'a>, on: On<'a>, capacity: usize)
where
    L: Link<u64, Tx = One<T>, Rx = One<U>> + Named,
    T: Give<u64>,
    U: Take<u64>,
{
    group.on(on, L::NAME, async move |n| {
        let (feed, rx) = L::open(capacity);
        let rx = behind::<L, _, _, _>(rx, capacity, ready::<u64, 0>);
        let rx = behind::<L, _, _, _>(rx, capacity, ready::<u64, 1>);
        let rx = behind::<L, _, _, _>(rx, capacity, ready::<u64, 2>);
        let rx = behind::<L, _, _, _>(rx, capacity, ready::<u64, 3>);
        let drain = behind::<L, _, _, _>(rx, capacity, ready::<u64, 4>);
        drive::<u64, Seen>(n, feed, drain).await
    });
}

/// An async stage in a task of its own.
fn behind<L, T, U, F>(mut from: One<U>, capacity: usize, stage: impl Fn(u64) -> F + Send + Sync + 'static) -> One<U>
where
    L: Link<u64, Tx = One<T>, Rx = One<U>>,
    T: Give<u64>,
    U: Take<u64>,
    F: Future<Output = Result<u64, Bad>> + Send,
{
    let (mut to, rx) = L::open(capacity);
    ::tokio::spawn(async move {
        while let Some(record) = from.0.take().await.record() {
            if let Ok(record) = stage(record).await
                && !to.0.give(record).await.went()
            {
                return;
            }
        }
    });
    rx
}
