//! Random loads and random faults over fixed pipelines: every record is accounted for, each time.
//!
//! `FOREBAY_SEED=7 cargo test -p forebay --test laws random` repeats one case.

use std::sync::Arc;

use forebay::pipeline::ledger::Ledger;
use forebay::prelude::*;

use crate::kit::run::{On, on, start};
use crate::kit::wait::yields;
use crate::kit::watch::watch;
use crate::oracle::{Oracle, gone};
use crate::stages::*;

/// A small generator: SplitMix64 (Steele, Lea, Flood).
#[derive(Clone)]
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

#[derive(Debug, Clone, Copy)]
enum Ending {
    /// All records are sent, the inputs are dropped.
    Finish,
    /// After so many ends.
    Drain(u64),
    Abort(u64),
}

/// A case.
#[derive(Debug, Clone)]
struct Plan {
    seed: u64,
    records: u64,
    producers: u64,
    /// One record of so many trips.
    trips: u64,
    /// A reader yields so often before each record.
    slow: u64,
    /// An output is dropped after so many records.
    drops: Option<u64>,
    ending: Ending,
}

impl Plan {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let records = [3, 30, 120][dice.below(3) as usize];
        let after = dice.below(records);
        Plan {
            seed,
            records,
            producers: 1 + dice.below(3),
            trips: [2, 5, 1000][dice.below(3) as usize],
            slow: [0, 0, 1, 9][dice.below(4) as usize],
            drops: (dice.below(4) == 0).then(|| dice.below(20)),
            ending: match dice.below(4) {
                0 | 1 => Ending::Finish,
                2 => Ending::Drain(after),
                _ => Ending::Abort(after),
            },
        }
    }
}

/// Sends in every way there is.
async fn produce<const N: usize>(input: Input<Rec, N>, records: Vec<Rec>, mut dice: Dice, oracle: Arc<Oracle>) {
    for record in records {
        let id = record.id;
        let sent = match dice.below(4) {
            0 => input.try_send(record),
            1 => match input.reserve().await {
                Some(slot) => slot.send(record),
                None => return,
            },
            2 => {
                // Given up at the first wait.
                let mut send = std::pin::pin!(input.send(record));
                let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(send.as_mut().poll(cx))).await;
                match polled {
                    std::task::Poll::Ready(sent) => sent,
                    std::task::Poll::Pending => continue,
                }
            }
            _ => input.send(record).await,
        };
        match sent {
            Ok(()) | Err(SendError::Shed) => oracle.accepted(id),
            Err(SendError::Full(_) | SendError::Refused(..)) => yields(dice.below(3)).await,
            Err(SendError::Closed(_)) => return,
        }
    }
}

fn reading<const N: usize>(plan: &Plan, mut output: AsyncStream<Rec, N>, name: &'static str, oracle: &Arc<Oracle>) -> Task {
    let (plan, oracle) = (plan.clone(), oracle.clone());
    tokio::spawn(async move {
        let mut read = 0;
        while plan.drops.is_none_or(|most| read < most) {
            yields(plan.slow).await;
            let Some(x) = output.recv().await else { return };
            oracle.end(name, x.id());
            read += 1;
        }
    })
}

type Task = tokio::task::JoinHandle<()>;

/// Feeds the inputs as the plan says, ends the pipeline as it says, and waits for everybody.
async fn play<L: Ledger + 'static, const N: usize>(
    plan: &Plan,
    inputs: Vec<Input<Rec, N>>,
    readers: Vec<Task>,
    stages: &[&'static str],
    control: Control<L>,
    oracle: &Arc<Oracle>,
) -> L {
    let live = watch(&control);
    let mut dice = Dice(plan.seed ^ 0xfeed);
    let mut producers = Vec::new();
    let count = inputs.len() as u64 * plan.producers;
    for (at, input) in inputs.iter().enumerate() {
        for producer in 0..plan.producers {
            let first = (at as u64 * plan.producers + producer) * plan.records;
            let records: Vec<Rec> = (first..first + plan.records)
                .map(|id| match dice.below(plan.trips) {
                    0 => {
                        let at = stages[dice.below(stages.len() as u64) as usize];
                        Rec::new(id).trips(at, if dice.below(2) == 0 { Trip::Error } else { Trip::Panic })
                    }
                    _ => Rec::new(id),
                })
                .collect();
            let producer = produce(input.clone(), records, Dice(dice.next()), oracle.clone());
            producers.push(tokio::spawn(producer));
        }
    }
    drop(inputs);
    assert!(count > 0);
    let until = async |after: u64| {
        while oracle.ends() < after && !producers.iter().all(Task::is_finished) {
            tokio::task::yield_now().await;
        }
    };
    match plan.ending {
        Ending::Finish => drop(control.finished().await),
        Ending::Drain(after) => {
            until(after).await;
            drop(control.drain().await);
        }
        Ending::Abort(after) => {
            until(after).await;
            drop(control.abort().await);
        }
    }
    for task in producers.into_iter().chain(readers) {
        task.await.unwrap();
    }
    live.end();
    let ledger = control.ledger();
    ledger
        .check()
        .unwrap_or_else(|wrong| panic!("{wrong}\n{plan:?}\n{}", ledger.snapshot()));
    ledger
}

/// Declares the test of one pipeline: for each seed, on each runtime.
macro_rules! cases {
    ($test:ident: $pipeline:ident $handle:ident [$($input:ident)+] [$($output:ident)*] [$($trips:literal)*]
     $($runs:ident)+; $(($($end:literal)+) $is:tt ($($way:literal)+);)+) => {
        #[test]
        fn $test() {
            for_all([$(On::$runs),+], |on, plan| async move {
                let oracle = Arc::new(Oracle::default());
                let $handle { $($input,)+ $($output,)* control } = start!(on, $pipeline::builder().oracle(oracle.clone()));
                let readers = vec![$(reading(&plan, $output, stringify!($output), &oracle)),*];
                let inputs = vec![$($input),+];
                let ledger = play(&plan, inputs, readers, &[$($trips),*], control, &oracle).await;
                $(
                    let missing = gone(&ledger, &[$($way),+]);
                    let wrong = |wrong: String| panic!("{wrong}\n{plan:?}\n{ledger}");
                    cases!(@ $is oracle, [$($end),+], missing, plan).unwrap_or_else(wrong);
                )+
            });
        }
    };
    // Every record is told apart.
    (@ = $oracle:ident, $ends:expr, $gone:ident, $plan:ident) => { $oracle.check(&$ends, $gone) };
    // One that is cut may count in two places: at a node that gives several, and where what it gave was.
    (@ <= $oracle:ident, $ends:expr, $gone:ident, $plan:ident) => {
        match $plan.ending {
            Ending::Abort(_) => $oracle.check_at_most(&$ends, $gone),
            _ => $oracle.check(&$ends, $gone),
        }
    };
}

fn for_all<const R: usize, F: Future<Output = ()>>(runs: [On; R], case: impl Fn(On, Plan) -> F + Send + Copy + 'static) {
    let seeds = match std::env::var("FOREBAY_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => {
            let cases = std::env::var("FOREBAY_CASES").map_or(12, |cases| cases.parse().unwrap());
            (0..cases).collect()
        }
    };
    for seed in seeds {
        for run in runs {
            let plan = Plan::new(seed);
            on(run, move |run| case(run, plan));
        }
    }
}

mod lines;
mod lives;
mod routes;
