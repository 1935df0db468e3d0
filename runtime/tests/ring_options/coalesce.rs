//! `coalesce by key`: a newer record takes the place of the queued one with its key.

use std::collections::BTreeMap;

use forebay::Reason;
use forebay::prelude::*;
use forebay::record::Keyed;

use crate::support::*;

/// The `n`th record of a user.
fn of(user: u64, n: u64) -> Job {
    Job { user, urgency: Now, n }
}

pipeline! {
    Port {
        budget 64KiB;
        input  jobs: Job [4, coalesce by key];
        output done: Job [64];
        shared gate: Gate;
        jobs -> gated(gate) -> done;
    }
}
pipeline! {
    Inside {
        input  jobs: Job [64];
        output done: Job [64];
        shared gate: Gate;
        jobs -> same -[4, coalesce by key]-> gated(gate) -> done;
    }
}

/// What users 1 to 4 send while nothing is taken, and what comes of it: the newest of each, in the order of the first.
const SENT: [(u64, u64); 8] = [(1, 1), (2, 2), (1, 3), (3, 4), (2, 5), (4, 6), (1, 7), (1, 8)];
const DONE: [u64; 5] = [0, 8, 5, 4, 6];

#[test]
fn a_port_keeps_the_place_and_gives_the_newest() {
    everywhere(async |on| {
        let (gate, PortHandle { jobs, done, control }) = held!(on, Port::builder(), of(9, 0));
        for (user, n) in SENT {
            jobs.try_send(of(user, n)).unwrap();
        }
        assert_eq!((jobs.len(), control.ledger().jobs.lost), (4, 4));
        // Full of other keys, and never of its own.
        assert_eq!(jobs.try_send(of(5, 9)), Err(SendError::Full(of(5, 9))));
        let waiting = jobs.send(of(5, 9));
        gate.open();
        waiting.await.unwrap();
        drop(jobs);
        let done = numbers(done).await;
        assert_eq!(done, [&DONE[..], &[9]].concat());
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.jobs.offered, ledger.jobs.taken, ledger.jobs.lost), (10, 6, 4));
    });
}

#[test]
fn a_ring_inside_keeps_the_place_and_gives_the_newest() {
    everywhere(async |on| {
        let (gate, InsideHandle { jobs, done, control }) = held!(on, Inside::builder(), of(9, 0));
        for (user, n) in SENT {
            jobs.send(of(user, n)).await.unwrap();
        }
        until(|| control.ledger().same.finished == 9).await;
        // One key too many: its record waits with its segment. One that is queued would not have.
        jobs.send(of(5, 9)).await.unwrap();
        until(|| control.ledger().same.emitted == 10).await;
        gate.open();
        drop(jobs);
        let done = numbers(done).await;
        assert_eq!(done, [&DONE[..], &[9]].concat());
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.gated.input.offered, ledger.gated.input.lost), (10, 4));
    });
}

/// A send that waits for a slot takes the place of a record with its key that came in meanwhile, and its slot goes on.
#[test]
fn a_slot_that_is_not_needed_goes_to_the_next() {
    everywhere(async |on| {
        let (gate, PortHandle { jobs, done, control }) = held!(on, Port::builder(), of(9, 0));
        let slots = [jobs.reserve().await.unwrap(), jobs.reserve().await.unwrap()];
        jobs.try_send(of(1, 1)).unwrap();
        jobs.try_send(of(2, 2)).unwrap();
        assert_eq!(jobs.try_send(of(3, 3)), Err(SendError::Full(of(3, 3))));
        for (slot, n) in slots.into_iter().zip([4, 5]) {
            slot.send(of(1, n)).unwrap();
        }
        jobs.try_send(of(3, 6)).unwrap();
        jobs.try_send(of(4, 7)).unwrap();
        gate.open();
        drop(jobs);
        let done = numbers(done).await;
        assert_eq!(done, [0, 5, 2, 6, 7]);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(ledger.jobs.lost, 2);
    });
}

pipeline! {
    Sheds {
        input  jobs: Job [64];
        output done: Job [64];
        output lost: (u64, Reason) [64];
        shared gate: Gate;
        jobs -> same -[2, coalesce by key, shed]-> gated(gate) -> done;
        gated.shed -[64]-> told -> lost;
    }
}
pipeline! {
    Offers {
        input  jobs: Job [64];
        output done: Job [64];
        output lost: (u64, Reason) [64];
        shared gate: Gate;
        jobs -> same -[2, coalesce by key, offer 2 every 1ms]-> gated(gate) -> done;
        gated.shed -[64]-> told -> lost;
    }
}

macro_rules! sheds {
    ($on:ident, $pipeline:ident, $handle:ident) => {{
        let (
            gate,
            $handle {
                jobs,
                done,
                lost,
                control,
            },
        ) = held!($on, $pipeline::builder(), of(9, 0));
        for (user, n) in [(1, 1), (2, 2), (3, 3), (1, 4), (3, 5), (2, 6)] {
            jobs.send(of(user, n)).await.unwrap();
        }
        until(|| control.ledger().gated.input.lost == 2).await;
        gate.open();
        drop(jobs);
        let (done, lost): (Vec<Job>, Vec<_>) = ::tokio::join!(done.collect(), lost.collect());
        let done: Vec<u64> = done.iter().map(|job| job.n).collect();
        assert_eq!((done, lost), (vec![0, 4, 6], vec![(3, Reason::Full), (5, Reason::Full)]));
        let ledger = control.finished().await;
        ledger.check().unwrap();
        let ring = ledger.gated.input;
        assert_eq!((ring.offered, ring.taken, ring.shed, ring.lost), (7, 3, 2, 2));
    }};
}

#[test]
fn it_sheds_what_has_a_key_of_its_own() {
    everywhere(async |on| {
        sheds!(on, Sheds, ShedsHandle);
        sheds!(on, Offers, OffersHandle);
    });
}

pipeline! {
    PortSheds {
        input  jobs: Job [2, coalesce by key, shed];
        output done: Job [64];
        shared gate: Gate;
        jobs -> gated(gate) -> done;
    }
}

#[test]
fn a_port_that_sheds_gives_back_what_has_a_key_of_its_own() {
    everywhere(async |on| {
        let (gate, PortShedsHandle { jobs, done, control }) = held!(on, PortSheds::builder(), of(9, 0));
        for (user, n) in [(1, 1), (2, 2), (1, 3)] {
            jobs.send(of(user, n)).await.unwrap();
        }
        assert_eq!(jobs.send(of(3, 4)).await, Err(SendError::Full(of(3, 4))));
        gate.open();
        drop(jobs);
        let done = numbers(done).await;
        assert_eq!(done, [0, 3, 2]);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.jobs.offered, ledger.jobs.lost), (4, 1));
    });
}

pipeline! {
    Out {
        input  jobs: Job [64];
        output done: Job [2, coalesce by key];
        jobs -> same -> done;
    }
}

/// A slow reader outside sees the newest of each key, and holds nothing up while no more keys are there than the output holds.
#[test]
fn an_output_gives_a_slow_reader_the_newest_of_each_key() {
    everywhere(async |on| {
        let OutHandle { jobs, mut done, control } = start!(on, Out::builder());
        for n in 0..100 {
            jobs.send(of(n % 2, n)).await.unwrap();
        }
        until(|| control.ledger().same.finished == 100).await;
        assert_eq!((done.len(), done.recv().await), (2, Some(of(0, 98))));
        jobs.send(of(0, 100)).await.unwrap();
        until(|| control.ledger().done.offered == 101).await;
        drop(jobs);
        assert_eq!(done.collect::<Vec<_>>().await, [of(1, 99), of(0, 100)]);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.done.taken, ledger.done.lost), (3, 98));
    });
}

pipeline! {
    Workers {
        input  jobs: Job [8, coalesce by key, by key];
        output done: Job [8];
        jobs -> same { workers: 3 } -[4, coalesce by key, by key]-> same2 { workers: 2 } -[4, coalesce by key]-> same3 { workers: 2 } -> done;
        node same2 = same;
        node same3 = same;
    }
}

/// Over workers, with keys and without: the last record of each key comes through, and what did not come was replaced.
#[test]
fn the_newest_of_each_key_comes_through() {
    everywhere(async |on| {
        let WorkersHandle { jobs, mut done, control } = start!(on, Workers::builder());
        let sends = async {
            for n in 0..1000 {
                jobs.send(of(n % 13, n)).await.unwrap();
            }
            drop(jobs);
        };
        let reads = async {
            let (mut newest, mut count) = (BTreeMap::new(), 0);
            while let Some(job) = done.recv().await {
                count += 1;
                let newest = newest.entry(job.user).or_insert(job.n);
                *newest = (*newest).max(job.n);
            }
            (newest, count)
        };
        let ((), (newest, count)) = ::tokio::join!(sends, reads);
        assert_eq!(newest, (987..1000).map(|n| (n % 13, n)).collect());
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(
            count + ledger.jobs.lost + ledger.same2.input.lost + ledger.same3.input.lost,
            1000
        );
    });
}

#[test]
fn an_abort_accounts_for_what_is_queued_and_what_was_replaced() {
    everywhere(async |on| {
        let (_gate, InsideHandle { jobs, done, control }) = held!(on, Inside::builder(), of(9, 0));
        for n in 1..50 {
            jobs.send(of(n % 3, n)).await.unwrap();
        }
        until(|| control.ledger().same.finished == 50).await;
        let ledger = control.abort().await;
        ledger.check().unwrap();
        let ring = ledger.gated.input;
        assert_eq!((ring.offered, ring.taken, ring.lost, ring.cut), (50, 1, 46, 3));
        drop((jobs, done));
    });
}

#[stage]
fn again(job: Job) -> Job {
    Job { n: job.n - 1, ..job }
}
pipeline! {
    Round {
        input  jobs: Job [8];
        output done: Job [64];
        jobs -> again -> match {
            job if job.n == 0 => job -> done,
            job => job -[2, coalesce by key, shed]-> again,
        };
    }
}

/// A cycle counts what was replaced as gone, and ends.
#[test]
fn a_cycle_ends_when_what_was_replaced_is_counted() {
    everywhere(async |on| {
        let RoundHandle { jobs, done, control } = start!(on, Round::builder());
        for n in 0..40 {
            jobs.send(of(n % 2, 3)).await.unwrap();
        }
        drop(jobs);
        done.collect::<Vec<_>>().await;
        control.finished().await.check().unwrap();
    });
}

#[test]
fn it_is_in_the_budget_and_shows_in_the_topology() {
    let text = Inside::TOPOLOGY.to_text();
    assert!(text.contains("coalesce by key"), "{text}");
    use forebay::record::Env;
    use forebay::ring::{mpmc::Mpmc, spsc::Spsc};
    let rings = size_of::<Mpmc<Env<Job>, 4>>() + size_of::<Spsc<Env<Job>, 64>>();
    // A key and a record more for each, and two places of the index.
    let keys = Port::TOPOLOGY.ring_bytes - rings;
    assert!(
        (4 * (size_of::<Job>() + 8 + 16)..4 * (size_of::<Job>() + 8 + 16 + 40)).contains(&keys),
        "{keys}"
    );
}

/// A pipeline that is generic over its record.
#[test]
fn the_key_may_be_that_of_a_parameter() {
    #[stage]
    fn pass<T: Send + 'static>(record: T) -> T {
        record
    }
    pipeline! {
        Generic<T: Keyed<Key: Clone + Send + 'static> + Send + 'static, const N: usize = 4> {
            budget 64KiB;
            input  records: T [N, coalesce by key];
            output out: T [N, coalesce by key];
            records -> pass -[N, coalesce by key, by key]-> pass2 { workers: 2 } -> out;
            node pass2 = pass;
        }
    }
    everywhere(async |on| {
        let GenericHandle { records, out, control } = start!(on, Generic::<Job, 4>::builder());
        for n in 0..20 {
            records.send(of(n % 3, n)).await.unwrap();
        }
        drop(records);
        let mut out: Vec<u64> = out.collect::<Vec<_>>().await.iter().map(|job| job.n).collect();
        out.sort();
        assert!(out.ends_with(&[17, 18, 19]), "{out:?}");
        control.finished().await.check().unwrap();
    });
}
