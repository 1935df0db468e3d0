//! `priority`, `priority weighted 4:2:1`, and both with `shed`.

use std::sync::Arc;

use forebay::Reason;
use forebay::prelude::*;
use forebay::record::{Env, Prioritized, Priority as Level};
use forebay::ring::mpmc::Mpmc;
use forebay::ring::spsc::Spsc;

use crate::support::*;

pipeline! {
    Strict {
        budget 64KiB;
        input  jobs: Job [128, priority];
        output done: Job [512];
        shared gate: Gate;
        jobs -> gated(gate) -> done;
    }
}

#[test]
fn the_most_urgent_goes_first_and_a_lane_keeps_its_order() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let StrictHandle { jobs, done, control } = start!(on, Strict::builder().gate(gate.clone()));
        jobs.send(job(Sometime, 0)).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        for (urgency, n) in [(Sometime, 1), (Soon, 2), (Now, 3), (Sometime, 4), (Soon, 5), (Now, 6)] {
            jobs.send(job(urgency, n)).await.unwrap();
        }
        assert_eq!((jobs.len(), jobs.capacity()), (6, 3 * 128));
        gate.open();
        drop(jobs);
        done.collect::<Vec<_>>().await;
        assert_eq!(gate.seen(), [0, 3, 6, 2, 5, 1, 4]);
        control.finished().await.check().unwrap();
    });
}

/// However many urgent records there are, one of each other lane is taken within 64 for each of those lanes.
#[test]
fn strict_starves_no_lane() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let StrictHandle { jobs, done, control } = start!(on, Strict::builder().gate(gate.clone()));
        jobs.send(job(Now, 0)).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        jobs.send(job(Sometime, 1000)).await.unwrap();
        jobs.send(job(Soon, 2000)).await.unwrap();
        for n in 1..=128 {
            jobs.try_send(job(Now, n)).unwrap();
        }
        gate.open();
        drop(jobs);
        assert_eq!(done.collect::<Vec<_>>().await.len(), 131);
        let seen = gate.seen();
        let at = |n: u64| seen.iter().position(|seen| *seen == n).unwrap();
        // 63 overtake, then the next lane has a turn.
        assert_eq!((at(2000), at(1000)), (63, 127));
        control.finished().await.check().unwrap();
    });
}

pipeline! {
    Weighted {
        input  jobs: Job [128];
        output done: Job [512];
        shared gate: Gate;
        jobs -> same -[128, priority weighted 4:2:1]-> gated(gate) -> done;
    }
}

#[test]
fn weights_are_the_shares_of_the_lanes() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let WeightedHandle { jobs, done, control } = start!(on, Weighted::builder().gate(gate.clone()));
        jobs.send(job(Sometime, 0)).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        for n in 0..70 {
            for (urgency, of) in [(Sometime, 300), (Soon, 200), (Now, 100)] {
                jobs.send(job(urgency, of + n)).await.unwrap();
            }
        }
        until(|| control.ledger().gated.input.queued == 210).await;
        gate.open();
        drop(jobs);
        assert_eq!(done.collect::<Vec<_>>().await.len(), 211);
        // The first one has used the share of its lane in the first round.
        let seen = &gate.seen()[7..];
        for round in seen.chunks(7).take(15) {
            let of = |hundred: u64| round.iter().filter(|n| **n / 100 == hundred).count();
            assert_eq!((of(1), of(2), of(3)), (4, 2, 1), "{round:?}");
        }
        control.finished().await.check().unwrap();
    });
}

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
        let gate = Arc::new(Gate::default());
        let NarrowHandle { jobs, done, control } = start!(on, Narrow::builder().gate(gate.clone()));
        jobs.send(job(Now, 0)).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
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
        let mut done: Vec<u64> = done.collect::<Vec<_>>().await.into_iter().map(|job| job.n).collect();
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
        let gate = Arc::new(Gate::default());
        let ShedsHandle {
            jobs,
            done,
            lost,
            control,
        } = start!(on, Sheds::builder().gate(gate.clone()));
        jobs.send(job(Now, 0)).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
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
        let gate = Arc::new(Gate::default());
        let ShedsInsideHandle {
            jobs,
            done,
            lost,
            control,
        } = start!(on, ShedsInside::builder().gate(gate.clone()));
        jobs.send(job(Now, 0)).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
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
        let gate = Arc::new(Gate::default());
        let UnwiredHandle { jobs, done, control } = start!(on, Unwired::builder().gate(gate.clone()));
        jobs.send(job(Now, 0)).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
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

pipeline! {
    Workers<const N: usize = 4> {
        input  jobs: Job [N, priority, by key];
        output done: Job [N, priority];
        jobs -> same { workers: 3 } -[N, priority weighted 3:2:1, by user]-> same2 { workers: 2 } -[N, priority]-> same3 { workers: 2 } -> done;
        node same2 = same;
        node same3 = same;
    }
}

/// Per user and level, over workers by key and without, ports and rings.
#[test]
fn every_record_comes_through_with_workers_and_keys() {
    everywhere(async |on| {
        let WorkersHandle { jobs, mut done, control } = start!(on, Workers::<4>::builder());
        let sends = async {
            for n in 0..300 {
                jobs.send(job([Now, Soon, Sometime][n as usize % 3], n)).await.unwrap();
            }
            drop(jobs);
        };
        let reads = async {
            let mut all = Vec::new();
            while let Some(job) = done.recv().await {
                all.push(job.n);
            }
            all.sort();
            all
        };
        let ((), all) = ::tokio::join!(sends, reads);
        assert_eq!(all, (0..300).collect::<Vec<_>>());
        control.finished().await.check().unwrap();
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

pipeline! {
    InPlace {
        input  jobs: Job [4, priority];
        output done: Job [8];
        jobs -> same -[4, priority, shed]-> same2 -> done;
        node same2 = same;
    }
}

#[test]
fn lanes_in_a_static_are_those_that_the_budget_counts() {
    static HOME: InPlace = InPlace::new();
    everywhere(async |on| {
        let InPlaceHandle { jobs, done, control } = start!(on, InPlace::builder());
        jobs.send(job(Soon, 1)).await.unwrap();
        drop(jobs);
        assert_eq!(done.collect::<Vec<_>>().await, [job(Soon, 1)]);
        control.finished().await.check().unwrap();
    });
    let lane = size_of::<Mpmc<Env<Job>, 4>>();
    let out = size_of::<Spsc<Env<Job>, 8>>();
    assert_eq!(InPlace::TOPOLOGY.ring_bytes, 2 * 3 * lane + out);
    // Beside them it knows whether it is in use.
    assert!((1..=8).contains(&(size_of_val(&HOME) - InPlace::TOPOLOGY.ring_bytes)));
    paused(async || {
        let InPlaceHandle { jobs, done, control } = InPlace::builder().in_static(&HOME).start().unwrap();
        for n in 0..3 {
            jobs.send(job([Now, Soon, Sometime][n as usize], n)).await.unwrap();
        }
        drop(jobs);
        assert_eq!(done.collect::<Vec<_>>().await.len(), 3);
        control.finished().await.check().unwrap();
    });
}

#[test]
fn it_shows_in_the_topology() {
    let text = Weighted::TOPOLOGY.to_text();
    assert!(text.contains("128  priority weighted 4:2:1"), "{text}");
    assert!(Weighted::TOPOLOGY.svg().contains("128, priority"));
}

pipeline! {
    Crowd {
        input  jobs: Job [16, priority, shed];
        output done: Job [64];
        output lost: (u64, Reason) [64];
        jobs -> same -[8, priority, shed]-> same2 { workers: 2 } -> done;
        jobs.shed -[1024]-> told -> lost;
        same2.shed -[1024]-> told2 -> lost;
        node same2 = same;
        node told2 = told;
    }
}

/// Many senders and readers at once: each record is in one place.
#[test]
fn a_crowd_of_senders_loses_nothing_unseen() {
    const SENDERS: u64 = 4;
    const EACH: u64 = 2_000;
    everywhere(async |on| {
        let CrowdHandle {
            jobs,
            mut done,
            mut lost,
            control,
        } = start!(on, Crowd::builder());
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let jobs = jobs.clone();
                std::thread::spawn(move || {
                    let mut back = 0;
                    for n in 0..EACH {
                        let urgency = [Sometime, Soon, Now, Sometime][(n % 4) as usize];
                        match jobs.try_send(job(urgency, sender * EACH + n)) {
                            Ok(()) | Err(SendError::Shed) => {}
                            Err(_) => back += 1,
                        }
                    }
                    back
                })
            })
            .collect();
        drop(jobs);
        let mut all: Vec<u64> = Vec::new();
        let (mut through, mut out) = (Vec::new(), Vec::new());
        ::tokio::join!(
            async {
                while let Some(job) = done.recv().await {
                    through.push(job.n);
                }
            },
            async {
                while let Some((n, _)) = lost.recv().await {
                    out.push(n);
                }
            }
        );
        let back: u64 = senders.into_iter().map(|sender| sender.join().unwrap()).sum();
        let ledger = control.finished().await;
        ledger.check().unwrap();
        all.extend(through);
        all.extend(out);
        let met = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), met, "a record came twice");
        // What both the ring and its wire refused is counted there.
        let dropped = ledger.told.input.shed + ledger.told2.input.shed;
        assert_eq!(met as u64 + back + dropped, SENDERS * EACH);
    });
}

/// A pipeline that is generic over its record.
#[test]
fn the_levels_may_be_those_of_a_parameter() {
    #[stage]
    fn pass<T: Send + 'static>(record: T) -> T {
        record
    }
    pipeline! {
        Generic<T: Prioritized<Priority: Level> + Send + 'static, const N: usize = 4> {
            budget 64KiB;
            input  records: T [N, priority];
            output out: T [N, priority, shed];
            records -> pass -[N, priority weighted 4:2:1, offer 2 every 1ms]-> pass2 -> out;
            node pass2 = pass;
        }
    }
    everywhere(async |on| {
        let GenericHandle { records, out, control } = start!(on, Generic::<Job, 4>::builder());
        for (urgency, n) in [(Sometime, 0), (Now, 1), (Soon, 2)] {
            records.send(job(urgency, n)).await.unwrap();
        }
        drop(records);
        let ledger = control.finished().await;
        assert_eq!(
            out.collect::<Vec<_>>().await.len() as u64,
            ledger.out.taken + ledger.out.queued
        );
        control.ledger().check().unwrap();
    });
}
