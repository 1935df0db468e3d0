//! What the ring of a `.lagged` wire says, while who is told is slow.

use std::sync::Arc;

use forebay::prelude::*;

use crate::kit::run::{everywhere, start};
use crate::tools::*;

#[stage(runtime = none)]
async fn hear(lagged: Lagged, ear: &Door, seen: &Seen) {
    seen.note("told", lagged.missed);
    ear.pass().await;
}

/// What is told of four lags, of 1, 2, 3 and 4 records, to somebody who is busy with the first meanwhile: so many times; and what the
/// wire has lost.
macro_rules! told_of_four_lags {
    ($name:ident, $handle:ident, $on:ident, $times:literal, $($ring:tt)*) => {{
        pipeline! {
            $name {
                input  records: u64 [64];
                topic  newest: u64 [latest = 1000];
                shared seen: Seen;
                shared door: Door;
                shared ear: Door;
                records -> newest;
                newest -> first(seen);
                newest -> slow(door, seen);
                slow.lagged -[$($ring)*]-> hear(ear, seen);
            }
        }
        let (seen, door, ear) = (Arc::new(Seen::default()), Arc::new(Door::default()), Arc::new(Door::default()));
        let builder = $name::builder().seen(seen.clone()).door(door.clone()).ear(ear.clone());
        let $handle { records, control } = start!($on, builder);
        door.knocked(1).await;
        seen.reaches("first", 1).await;
        // One reader sees each.
        let send = async |id| {
            let before = seen.count("first") as usize;
            records.send(id).await.unwrap();
            seen.reaches("first", before + 1).await;
        };
        for missed in 1..=4 {
            for id in 0..=missed {
                send(id).await;
            }
            door.open(1);
            door.knocked(missed + 1).await;
            ear.knocked(1).await;
        }
        ear.open(ALL);
        // What is kept is told when the reader comes to read and there is room.
        while seen.count("told") < $times {
            let read = seen.count("slow");
            send(0).await;
            door.open(1);
            door.knocked(read + 1).await;
        }
        door.open(ALL);
        drop(records);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        accounts(ledger.slow.input, seen.count("first"), seen.count("slow"), 10);
        (seen.at("told"), ledger.hear.input.lost)
    }};
}

#[test]
fn while_a_ring_that_waits_is_full_the_count_is_kept() {
    everywhere(async |on| {
        let told = told_of_four_lags!(Kept, KeptHandle, on, 3, 1);
        assert_eq!(told, (vec![1, 2, 3 + 4], 0));
    });
}

#[test]
fn a_ring_that_drops_the_oldest_tells_of_the_newest_lags() {
    everywhere(async |on| {
        let told = told_of_four_lags!(Newest, NewestHandle, on, 3, 2, drop_oldest);
        assert_eq!(told, (vec![1, 3, 4], 1));
    });
}

#[test]
fn a_mailbox_tells_of_the_newest_lag() {
    everywhere(async |on| {
        let told = told_of_four_lags!(Last, LastHandle, on, 2, mailbox);
        assert_eq!(told, (vec![1, 4], 2));
    });
}
