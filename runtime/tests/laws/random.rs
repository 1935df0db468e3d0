//! Random loads and random faults over fixed pipelines: every record is accounted for, each time.
//!
//! `FOREBAY_SEED=7 cargo test -p forebay --test laws random` repeats one case.

use std::sync::Arc;

use forebay::pipeline::ledger::Ledger;
use forebay::prelude::*;

use crate::oracle::{Oracle, gone};
use crate::run::{On, on, start, watch};
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
            Err(SendError::Full(_)) => yields(dice.below(3)).await,
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

pipeline! {
    Line {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> a -[2]-> b -[4]-> c -> out;
        a.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
        c.errors -[4]-> dead;
    }
}
cases!(a_line: Line LineHandle [records] [out] ["a" "b" "c"] One Two Threads;
    ("out" "a" "b" "c") = ("records" "a" "b" "c" "out" "dead"););

pipeline! {
    Narrow {
        input  records: Rec [1];
        output out: Rec [1];
        shared oracle: Oracle;
        records -> a -[1]-> b -[1]-> c -[1]-> a2 -> out;
        node a2 = a;
        a.errors -[1]-> dead(oracle);
        b.errors -[1]-> dead;
        c.errors -[1]-> dead;
        errors -> drop;
    }
}
cases!(capacity_one_everywhere: Narrow NarrowHandle [records] [out] ["a" "b" "c"] One Two Threads;
    ("out" "a" "b" "c") = ("records" "a" "b" "c" "a2" "out" "dead"););

pipeline! {
    Fan {
        input  records: Rec [4];
        output left: Rec [2];
        output right: Rec [2];
        output third: Rec [2];
        shared oracle: Oracle;
        node dead_a = dead;
        node dead_b = dead;
        node dead_c = dead;
        records -> a -> { -[2]-> b -> left, c -> right, third };
        a.errors -[4]-> dead_a(oracle);
        b.errors -[4]-> dead_b(oracle);
        c.errors -[4]-> dead_c(oracle);
    }
}
cases!(a_group: Fan FanHandle [records] [left right third] ["a" "b" "c"] One Two Threads;
    ("left" "a" "b") = ("records" "a" "b" "left" "dead_a" "dead_b");
    ("right" "a" "c") = ("records" "a" "c" "right" "dead_a" "dead_c");
    ("third" "a") = ("records" "a" "third" "dead_a"););

pipeline! {
    FanFromPort {
        input  records: Rec [2];
        output left: Rec [2];
        output right: Rec [2];
        shared oracle: Oracle;
        node dead_b = dead;
        node dead_c = dead;
        records -> { b -> left, c -> right };
        b.errors -[4]-> dead_b(oracle);
        c.errors -[4]-> dead_c(oracle);
    }
}
cases!(a_group_behind_a_port: FanFromPort FanFromPortHandle [records] [left right] ["b" "c"] One Two Threads;
    ("left" "b") = ("records" "b" "left" "dead_b");
    ("right" "c") = ("records" "c" "right" "dead_c"););

pipeline! {
    Sharded {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> a -[2, by key]-> b { workers: 3 } -[4]-> c -> out;
        a.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
        c.errors -[4]-> dead;
    }
}
cases!(workers_by_key: Sharded ShardedHandle [records] [out] ["a" "b" "c"] One Two Threads;
    ("out" "a" "b" "c") = ("records" "a" "b" "c" "out" "dead"););

pipeline! {
    Shared {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> b { workers: 2 } -[2]-> c { workers: 3 } -> out;
        b.errors -[4]-> dead(oracle);
        c.errors -[4]-> dead;
    }
}
cases!(workers_that_share: Shared SharedHandle [records] [out] ["b" "c"] One Two Threads;
    ("out" "b" "c") = ("records" "b" "c" "out" "dead"););

enum Sorted {
    Left(Rec),
    Right(Rec),
    Other,
}
#[stage]
fn sort(r: Rec) -> Result<Sorted, Bad> {
    let r = r.at("sort")?;
    Ok(match r.id % 3 {
        0 => Sorted::Left(r),
        1 => Sorted::Right(r),
        _ => Sorted::Other,
    })
}
pipeline! {
    Routed {
        input  records: Rec [4];
        output left: Rec [2];
        output right: Rec [2];
        shared oracle: Oracle;
        records -> sort -> match {
            Sorted::Left(r) => r -[2]-> b -> left,
            Sorted::Right(r) => r -> c -> right,
            Sorted::Other => drop,
        };
        sort.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
        c.errors -[4]-> dead;
    }
}
cases!(a_match: Routed RoutedHandle [records] [left right] ["sort" "b" "c"] One Two Threads;
    ("left" "right" "sort" "b" "c") = ("records" "sort" "b" "c" "left" "right" "dead"););

pipeline! {
    RoutedAsync {
        input  records: Rec [4];
        output left: Rec [2];
        output right: Rec [2];
        shared oracle: Oracle;
        records -> sort -> match {
            Sorted::Left(r) => r -> b -> left,
            Sorted::Right(r) => r -> c -> right,
            Sorted::Other => drop,
        };
        sort.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
        c.errors -[4]-> dead;
    }
}
cases!(a_match_with_an_async_arm: RoutedAsync RoutedAsyncHandle [records] [left right] ["sort" "b" "c"] One Two Threads;
    ("left" "right" "sort" "b" "c") = ("records" "sort" "b" "c" "left" "right" "dead"););

pipeline! {
    FanIn {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> sort -> match {
            Sorted::Left(r) => r -[2]-> b -[2]-> a,
            Sorted::Right(r) => r -[2]-> c -[2]-> a,
            Sorted::Other => drop,
        };
        a -> out;
        sort.errors -[4]-> dead(oracle);
        a.errors -[4]-> dead;
        b.errors -[4]-> dead;
        c.errors -[4]-> dead;
    }
}
cases!(fan_in: FanIn FanInHandle [records] [out] ["sort" "a" "b" "c"] One Two Threads;
    ("out" "sort" "a" "b" "c") = ("records" "sort" "a" "b" "c" "out" "dead"););

pipeline! {
    Sheds {
        input  records: Rec [2, shed];
        output out: Rec [2];
        shared oracle: Oracle;
        node refused_b = refused;
        records -> a -[1, shed]-> b -> out;
        records.shed -[2]-> refused(oracle);
        b.shed -[2]-> refused_b(oracle);
        a.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
    }
}
cases!(shedding_into_wires: Sheds ShedsHandle [records] [out] ["a" "b"] One Two Threads;
    ("out" "a" "b" "shed") = ("!records" "a" "!b" "out" "dead" "refused" "refused_b"););

pipeline! {
    Oldest {
        input  records: Rec [2, drop_oldest];
        output out: Rec [2, drop_oldest];
        shared oracle: Oracle;
        records -> a -[2, drop_oldest]-> b -> out;
        a.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
    }
}
cases!(the_oldest_make_room: Oldest OldestHandle [records] [out] ["a" "b"] One Two Threads;
    ("out" "a" "b") = ("records" "a" "b" "out" "dead"););

#[stage]
fn again(f: Failed<Rec, Bad>, oracle: &Oracle) -> Option<Rec> {
    let mut record = f.record?;
    if f.attempts >= 3 {
        oracle.end("gave up", record.id);
        return None;
    }
    if record.id % 2 == 0 {
        record.trip = None;
    }
    Some(record)
}
pipeline! {
    Retry {
        input  records: Rec [2];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> b -> out;
        b.errors -[2, shed]-> again(oracle) -[2, shed]-> b;
    }
}
cases!(a_retry_made_of_wires: Retry RetryHandle [records] [out] ["b"] One Two Threads;
    ("out") <= ("records" "b" "again" "out"););

pipeline! {
    Batches {
        input  records: Rec [8];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> batched { batch: 4 } -> c -> out;
        batched.errors -[4]-> dead_batch(oracle);
        c.errors -[4]-> dead(oracle);
    }
}
cases!(batches: Batches BatchesHandle [records] [out] ["batched" "c"] One Two;
    ("out" "batched" "c") <= ("records" "batched" "c" "out" "dead" "dead_batch" "dead_batch" "dead_batch" "dead_batch"););

pipeline! {
    Chain {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> items -> emits -> b -> out;
        items.errors -[4]-> dead(oracle);
        emits.errors -[4]-> dead;
        b.errors -[4]-> dead;
    }
}
cases!(iterators_and_emits: Chain ChainHandle [records] [out] ["items" "emits" "b"] One Two Threads;
    ("out" "items" "emits" "b") <= ("records" "items" "emits" "b" "out" "dead"););

#[derive(Default)]
struct Both;
#[stage]
impl Both {
    #[inlet]
    fn left(&mut self, r: Rec) -> Result<Rec, Bad> {
        r.at("left")
    }
    #[inlet]
    fn right(&mut self, r: Rec) -> Result<Rec, Bad> {
        r.at("right")
    }
}
pipeline! {
    Joined {
        input  lefts: Rec [2];
        input  rights: Rec [2];
        output out: Rec [2];
        shared oracle: Oracle;
        node both: Both = Both;
        lefts -> both.left;
        rights -> both.right;
        both -> out;
        both.left.errors -[2]-> dead(oracle);
        both.right.errors -[2]-> dead;
    }
}
cases!(a_join: Joined JoinedHandle [lefts rights] [out] ["left" "right"] One Two Threads;
    ("out" "both") = ("lefts" "rights" "both" "out" "dead"););

#[derive(Default)]
struct Delay {
    held: std::collections::VecDeque<Rec>,
}
#[stage]
impl Delay {
    fn process(&mut self, r: Rec) -> Result<(), Bad> {
        self.held.push_back(r.at("delay")?);
        Ok(())
    }
    fn next(&mut self) -> Result<Option<Rec>, Bad> {
        Ok(self.held.pop_front())
    }
    fn held(&self) -> usize {
        self.held.len()
    }
}
pipeline! {
    Pulled {
        input  records: Rec [4];
        output out: Rec [1];
        shared oracle: Oracle;
        node delay: Delay = Delay::default();
        records -> delay -[1]-> b -> out;
        delay.errors -[2]-> dead(oracle);
        b.errors -[2]-> dead;
    }
}
cases!(a_pulled_node: Pulled PulledHandle [records] [out] ["delay" "b"] One Two Threads;
    ("out" "delay" "b") = ("records" "b" "delay" "out" "dead"););

pipeline! {
    Blocks {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> a -[4]-> c { blocking, workers: 2 } -> out;
        a.errors -[4]-> dead(oracle);
        c.errors -[4]-> dead;
    }
}
cases!(blocking_nodes: Blocks BlocksHandle [records] [out] ["a" "c"] One Two;
    ("out" "a" "c") = ("records" "a" "c" "out" "dead"););
