//! Which lane has its turn.

use forebay::prelude::*;

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
        let (gate, StrictHandle { jobs, done, control }) = held!(on, Strict::builder(), job(Sometime, 0));
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
        let (gate, StrictHandle { jobs, done, control }) = held!(on, Strict::builder(), job(Now, 0));
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
    pub Weighted {
        input  jobs: Job [128];
        output done: Job [512];
        shared gate: Gate;
        jobs -> same -[128, priority weighted 4:2:1]-> gated(gate) -> done;
    }
}

#[test]
fn weights_are_the_shares_of_the_lanes() {
    everywhere(async |on| {
        let (gate, WeightedHandle { jobs, done, control }) = held!(on, Weighted::builder(), job(Sometime, 0));
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

#[test]
fn it_shows_in_the_topology() {
    let text = Weighted::TOPOLOGY.to_text();
    assert!(text.contains("128  priority weighted 4:2:1"), "{text}");
    assert!(Weighted::TOPOLOGY.svg().contains("128, priority"));
}
