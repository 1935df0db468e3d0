//! The fault kit (feature `testing`).
#![allow(missing_docs, unreachable_pub)]

mod kit;

use std::time::Duration;

use forebay::prelude::*;
use forebay::testing::{Fault, Testing};

use kit::quiet::quiet;

#[derive(Debug, Clone, PartialEq)]
struct Bad(u64);

#[stage]
fn parse(n: u64) -> Result<u64, Bad> {
    Ok(n)
}
#[stage]
fn sum(n: u64) -> u64 {
    n
}
#[stage]
async fn ask(n: u64) -> Result<u64, Bad> {
    Ok(n)
}
#[stage]
async fn embed(batch: Batch<u64>) -> Result<Vec<u64>, Bad> {
    Ok(batch.into_vec())
}
#[stage]
fn twice(n: u64) -> impl Iterator<Item = u64> {
    [n, n].into_iter()
}

pipeline! {
    Struck {
        input  numbers: u64 [64];
        output done: u64 [256];
        output failed: Failed<u64, Bad> [256];
        numbers -> parse -> sum -[64]-> ask { timeout: 100ms, retry: 1 } -[64]-> embed { batch: 4 } -[64]-> twice -> done;
        parse.errors -> failed;
        ask.errors -> failed;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn faults_strike_the_node_that_they_name() {
    quiet();
    let StruckHandle {
        numbers,
        done,
        failed,
        control,
    } = Struck::builder().start().unwrap();
    let testing = Testing::new(&control);
    testing
        .inject("parse", Fault::error(|| Bad(1)).each(10))
        .inject("sum", Fault::panic().each(9))
        .inject("ask", Fault::delay(Duration::from_millis(50)).each(5))
        .inject("embed", Fault::error(|| Bad(2)).times(1))
        .inject("twice", Fault::panic().times(2));
    for n in 1..=64 {
        numbers.send(n).await.unwrap();
    }
    drop(numbers);
    let ledger = testing.until(|ledger| ledger.twice.finished + ledger.twice.failed > 0).await;
    assert!(ledger.parse.taken > 0);
    let ledger = control.finished().await;
    testing.balanced(&ledger);
    // 64, of which every tenth; 58, of which every ninth; 52 that only take longer; one batch; two.
    assert_eq!((ledger.parse.failed, ledger.sum.failed, ledger.ask.failed), (6, 6, 0));
    assert!((1..=4).contains(&ledger.embed.failed), "{ledger}");
    assert_eq!(ledger.twice.failed, 2);
    assert_eq!(
        done.collect::<Vec<_>>().await.len() as u64,
        2 * (52 - ledger.embed.failed - 2)
    );
    let failures = failed.collect::<Vec<_>>().await;
    assert_eq!(failures.len(), 6);
    assert_eq!(failures[0], Failed::new("parse", Some(10), Cause::Error(Bad(1)), 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_stalls_times_out_or_goes_on_when_it_is_cleared() {
    let StruckHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Struck::builder().start().unwrap();
    let testing = Testing::new(&control);
    testing.inject("ask", Fault::stall());
    numbers.send(1).await.unwrap();
    let failure = failed.recv().await.unwrap();
    assert_eq!(failure, Failed::new("ask", Some(1), Cause::Timeout, 2));
    testing.inject("twice", Fault::stall()).clear("ask");
    numbers.send(2).await.unwrap();
    testing.until(|ledger| ledger.twice.in_work == 1).await;
    assert!(done.try_recv().is_err());
    testing.clear("twice");
    assert_eq!((done.recv().await, done.recv().await), (Some(2), Some(2)));
    testing.balanced(&control.drain().await);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_stalls_is_cut_by_an_abort() {
    let StruckHandle {
        numbers,
        done,
        failed,
        control,
    } = Struck::builder().start().unwrap();
    let testing = Testing::new(&control);
    testing.inject("embed", Fault::stall());
    for n in 0..3 {
        numbers.send(n).await.unwrap();
    }
    testing.until(|ledger| ledger.embed.in_work > 0).await;
    let ledger = control.abort().await;
    testing.balanced(&ledger);
    assert!(ledger.embed.cut > 0);
    drop((done, failed));
}

/// Which of a hundred records fail at a node that one in five calls is to strike.
async fn drawn(seed: u64) -> Vec<u64> {
    let StruckHandle {
        numbers,
        done,
        failed,
        control,
    } = Struck::builder().start().unwrap();
    let testing = Testing::seeded(&control, seed);
    assert_eq!(testing.seed(), seed);
    testing.inject("parse", Fault::error(|| Bad(0)).one_in(5));
    for n in 0..100 {
        numbers.send(n).await.unwrap();
    }
    let ledger = control.drain().await;
    testing.balanced(&ledger);
    drop(done);
    let records = failed.collect::<Vec<_>>().await.into_iter();
    records.filter_map(|failed| failed.record).collect()
}

#[tokio::test(start_paused = true)]
async fn a_seed_repeats_its_run() {
    let first = drawn(1).await;
    assert!((8..=35).contains(&first.len()), "{first:?}");
    assert_eq!(first, drawn(1).await);
    assert_ne!(first, drawn(2).await);
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_cannot_be_says_why() {
    quiet();
    let StruckHandle {
        numbers,
        done,
        mut failed,
        control,
    } = Struck::builder().start().unwrap();
    let testing = Testing::new(&control);
    testing
        .inject("parse", Fault::error(|| "bad").times(1))
        .inject("parse", Fault::stall().times(2));
    for n in 0..3 {
        numbers.send(n).await.unwrap();
    }
    let mut words = Vec::new();
    for _ in 0..2 {
        let Cause::Panic(message) = failed.recv().await.unwrap().cause else {
            panic!("it panics")
        };
        words.push(message);
    }
    assert!(words[0].starts_with("`parse` fails with `testing::Bad`"), "{words:?}");
    assert!(words[1].starts_with("`parse` is sync"), "{words:?}");
    testing.balanced(&control.drain().await);
    drop(done);
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "the pipeline has no node `prase`")]
async fn a_node_that_is_not_there_is_refused() {
    let handle = Struck::builder().start().unwrap();
    Testing::new(&handle.control).inject("prase", Fault::panic());
}

pipeline! {
    Backing {
        input  numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask { retry: 20, backoff: 10ms..1s } -> done;
        errors -> drop;
    }
}

/// When the tries of one record are over, by the clock of the simulation.
fn backed_off(seed: u64) -> Duration {
    let sim = forebay::testing::Sim::new(seed);
    let BackingHandle { numbers, done, control } = Backing::builder().start_on(sim.rt()).unwrap();
    let testing = Testing::seeded(&control, seed);
    testing.inject("ask", Fault::error(|| Bad(0)));
    let ledger = sim.run(async {
        numbers.send(1).await.unwrap();
        drop((numbers, done));
        control.finished().await
    });
    assert_eq!(ledger.unwrap().ask.attempts, 21);
    sim.elapsed()
}

#[test]
fn a_seed_repeats_the_waits_between_tries() {
    assert_eq!(backed_off(1), backed_off(1));
    assert_ne!(backed_off(1), backed_off(2));
}

/// Counts, and holds what it is to give.
#[derive(Default)]
struct Held(Vec<u64>);
#[stage]
impl Held {
    fn process(&mut self, n: u64) {
        self.0.push(n);
    }
    fn next(&mut self) -> Result<Option<u64>, Bad> {
        Ok(self.0.pop())
    }
    fn held(&self) -> usize {
        self.0.len()
    }
}
#[derive(Default)]
struct Beats(u64);
#[stage]
impl Beats {
    fn process(&mut self, n: u64) -> Result<Option<u64>, Bad> {
        self.0 += n;
        Ok(None)
    }
    fn tick(&mut self) -> Result<Option<u64>, Bad> {
        Ok(Some(0))
    }
    fn finish(&mut self) -> Result<Option<u64>, Bad> {
        Ok(Some(self.0))
    }
}
struct Pair;
#[stage]
impl Pair {
    #[inlet]
    fn left(&mut self, n: u64) -> Option<u64> {
        Some(n)
    }
    #[inlet]
    fn right(&mut self, n: u64) -> Option<u64> {
        Some(n)
    }
    fn closed(&mut self, _inlet: Inlet) -> Option<u64> {
        Some(1000)
    }
}
pipeline! {
    Lives {
        input  numbers: u64 [8];
        input  others: u64 [8];
        output done: u64 [64];
        output failed: Failed<u64, Bad> [64];
        node held: Held = Held::default();
        node beats: Beats { tick: 1s } = Beats::default();
        node pair: Pair = Pair;
        numbers -> held -[8]-> beats -[8]-> pair.left;
        others -> pair.right;
        pair -> done;
        held.errors -> failed;
        beats.errors -> failed;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_called_for_no_record_is_struck_by_its_method() {
    quiet();
    let LivesHandle {
        numbers,
        others,
        done,
        mut failed,
        control,
    } = Lives::builder().start().unwrap();
    let testing = Testing::new(&control);
    testing
        .inject("held.next", Fault::stall())
        .inject("beats.tick", Fault::error(|| Bad(1)).times(1))
        .inject("beats.finish", Fault::panic())
        .inject("pair.closed", Fault::panic().each(2));
    for n in 1..=3 {
        numbers.send(n).await.unwrap();
    }
    // It takes, and gives nothing while its `next` stalls.
    testing.until(|ledger| ledger.held.in_work == 1).await;
    assert_eq!(control.ledger().held.emitted, 0);
    testing.clear("held.next");
    let tick = failed.recv().await.unwrap();
    assert_eq!(tick, Failed::new("beats", None, Cause::Error(Bad(1)), 1));
    testing.until(|ledger| ledger.beats.taken == 3 + 1).await;
    drop((numbers, others));
    let ledger = control.finished().await;
    testing.balanced(&ledger);
    assert_eq!((ledger.held.finished, ledger.held.failed), (3 + 3, 0), "{ledger}");
    // A tick and the last word; of the two inlets that closed the second one.
    assert_eq!((ledger.beats.failed, ledger.pair.failed), (2, 1), "{ledger}");
    assert_eq!(done.collect::<Vec<_>>().await.iter().filter(|n| **n == 1000).count(), 1);
    assert_eq!(failed.recv().await.unwrap().cause, Cause::Panic("injected".to_owned()));
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "no stage is called by `tock`; there are: tick, finish, closed, next")]
async fn a_method_that_is_not_there_is_refused() {
    let handle = Lives::builder().start().unwrap();
    Testing::new(&handle.control).inject("beats.tock", Fault::panic());
}

pipeline! {
    InFlight {
        input  numbers: u64 [64];
        output done: u64 [64];
        output failed: Failed<u64, Bad> [64];
        numbers -> ask { concurrency: 4 } -> done;
        ask.errors -> failed;
    }
}

#[tokio::test(start_paused = true)]
async fn calls_in_flight_are_struck_each_for_itself() {
    let InFlightHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = InFlight::builder().start().unwrap();
    let testing = Testing::new(&control);
    testing.inject("ask", Fault::stall().times(2));
    testing.inject("ask", Fault::panic().each(3).times(1));
    for n in 0..8 {
        numbers.send(n).await.unwrap();
    }
    // The first two stall; of the others the third panics, and the rest go past them.
    for n in [2, 3, 5, 6, 7] {
        assert_eq!(done.recv().await, Some(n));
    }
    assert_eq!(failed.recv().await.unwrap().record, Some(4));
    assert_eq!(control.ledger().ask.in_work, 2);
    testing.clear("ask");
    assert_eq!((done.recv().await, done.recv().await), (Some(0), Some(1)));
    testing.balanced(&control.drain().await);
}
