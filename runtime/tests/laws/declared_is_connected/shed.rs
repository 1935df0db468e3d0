//! What rings refuse, and where it goes.

use super::*;

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
    assert_eq!(s.reason, Reason::Full);
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
        until(|| control.ledger().number.taken == 2 && control.ledger().number.input.queued == 0).await;
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
        send_each(&numbers, 1..8).await;
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
    if s.reason == Reason::Closed {
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
        send_each(&numbers, 0..4).await;
        until(|| lost.len() == 2).await;
        drop(out);
        send_each(&numbers, 4..6).await;
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
    ShedsTwice {
        input  numbers: u64 [16];
        output out: u64 [64];
        output lost: u64 [64];
        output lost_again: u64 [64];
        shared gate: Gate;
        node   second = gated_shed;
        numbers -> same -[1, shed]-> gated(gate) -> out;
        gated.shed -[2, shed]-> second(gate) -> lost;
        second.shed -[16]-> both -> lost_again;
    }
}
#[stage(runtime = none)]
async fn gated_shed(s: Shed<u64>, gate: &Gate) -> u64 {
    gated(s.record, gate).await
}
#[stage]
fn both(s: Shed<Shed<u64>>) -> u64 {
    s.record.record
}

#[test]
fn a_shed_wire_that_sheds_gives_what_it_refuses_to_its_own() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let ShedsTwiceHandle {
            numbers,
            out,
            lost,
            lost_again,
            control,
        } = start!(on, ShedsTwice::builder().gate(gate.clone()));
        numbers.send(0).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        numbers.send(1).await.unwrap();
        until(|| control.ledger().gated.input.offered == 2).await;
        numbers.send(2).await.unwrap();
        until(|| control.ledger().second.in_work == 1).await;
        for n in 3..8 {
            numbers.send(n).await.unwrap();
        }
        until(|| lost_again.len() == 3).await;
        gate.open();
        drop(numbers);
        let got: (Vec<u64>, Vec<u64>, Vec<u64>) = ::tokio::join!(out.collect(), lost.collect(), lost_again.collect());
        assert_eq!(got, (vec![0, 1], vec![2, 3, 4], vec![5, 6, 7]));
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.gated.input.shed, ledger.second.input.shed), (6, 3));
    });
}

pipeline! {
    ShedsOldest {
        input  numbers: u64 [16];
        output out: u64 [64];
        output lost: u64 [64];
        shared gate: Gate;
        numbers -> same -[1, shed]-> gated(gate) -> out;
        gated.shed -[2, drop_oldest]-> gated_shed(gate) -> lost;
    }
}
pipeline! {
    ShedsNewest {
        input  numbers: u64 [1, shed];
        output out: u64 [64];
        output lost: u64 [64];
        shared gate: Gate;
        numbers -> gated(gate) -> out;
        numbers.shed -[mailbox]-> gated_shed(gate) -> lost;
    }
}

#[test]
fn a_shed_wire_that_drops_the_oldest_keeps_the_newest() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let ShedsOldestHandle {
            numbers,
            out,
            lost,
            control,
        } = start!(on, ShedsOldest::builder().gate(gate.clone()));
        for n in 0..8 {
            numbers.send(n).await.unwrap();
            match n {
                0 => until(|| control.ledger().gated.in_work == 1).await,
                2 => until(|| control.ledger().gated_shed.in_work == 1).await,
                _ => until(|| control.ledger().same.finished == n + 1).await,
            }
        }
        gate.open();
        drop(numbers);
        let (out, lost): (Vec<u64>, Vec<u64>) = ::tokio::join!(out.collect(), lost.collect());
        assert_eq!((out, lost), (vec![0, 1], vec![2, 6, 7]));
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.gated_shed.input.lost, ledger.gated_shed.input.shed), (3, 0));
    });
}

#[test]
fn the_shed_wire_of_an_input_that_drops_the_oldest_keeps_the_newest() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let ShedsNewestHandle {
            numbers,
            out,
            lost,
            control,
        } = start!(on, ShedsNewest::builder().gate(gate.clone()));
        numbers.send(0).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        numbers.send(1).await.unwrap();
        assert_eq!(numbers.send(2).await, Err(SendError::Shed));
        until(|| control.ledger().gated_shed.in_work == 1).await;
        for n in 3..6 {
            assert_eq!(numbers.send(n).await, Err(SendError::Shed));
        }
        gate.open();
        drop(numbers);
        let (out, lost): (Vec<u64>, Vec<u64>) = ::tokio::join!(out.collect(), lost.collect());
        assert_eq!((out, lost), (vec![0, 1], vec![2, 5]));
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.gated_shed.input.lost, ledger.gated_shed.input.shed), (2, 0));
    });
}
