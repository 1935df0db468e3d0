//! Allocations after the start: what is allocated while the second half of the records goes in.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::five::Ringed;
use super::ready::Ready;
use super::{FOREBAY, On};
use crate::alloc;
use crate::ends::{Feed, drive};
use crate::measure::{Group, Outcome, Target};
use crate::peers::{Link, Relay, five_behind, flume, kanal, tokio};
use crate::ports::{fed, many_in};
use crate::work::{Opaque, STAGES, Seen};

/// Async stages, of this project.
const READY: &str = "forebay, async stages";

const CAPACITY: usize = 64;

/// A way in that notes what is allocated between the middle and the end.
struct Counted<F> {
    feed: F,
    middle: u64,
    at_the_middle: Option<u64>,
    allocated: Arc<AtomicU64>,
}

impl<F: Feed<u64>> Feed<u64> for Counted<F> {
    async fn feed(&mut self, numbers: Range<u64>) -> bool {
        if numbers.start >= self.middle && self.at_the_middle.is_none() {
            self.at_the_middle = Some(alloc::count());
        }
        let went = self.feed.feed(numbers).await;
        if let Some(before) = self.at_the_middle {
            self.allocated.store(alloc::count() - before, Relaxed);
        }
        went
    }
}

pub(super) fn group(on: On<'_>) -> Group<'_> {
    let mut group = Group::figures(
        format!("allocations-{}t", on.threads),
        format!(
            "five ringed stages, u64, {}, capacity {CAPACITY}; second half of 200,000 records",
            on.about()
        ),
        ("allocations", &["second half"]),
        200_000,
    );
    peer::<tokio::RecvSend>(&mut group, on);
    forebay(&mut group, on, FOREBAY, async |n, allocated| {
        let handle = Ringed::<u64, CAPACITY>::builder().start().expect("it starts");
        let feed = counted(n, many_in(handle.records), allocated);
        fed(n, feed, handle.done, handle.control).await
    });
    forebay(&mut group, on, READY, async |n, allocated| {
        let handle = Ready::<CAPACITY>::builder().start().expect("it starts");
        let feed = counted(n, many_in(handle.records), allocated);
        fed(n, feed, handle.done, handle.control).await
    });
    peer::<kanal::RecvSend>(&mut group, on);
    peer::<flume::RecvSend>(&mut group, on);
    group
}

fn counted<F>(n: u64, feed: F, allocated: Arc<AtomicU64>) -> Counted<F> {
    Counted {
        feed,
        middle: n / 2,
        at_the_middle: None,
        allocated,
    }
}

fn forebay<'a>(group: &mut Group<'a>, on: On<'a>, name: &str, run: impl AsyncFn(u64, Arc<AtomicU64>) -> Outcome + 'a) {
    case(group, on, name, run);
    group.goal(&name.replace(", ", "-").replace(' ', "-"), name, name, Target::Bound(0.0));
}

fn peer<'a, L: Link<u64, Rx: Relay<u64, L::Tx>>>(group: &mut Group<'a>, on: On<'a>) {
    case(group, on, L::NAME, async |n, allocated| {
        let (feed, rx) = L::open(CAPACITY);
        let drain = five_behind::<L, u64, Opaque>(rx, CAPACITY);
        drive::<u64, Seen>(n, counted(n, feed, allocated), drain).await
    });
}

/// Adds a contender: `run` takes records through, with a way in that notes what is allocated.
fn case<'a>(group: &mut Group<'a>, on: On<'a>, name: &str, run: impl AsyncFn(u64, Arc<AtomicU64>) -> Outcome + 'a) {
    group.case_of_figures(name, move |n| {
        let allocated = Arc::new(AtomicU64::new(0));
        alloc::counting(true);
        let outcome = on.runtime.block_on(run(n, allocated.clone()));
        alloc::counting(false);
        outcome.gave(Seen::after::<u64>(n, STAGES))?;
        Ok(vec![allocated.load(Relaxed) as f64])
    });
}
