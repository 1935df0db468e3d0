//! Where a pipeline runs and lies, and two of them as one.

use forebay::prelude::*;

use crate::cycles::Crawler;
use crate::wires::Meets;
use crate::{Fan, FanHandle, Store, even, page, plus};

#[test]
fn threads() {
    let FanHandle {
        numbers,
        odd,
        all,
        control,
    } = Fan::builder().store(Store::default()).start_threads().unwrap();
    let feed = std::thread::spawn(move || (0..8).for_each(|n| numbers.send_blocking(n).unwrap()));
    let collect =
        |mut s: AsyncStream<u64, 8>| std::thread::spawn(move || std::iter::from_fn(|| s.recv_blocking()).collect::<Vec<_>>());
    let (odd, all) = (collect(odd), collect(all));
    feed.join().unwrap();
    assert_eq!(odd.join().unwrap(), [2, 4, 6, 8]);
    assert_eq!(all.join().unwrap(), [1, 2, 3, 4, 5, 6, 7, 8]);
    control.finished_blocking().check().unwrap();
    println!("{}\n{}", Crawler::TOPOLOGY, Crawler::TOPOLOGY.to_mermaid());
}

#[tokio::test]
async fn two_pipelines_are_joined() {
    let a = Meets::builder().start().unwrap();
    let b = Fan::builder().store(Store::default()).start().unwrap();
    a.total.pipe_into(&b.numbers).unwrap();
    assert!(b.control.topology().to_text().contains("Meets"));
    assert!(a.control.topology().to_dot().contains("Fan"));
    // A circle is refused, and the stream comes back.
    let refused = b.odd.pipe_into(&a.numbers).unwrap_err();
    assert_eq!(refused.reason, forebay::JoinReason::Loop);
    let (odd, all) = (refused.stream, b.all);
    for n in 0..12 {
        a.numbers.send(n).await.unwrap();
    }
    // Asked to drain, the second waits for the first.
    let drained = b.control.drain();
    let (odd, all, ledger): (Vec<u64>, Vec<u64>, _) = tokio::join!(odd.collect(), all.collect(), drained);
    assert_eq!((odd, all), (vec![], vec![9]));
    ledger.check().unwrap();
    a.control.finished().await.check().unwrap();
}

static IN_BSS: Workerless = Workerless::new();

pipeline! {
    Workerless {
        input  numbers: u64 [1024];
        output done: u64 [4096];
        numbers -> plus -[4096]-> page { workers: 2 } -[4096]-> even -> done;
    }
}

#[tokio::test]
async fn a_static_pipeline() {
    let WorkerlessHandle { numbers, done, control } = Workerless::builder().in_static(&IN_BSS).start().unwrap();
    for n in 0..100 {
        numbers.send(n).await.unwrap();
    }
    drop(numbers);
    assert_eq!(done.collect::<Vec<u64>>().await.len(), 50);
    control.finished().await.check().unwrap();
    let again = Workerless::builder().in_static(&IN_BSS).start();
    assert!(matches!(again, Err(forebay::StartError::Started)));
}
