//! `[latest]`: one value, and readers skip to the newest. `[mailbox]`: one slot, taken once.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;

use forebay::prelude::*;

use crate::kit::run::{everywhere, start};
use crate::kit::watch::watch;
use crate::tools::*;

pipeline! {
    pub Skips {
        input  records: u64 [64];
        topic  newest: u64 [latest = 1000];
        shared seen: Seen;
        shared door: Door;
        records -> newest;
        newest -> first(seen);
        newest -> slow(door, seen);
        slow.lagged -[2]-> told(seen);
    }
}

#[test]
fn a_reader_skips_to_the_newest_and_is_told() {
    everywhere(async |on| {
        let (seen, door) = (Arc::new(Seen::default()), Arc::new(Door::default()));
        let builder = Skips::builder().seen(seen.clone()).door(door.clone());
        let SkipsHandle { records, control } = start!(on, builder);
        let live = watch(&control);
        // The first value is there before any record is.
        door.knocked(1).await;
        seen.reaches("first", 1).await;
        for id in 0..50 {
            records.send(id).await.unwrap();
            seen.reaches("first", id as usize + 2).await;
        }
        door.open(ALL);
        seen.reaches("slow", 2).await;
        drop(records);
        let ledger = control.finished().await;
        live.end();
        ledger.check().unwrap();
        assert_eq!(seen.at("first"), [1000].into_iter().chain(0..50).collect::<Vec<_>>());
        assert_eq!(seen.at("slow"), [1000, 49]);
        assert_eq!(seen.at("told"), [49]);
        accounts(ledger.first.input, 51, 51, 0);
        accounts(ledger.slow.input, 51, 2, 49);
        assert_eq!((ledger.newest.offered, ledger.newest.taken), (51, 51));
    });
}

pipeline! {
    pub Unset {
        input  records: u64 [4];
        output out: u64 [latest];
        records -> pass -> out;
    }
}

#[test]
fn an_output_gives_the_newest_and_then_ends() {
    everywhere(async |on| {
        let UnsetHandle {
            records,
            mut out,
            control,
        } = start!(on, Unset::builder());
        assert_eq!(out.get(), None);
        records.send(1).await.unwrap();
        assert_eq!(out.recv().await, Some(1));
        assert_eq!((out.try_recv().ok(), out.get()), (None, Some(1)));
        for id in 2..20 {
            records.send(id).await.unwrap();
        }
        drop(records);
        let ledger = control.finished().await;
        assert_eq!(
            (out.recv().await, out.lost(), out.recv().await, out.get()),
            (Some(19), 17, None, Some(19))
        );
        ledger.check().unwrap();
        assert_eq!((ledger.out.offered, ledger.pass.emitted), (19, 19));
    });
}

#[derive(Debug, Clone)]
pub struct Config {
    limit: u64,
}

#[stage]
fn configure(limit: u64, config: &AtomicU64) -> Config {
    config.store(limit, SeqCst);
    Config { limit }
}

/// Sync, of several workers.
#[stage]
fn under(id: u64, config: &Config, seen: &Seen) -> Option<u64> {
    seen.note("under", config.limit);
    (id < config.limit).then_some(id)
}

/// It keeps the value that was the newest when it took its record, however long it works.
#[stage(runtime = none)]
async fn waits_under(id: u64, config: &Config, door: &Door, seen: &Seen) {
    let before = config.limit;
    door.pass().await;
    assert_eq!(config.limit, before);
    seen.note("limit", config.limit);
    seen.note("waits", id);
}

pipeline! {
    pub Lent {
        input  limits: u64 [4];
        input  records: u64 [64];
        topic  config: Config [latest = Config { limit: 10 }];
        shared set: AtomicU64 = AtomicU64::new(0);
        shared seen: Seen;
        shared door: Door;
        limits -> configure(set) -> config;
        records -> under(config, seen) { workers: 2 } -[64]-> waits_under(config, door, seen);
    }
}

#[test]
fn a_stage_borrows_the_newest_value_of_a_topic() {
    everywhere(async |on| {
        let (seen, door) = (Arc::new(Seen::default()), Arc::new(Door::default()));
        let builder = Lent::builder().seen(seen.clone()).door(door.clone());
        let LentHandle {
            limits,
            records,
            control,
        } = start!(on, builder);
        records.send(5).await.unwrap();
        door.knocked(1).await;
        // Another one is set while it works with the first.
        limits.send(100).await.unwrap();
        while control.ledger().config.offered < 2 {
            tokio::task::yield_now().await;
        }
        records.send(50).await.unwrap();
        seen.reaches("under", 2).await;
        door.open(1);
        door.knocked(2).await;
        door.open(1);
        drop((limits, records));
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(seen.at("under"), [10, 100]);
        assert_eq!((seen.at("waits"), seen.at("limit")), (vec![5, 50], vec![10, 100]));
        assert_eq!((ledger.config.offered, ledger.config.taken, ledger.under.finished), (2, 2, 2));
    });
}

pipeline! {
    pub Sums {
        input  seeds: u64 [16];
        topic  newest: u64 [latest = 3];
        shared seen: Seen;
        seeds -> newest;
        newest -> less -> newest;
        newest -> first(seen);
    }
}

#[stage]
fn less(n: u64) -> Option<u64> {
    n.checked_sub(1)
}

#[test]
fn a_cycle_through_a_latest_ends_when_nothing_is_in_it() {
    everywhere(async |on| {
        let seen = Arc::new(Seen::default());
        let SumsHandle { seeds, control } = start!(on, Sums::builder().seen(seen.clone()));
        for seed in 0..10 {
            seeds.send(seed).await.unwrap();
        }
        drop(seeds);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        let offered = ledger.newest.offered;
        assert_eq!(offered, 11 + ledger.less.emitted);
        accounts(
            ledger.first.input,
            offered,
            seen.count("first"),
            offered - seen.count("first"),
        );
        assert!(ledger.less.input.taken + ledger.less.input.lost == offered && ledger.less.taken > 3);
    });
}

pipeline! {
    pub Boxes {
        input  orders: u64 [mailbox];
        topic  box_b: u64 [mailbox];
        output out: u64 [mailbox];
        shared seen: Seen;
        shared door: Door;
        orders -> { slow(door, seen), box_b };
        box_b -> pass -> out;
    }
}

#[test]
fn a_mailbox_is_taken_once_and_counts_what_it_overwrites() {
    everywhere(async |on| {
        let (seen, door) = (Arc::new(Seen::default()), Arc::new(Door::default()));
        let builder = Boxes::builder().seen(seen.clone()).door(door.clone());
        let BoxesHandle {
            orders,
            mut out,
            control,
        } = start!(on, builder);
        orders.send(0).await.unwrap();
        door.knocked(1).await;
        for id in 1..30 {
            orders.send(id).await.unwrap();
        }
        door.open(ALL);
        drop(orders);
        seen.reaches("slow", 2).await;
        drop(control.finished().await);
        let mut read = Vec::new();
        while let Some(id) = out.recv().await {
            read.push(id);
        }
        let ledger = control.ledger();
        ledger.check().unwrap();
        assert_eq!(seen.at("slow"), [0, 29]);
        assert_eq!((ledger.orders.offered, ledger.orders.taken, ledger.orders.lost), (30, 2, 28));
        assert_eq!(read.last(), Some(&29));
        assert_eq!(ledger.box_b.offered, ledger.pass.taken + ledger.box_b.lost);
        assert_eq!(ledger.out.taken, read.len() as u64);
    });
}

#[stage]
fn add(number: u64, total: &u64) -> u64 {
    number + *total
}
#[stage]
fn set(number: u64) -> u64 {
    number
}
#[stage]
fn differs(number: u64, newest: &u64) -> Option<u64> {
    (number != *newest).then_some(number)
}

pipeline! {
    /// A stage borrows what it gave itself, the last time.
    Sum {
        input  numbers: u64 [512];
        topic  total: u64 [latest = 0];
        output sum: u64 [latest];
        numbers -> add(total) -> total;
        total -> sum;
    }
}

pipeline! {
    /// A stage borrows what another one beside it gave for the same record.
    Beside {
        input  numbers: u64 [512];
        topic  newest: u64 [latest = 0];
        output others: u64 [512];
        numbers -> set -> { newest, differs(newest) -> others };
    }
}

/// However many records a chunk has.
#[test]
fn a_borrowed_value_is_the_one_that_was_set_just_now() {
    let SumHandle {
        numbers,
        mut sum,
        control,
    } = Sum::builder().start_threads().unwrap();
    (0..500).for_each(|_| numbers.try_send(1).unwrap());
    drop(numbers);
    control.finished_blocking().check().unwrap();
    assert_eq!(sum.recv_blocking(), Some(500));

    let BesideHandle {
        numbers,
        mut others,
        control,
    } = Beside::builder().start_threads().unwrap();
    (1..=500).for_each(|number| numbers.try_send(number).unwrap());
    drop(numbers);
    control.finished_blocking().check().unwrap();
    assert_eq!(others.recv_blocking(), None);
}
