//! What a full lane does, and what an abort finds in the lanes.

use std::sync::Arc;

use forebay::Reason;
use forebay::prelude::*;

use super::order::{Weighted, WeightedHandle};
use crate::support::*;

/// A full lane leaves the others their room; who waits for it is called when it has some.
#[test]
fn each_lane_of_a_ring_that_waits_has_its_room() {
    pipeline! {
        Narrow {
            input  jobs: Job [2, priority];
            output done: Job [16];
            shared gate: Gate;
            jobs -> gated(gate) -> done;
        }
    }
    everywhere(async |on| {
        let (gate, NarrowHandle { jobs, done, control }) = held!(on, Narrow::builder(), job(Now, 0));
        for n in 1..3 {
            jobs.try_send(job(Sometime, n)).unwrap();
        }
        assert_eq!(jobs.try_send(job(Sometime, 3)), Err(SendError::Full(job(Sometime, 3))));
        jobs.try_send(job(Now, 4)).unwrap();
        let slot = jobs.reserve();
        let waiting = jobs.send(job(Sometime, 5));
        gate.open();
        waiting.await.unwrap();
        slot.await.unwrap().send(job(Now, 6)).unwrap();
        drop(jobs);
        let mut done = numbers(done).await;
        done.sort();
        assert_eq!(done, [0, 1, 2, 4, 5, 6]);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(ledger.jobs.offered, 6);
    });
}

pipeline! {
    Sheds {
        input  jobs: Job [4, priority, shed];
        output done: Job [16];
        output lost: (u64, Reason) [16];
        shared gate: Gate;
        jobs -> gated(gate) -> done;
        jobs.shed -[16]-> told -> lost;
    }
}

pipeline! {
    ShedsInside {
        input  jobs: Job [64];
        output done: Job [16];
        output lost: (u64, Reason) [16];
        shared gate: Gate;
        jobs -> same -[4, shed, priority]-> gated(gate) -> done;
        gated.shed -[16]-> told -> lost;
    }
}

/// The order of arrivals that both tests below use, and what becomes of them.
const ARRIVALS: [(Urgency, u64); 10] = [
    (Sometime, 1),
    (Sometime, 2),
    (Soon, 3),
    // The urgent lane has the room of the others.
    (Now, 4),
    // Each takes the place of the oldest of the least urgent.
    (Now, 5),
    (Soon, 6),
    (Now, 7),
    // Nothing that waits is less urgent.
    (Sometime, 8),
    (Now, 9),
    (Now, 10),
];

const DONE: [u64; 5] = [0, 4, 5, 7, 9];

const LOST: [(u64, Reason); 6] = [
    (1, Reason::Displaced),
    (2, Reason::Displaced),
    (3, Reason::Displaced),
    (8, Reason::Full),
    (6, Reason::Displaced),
    (10, Reason::Full),
];

#[test]
fn a_port_refuses_a_record_only_when_nothing_less_urgent_waits() {
    everywhere(async |on| {
        let (
            gate,
            ShedsHandle {
                jobs,
                done,
                lost,
                control,
            },
        ) = held!(on, Sheds::builder(), job(Now, 0));
        for (urgency, n) in ARRIVALS {
            let refused = LOST.contains(&(n, Reason::Full));
            let sent = jobs.send(job(urgency, n)).await;
            assert_eq!(sent, if refused { Err(SendError::Shed) } else { Ok(()) }, "{n}");
        }
        assert_eq!((jobs.len(), jobs.capacity()), (4, 4));
        gate.open();
        drop(jobs);
        let (_, lost): (Vec<Job>, Vec<_>) = ::tokio::join!(done.collect(), lost.collect());
        assert_eq!((gate.seen(), lost), (DONE.to_vec(), LOST.to_vec()));
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.jobs.offered, ledger.jobs.shed, ledger.jobs.taken), (11, 6, 5));
    });
}

#[test]
fn a_ring_inside_refuses_a_record_only_when_nothing_less_urgent_waits() {
    everywhere(async |on| {
        let (
            gate,
            ShedsInsideHandle {
                jobs,
                done,
                lost,
                control,
            },
        ) = held!(on, ShedsInside::builder(), job(Now, 0));
        for (urgency, n) in ARRIVALS {
            jobs.send(job(urgency, n)).await.unwrap();
        }
        until(|| control.ledger().gated.input.offered == 11).await;
        gate.open();
        drop(jobs);
        let (_, lost): (Vec<Job>, Vec<_>) = ::tokio::join!(done.collect(), lost.collect());
        assert_eq!((gate.seen(), lost), (DONE.to_vec(), LOST.to_vec()));
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.gated.input.shed, ledger.gated.input.taken), (6, 5));
    });
}

/// Without a wire the caller has back what is refused; what is displaced was accepted, so it counts.
#[test]
fn what_makes_room_in_a_port_without_a_wire_is_counted() {
    pipeline! {
        Unwired {
            input  jobs: Job [2, priority, shed];
            output done: Job [16];
            shared gate: Gate;
            jobs -> gated(gate) -> done;
        }
    }
    everywhere(async |on| {
        let (gate, UnwiredHandle { jobs, done, control }) = held!(on, Unwired::builder(), job(Now, 0));
        jobs.send(job(Sometime, 1)).await.unwrap();
        jobs.send(job(Sometime, 2)).await.unwrap();
        jobs.send(job(Soon, 3)).await.unwrap();
        assert_eq!(jobs.send(job(Sometime, 4)).await, Err(SendError::Full(job(Sometime, 4))));
        gate.open();
        drop(jobs);
        done.collect::<Vec<_>>().await;
        assert_eq!(gate.seen(), [0, 3, 2]);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.jobs.offered, ledger.jobs.shed), (4, 1));
    });
}

/// Aborted with every lane full: what waits there counts as cut, each record once.
#[test]
fn an_abort_accounts_for_what_waits_in_each_lane() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let WeightedHandle { jobs, done, control } = start!(on, Weighted::builder().gate(gate));
        for n in 0..100 {
            jobs.send(job([Now, Soon, Sometime][n as usize % 3], n)).await.unwrap();
        }
        until(|| control.ledger().same.finished == 100).await;
        let ledger = control.abort().await;
        ledger.check().unwrap();
        assert_eq!((ledger.gated.input.cut, ledger.gated.cut), (99, 1));
        drop((jobs, done));
    });
}
