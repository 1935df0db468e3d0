//! Where segments run: five ringed stages as one task, as a task each, and as a thread each.

use std::future::Future;
use std::io;
use std::time::Instant;

use forebay::prelude::*;
use forebay::rt::{Rt, TokioRt};

use super::five::{Ringed, RingedHandle};
use super::{On, Runtimes};
use crate::measure::{Clock, Group, Outcome};
use crate::ports::through;
use crate::work::{STAGES, Seen};

/// The runtime around the caller, each segment a task of its own there.
#[derive(Clone)]
struct Apart(TokioRt);

impl Rt for Apart {
    type Sleep = <TokioRt as Rt>::Sleep;

    fn spawn(&self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        self.0.spawn(name, task)
    }
    fn spawn_blocking(&self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        self.0.spawn_blocking(name, task)
    }
    fn now(&self) -> Instant {
        self.0.now()
    }
    fn sleep_until(&self, at: Instant) -> Self::Sleep {
        self.0.sleep_until(at)
    }
}

#[cfg(feature = "pin")]
mod pinned {
    use forebay::prelude::*;

    use super::super::five::{five, four, one, three, two};
    use crate::work::Work;

    pipeline! {
        /// Five stages, a ring at every hop, each on a thread that keeps to a core.
        pub(super) Pinned<W: Work, const CAP: usize = 64> {
            input  records: W [CAP];
            output done: W [CAP];
            errors -> drop;
            records -> one { pin: cores } -[CAP]-> two { pin: cores } -[CAP]-> three { pin: cores }
                -[CAP]-> four { pin: cores } -[CAP]-> five { pin: cores } -> done;
        }
    }
}

pub(super) fn groups(runtimes: &Runtimes) -> Vec<Group<'_>> {
    vec![group::<64>(runtimes), group::<1024>(runtimes)]
}

fn group<const CAP: usize>(runtimes: &Runtimes) -> Group<'_> {
    let mut group = Group::throughput(
        format!("placement-{CAP}"),
        format!("five ringed stages, opaque, u64, capacity {CAP}: where the segments run"),
        Clock::Wall,
        |n| Seen::after::<u64>(n, STAGES),
    );
    let (one, two) = (runtimes.one(), runtimes.two());
    group.on(one, "one task, 1 thread", async |n| start::<CAP>(n).await);
    group.on(one, "a task each, 1 thread", async |n| apart::<CAP>(n).await);
    group.on(two, "a task each, 2 workers", async |n| start::<CAP>(n).await);
    group.on(one, "a thread each", async |n| threads::<CAP>(n).await);
    pinned::<CAP>(&mut group, one);
    group
}

async fn start<const CAP: usize>(n: u64) -> Outcome {
    run(n, Ringed::<u64, CAP>::builder().start().expect("it starts")).await
}

async fn apart<const CAP: usize>(n: u64) -> Outcome {
    let rt = Apart(TokioRt::ambient().expect("inside of one"));
    run(n, Ringed::<u64, CAP>::builder().start_on(rt).expect("it starts")).await
}

async fn threads<const CAP: usize>(n: u64) -> Outcome {
    run(n, Ringed::<u64, CAP>::builder().start_threads().expect("it starts")).await
}

async fn run<const CAP: usize>(n: u64, RingedHandle { records, done, control }: RingedHandle<u64, CAP>) -> Outcome {
    through(n, (records, done, control)).await
}

#[cfg(feature = "pin")]
fn pinned<'a, const CAP: usize>(group: &mut Group<'a>, on: On<'a>) {
    use pinned::{Pinned, PinnedHandle};
    group.on(on, "a thread each, pinned", async |n| {
        let PinnedHandle { records, done, control } = Pinned::<u64, CAP>::builder().start_threads().expect("it starts");
        through(n, (records, done, control)).await
    });
}

#[cfg(not(feature = "pin"))]
fn pinned<'a, const CAP: usize>(_: &mut Group<'a>, _: On<'a>) {}
