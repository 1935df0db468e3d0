//! `[broadcast N]`: every reader sees every record.

use std::sync::Arc;

use forebay::prelude::*;

use crate::run::{everywhere, start, watch};
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
        assert_eq!((ledger.first.input.taken, ledger.second.input.taken), (200, 200));
        assert_eq!(ledger.ring("all.third").unwrap().taken, 200);
    });
}
