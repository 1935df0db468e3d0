//! How soon a record comes out: two hops and a stage between them, against tokio's `recv` and `send`.
//!
//! A record carries the time at which it was due to go in, so one that had to wait at the door is late by that too.

mod in_flight;
mod paced;

use std::future;
use std::sync::OnceLock;
use std::time::Instant;

use forebay::prelude::*;
use tokio::sync::mpsc::{Receiver, Sender};

use super::{FOREBAY, Runtimes};
use crate::busy::Worked;
use crate::measure::{Group, Target};
use crate::peers::{Give, Link, Named, One, Take, behind, tokio as mpsc};
use crate::ports::balanced;
use crate::stats::quantile;
use crate::work::{Bad, Eye, Seen, Stages, Work};

/// Records that fit before the stage, and behind it.
const CAPACITY: usize = 1024;

/// The quantiles that are looked at.
const QUANTILES: [f64; 4] = [0.5, 0.9, 0.99, 0.999];
const COLUMNS: [&str; 4] = ["p50", "p90", "p99", "p99.9"];

/// Nanoseconds since the first call.
fn now() -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    FIRST.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

/// A record that knows when it was due.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Due {
    number: u64,
    at: u64,
}

impl Work for Due {
    const NAME: &'static str = "a record with a time";
    fn make(number: u64) -> Self {
        Due { number, at: now() }
    }
    fn word(&mut self) -> &mut u64 {
        &mut self.number
    }
    fn digest(&self) -> u64 {
        self.number
    }
}

/// Notes how late each record comes out.
struct Late {
    seen: Seen,
    ns: Vec<f64>,
}

impl Default for Late {
    fn default() -> Self {
        Late {
            seen: Seen::default(),
            ns: Vec::with_capacity(1 << 15),
        }
    }
}

impl Eye<Due> for Late {
    fn look(&mut self, record: &Due) {
        self.ns.push(now().saturating_sub(record.at) as f64);
        self.seen.add(record);
    }
    fn seen(self) -> Seen {
        self.seen
    }
}

impl Late {
    /// The quantiles in µs, if all `n` records came out, in order and one stage further.
    fn figures(mut self, n: u64) -> Result<Vec<f64>, String> {
        let right = Seen::after::<Due>(n, 1);
        if self.seen != right {
            return Err(format!("{:?} came out, not {right:?}", self.seen));
        }
        Ok(QUANTILES.map(|q| quantile(&mut self.ns, q) / 1000.0).into())
    }
}

#[stage]
fn stage(record: Due) -> Result<Due, Bad> {
    Worked::stage::<Due, 0>(record)
}

pipeline! {
    /// A stage between two ports.
    Line {
        input  records: Due [1024];
        output done: Due [1024];
        errors -> drop;
        records -> stage -> done;
    }
}

/// A way in from a thread that must not wait.
trait Offer: Give<Due> {
    /// `false`: it is full.
    fn offer(&mut self, record: Due) -> bool;
}

impl<const CAP: usize> Offer for Input<Due, CAP> {
    fn offer(&mut self, record: Due) -> bool {
        self.try_send(record).is_ok()
    }
}

impl Offer for Sender<Due> {
    fn offer(&mut self, record: Due) -> bool {
        self.try_send(record).is_ok()
    }
}

/// Who has such a line.
trait Subject: 'static {
    const NAME: &'static str;
    type Tx: Offer;
    type Rx: Take<Due>;

    /// Its two ends, and what is to be done after `n` records.
    fn open(n: u64) -> (Self::Tx, Self::Rx, impl Future<Output = ()> + Send);
}

struct Forebay;

impl Subject for Forebay {
    const NAME: &'static str = FOREBAY;
    type Tx = Input<Due, CAPACITY>;
    type Rx = AsyncStream<Due, CAPACITY>;

    fn open(n: u64) -> (Self::Tx, Self::Rx, impl Future<Output = ()> + Send) {
        let LineHandle { records, done, control } = Line::builder().start().expect("it starts");
        (records, done, balanced(control, n))
    }
}

struct Tokio;

impl Subject for Tokio {
    const NAME: &'static str = mpsc::RecvSend::NAME;
    type Tx = Sender<Due>;
    type Rx = Receiver<Due>;

    fn open(_: u64) -> (Self::Tx, Self::Rx, impl Future<Output = ()> + Send) {
        let (One(tx), rx) = <mpsc::RecvSend as Link<Due>>::open(CAPACITY);
        let One(rx) = behind::<mpsc::RecvSend, Due>(rx, CAPACITY, Worked::stage::<Due, 0>);
        (tx, rx, future::ready(()))
    }
}

pub(super) fn groups(runtimes: &Runtimes) -> Vec<Group<'_>> {
    let mut groups = paced::groups(runtimes.one(), runtimes.two());
    groups.extend([runtimes.one(), runtimes.two()].map(in_flight::group));
    groups
}

/// A group of latencies, and what this project has to reach in it.
fn group<'a>(name: String, about: String, records: u64) -> Group<'a> {
    let mut group = Group::figures(format!("latency-{name}"), about, ("µs", &COLUMNS), records);
    for (column, name) in [(0, "p50"), (2, "p99")] {
        group.goal_of(column, name, Forebay::NAME, Tokio::NAME, Target::AtMost(1.25));
    }
    group
}
