//! The options of nodes.

use std::sync::mpsc::{Receiver, channel};

use super::*;

pipeline! {
    Unkeyed {
        input  numbers: u64 [16];
        shared gate: Gate;
        numbers -> gated_end(gate) { workers: 3 };
    }
}
#[stage(runtime = none)]
async fn gated_end(n: u64, gate: &Gate) {
    gate.pass(n).await;
}

#[test]
fn so_many_workers_work_at_once() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let UnkeyedHandle { numbers, control } = start!(on, Unkeyed::builder().gate(gate.clone()));
        send_each(&numbers, 0..10).await;
        until(|| gate.seen().len() == 3).await;
        sleep(Duration::from_millis(2)).await;
        assert_eq!((gate.seen().len(), control.ledger().gated_end.in_work), (3, 3));
        gate.open();
        let ledger = control.drain().await;
        ledger.check().unwrap();
        assert_eq!(ledger.gated_end.finished, 10);
    });
}

/// Lets one call at a time through.
struct Turnstile(Mutex<Receiver<()>>);

pipeline! {
    Blocks {
        input  numbers: u64 [16];
        output out: u64 [16];
        shared turnstile: Turnstile;
        numbers -> waits(turnstile) { blocking } -> out;
    }
}
/// Holds its thread until it is let through.
#[stage]
fn waits(n: u64, turnstile: &Turnstile) -> u64 {
    turnstile.0.lock().unwrap().recv().unwrap();
    n
}

#[test]
fn a_blocking_node_holds_up_nobody_and_publishes_every_record() {
    tokio(async |on| {
        let (let_through, turnstile) = channel();
        let turnstile = Turnstile(Mutex::new(turnstile));
        let BlocksHandle {
            numbers,
            mut out,
            control,
        } = start!(on, Blocks::builder().turnstile(turnstile));
        send_each(&numbers, 0..5).await;
        // While it holds its thread for the next record this one goes on, and has the one before.
        for n in 0..5 {
            let_through.send(()).unwrap();
            assert_eq!(out.recv().await, Some(n));
        }
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
    gate.pass(batch.len() as u64).await;
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
        send_each(&numbers, 1..10).await;
        gate.open();
        drop(numbers);
        assert_eq!(out.collect::<Vec<_>>().await, [1, 4, 4, 4, 4, 4, 4, 4, 4, 1]);
        control.finished().await.check().unwrap();
        assert_eq!(gate.seen(), [1, 4, 4, 1]);
    });
}

pipeline! {
    Routed {
        input  numbers: u64 [4];
        output even: u64 [4];
        output odd: u64 [4];
        shared gate: Gate;
        numbers -> match {
            n if n % 2 == 0 => n -> gated(gate) -> even,
            n => n -> same -> odd,
        };
    }
}

#[test]
fn what_a_route_waits_for_is_taken() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let handle = start!(on, Routed::builder().gate(gate.clone()));
        let RoutedHandle {
            numbers,
            even,
            odd,
            control,
        } = handle;
        send_each(&numbers, 0..4).await;
        until(|| control.ledger().gated.in_work == 1).await;
        // The ring knows of it while its stage waits, and an abort cuts one record there and not those behind it.
        assert_eq!(control.ledger().numbers.taken, 1);
        let ledger = control.abort().await;
        ledger.check().unwrap();
        assert_eq!(
            (ledger.gated.cut, ledger.gated.taken, ledger.same.taken),
            (1, 1, 0),
            "{ledger}"
        );
        drop((even, odd));
    });
}
