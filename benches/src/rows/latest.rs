//! One value that readers skip to: what it costs to write it, and to read it.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use forebay::prelude::*;
use tokio::task::yield_now;

use super::{FOREBAY, On};
use crate::ends::BATCH;
use crate::measure::{Group, Target, Watch};
use crate::peers::Named;
use crate::peers::newest::{Newest, Tokio};
use crate::rings::latest::Ring;
use crate::work::Seen;

pipeline! {
    /// What comes in is the value, until the next one does.
    OneValue {
        input  records: u64 [64];
        output newest: u64 [latest = 0];
        records -> newest;
    }
}

/// A port, and the newest of what was sent there.
struct Forebay;

impl Named for Forebay {
    const NAME: &'static str = FOREBAY;
}

impl Newest for Forebay {
    type Tx = Input<u64, 64>;
    type Rx = forebay::Watch<u64, 3>;

    fn open() -> (Self::Tx, Self::Rx, impl Future<Output = ()>) {
        let OneValueHandle {
            records,
            newest,
            control,
        } = OneValue::builder().start().expect("it starts");
        let end = async move { control.finished().await.check().expect("the ledger balances") };
        (records, newest, end)
    }
    async fn set(tx: &mut Self::Tx, value: u64) {
        tx.send(value).await.expect("the pipeline is open");
    }
    async fn changed(rx: &mut Self::Rx) -> Option<u64> {
        rx.recv().await
    }
    fn current(rx: &mut Self::Rx) -> u64 {
        rx.get().expect("there is a value from the start")
    }
}

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    let mut write = group("write", "written, and a reader that follows", on);
    written::<Tokio>(&mut write, on);
    written::<Forebay>(&mut write, on);
    written::<Ring>(&mut write, on);
    let mut read = group("read", "read, and a writer now and then", on);
    read_often::<Tokio>(&mut read, on);
    read_often::<Forebay>(&mut read, on);
    read_often::<Ring>(&mut read, on);
    for group in [&mut write, &mut read] {
        group.goal("watch", FOREBAY, Tokio::NAME, Target::AtLeast(5.0));
        group.goal("ring/watch", Ring::NAME, Tokio::NAME, Target::AtLeast(5.0));
    }
    vec![write, read]
}

fn group<'a>(name: &str, about: &str, on: On<'a>) -> Group<'a> {
    let name = format!("latest-{name}-{}t", on.threads);
    let about = format!("one value, u64, {about}, {}", on.about());
    Group::throughput(name, about, on.clock(), |count| Seen { count, sum: 0 })
}

/// A writer writes 1 to `n`; a reader takes the newest whenever it can. It must see growing values, and the last.
fn written<'a, N: Newest>(group: &mut Group<'a>, on: On<'a>) {
    group.on(on, N::NAME, async |n| {
        let (mut tx, mut rx, end) = N::open();
        let watch = Watch::start();
        let writer = tokio::spawn(async move {
            for value in 1..=n {
                N::set(&mut tx, value).await;
                if value % BATCH as u64 == 0 {
                    yield_now().await;
                }
            }
        });
        let reader = tokio::spawn(async move {
            let mut last = None;
            while let Some(value) = N::changed(&mut rx).await {
                assert!(last < Some(value), "{value} came after {last:?}");
                last = Some(value);
            }
            last.unwrap_or_default()
        });
        writer.await.expect("the writer does not panic");
        let count = reader.await.expect("the reader does not panic");
        let outcome = watch.stop(Seen { count, sum: 0 });
        end.await;
        outcome
    });
}

/// How often the value is read for each time that it is written.
const READS: u64 = 1024;

/// The reader has read `n` times.
const OVER: u64 = u64::MAX;

/// A reader reads `n` times; a writer writes once for every [`READS`] of these. Values never shrink.
fn read_often<'a, N: Newest>(group: &mut Group<'a>, on: On<'a>) {
    group.on(on, N::NAME, async |n| {
        let (mut tx, mut rx, end) = N::open();
        // How often the writer has to have written; the last time, that it is the last.
        let due = Arc::new(AtomicU64::new(1));
        let until = due.clone();
        let watch = Watch::start();
        let writer = tokio::spawn(async move {
            let mut value = 0;
            loop {
                match until.load(Relaxed) {
                    OVER => return,
                    due if value < due => {
                        value += 1;
                        N::set(&mut tx, value).await;
                    }
                    _ => yield_now().await,
                }
            }
        });
        let reader = tokio::spawn(async move {
            let (mut last, mut count) = (0, 0);
            while count < n {
                let value = N::current(&mut rx);
                assert!(value >= last, "{value} came after {last}");
                last = value;
                count += 1;
                if count % READS == 0 {
                    due.store(1 + count / READS, Relaxed);
                    yield_now().await;
                }
            }
            due.store(OVER, Relaxed);
            watch.stop(Seen { count, sum: 0 })
        });
        writer.await.expect("the writer does not panic");
        let outcome = reader.await.expect("the reader does not panic");
        end.await;
        outcome
    });
}
