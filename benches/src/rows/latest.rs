//! One value that readers skip to: what it costs to write it, and to read it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use tokio::task::yield_now;

use super::On;
use crate::ends::BATCH;
use crate::measure::{Group, Target, Watch};
use crate::peers::Named;
use crate::peers::newest::{Newest, Tokio};
use crate::rings::latest::Ring;
use crate::work::Seen;

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    let mut write = group("write", "written, and a reader that follows", on);
    written::<Tokio>(&mut write, on);
    written::<Ring>(&mut write, on);
    let mut read = group("read", "read, and a writer now and then", on);
    read_often::<Tokio>(&mut read, on);
    read_often::<Ring>(&mut read, on);
    for group in [&mut write, &mut read] {
        group.goal("watch", Ring::NAME, Tokio::NAME, Target::AtLeast(5.0));
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
        let (mut tx, mut rx) = N::open();
        let watch = Watch::start();
        let writer = tokio::spawn(async move {
            for value in 1..=n {
                N::set(&mut tx, value);
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
        watch.stop(Seen { count, sum: 0 })
    });
}

/// A reader reads `n` times; a writer writes once for every [`BATCH`] of these, about. Values never shrink.
fn read_often<'a, N: Newest>(group: &mut Group<'a>, on: On<'a>) {
    group.on(on, N::NAME, async |n| {
        let (mut tx, mut rx) = N::open();
        let done = Arc::new(AtomicBool::new(false));
        let ended = done.clone();
        let watch = Watch::start();
        let writer = tokio::spawn(async move {
            let mut value = 0;
            while !ended.load(Relaxed) {
                value += 1;
                N::set(&mut tx, value);
                yield_now().await;
            }
        });
        let reader = tokio::spawn(async move {
            let (mut last, mut count) = (0, 0);
            while count < n {
                let value = N::current(&mut rx);
                assert!(value >= last, "{value} came after {last}");
                last = value;
                count += 1;
                if count % BATCH as u64 == 0 {
                    yield_now().await;
                }
            }
            done.store(true, Relaxed);
            watch.stop(Seen { count, sum: 0 })
        });
        writer.await.expect("the writer does not panic");
        reader.await.expect("the reader does not panic")
    });
}
