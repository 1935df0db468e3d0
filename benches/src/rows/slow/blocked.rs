//! A sender that waits at a full ring of 512 before such a stage: how long. The slot that it waits for is free within the
//! millisecond that the stage holds its thread.

use std::time::Instant;

use forebay::prelude::*;
use tokio::sync::mpsc::Sender;

use super::{first, held, ms};
use crate::measure::{Group, Target};
use crate::peers::{Give, Given, Link, Named, One, behind, tokio as mpsc};
use crate::rows::{FOREBAY, On};

/// How often it waits in a run.
const TIMES: u64 = 8;

const CAPACITY: usize = 512;

pipeline! {
    /// A stage that holds its thread, behind a long ring.
    Behind {
        input  records: u64 [512];
        output done: u64 [512];
        errors -> drop;
        records -> first -> done;
    }
}

/// A way in that can be filled.
trait Fill: Give<u64> {
    /// Until it is full.
    fn fill(&mut self);
}

impl<const CAP: usize> Fill for Input<u64, CAP> {
    fn fill(&mut self) {
        while self.try_send(0).is_ok() {}
    }
}

impl Fill for Sender<u64> {
    fn fill(&mut self) {
        while self.try_send(0).is_ok() {}
    }
}

pub(super) fn group(on: On<'_>) -> Group<'_> {
    let about = format!("a sender at a full ring of {CAPACITY} before a stage of 1 ms, {}", on.about());
    let mut group = Group::figures("blocked".to_owned(), about, ("ms", &["worst wait"]), TIMES);
    group.case_of_figures(mpsc::RecvSend::NAME, move |times| {
        on.runtime.block_on(async {
            let (One(feed), rx) = <mpsc::RecvSend as Link<u64>>::open(CAPACITY);
            let drain = behind::<mpsc::RecvSend, u64>(rx, CAPACITY, held::<0>);
            let waits = tokio::spawn(waits(feed, times)).await;
            drop(drain); // the stage ends with its next record
            waits.expect("the sender does not panic")
        })
    });
    group.case_of_figures(FOREBAY, move |times| {
        on.runtime.block_on(async {
            let BehindHandle { records, done, control } = Behind::builder().start().expect("it starts");
            let waits = tokio::spawn(waits(records, times)).await;
            control.abort().await.check().expect("the ledger balances");
            drop(done);
            waits.expect("the sender does not panic")
        })
    });
    group.goal("worst-ms", FOREBAY, FOREBAY, Target::Bound(5.0));
    group
}

async fn waits(mut feed: impl Fill, times: u64) -> Result<Vec<f64>, String> {
    let mut worst: f64 = 0.0;
    for _ in 0..times {
        feed.fill();
        let start = Instant::now();
        if !feed.give(0).await.went() {
            return Err("it closed".to_owned());
        }
        worst = worst.max(ms(start.elapsed()));
    }
    Ok(vec![worst])
}
