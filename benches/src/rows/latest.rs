//! One value that readers skip to: what it costs to write it, and to read it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use tokio::sync::watch;
use tokio::task::yield_now;

use super::On;
use crate::ends::BATCH;
use crate::measure::{Group, Watch};
use crate::peers::Named;
use crate::work::Seen;

/// Who has one value, of 8 bytes.
trait Newest: Named {
    type Tx: Send + 'static;
    type Rx: Send + 'static;

    /// Its ends; the first value is 0.
    fn open() -> (Self::Tx, Self::Rx);
    /// Puts a value in the place of the one that is there.
    fn set(tx: &mut Self::Tx, value: u64);
    /// Waits for a value that this reader has not seen; `None` at the end.
    fn changed(rx: &mut Self::Rx) -> impl Future<Output = Option<u64>> + Send;
    /// The value that is there.
    fn current(rx: &mut Self::Rx) -> u64;
}

struct Tokio;

impl Named for Tokio {
    const NAME: &'static str = "tokio watch";
}

impl Newest for Tokio {
    type Tx = watch::Sender<u64>;
    type Rx = watch::Receiver<u64>;

    fn open() -> (Self::Tx, Self::Rx) {
        watch::channel(0)
    }
    fn set(tx: &mut Self::Tx, value: u64) {
        tx.send_replace(value);
    }
    async fn changed(rx: &mut Self::Rx) -> Option<u64> {
        rx.changed().await.ok()?;
        Some(*rx.borrow_and_update())
    }
    fn current(rx: &mut Self::Rx) -> u64 {
        *rx.borrow()
    }
}

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    let mut write = group("write", "written, and a reader that follows", on);
    written::<Tokio>(&mut write, on);
    let mut read = group("read", "read, and a writer now and then", on);
    read_often::<Tokio>(&mut read, on);
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
            let mut last = 0;
            while let Some(value) = N::changed(&mut rx).await {
                assert!(value > last, "{value} came after {last}");
                last = value;
            }
            last
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
