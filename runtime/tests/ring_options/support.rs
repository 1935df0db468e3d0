//! What the tests of rings share.

use forebay::Reason;
use forebay::prelude::*;

pub use crate::kit::gate::Gate;
pub(crate) use crate::kit::run::{everywhere, paused, start};
pub use crate::kit::wait::until;

#[derive(Priority, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    Now,
    Soon,
    Sometime,
}
pub use Urgency::*;

#[record]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    #[key]
    pub user: u64,
    #[priority]
    pub urgency: Urgency,
    pub n: u64,
}

pub fn job(urgency: Urgency, n: u64) -> Job {
    Job { user: n % 7, urgency, n }
}

/// Notes what comes, and waits until the gate is open.
#[stage(runtime = none)]
pub async fn gated(job: Job, gate: &Gate) -> Job {
    gate.pass(job.n).await;
    job
}

#[stage]
pub fn same(job: Job) -> Job {
    job
}

/// The number of what was shed, and why.
#[stage]
pub fn told(shed: Shed<Job>) -> (u64, Reason) {
    (shed.record.n, shed.reason)
}

/// Starts a pipeline whose stage `gated` has a gate. The first record stands there, so the others wait in the rings before it.
macro_rules! held {
    ($on:expr, $builder:expr, $first:expr) => {{
        let gate = ::std::sync::Arc::new(Gate::default());
        let handle = start!($on, $builder.gate(gate.clone()));
        handle.jobs.send($first).await.unwrap();
        until(|| handle.control.ledger().gated.in_work == 1).await;
        (gate, handle)
    }};
}
pub(crate) use held;

/// The numbers of what comes out, to the end.
pub async fn numbers<const CAP: usize>(done: AsyncStream<Job, CAP>) -> Vec<u64> {
    done.collect::<Vec<_>>().await.iter().map(|job| job.n).collect()
}
