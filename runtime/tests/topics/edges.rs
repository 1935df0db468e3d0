//! The same rings on edges and outlets, behind groups and routes, in pipelines with parameters and in statics.

use std::sync::Arc;

use forebay::prelude::*;

use crate::kit::run::{everywhere, start};
use crate::tools::*;

#[derive(Debug, Clone)]
pub struct Odd;

#[stage]
fn even(id: u64) -> Result<u64, Odd> {
    if id.is_multiple_of(2) { Ok(id) } else { Err(Odd) }
}
#[stage]
fn note_a(failed: Failed<u64, Odd>, seen: &Seen) {
    seen.note("a", failed.record.unwrap());
}
#[stage]
fn note_b(failed: Failed<u64, Odd>, seen: &Seen) {
    seen.note("b", failed.record.unwrap());
}
#[stage]
fn fourth(id: u64, seen: &Seen, same: &Seen) {
    assert!(std::ptr::eq(seen, same), "a `shared` may be borrowed twice");
    seen.note("fourth", id);
}
#[derive(Debug, Default)]
pub struct Pair {
    left: u64,
    right: u64,
}
#[stage]
impl Pair {
    #[inlet]
    fn left(&mut self, id: u64) {
        self.left += id;
    }
    #[inlet]
    fn right(&mut self, id: u64) {
        self.right += id;
    }
    fn finish(&mut self) -> Option<(u64, u64)> {
        Some((self.left, self.right))
    }
}
#[stage(runtime = none)]
async fn several(ids: Batch<u64>) -> Vec<u64> {
    ids.into_iter().collect()
}

pipeline! {
    pub Edges {
        input  records: u64 [64];
        topic  evens: u64 [broadcast 256];
        topic  odd: Failed<u64, Odd> [broadcast 256];
        output pairs: (u64, u64) [1];
        output out: u64 [broadcast 256];
        shared seen: Seen;
        node   pair: Pair = Pair::default();
        records -> even -> evens;
        even.errors -> odd;
        odd -> { note_a(seen), note_b(seen) };
        evens -> pair.left;
        evens -> match { id if id < 100 => id -> first(seen), id => id -[8]-> second(seen) };
        evens -> several { batch: 16 } -[broadcast 256]-> { third(seen), -[2]-> fourth(seen, seen) };
        evens -> { out, drop };
        evens -[8]-> shared_out { workers: 3 } -[64]-> pair.right;
        pair -> pairs;
    }
}

#[stage]
fn shared_out(id: u64) -> u64 {
    id
}

#[test]
fn a_topic_leads_to_anything_that_a_wire_leads_to() {
    everywhere(async |on| {
        let seen = Arc::new(Seen::default());
        let EdgesHandle {
            records,
            mut pairs,
            out,
            control,
        } = start!(on, Edges::builder().seen(seen.clone()));
        let mut other = out.clone();
        for id in 0..200 {
            records.send(id).await.unwrap();
        }
        drop(records);
        let sum: u64 = (0..200).step_by(2).sum();
        assert_eq!(pairs.recv().await, Some((sum, sum)));
        drop(control.finished().await);
        let ledger = control.ledger();
        ledger.check().unwrap();
        let (evens, odds): (Vec<u64>, Vec<u64>) = (0..200).partition(|id| id % 2 == 0);
        assert_eq!((seen.at("a"), seen.at("b")), (odds.clone(), odds));
        assert_eq!([seen.at("first"), seen.at("second")].concat(), evens);
        assert_eq!((seen.at("third"), seen.at("fourth")), (evens.clone(), evens.clone()));
        assert_eq!(out.lost(), 0);
        let mut read = Vec::new();
        while let Some(id) = other.recv().await {
            read.push(id);
        }
        assert_eq!(read, evens);
        let (mut out, mut again) = (out, Vec::new());
        while let Ok(id) = out.try_recv() {
            again.push(id);
        }
        assert_eq!(again, evens);
        assert_eq!(ledger.ring("pair.left").unwrap().taken, 100);
        assert_eq!(ledger.third.input.taken, 100);
        assert_eq!(ledger.ring("evens.drop").unwrap().taken, 100);
    });
}

pipeline! {
    pub Lossy {
        input  records: u64 [64];
        shared seen: Seen;
        shared door: Door;
        records -> pass -[broadcast 4]-> slow(door, seen);
        slow.lagged -[mailbox]-> told(seen);
    }
}

#[test]
fn an_edge_may_lose_the_oldest_and_tell() {
    everywhere(async |on| {
        let (seen, door) = (Arc::new(Seen::default()), Arc::new(Door::default()));
        let LossyHandle { records, control } = start!(on, Lossy::builder().seen(seen.clone()).door(door.clone()));
        records.send(0).await.unwrap();
        door.knocked(1).await;
        for id in 1..20 {
            records.send(id).await.unwrap();
        }
        while control.ledger().pass.finished < 20 {
            tokio::task::yield_now().await;
        }
        door.open(ALL);
        drop(records);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((seen.at("slow"), seen.at("told")), (vec![0, 16, 17, 18, 19], vec![15]));
        accounts(ledger.slow.input, 20, 5, 15);
    });
}

pipeline! {
    pub Moved {
        input  records: u64 [64];
        topic  all: u64 [broadcast 4];
        shared seen: Seen;
        shared door: Door;
        records -> all;
        all -> first(seen);
        all -[2]-> slow(door, seen) { workers: 1 };
        slow.lagged -[4]-> told(seen);
    }
}

#[test]
fn a_task_that_moves_records_into_another_ring_lags_for_the_node_behind() {
    everywhere(async |on| {
        let (seen, door) = (Arc::new(Seen::default()), Arc::new(Door::default()));
        let MovedHandle { records, control } = start!(on, Moved::builder().seen(seen.clone()).door(door.clone()));
        records.send(0).await.unwrap();
        door.knocked(1).await;
        for id in 1..100 {
            records.send(id).await.unwrap();
            seen.reaches("first", id as usize + 1).await;
        }
        door.open(ALL);
        drop(records);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        let moved = ledger.ring("all.slow").unwrap();
        accounts(moved, 100, seen.count("slow"), seen.sum("told"));
        accounts(ledger.slow.input, moved.taken, seen.count("slow"), 0);
        assert!(moved.lost > 80, "{moved:?}");
    });
}

#[derive(Debug, Clone)]
pub struct Scale<T>(T);

#[stage]
fn scaled<T: Copy + Into<u64> + Send + Sync + 'static>(id: u64, scale: &Scale<T>) -> u64 {
    id * scale.0.into()
}
#[stage]
fn rescale<T: Clone + Send + Sync + 'static>(scale: Scale<T>) -> Scale<T> {
    scale
}

pipeline! {
    pub Generic<T: Copy + Default + Into<u64> + Send + Sync + 'static, const N: usize, const WORKERS: usize = 2> {
        input  scales: Scale<T> [4];
        input  records: u64 [64];
        topic  scale: Scale<T> [latest = Scale(T::default())];
        topic  all: u64 [broadcast N];
        output out: u64 [broadcast N];
        shared seen: Seen;
        scales -> rescale -> scale;
        records -> scaled(scale) { workers: WORKERS } -> all;
        all -> first(seen);
        all -> out;
    }
}

#[test]
fn a_pipeline_with_parameters() {
    everywhere(async |on| {
        let seen = Arc::new(Seen::default());
        let GenericHandle {
            scales,
            records,
            mut out,
            control,
        } = start!(on, Generic::<u32, 128, 3>::builder().seen(seen.clone()));
        scales.send(Scale(7)).await.unwrap();
        while control.ledger().scale.offered < 2 {
            tokio::task::yield_now().await;
        }
        for id in 0..100 {
            records.send(id).await.unwrap();
        }
        drop((scales, records));
        let ledger = control.finished().await;
        ledger.check().unwrap();
        let mut read = Vec::new();
        while let Some(id) = out.recv().await {
            read.push(id);
        }
        let mut first = seen.at("first");
        first.sort_unstable();
        read.sort_unstable();
        let all: Vec<u64> = (0..100).map(|id| id * 7).collect();
        assert_eq!((first, read), (all.clone(), all));
    });
}

static HOME: Lossless = Lossless::new();

pipeline! {
    pub Lossless {
        budget 64KiB;
        input  records: u64 [64];
        topic  all: u64 [broadcast 256];
        topic  newest: u64 [latest = 5];
        output out: u64 [broadcast 256];
        records -> { all, newest };
        all -> plus(newest) -> out;
    }
}

#[stage]
fn plus(_id: u64, newest: &u64) -> u64 {
    *newest
}

#[test]
fn the_rings_of_a_pipeline_may_be_a_static() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let LosslessHandle {
            records,
            mut out,
            control,
        } = Lossless::builder().in_static(&HOME).start().unwrap();
        for id in 5..150 {
            records.send(id).await.unwrap();
        }
        drop(records);
        control.finished().await.check().unwrap();
        let mut read = Vec::new();
        while let Some(id) = out.recv().await {
            read.push(id);
        }
        assert_eq!(read.len(), 145);
        assert!(read.is_sorted() && read.last() == Some(&149), "{read:?}");
        assert!(Lossless::builder().in_static(&HOME).start().is_err());
    });
}
