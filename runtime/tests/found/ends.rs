//! What is left when a pipeline, or its runtime, is gone.

use std::sync::Arc;
use std::time::Duration;

use forebay::prelude::*;

use crate::Plain;

#[test]
fn a_record_between_two_pipelines_vanished_with_the_runtime() {
    let (one, two) = (
        tokio::runtime::Runtime::new().unwrap(),
        tokio::runtime::Runtime::new().unwrap(),
    );
    let first = one.block_on(async { Plain::builder().start().unwrap() });
    let second = two.block_on(async { Plain::builder().start().unwrap() });
    first.all.pipe_into(&second.numbers).unwrap();
    // All rings are full, and one record is on its way between the two.
    let mut n = 0;
    while first.control.ledger().all.taken < 6 || first.numbers.len() < 2 {
        n += u64::from(first.numbers.try_send(n).is_ok());
    }
    drop(one);
    drop(second.numbers);
    let ledger = first.control.finished_blocking();
    ledger.check().unwrap();
    drop(second.all);
    let after = second.control.finished_blocking();
    after.check().unwrap();
    assert_eq!(after.numbers.offered, ledger.all.taken);
}

/// A record, a resource or a waker that tells when it is gone.
type Alive = Arc<()>;

#[stage]
fn hold(x: Alive, local: &mut Alive, shared: &Alive) -> Alive {
    let _ = (local, shared);
    x
}
#[stage]
async fn wait(x: Alive) -> Alive {
    tokio::task::yield_now().await;
    x
}

pipeline! {
    Holds {
        drain  5s;
        input  records: Alive [4];
        output all: Alive [4];
        local  local: Alive;
        shared shared: Alive;
        records -> hold(local, shared) -[4]-> wait { workers: 2 } -[4]-> { -[4]-> wait_too -> all, -[4]-> gone };
    }
}
#[stage]
async fn wait_too(x: Alive) -> Alive {
    tokio::task::yield_now().await;
    x
}
#[stage]
fn gone(x: Alive) {
    drop(x);
}

/// How a pipeline comes to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Drain,
    Abort,
    Dropped,
    Runtime,
}

#[test]
fn nothing_of_a_pipeline_is_left_after_its_end() {
    for end in [End::Drain, End::Abort, End::Dropped, End::Runtime] {
        let alive = Alive::default();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        {
            let (a, b) = (alive.clone(), alive.clone());
            let HoldsHandle {
                records,
                mut all,
                control,
            } = runtime.block_on(async move {
                let local = move |_: WorkerId| b.clone();
                Holds::builder().local(local).shared(a).start().unwrap()
            });
            while all.len() < 4 || records.len() < 4 {
                let _ = records.try_send(alive.clone());
            }
            let (told, asked) = (control.clone(), control.drain());
            match end {
                End::Drain => {
                    while all.recv_blocking().is_some() {}
                    asked.wait_blocking().check().unwrap();
                }
                End::Abort => {
                    control.abort_blocking().check().unwrap();
                    drop(asked);
                }
                End::Dropped => drop((all, records, asked, told)),
                End::Runtime => {
                    drop((runtime, all));
                    control.finished_blocking().check().unwrap();
                    assert_eq!(Arc::strong_count(&alive), 1, "{end:?}");
                    continue;
                }
            }
        }
        // The tasks themselves go a moment after their ends were told.
        let since = std::time::Instant::now();
        while Arc::strong_count(&alive) > 1 {
            assert!(
                since.elapsed() < Duration::from_secs(10),
                "{end:?}: {} left",
                Arc::strong_count(&alive)
            );
            std::thread::yield_now();
        }
    }
}
