//! Law 6: if it is declared, it is connected. Every option does what it says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::tokio::time::{Instant, sleep};
use forebay::prelude::*;

use crate::oracle::Oracle;
use crate::run::{On, everywhere, on, start, tokio};
use crate::stages::{Bad, Id, Rec, Trip, a, b, yields};

#[stage]
fn same(n: u64) -> u64 {
    n
}
/// Waits until it may go on.
#[derive(Default)]
struct Gate {
    open: std::sync::atomic::AtomicBool,
    seen: Mutex<Vec<u64>>,
}
impl Gate {
    fn open(&self) {
        self.open.store(true, std::sync::atomic::Ordering::SeqCst);
    }
    fn is_open(&self) -> bool {
        self.open.load(std::sync::atomic::Ordering::SeqCst)
    }
    fn seen(&self) -> Vec<u64> {
        self.seen.lock().unwrap().clone()
    }
}
#[stage(runtime = none)]
async fn gated(n: u64, gate: &Gate) -> u64 {
    gate.seen.lock().unwrap().push(n);
    while !gate.is_open() {
        yields(1).await;
    }
    n
}

async fn until(mut done: impl FnMut() -> bool) {
    while !done() {
        sleep(Duration::from_micros(200)).await;
    }
}

// Rings.

pipeline! {
    Waits {
        input  numbers: u64 [2];
        output out: u64 [1];
        shared gate: Gate;
        numbers -> gated(gate) -[1]-> same -> out;
    }
}

#[test]
fn a_ring_that_waits_holds_what_it_says_and_no_more() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let WaitsHandle {
            numbers,
            mut out,
            control,
        } = start!(on, Waits::builder().gate(gate.clone()));
        // One in work, two in the ring.
        numbers.send(0).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        numbers.try_send(1).unwrap();
        numbers.try_send(2).unwrap();
        assert_eq!(numbers.try_send(3), Err(SendError::Full(3)));
        assert_eq!((numbers.len(), numbers.capacity()), (2, 2));
        let ledger = control.ledger();
        assert_eq!((ledger.numbers.offered, ledger.numbers.queued), (3, 2));
        // A send that is given up was never offered.
        drop(numbers.send(4));
        let slot = numbers.reserve();
        drop(slot);
        gate.open();
        drop(numbers);
        for n in 0..3 {
            assert_eq!(out.recv().await, Some(n));
        }
        assert_eq!(out.recv().await, None);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(ledger.numbers.offered, 3);
    });
}

pipeline! {
    ShedsPort {
        input  numbers: u64 [2, shed];
        output out: u64 [64];
        shared gate: Gate;
        numbers -> gated(gate) -> out;
    }
}
pipeline! {
    ShedsWired {
        input  numbers: u64 [2, shed];
        output out: u64 [64];
        output lost: u64 [1];
        shared gate: Gate;
        numbers -> gated(gate) -> out;
        numbers.shed -[1]-> number -> lost;
    }
}
#[stage]
fn number(s: Shed<u64>) -> u64 {
    assert_eq!(s.reason, forebay::Reason::Full);
    s.record
}

#[test]
fn a_port_that_sheds_never_waits() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let ShedsPortHandle { numbers, out, control } = start!(on, ShedsPort::builder().gate(gate.clone()));
        numbers.send(0).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        numbers.send(1).await.unwrap();
        numbers.send(2).await.unwrap();
        assert_eq!(numbers.send(3).await, Err(SendError::Full(3)));
        gate.open();
        drop(numbers);
        assert_eq!(out.collect::<Vec<_>>().await, [0, 1, 2]);
        let ledger = control.finished().await;
        // It came back, so it was never offered.
        assert_eq!((ledger.numbers.offered, ledger.numbers.shed), (3, 0));

        let gate = Arc::new(Gate::default());
        let ShedsWiredHandle {
            numbers,
            out,
            lost,
            control,
        } = start!(on, ShedsWired::builder().gate(gate.clone()));
        numbers.send(0).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        numbers.send(1).await.unwrap();
        numbers.send(2).await.unwrap();
        assert_eq!(numbers.send(3).await, Err(SendError::Shed));
        until(|| lost.len() == 1).await;
        // `number` waits with one in its edge, one is in the wire's ring, and then the wire is full too.
        assert_eq!(numbers.send(4).await, Err(SendError::Shed));
        until(|| control.ledger().number.taken == 2).await;
        assert_eq!(numbers.send(5).await, Err(SendError::Shed));
        assert_eq!(numbers.send(6).await, Err(SendError::Full(6)));
        gate.open();
        drop(numbers);
        let (out, lost): (Vec<u64>, Vec<u64>) = ::tokio::join!(out.collect(), lost.collect());
        assert_eq!((out, lost), (vec![0, 1, 2], vec![3, 4, 5]));
        let ledger = control.finished().await;
        control.ledger().check().unwrap();
        assert_eq!((ledger.numbers.offered, ledger.numbers.shed), (6, 3));
    });
}

pipeline! {
    ShedsInside {
        input  numbers: u64 [16];
        output out: u64 [64];
        output lost: u64 [64];
        shared gate: Gate;
        numbers -> same -[2, shed]-> gated(gate) -> out;
        gated.shed -[16]-> number -> lost;
    }
}

#[test]
fn a_ring_that_sheds_gives_what_it_refuses_to_its_wire() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let ShedsInsideHandle {
            numbers,
            out,
            lost,
            control,
        } = start!(on, ShedsInside::builder().gate(gate.clone()));
        numbers.send(0).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        for n in 1..8 {
            numbers.send(n).await.unwrap();
        }
        until(|| lost.len() == 5).await;
        gate.open();
        drop(numbers);
        let (out, lost): (Vec<u64>, Vec<u64>) = ::tokio::join!(out.collect(), lost.collect());
        assert_eq!((out, lost), (vec![0, 1, 2], vec![3, 4, 5, 6, 7]));
        control.finished().await;
        let ledger = control.ledger();
        ledger.check().unwrap();
        assert_eq!((ledger.gated.input.offered, ledger.gated.input.shed), (8, 5));
    });
}

pipeline! {
    ShedsOut {
        input  numbers: u64 [16];
        output out: u64 [2, shed];
        output lost: u64 [64];
        numbers -> same -> out;
        out.shed -[16]-> reasons -> lost;
    }
}
#[stage]
fn reasons(s: Shed<u64>) -> u64 {
    if s.reason == forebay::Reason::Closed {
        s.record + 1000
    } else {
        s.record
    }
}

#[test]
fn an_output_that_sheds_gives_its_wire_what_a_dropped_reader_never_takes() {
    everywhere(async |on| {
        let ShedsOutHandle {
            numbers,
            out,
            lost,
            control,
        } = start!(on, ShedsOut::builder());
        for n in 0..4 {
            numbers.send(n).await.unwrap();
        }
        until(|| lost.len() == 2).await;
        drop(out);
        for n in 4..6 {
            numbers.send(n).await.unwrap();
        }
        drop(numbers);
        let lost: Vec<u64> = lost.collect().await;
        control.finished().await;
        let ledger = control.ledger();
        ledger.check().unwrap();
        assert_eq!(ledger.out.shed, 6);
        assert_eq!(lost[..2], [2, 3]);
        assert!(lost[2..].iter().all(|n| *n >= 1000), "{lost:?}");
    });
}

pipeline! {
    Oldest {
        input  numbers: u64 [2, drop_oldest];
        output out: u64 [2, drop_oldest];
        shared gate: Gate;
        numbers -> gated(gate) -[4, drop_oldest]-> same -> out;
    }
}

#[test]
fn the_oldest_make_room_and_are_counted() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let OldestHandle { numbers, out, control } = start!(on, Oldest::builder().gate(gate.clone()));
        numbers.send(0).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        for n in 1..6 {
            numbers.send(n).await.unwrap();
        }
        assert_eq!(control.ledger().numbers.lost, 3);
        gate.open();
        until(|| control.ledger().out.offered == 3).await;
        drop(numbers);
        control.finished().await;
        // Nobody read: the last two are there.
        assert_eq!(out.collect::<Vec<_>>().await, [4, 5]);
        let ledger = control.ledger();
        ledger.check().unwrap();
        assert_eq!((ledger.numbers.lost, ledger.gated.input.lost, ledger.out.lost), (3, 3, 1));
    });
}

#[derive(Clone)]
#[record]
struct Job {
    #[key]
    tenant: String,
    region: u8,
    n: u64,
}
#[derive(Default)]
struct Seen(Mutex<BTreeMap<(usize, String, u8), Vec<u64>>>);
struct Me(usize);
#[stage]
fn job(j: Job) -> Job {
    j
}
#[stage(runtime = none)]
async fn worked(j: Job, me: &mut Me, seen: &Seen) {
    yields(j.n % 4).await;
    let mut seen = seen.0.lock().unwrap();
    seen.entry((me.0, j.tenant, j.region)).or_default().push(j.n);
}
pipeline! {
    ByKey {
        input  jobs: Job [4];
        shared seen: Seen;
        local  me: Me;
        jobs -> job -[2, by key]-> worked(me, seen) { workers: 4 };
    }
}
pipeline! {
    ByField {
        input  jobs: Job [4];
        shared seen: Seen;
        local  me: Me;
        jobs -> job -[2, by region]-> worked(me, seen) { workers: 4 };
    }
}
pipeline! {
    PortByKey {
        input  jobs: Job [4, by key];
        shared seen: Seen;
        local  me: Me;
        jobs -> worked(me, seen) { workers: 4 };
    }
}

#[test]
fn the_same_key_meets_the_same_worker_in_order() {
    everywhere(async |on| {
        macro_rules! case {
            ($p:ident $h:ident $key:expr) => {
                let seen = Arc::new(Seen::default());
                let $h { jobs, control } = start!(on, $p::builder().seen(seen.clone()).me(|w: WorkerId| Me(w.index())));
                for n in 0..200 {
                    let job = Job {
                        tenant: format!("t{}", n % 7),
                        region: (n % 5) as u8,
                        n,
                    };
                    match n % 2 {
                        0 => jobs.send(job).await.unwrap(),
                        _ => jobs.reserve().await.unwrap().send(job).unwrap(),
                    }
                }
                drop(jobs);
                let ledger = control.finished().await;
                ledger.check().unwrap();
                assert_eq!(ledger.worked.finished, 200);
                let key: fn(&str, u8) -> String = $key;
                let mut workers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
                for ((worker, tenant, region), numbers) in seen.0.lock().unwrap().iter() {
                    assert!(numbers.is_sorted(), "{numbers:?}");
                    workers.entry(key(tenant, *region)).or_default().push(*worker);
                }
                assert!(
                    workers.values().all(|w| w.iter().all(|one| *one == w[0])),
                    "{workers:?}"
                );
                let all: std::collections::BTreeSet<_> = workers.values().flatten().collect();
                assert!(all.len() > 1, "{workers:?}");
            };
        }
        case!(ByKey ByKeyHandle |tenant, _| tenant.to_owned());
        case!(ByField ByFieldHandle |_, region| region.to_string());
        case!(PortByKey PortByKeyHandle |tenant, _| tenant.to_owned());
    });
}

// Options of nodes.

pipeline! {
    Unkeyed {
        input  numbers: u64 [16];
        shared gate: Gate;
        numbers -> gated_end(gate) { workers: 3 };
    }
}
#[stage(runtime = none)]
async fn gated_end(n: u64, gate: &Gate) {
    gate.seen.lock().unwrap().push(n);
    while !gate.is_open() {
        yields(1).await;
    }
}

#[test]
fn so_many_workers_work_at_once() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let UnkeyedHandle { numbers, control } = start!(on, Unkeyed::builder().gate(gate.clone()));
        for n in 0..10 {
            numbers.send(n).await.unwrap();
        }
        until(|| gate.seen().len() == 3).await;
        sleep(Duration::from_millis(2)).await;
        assert_eq!((gate.seen().len(), control.ledger().gated_end.in_work), (3, 3));
        gate.open();
        let ledger = control.drain().await;
        ledger.check().unwrap();
        assert_eq!(ledger.gated_end.finished, 10);
    });
}

pipeline! {
    Blocks {
        input  numbers: u64 [16];
        output out: u64 [16];
        numbers -> sleepy { blocking } -> out;
    }
}
#[stage]
fn sleepy(n: u64) -> u64 {
    std::thread::sleep(Duration::from_millis(20));
    n
}

#[test]
fn a_blocking_node_holds_up_nobody_and_publishes_every_record() {
    tokio(async |on| {
        let BlocksHandle {
            numbers,
            mut out,
            control,
        } = start!(on, Blocks::builder());
        for n in 0..5 {
            numbers.send(n).await.unwrap();
        }
        let start = Instant::now();
        // This thread is free meanwhile.
        sleep(Duration::from_millis(1)).await;
        assert!(start.elapsed() < Duration::from_millis(15));
        assert_eq!(out.recv().await, Some(0));
        assert!(
            start.elapsed() < Duration::from_millis(60),
            "one record, not five: {:?}",
            start.elapsed()
        );
        control.drain().await.check().unwrap();
    });
}

#[stage]
fn nothing(f: Failed<Rec, Bad>, oracle: &Oracle) {
    assert_eq!(f.record, None);
    assert_eq!(f.cause, Cause::Error(Bad));
    oracle.end("bare", 0);
}
#[stage]
fn anything<In: Id + Send + 'static, E: Send + 'static>(f: Failed<In, E>, oracle: &Oracle) {
    match f.record {
        Some(record) => oracle.end("kept", record.id()),
        None => oracle.end("plain", 0),
    }
}

pipeline! {
    KeepsRecord {
        input  records: Rec [8];
        shared oracle: Oracle;
        records -> a { keep: record } -> drop;
        errors -[8]-> anything(oracle);
    }
}
pipeline! {
    KeepsNothing {
        input  records: Rec [8];
        shared oracle: Oracle;
        records -> a { keep: nothing } -> drop;
        a.errors -[8]-> nothing(oracle);
    }
}

#[test]
fn keep_record_and_keep_nothing() {
    everywhere(async |on| {
        let oracle = Arc::new(Oracle::default());
        let KeepsRecordHandle { records, control } = start!(on, KeepsRecord::builder().oracle(oracle.clone()));
        records.send(Rec::new(7).trips("a", Trip::Error)).await.unwrap();
        records.send(Rec::new(8).trips("a", Trip::Panic)).await.unwrap();
        drop(records);
        control.finished().await.check().unwrap();
        assert_eq!(oracle.at("kept"), [7, 8]);
        let KeepsNothingHandle { records, control } = start!(on, KeepsNothing::builder().oracle(oracle.clone()));
        records.send(Rec::new(9).trips("a", Trip::Error)).await.unwrap();
        drop(records);
        control.finished().await.check().unwrap();
        assert_eq!(oracle.count("bare"), 1);
    });
}

pipeline! {
    Dropped {
        input  records: Rec [8];
        output out: Rec [8];
        records -> b -> out;
        errors -> drop;
    }
}

#[test]
fn failures_that_are_dropped_by_declaration_are_counted() {
    everywhere(async |on| {
        let DroppedHandle { records, out, control } = start!(on, Dropped::builder());
        records.send(Rec::new(1).trips("b", Trip::Error)).await.unwrap();
        records.send(Rec::new(2).trips("b", Trip::Panic)).await.unwrap();
        records.send(Rec::new(3)).await.unwrap();
        drop(records);
        assert_eq!(out.collect::<Vec<_>>().await.len(), 1);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.b.failed, ledger.b.unwired), (2, 2));
    });
}

#[stage]
fn again(f: Failed<Rec, Bad>, tries: &Tries) -> Option<Rec> {
    tries.0.lock().unwrap().push(f.attempts);
    let mut record = f.record?;
    if f.attempts == 3 {
        record.trip = None;
    }
    Some(record)
}
#[derive(Default)]
struct Tries(Mutex<Vec<u32>>);
pipeline! {
    Retry {
        input  records: Rec [2];
        output out: Rec [2];
        shared tries: Tries;
        records -> b -> out;
        b.errors -[8, shed]-> again(tries) -[8, shed]-> b;
    }
}

#[test]
fn a_retry_made_of_wires_counts_on() {
    everywhere(async |on| {
        let tries = Arc::new(Tries::default());
        let RetryHandle { records, out, control } = start!(on, Retry::builder().tries(tries.clone()));
        records.send(Rec::new(1).trips("b", Trip::Error)).await.unwrap();
        drop(records);
        assert_eq!(out.collect::<Vec<_>>().await, [Rec::new(1)]);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(*tries.0.lock().unwrap(), [1, 2, 3]);
        assert_eq!((ledger.b.taken, ledger.b.failed, ledger.b.finished), (4, 3, 1));
    });
}

#[stage(runtime = none)]
async fn sizes(batch: Batch<u64>, gate: &Gate) -> Vec<usize> {
    gate.seen.lock().unwrap().push(batch.len() as u64);
    while !gate.is_open() {
        yields(1).await;
    }
    vec![batch.len(); batch.len()]
}
pipeline! {
    Batches {
        input  numbers: u64 [16];
        output out: usize [32];
        shared gate: Gate;
        numbers -> sizes(gate) { batch: 4 } -> out;
    }
}

#[test]
fn a_batch_is_what_is_there_up_to_its_size() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let BatchesHandle { numbers, out, control } = start!(on, Batches::builder().gate(gate.clone()));
        // It does not wait for more.
        numbers.send(0).await.unwrap();
        until(|| gate.seen() == [1]).await;
        for n in 1..10 {
            numbers.send(n).await.unwrap();
        }
        gate.open();
        drop(numbers);
        assert_eq!(out.collect::<Vec<_>>().await, [1, 4, 4, 4, 4, 4, 4, 4, 4, 1]);
        control.finished().await.check().unwrap();
        assert_eq!(gate.seen(), [1, 4, 4, 1]);
    });
}

// Time.

#[derive(Default)]
struct Strokes {
    at: u64,
}
#[stage]
impl Strokes {
    fn process(&mut self, n: u64) {
        self.at = n;
    }
    fn tick(&mut self) -> u64 {
        self.at += 1;
        self.at
    }
}
pipeline! {
    Ticking {
        input  numbers: u64 [4];
        output out: u64 [64];
        node   strokes: Strokes { tick: 100ms } = Strokes::default();
        numbers -> strokes -> out;
    }
}
pipeline! {
    Every {
        output out: Tick [1];
        every 100ms -> out;
    }
}

#[::tokio::test(start_paused = true)]
async fn a_tick_strikes_on_time() {
    let start = Instant::now();
    let TickingHandle {
        numbers,
        mut out,
        control,
    } = Ticking::builder().start().unwrap();
    for n in 1..=3 {
        assert_eq!(out.recv().await, Some(n));
        assert_eq!(start.elapsed().as_millis() / 10, u128::from(n) * 10);
    }
    numbers.send(100).await.unwrap();
    assert_eq!(out.recv().await, Some(101));
    assert_eq!(start.elapsed().as_millis() / 10, 40);
    drop(numbers);
    let ledger = control.finished().await;
    assert_eq!(out.recv().await, None);
    ledger.check().unwrap();
    assert_eq!(ledger.strokes.taken, 5);
}

#[::tokio::test(start_paused = true)]
async fn every_strikes_after_one_period_and_makes_nothing_up() {
    let start = Instant::now();
    let EveryHandle { mut out, control } = Every::builder().start().unwrap();
    assert_eq!(out.recv().await.unwrap().count, 0);
    assert_eq!(start.elapsed().as_millis() / 10, 10);
    assert_eq!(out.recv().await.unwrap().count, 1);
    assert_eq!(start.elapsed().as_millis() / 10, 20);
    // Nobody reads for long: one is in the ring, one waits for it.
    sleep(Duration::from_secs(10)).await;
    let late = start.elapsed().as_millis();
    assert_eq!((out.recv().await.unwrap().count, out.recv().await.unwrap().count), (2, 3));
    assert!(start.elapsed().as_millis() - late < 10);
    assert_eq!(out.recv().await.unwrap().count, 4);
    assert!(start.elapsed().as_millis() - late >= 100);
    let ledger = control.drain().await;
    ledger.check().unwrap();
}

pipeline! {
    Deadline {
        drain  1s;
        input  numbers: u64 [4];
        output out: u64 [2];
        numbers -> same -[2]-> later -> out;
    }
}
#[stage(runtime = none)]
async fn later(n: u64) -> u64 {
    yields(1).await;
    n
}

#[::tokio::test(start_paused = true)]
async fn the_deadline_turns_a_drain_into_an_abort() {
    let start = Instant::now();
    let DeadlineHandle { numbers, out, control } = Deadline::builder().start().unwrap();
    let mut sent = 0;
    while numbers.try_send(sent).is_ok() || control.ledger().later.in_work == 0 || numbers.len() < 4 {
        sent += 1;
        ::tokio::task::yield_now().await;
    }
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(start.elapsed().as_millis() / 100, 10);
    // Two can still be read; where the others were is named.
    let cut = ledger.numbers.cut + ledger.later.input.cut + ledger.same.cut + ledger.later.cut + ledger.out.cut;
    assert_eq!(cut + 2, ledger.numbers.offered, "{ledger}");
    assert!(
        ledger.numbers.cut > 0 && ledger.later.input.cut > 0 && ledger.out.cut > 0,
        "{ledger}"
    );
    assert_eq!(out.collect::<Vec<_>>().await, [0, 1]);
}

#[stage]
fn unlucky(n: u64) -> u64 {
    if n == 3 {
        panic!("tripped unlucky");
    }
    n
}
pipeline! {
    Unlucky {
        drain  1s;
        input  numbers: u64 [16];
        output out: u64 [2];
        numbers -> unlucky { restart: 1 in 1h else drain } -> out;
        unlucky.errors -> drop;
    }
}

#[::tokio::test(start_paused = true)]
async fn the_deadline_holds_whoever_drains() {
    let start = Instant::now();
    let UnluckyHandle { numbers, out, control } = Unlucky::builder().start().unwrap();
    for n in [3, 3, 0, 1, 2, 4, 5] {
        numbers.send(n).await.unwrap();
    }
    let _ = (&out, numbers);
    // The second panic drains. A dead worker fails what comes, so nothing is left for the output.
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert_eq!(ledger.unlucky.failed, 7);
    let UnluckyHandle { numbers, out, control } = Unlucky::builder().start().unwrap();
    for n in [0, 1, 2, 4, 3, 3] {
        numbers.send(n).await.unwrap();
    }
    // Nobody reads, so the panics never come, and the drain of somebody else is cut short.
    let other = control.clone();
    drop(other.drain());
    drop(other);
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert!(ledger.numbers.cut > 0, "{ledger}");
    assert_eq!(start.elapsed().as_millis() / 100, 10);
    drop(out);
}

// Sources.

#[stage(runtime = none)]
fn endless() -> impl futures_core::Stream<Item = u64> {
    Endless(0)
}
struct Endless(u64);
impl futures_core::Stream for Endless {
    type Item = u64;
    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        self.0 += 1;
        std::task::Poll::Ready(Some(self.0))
    }
}
#[stage]
fn many(n: u64) -> impl Iterator<Item = u64> {
    std::iter::repeat(n)
}
pipeline! {
    Flood {
        output out: u64 [2, drop_oldest];
        endless -> same -> out;
    }
}
pipeline! {
    FloodOfOne {
        input  numbers: u64 [2];
        output out: u64 [2, drop_oldest];
        numbers -> many -> out;
    }
}

#[test]
fn a_source_that_never_waits_lets_others_run() {
    everywhere(async |on| {
        let FloodHandle { mut out, control } = start!(on, Flood::builder());
        let (first, second) = (out.recv().await.unwrap(), out.recv().await.unwrap());
        assert!(first < second);
        let ledger = control.drain().await;
        drop(out);
        drop(ledger);
        control.ledger().check().unwrap();
    });
}

#[test]
fn a_call_that_never_ends_lets_others_run_and_can_be_aborted() {
    everywhere(async |on| {
        let FloodOfOneHandle {
            numbers,
            mut out,
            control,
        } = start!(on, FloodOfOne::builder());
        numbers.send(1).await.unwrap();
        assert_eq!((out.recv().await, out.recv().await), (Some(1), Some(1)));
        control.abort().await;
        drop(out);
        let ledger = control.ledger();
        ledger.check().unwrap();
        assert_eq!(ledger.many.cut, 1);
    });
}

#[test]
fn readers_are_attached_before_sources_run() {
    on(On::Two, async |on| {
        for _ in 0..50 {
            let FewHandle { out, control } = start!(on, Few::builder());
            assert_eq!(out.collect::<Vec<_>>().await, [1, 2, 3]);
            control.finished().await.check().unwrap();
        }
    });
}
#[stage(runtime = none)]
fn few() -> impl futures_core::Stream<Item = u64> {
    Few3(0)
}
struct Few3(u64);
impl futures_core::Stream for Few3 {
    type Item = u64;
    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        self.0 += 1;
        std::task::Poll::Ready((self.0 <= 3).then_some(self.0))
    }
}
pipeline! {
    Few {
        output out: u64 [4];
        few -> out;
    }
}

// A join, and an inlet that two wires feed.

#[derive(Default)]
struct Ends {
    closed: Vec<&'static str>,
}
#[stage]
impl Ends {
    #[inlet]
    fn left(&mut self, n: u64) -> Option<String> {
        Some(format!("left {n}"))
    }
    #[inlet]
    fn right(&mut self, n: u64) -> Option<String> {
        Some(format!("right {n}"))
    }
    fn closed(&mut self, inlet: Inlet) -> Option<String> {
        self.closed.push(inlet.name());
        Some(format!("closed {}", inlet.name()))
    }
}
pipeline! {
    TwoWires {
        input  one: u64 [4];
        input  two: u64 [4];
        input  three: u64 [4];
        output out: String [16];
        node   ends: Ends = Ends::default();
        one -> ends.left;
        two -> same -[4]-> ends.left;
        three -> ends.right;
        ends -> out;
    }
}

#[test]
fn an_inlet_has_closed_when_its_last_wire_has() {
    everywhere(async |on| {
        let TwoWiresHandle {
            one,
            two,
            three,
            mut out,
            control,
        } = start!(on, TwoWires::builder());
        one.send(1).await.unwrap();
        assert_eq!(out.recv().await.unwrap(), "left 1");
        drop(one);
        three.send(3).await.unwrap();
        assert_eq!(out.recv().await.unwrap(), "right 3");
        two.send(2).await.unwrap();
        assert_eq!(out.recv().await.unwrap(), "left 2");
        drop(two);
        assert_eq!(out.recv().await.unwrap(), "closed left");
        drop(three);
        assert_eq!(out.recv().await.unwrap(), "closed right");
        assert_eq!(out.recv().await, None);
        control.finished().await.check().unwrap();
    });
}
