//! A burst of 64 into three such stages, on two workers: when the first comes out, and when the last.

use std::time::Instant;

use forebay::prelude::*;

use super::{first, held, ms, second, third};
use crate::measure::{Group, Target};
use crate::peers::{Give, Given, Link, Named, One, Take, Taken, behind, tokio as mpsc};
use crate::ports::balanced;
use crate::rows::{FOREBAY, On};
use crate::work::{Eye, Seen, Work};

const BURST: u64 = 64;

pipeline! {
    /// Three stages that hold their threads.
    Slow {
        input  records: u64 [64];
        output done: u64 [64];
        errors -> drop;
        records -> first -[64]-> second -[64]-> third -> done;
    }
}

pub(super) fn group(on: On<'_>) -> Group<'_> {
    let about = format!("a burst of {BURST} into three sync stages of 1 ms, {}", on.about());
    let mut group = Group::figures("burst".to_owned(), about, ("ms", &["first out", "last out"]), BURST);
    group.case_of_figures(mpsc::RecvSend::NAME, move |_| {
        on.runtime.block_on(async {
            let (One(feed), rx) = <mpsc::RecvSend as Link<u64>>::open(64);
            let rx = behind::<mpsc::RecvSend, u64>(rx, 64, held::<0>);
            let rx = behind::<mpsc::RecvSend, u64>(rx, 64, held::<1>);
            let One(drain) = behind::<mpsc::RecvSend, u64>(rx, 64, held::<2>);
            burst(feed, drain).await
        })
    });
    group.case_of_figures(FOREBAY, move |_| {
        on.runtime.block_on(async {
            let SlowHandle { records, done, control } = Slow::builder().start().expect("it starts");
            let figures = burst(records, done).await;
            balanced(control, BURST).await;
            figures
        })
    });
    group.goal_of(0, "first-out-ms", FOREBAY, FOREBAY, Target::Bound(5.0));
    group.goal_of(1, "last-out-ms", FOREBAY, FOREBAY, Target::Bound(110.0));
    group
}

async fn burst(mut feed: impl Give<u64>, mut drain: impl Take<u64>) -> Result<Vec<f64>, String> {
    let start = Instant::now();
    let reader = tokio::spawn(async move {
        let (mut seen, mut out) = (Seen::default(), Vec::new());
        while let Some(record) = drain.take().await.record() {
            out.push(ms(start.elapsed()));
            seen.look(&record);
        }
        (seen, out)
    });
    for number in 0..BURST {
        if !feed.give(u64::make(number)).await.went() {
            return Err("it closed".to_owned());
        }
    }
    drop(feed);
    let (seen, out) = reader.await.expect("the reader does not panic");
    match (&out[..], Seen::after::<u64>(BURST, 3)) {
        ([first, .., last], right) if seen == right => Ok(vec![*first, *last]),
        (_, right) => Err(format!("{seen:?} came out, not {right:?}")),
    }
}
