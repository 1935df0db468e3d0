//! The time of entry travels through a topic, to those readers that lead to a `deadline`.

use std::sync::Arc;
use std::time::Duration;

use forebay::prelude::*;

use crate::kit::run::paused;
use crate::tools::*;

#[stage]
async fn dallies(id: u64) -> u64 {
    tokio::time::sleep(Duration::from_millis(400)).await;
    id
}
#[stage]
async fn punctual(id: u64, seen: &Seen) {
    seen.note("punctual", id);
}
#[stage]
fn late(failed: Failed<u64, core::convert::Infallible>, seen: &Seen) {
    assert_eq!(failed.cause, Cause::Late);
    seen.note("late", failed.record.unwrap());
}

pipeline! {
    pub Timely {
        input  records: u64 [64];
        topic  all: u64 [broadcast 64];
        topic  newest: u64 [latest];
        shared seen: Seen;
        records -> dallies -> { all, newest };
        all -> first(seen);
        all -> punctual(seen) { deadline: 1s };
        newest -> second(seen);
        punctual.errors -[64]-> late(seen);
    }
}

#[test]
fn the_time_of_entry_travels_through_a_topic() {
    paused(async || {
        let seen = Arc::new(Seen::default());
        let TimelyHandle { records, control } = Timely::builder().seen(seen.clone()).start().unwrap();
        for id in 0..4 {
            records.try_send(id).unwrap();
        }
        drop(records);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(seen.at("first"), [0, 1, 2, 3]);
        // The third has been under way for 1.2 s.
        assert_eq!((seen.at("punctual"), seen.at("late")), (vec![0, 1], vec![2, 3]));
    });
}
