//! What the macros write gives no warning, whatever the user's crate asks for.
#![deny(warnings, missing_docs, missing_debug_implementations, unsafe_code, unused, unused_qualifications)]
#![deny(unreachable_pub, single_use_lifetimes, trivial_casts, unused_results, unused_lifetimes, let_underscore_drop)]
#![deny(elided_lifetimes_in_paths, explicit_outlives_requirements, unit_bindings, variant_size_differences)]

use forebay::prelude::*;

/// What travels.
#[record(name = "reading", version = 2, max_size = 32)]
#[derive(Debug, Clone)]
struct Reading {
    #[key]
    sensor: u64,
    value: u64,
}

/// What goes wrong.
#[derive(Debug)]
struct Bad;

#[stage]
fn checked(reading: Reading) -> Result<Reading, Bad> {
    if reading.value > 1000 { Err(Bad) } else { Ok(reading) }
}
#[stage]
async fn scaled(reading: Reading, by: &u64, count: &mut u64) -> u64 {
    *count += 1;
    reading.value * by + reading.sensor
}
#[stage]
fn halves(n: u64) -> impl Iterator<Item = u64> {
    [n / 2, n - n / 2].into_iter()
}
#[stage]
async fn doubled(batch: Batch<u64>) -> Vec<u64> {
    batch.into_iter().map(|n| n * 2).collect()
}
#[stage]
async fn spelt(n: u64, out: &mut Emit<u64>) {
    out.emit(n).await;
}
#[stage]
fn dead(failed: Failed<Reading, Bad>) {
    drop(failed);
}
#[stage]
fn refused(shed: Shed<Reading>) {
    drop(shed);
}
#[stage]
fn at(tick: Tick) -> u64 {
    tick.count
}

/// Adds up.
#[derive(Debug, Default)]
struct Sum(u64);
#[stage]
impl Sum {
    fn process(&mut self, n: u64) {
        self.0 += n;
    }
    fn tick(&mut self) -> Option<u64> {
        None
    }
    fn finish(&mut self) -> Option<u64> {
        Some(self.0)
    }
}

/// Joins.
#[derive(Debug, Default)]
struct Join(u64);
#[stage]
impl Join {
    #[inlet]
    fn left(&mut self, n: u64) -> Option<u64> {
        Some(n)
    }
    #[inlet]
    fn right(&mut self, n: u64) {
        self.0 += n;
    }
    fn closed(&mut self, inlet: Inlet) -> Option<u64> {
        let _ = inlet;
        None
    }
}

pipeline! {
    /// Everything at once.
    All {
        budget 1MiB;
        drain  1s;
        /// What comes in.
        input  readings: Reading [8, shed];
        output sums: u64 [8];
        topic  between: u64 [8];
        shared by: u64;
        local  count: u64;
        node   sum: Sum { tick: 1s } = Sum::default();
        node   join: Join = Join::default();
        readings -> checked -[8, by key]-> scaled(by, count) { workers: 2, restart: 3 in 10s else drain } -[8]-> halves -> {
            -[8]-> doubled { batch: 4 } -[8]-> sum,
            -[8, drop_oldest]-> spelt -> match {
                0 => drop,
                n if n % 2 == 0 => n -> between,
                n => { n + 1 } -[8]-> join.right,
            },
        };
        between -> join.left;
        join -[8]-> sum;
        sum -> sums;
        checked.errors -[8]-> dead;
        readings.shed  -[8]-> refused;
        every 1h -> at -> drop;
    }
}

#[stage]
fn below(n: u64, most: &u64) -> Option<u64> {
    (n < *most).then_some(n)
}
#[stage]
fn behind(lagged: Lagged) {
    println!("{lagged:?}");
}

pipeline! {
    /// What overwrites.
    Overwritten {
        input  numbers: u64 [8];
        input  limits: u64 [mailbox];
        /// Seen by all.
        topic  seen: u64 [broadcast 16];
        topic  most: u64 [latest = 9];
        output shown: u64 [broadcast 16];
        output newest: u64 [latest];
        limits -> most;
        numbers -> seen;
        seen -> { below(most) -[broadcast 4]-> halves -[latest]-> newest, shown, drop };
        below.lagged -[mailbox]-> behind;
    }
}

pipeline! {
    /// With parameters.
    Generic<T: Send + Sync + Clone + 'static, const QUEUE: usize = 4> {
        input  records: T [QUEUE];
        output same: T [QUEUE];
        records -> same;
    }
}

#[tokio::main]
async fn main() -> Result<(), forebay::Error> {
    assert_eq!(Generic::<u64>::TOPOLOGY.name, "Generic");
    let AllHandle { readings, mut sums, control } = All::builder().by(3).count(|_| 0).start()?;
    readings.send(Reading { sensor: 4, value: 1 }).await?;
    drop(readings);
    control.drain().await.check()?;
    assert_eq!(sums.recv().await, Some(18));
    let OverwrittenHandle { numbers, limits, mut shown, newest, control } = Overwritten::builder().start()?;
    numbers.send(4).await?;
    assert_eq!(shown.recv().await, Some(4));
    drop((numbers, limits, newest));
    control.finished().await.check()?;
    Ok(())
}
