//! `[broadcast N]`: every reader sees every record.

use std::sync::Arc;

use forebay::prelude::*;

use crate::kit::run::{everywhere, start};
use crate::kit::wait::until;
use crate::kit::watch::watch;
use crate::tools::*;

pipeline! {
    pub Three {
        input  records: u64 [64];
        topic  all: u64 [broadcast 256];
        shared seen: Seen;
        records -> all;
        all -> first(seen);
        all -> { second(seen), -[4]-> third(seen) };
    }
}

#[test]
fn every_reader_sees_every_record_from_the_first_on() {
    everywhere(async |on| {
        let seen = Arc::new(Seen::default());
        let ThreeHandle { records, control } = start!(on, Three::builder().seen(seen.clone()));
        let live = watch(&control);
        for id in 0..200 {
            records.send(id).await.unwrap();
        }
        drop(records);
        let ledger = control.finished().await;
        live.end();
        ledger.check().unwrap();
        let sent: Vec<u64> = (0..200).collect();
        for reader in ["first", "second", "third"] {
            assert_eq!(seen.at(reader), sent, "{reader}");
        }
        assert_eq!((ledger.all.offered, ledger.all.taken, ledger.all.lost), (200, 200, 0));
        accounts(ledger.first.input, 200, 200, 0);
        accounts(ledger.second.input, 200, 200, 0);
        accounts(ledger.ring("all.third").unwrap(), 200, 200, 0);
    });
}

pipeline! {
    pub OneSlow {
        input  records: u64 [64];
        topic  all: u64 [broadcast 16];
        shared seen: Seen;
        shared door: Door;
        records -> all;
        all -> first(seen);
        all -> slow(door, seen);
        slow.lagged -[8]-> told(seen);
    }
}

#[test]
fn a_slow_reader_is_told_how_many_it_lost_and_goes_on_and_the_others_lose_none() {
    everywhere(async |on| {
        let (seen, door) = (Arc::new(Seen::default()), Arc::new(Door::default()));
        let builder = OneSlow::builder().seen(seen.clone()).door(door.clone());
        let OneSlowHandle { records, control } = start!(on, builder);
        let live = watch(&control);
        records.send(0).await.unwrap();
        door.knocked(1).await;
        // It stands at its first record, and the other one sees a hundred.
        for id in 1..100 {
            records.send(id).await.unwrap();
            seen.reaches("first", id as usize + 1).await;
        }
        assert_eq!(seen.at("slow"), [0]);
        let now = control.ledger().slow.input;
        assert_eq!((now.offered, now.taken, now.queued, now.lost), (100, 1, 16, 83));
        door.open(ALL);
        seen.reaches("told", 1).await;
        drop(records);
        let ledger = control.finished().await;
        live.end();
        ledger.check().unwrap();
        assert_eq!(seen.at("first"), (0..100).collect::<Vec<_>>());
        assert_eq!(seen.at("told"), [83]);
        // The oldest are lost, and it goes on with the oldest that is there.
        assert_eq!(seen.at("slow"), [0].into_iter().chain(84..100).collect::<Vec<_>>());
        accounts(ledger.first.input, 100, 100, 0);
        accounts(ledger.slow.input, 100, 17, 83);
        assert_eq!((ledger.told.finished, ledger.told.input.shed), (1, 0));
    });
}

/// Panics on one record.
#[stage]
fn trips(id: u64, seen: &Seen) {
    assert!(id != 7, "tripped on 7");
    seen.note("trips", id);
}

pipeline! {
    pub OneTrips {
        input  records: u64 [64];
        topic  all: u64 [broadcast 64];
        shared seen: Seen;
        records -> all;
        all -> first(seen);
        all -> trips(seen);
        errors -> drop;
    }
}

#[test]
fn the_panic_of_one_reader_costs_one_record_there() {
    everywhere(async |on| {
        let seen = Arc::new(Seen::default());
        let OneTripsHandle { records, control } = start!(on, OneTrips::builder().seen(seen.clone()));
        for id in 0..50 {
            records.send(id).await.unwrap();
        }
        let ledger = control.drain().await;
        ledger.check().unwrap();
        assert_eq!(seen.at("first"), (0..50).collect::<Vec<_>>());
        assert_eq!(seen.at("trips"), (0..50).filter(|id| *id != 7).collect::<Vec<_>>());
        assert_eq!((ledger.trips.failed, ledger.first.failed), (1, 0));
        accounts(ledger.trips.input, 50, 50, 0);
    });
}

/// Whose clone of the record 7 trips, once: who clones it first loses it.
#[derive(Debug)]
pub struct Touchy(u64, Arc<std::sync::atomic::AtomicBool>);

impl Clone for Touchy {
    fn clone(&self) -> Self {
        let trips = self.0 == 7 && !self.1.swap(true, std::sync::atomic::Ordering::SeqCst);
        assert!(!trips, "tripped in `Clone`");
        Touchy(self.0, self.1.clone())
    }
}

#[stage]
fn touch_a(t: Touchy, seen: &Seen) {
    seen.note("a", t.0);
}
#[stage(runtime = none)]
async fn touch_b(t: Touchy, seen: &Seen) {
    seen.note("b", t.0);
}

pipeline! {
    pub Touches {
        input  records: Touchy [64];
        topic  all: Touchy [broadcast 64];
        shared seen: Seen;
        records -> all;
        all -> touch_a(seen);
        all -> touch_b(seen);
    }
}

#[test]
fn a_clone_that_panics_costs_one_reader_one_record() {
    everywhere(async |on| {
        let seen = Arc::new(Seen::default());
        let TouchesHandle { records, control } = start!(on, Touches::builder().seen(seen.clone()));
        let tripped = Arc::default();
        for id in 0..50 {
            records.send(Touchy(id, Arc::clone(&tripped))).await.unwrap();
        }
        let ledger = control.drain().await;
        ledger.check().unwrap();
        let (a, b) = (seen.at("a"), seen.at("b"));
        assert_eq!((a.len() + b.len(), ledger.touch_a.failed + ledger.touch_b.failed), (99, 0));
        let all: Vec<u64> = (0..50).collect();
        let without: Vec<u64> = (0..50).filter(|id| *id != 7).collect();
        assert!(
            [&a, &b].into_iter().all(|seen| *seen == all || *seen == without),
            "{a:?} {b:?}"
        );
        let (a, b) = (ledger.touch_a.input, ledger.touch_b.input);
        assert_eq!((a.cut + b.cut, a.taken + b.taken, a.lost + b.lost), (1, 99, 0));
    });
}

#[stage]
fn odd(id: u64) -> u64 {
    id * 2 + 1
}
#[stage]
fn even(id: u64) -> u64 {
    id * 2
}

pipeline! {
    pub Many {
        input  odds: u64 [16];
        input  evens: u64 [16];
        topic  all: u64 [broadcast 128];
        shared seen: Seen;
        odds -> odd -> all;
        evens -> even { workers: 3 } -> all;
        all -> first(seen);
        all -> second(seen);
    }
}

#[test]
fn several_producers_and_workers_put_into_one_topic() {
    everywhere(async |on| {
        let seen = Arc::new(Seen::default());
        let ManyHandle { odds, evens, control } = start!(on, Many::builder().seen(seen.clone()));
        for id in 0..100 {
            odds.send(id).await.unwrap();
            evens.send(id).await.unwrap();
        }
        let ledger = control.drain().await;
        ledger.check().unwrap();
        for reader in ["first", "second"] {
            let mut all = seen.at(reader);
            let odds: Vec<u64> = all.iter().copied().filter(|id| id % 2 == 1).collect();
            assert_eq!(
                odds,
                (0..100).map(|id| id * 2 + 1).collect::<Vec<_>>(),
                "one producer stays in order"
            );
            all.sort_unstable();
            assert_eq!(all, (0..200).collect::<Vec<_>>(), "{reader}");
        }
        assert_eq!((ledger.all.offered, ledger.odd.emitted, ledger.even.emitted), (200, 100, 100));
    });
}

pipeline! {
    Shown {
        input  records: u64 [64];
        output all: u64 [broadcast 16];
        records -> all;
    }
}

/// Readers outside take what is there in one go, and miss what was overwritten before.
#[test]
fn a_reader_outside_takes_all_that_is_there() {
    everywhere(async |on| {
        let ShownHandle {
            records,
            mut all,
            control,
        } = start!(on, Shown::builder());
        let (mut late, whole) = (all.clone(), all.clone());
        let whole = ::tokio::spawn(whole.collect::<Vec<u64>>());
        let mut seen = Vec::new();
        for id in 0..40 {
            records.send(id).await.unwrap();
            until(|| control.ledger().all.offered == id + 1).await;
            if id % 4 == 3 {
                until(|| all.len() == 4).await;
                assert_eq!(all.drain_into(&mut seen), 4);
            }
        }
        assert_eq!((seen, all.lost()), ((0..40).collect(), 0));
        let mut rest = Vec::new();
        let read = late.for_each_ready(|id| rest.push(id));
        // The sixteen newest at most, and none of them twice.
        assert_eq!((read, rest.last()), (rest.len(), Some(&39)));
        assert_eq!(rest, (late.lost()..40).collect::<Vec<_>>());
        drop(records);
        assert_eq!((all.recv().await, late.recv().await), (None, None));
        let whole = whole.await.unwrap();
        assert!(whole.is_sorted() && whole.last() == Some(&39));
        control.finished().await.check().unwrap();
    });
}
