//! Records that go in when they are due, from a thread outside, whatever the line is busy with.

use std::hint::spin_loop;
use std::thread;
use std::time::Duration;

use super::{Due, Forebay, Late, Offer, Subject, Tokio, now};
use crate::busy::set_busy;
use crate::cores::keep_to;
use crate::ends::drain_all;
use crate::measure::Group;
use crate::peers::One;
use crate::rows::On;

/// When records are due.
#[derive(Clone, Copy)]
enum Pace {
    /// At random, so many a second.
    Random(f64),
    /// So many at once, every millisecond.
    Burst(u64),
}

/// How long the stage works where the load is a share of what it can do.
const WORK: u64 = 10_000;

pub(super) fn groups<'a>(one: On<'a>, two: On<'a>) -> Vec<Group<'a>> {
    let mut groups = Vec::new();
    for on in [one, two] {
        groups.push(group(
            on,
            "10k",
            "10,000 records a second".to_owned(),
            Pace::Random(1e4),
            0,
            2_000,
        ));
    }
    // The thread that sends has a core for itself: one is left for the line.
    for percent in [10, 50, 90] {
        let rate = 1e9 / WORK as f64 * f64::from(percent) / 100.0;
        let about = format!("{percent} % of what a stage of {} µs can do", WORK / 1000);
        let records = (rate / 5.0) as u64;
        groups.push(group(
            one,
            &format!("load{percent}"),
            about,
            Pace::Random(rate),
            WORK,
            records,
        ));
    }
    for on in [one, two] {
        groups.push(group(
            on,
            "bursts",
            "64 at once, every ms".to_owned(),
            Pace::Burst(64),
            1_000,
            6_400,
        ));
    }
    groups
}

fn group<'a>(on: On<'a>, name: &str, about: String, pace: Pace, work: u64, records: u64) -> Group<'a> {
    let about = format!("{about}, {}", on.about());
    let mut group = super::group(format!("{name}-{}t", on.threads), about, records);
    contender::<Tokio>(&mut group, on, pace, work);
    contender::<Forebay>(&mut group, on, pace, work);
    group
}

fn contender<'a, S: Subject>(group: &mut Group<'a>, on: On<'a>, pace: Pace, work: u64) {
    group.case_of_figures(S::NAME, move |n| {
        set_busy(work);
        // The system puts a thread that wakes up where the one that woke it spins, if it is left to it: for milliseconds.
        let alone = on.threads == 1;
        let task = async move {
            let (tx, rx, end) = S::open(n);
            let late = tokio::spawn(drain_all::<Due, Late>(One(rx)));
            let sender = thread::spawn(move || {
                if alone {
                    keep_to(1);
                }
                pace.send(n, tx);
            });
            let late = late.await.expect("the drainer does not panic");
            sender.join().expect("the sender does not panic");
            end.await;
            late
        };
        if !alone {
            return on.runtime.block_on(task).figures(n);
        }
        thread::scope(|scope| {
            let line = scope.spawn(|| {
                keep_to(0);
                on.runtime.block_on(task)
            });
            line.join().expect("the line does not panic").figures(n)
        })
    });
}

impl Pace {
    /// Sends `n` records, each when it is due.
    fn send(self, n: u64, mut tx: impl Offer) {
        // A task that is about to sleep shall sleep.
        let mut due = now() + 100_000;
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        for number in 0..n {
            due += match self {
                Pace::Random(rate) => (random.exponential() * 1e9 / rate) as u64,
                Pace::Burst(of) if number % of == 0 => 1_000_000,
                Pace::Burst(_) => 0,
            };
            wait_until(due);
            let record = Due { number, at: due };
            while !tx.offer(record) {
                spin_loop();
            }
        }
    }
}

/// Sleeps as long as it is sure to be back in time, then spins.
fn wait_until(due: u64) {
    const SURE: u64 = 400_000;
    if let Some(rest) = due.saturating_sub(now()).checked_sub(SURE) {
        thread::sleep(Duration::from_nanos(rest));
    }
    while now() < due {
        spin_loop();
    }
}

/// Marsaglia's xorshift: the same for every contender.
struct Random(u64);

impl Random {
    /// Exponentially distributed, 1 on average.
    fn exponential(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let uniform = (self.0 >> 11) as f64 / (1u64 << 53) as f64;
        -(1.0 - uniform).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_have_the_mean_that_they_should() {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mean = (0..100_000).map(|_| random.exponential()).sum::<f64>() / 1e5;
        assert!((0.98..1.02).contains(&mean), "{mean}");
    }
}
