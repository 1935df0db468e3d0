//! However it ends, each reader accounts for every record.

use std::sync::Arc;

use forebay::prelude::*;

use crate::kit::run::{everywhere, start};
use crate::kit::watch::watch;
use crate::tools::*;

pipeline! {
    pub Ends {
        input  records: u64 [8];
        topic  all: u64 [broadcast 8];
        output out: u64 [4];
        shared seen: Seen;
        shared door: Door;
        records -> pass -> all;
        all -> first(seen);
        all -> slow(door, seen);
        all -> { -[2]-> third(seen), out };
        slow.lagged -[2]-> told(seen);
    }
}

/// Sends as long as the pipeline takes, and says how many it took.
async fn feed(records: Input<u64, 8>) -> u64 {
    for id in 0.. {
        if records.send(id).await.is_err() {
            return id;
        }
        // There may always be room.
        tokio::task::yield_now().await;
    }
    unreachable!()
}

#[test]
fn an_abort_in_the_middle_of_it() {
    everywhere(async |on| {
        let (seen, door) = (Arc::new(Seen::default()), Arc::new(Door::default()));
        let builder = Ends::builder().seen(seen.clone()).door(door.clone());
        let EndsHandle {
            records,
            mut out,
            control,
        } = start!(on, builder);
        let live = watch(&control);
        let fed = tokio::spawn(feed(records));
        let read = tokio::spawn(async move {
            let mut read = 0;
            while out.recv().await.is_some() {
                read += 1;
            }
            read
        });
        door.knocked(1).await;
        seen.reaches("first", 100).await;
        door.open(20);
        seen.reaches("told", 1).await;
        let ledger = control.abort().await;
        live.end();
        assert!(fed.await.unwrap() >= 100);
        let ledger = {
            let read: u64 = read.await.unwrap();
            let last = control.ledger();
            assert_eq!(last.out.taken, read);
            drop(ledger);
            last
        };
        ledger.check().unwrap();
        let offered = ledger.all.offered;
        for (reader, name) in [(ledger.first.input, "first"), (ledger.slow.input, "slow")] {
            assert_eq!((reader.offered, reader.taken), (offered, seen.count(name)), "{name}");
            assert_eq!(reader.taken + reader.lost + reader.cut, offered, "{name}: {reader:?}");
        }
        // What it was told is part of what it lost: the wire may have been full at the end.
        assert!(seen.sum("told") <= ledger.slow.input.lost);
    });
}

#[test]
fn a_drain_while_a_reader_lags() {
    everywhere(async |on| {
        let (seen, door) = (Arc::new(Seen::default()), Arc::new(Door::default()));
        let builder = Ends::builder().seen(seen.clone()).door(door.clone());
        let EndsHandle {
            records,
            mut out,
            control,
        } = start!(on, builder);
        let read = tokio::spawn(async move {
            let mut read = 0;
            while out.recv().await.is_some() {
                read += 1;
            }
            read
        });
        let sent = 500;
        for id in 0..sent {
            records.send(id).await.unwrap();
        }
        door.knocked(1).await;
        let drained = control.drain();
        door.open(ALL);
        drop(drained.await);
        let (read, ledger): (u64, _) = (read.await.unwrap(), control.ledger());
        ledger.check().unwrap();
        let third = ledger.ring("all.third").unwrap();
        let out = ledger.ring("all.out").unwrap();
        accounts(ledger.first.input, sent, seen.count("first"), sent - seen.count("first"));
        accounts(ledger.slow.input, sent, seen.count("slow"), sent - seen.count("slow"));
        accounts(third, sent, seen.count("third"), sent - seen.count("third"));
        accounts(out, sent, read, sent - read);
        assert_eq!(ledger.all.offered, sent);
        assert!(seen.sum("told") == ledger.slow.input.lost || ledger.told.input.shed > 0);
    });
}

#[stage]
fn countdown(n: u64) -> Option<u64> {
    n.checked_sub(1)
}

pipeline! {
    pub Circle {
        input  seeds: u64 [64];
        topic  all: u64 [broadcast 512];
        shared seen: Seen;
        seeds -> all;
        all -> countdown -> all;
        all -> first(seen);
    }
}

#[test]
fn a_cycle_through_a_topic_ends_when_nothing_is_in_it() {
    everywhere(async |on| {
        let seen = Arc::new(Seen::default());
        let CircleHandle { seeds, control } = start!(on, Circle::builder().seen(seen.clone()));
        for seed in [5, 3] {
            seeds.send(seed).await.unwrap();
        }
        drop(seeds);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        let mut all = seen.at("first");
        all.sort_unstable();
        assert_eq!(all, [0, 0, 1, 1, 2, 2, 3, 3, 4, 5]);
        assert_eq!((ledger.countdown.dropped, ledger.all.offered), (2, 10));
    });
}

#[stage]
fn twice(n: u64) -> impl Iterator<Item = u64> {
    let more = n.checked_sub(1).into_iter();
    more.flat_map(|less| [less, less])
}

pipeline! {
    pub Flood {
        input  seeds: u64 [64];
        topic  all: u64 [broadcast 4];
        shared seen: Seen;
        seeds -> all;
        all -> twice -> all;
        all -> countdown -> all;
        all -> first(seen);
        first.lagged -[1]-> told(seen);
    }
}

#[test]
fn a_cycle_that_loses_records_ends_too() {
    everywhere(async |on| {
        let seen = Arc::new(Seen::default());
        let FloodHandle { seeds, control } = start!(on, Flood::builder().seen(seen.clone()));
        let live = watch(&control);
        for seed in 6..10 {
            seeds.send(seed).await.unwrap();
        }
        drop(seeds);
        let ledger = control.finished().await;
        live.end();
        ledger.check().unwrap();
        let offered = ledger.all.offered;
        accounts(
            ledger.first.input,
            offered,
            seen.count("first"),
            offered - seen.count("first"),
        );
        for reader in [ledger.twice.input, ledger.countdown.input] {
            assert_eq!(reader.taken + reader.lost, offered, "{reader:?}");
        }
        assert!(offered > 16);
    });
}
