//! Wherever it stands: before workers, by key, in a static, under a crowd, in a pipeline with parameters.

use forebay::Reason;
use forebay::prelude::*;
use forebay::record::{Env, Prioritized, Priority as Level};
use forebay::ring::mpmc::Mpmc;
use forebay::ring::spsc::Spsc;

use crate::support::*;

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
