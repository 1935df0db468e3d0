//! Counts that are sums: of what is read and what waits, of two rings before one node.

use std::sync::Arc;

use forebay::prelude::*;

use crate::kit::run::{everywhere, start};
use crate::oracle::Oracle;
use crate::stages::*;
use crate::traffic::{feed, read};

pipeline! {
    NewestFew {
        input  records: Rec [32];
        output out: Rec [32, drop_oldest];
        records -> c -> out;
        errors -> drop;
    }
}

/// What waits in an output counts as queued, however much of it was read.
#[test]
fn an_output_that_drops_the_oldest_counts_what_waits_in_it() {
    everywhere(async |on| {
        let NewestFewHandle {
            records,
            mut out,
            control,
        } = start!(on, NewestFew::builder());
        for id in 0..20 {
            records.send(Rec::new(id)).await.unwrap();
        }
        drop(records);
        let end = control.finished().await;
        assert_eq!((end.out.offered, end.out.queued), (20, 20));
        for id in 0..20 {
            let ledger = control.ledger();
            ledger.check().unwrap();
            assert_eq!((ledger.out.taken, ledger.out.queued), (id, 20 - id));
            assert_eq!(out.recv().await.unwrap().id, id);
        }
        assert_eq!(out.recv().await, None);
    });
}

/// All but its reader is at rest: whenever the ledger is read, each record was taken or waits.
#[test]
fn a_ledger_is_exact_while_an_output_is_read() {
    everywhere(async |on| {
        for _ in 0..20 {
            let oracle = Arc::new(Oracle::default());
            let BufferedHandle {
                numbers,
                mut out,
                control,
            } = start!(on, Buffered::builder());
            feed(numbers, (0..256).map(Rec::new).collect(), oracle).await;
            control.finished().await.check().unwrap();
            let reader = std::thread::spawn(move || std::iter::from_fn(|| out.recv_blocking()).count());
            loop {
                let ledger = control.ledger();
                ledger.check().unwrap();
                if ledger.out.taken == 256 {
                    break;
                }
            }
            assert_eq!(reader.join().unwrap(), 256);
        }
    });
}

pipeline! {
    Buffered {
        input  numbers: Rec [256];
        output out: Rec [256];
        numbers -> a -> out;
        errors -> drop;
    }
}

pipeline! {
    TwoRingsThatShed {
        input  lefts: Rec [64];
        input  rights: Rec [64];
        output out: Rec [256];
        shared oracle: Oracle;
        node left = a;
        node right = a;
        lefts -> left -[1, shed]-> c -> out;
        rights -> right -[1, shed]-> c;
        c.shed -[256]-> refused(oracle);
        errors -> drop;
    }
}

/// Two rings before a node shed, each in its measure: what went over the shed wire is the sum.
#[test]
fn what_two_rings_before_a_node_shed_is_summed() {
    everywhere(async |on| {
        let oracle = Arc::new(Oracle::default());
        let TwoRingsThatShedHandle {
            lefts,
            rights,
            out,
            control,
        } = start!(on, TwoRingsThatShed::builder().oracle(oracle.clone()));
        let reader = read(out, "out", &oracle);
        let sent = feed(lefts, (0..60).map(Rec::new).collect(), oracle.clone()).await
            + feed(rights, (60..70).map(Rec::new).collect(), oracle.clone()).await;
        let ledger = control.finished().await;
        reader.await.unwrap();
        ledger.check().unwrap();
        oracle.check(&["out", "shed"], 0).unwrap();
        assert_eq!((sent, oracle.count("shed")), (70, ledger.c.input.shed));
    });
}
