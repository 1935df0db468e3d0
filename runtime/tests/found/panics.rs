//! Panics in the user's own code where nobody looks for them: a guard of a `match`, a hash, the text of an error.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;

use forebay::prelude::*;

use crate::kit::gate::Gate;
use crate::kit::wait::{soon, until};

/// A `match` at the head of a segment.
enum Way {
    Good(u64),
    Bad(u64),
}

pipeline! {
    Head {
        input  ways: Way [16];
        output all: u64 [16];
        ways -> match {
            Way::Good(n) if n % 2 == 0 => n -> odd -> all,
            Way::Good(n) => n -> all,
            Way::Bad(n) if hopeless(n) => drop,
            Way::Bad(_) => drop,
        };
    }
}

fn hopeless(n: u64) -> bool {
    panic!("the match says no to {n}")
}
#[stage]
fn odd(n: u64) -> Option<u64> {
    (n > 100).then_some(n)
}

#[test]
fn a_match_that_panicked_was_the_fault_of_the_record_before() {
    // Everything waits before the first chunk: they go through in few of them.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let HeadHandle { ways, all, control } = Head::builder().start().unwrap();
        for n in 0..4 {
            ways.try_send(Way::Good(n * 2)).unwrap();
        }
        for n in 0..4 {
            ways.try_send(Way::Good(n * 2)).unwrap();
            ways.try_send(Way::Bad(n)).unwrap();
        }
        drop(ways);
        assert_eq!(soon(all.collect::<Vec<u64>>()).await, [] as [u64; 0]);
        let ledger = soon(control.finished()).await;
        println!("{ledger}");
        ledger.check().unwrap();
        assert_eq!((ledger.odd.failed, ledger.odd.finished, ledger.ways.taken), (0, 8, 12));
    });
}

/// A key whose hash panics every second time it is asked for. Each is used once.
#[derive(Clone)]
struct Fickle(u64, Arc<AtomicUsize>);

impl PartialEq for Fickle {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Fickle {}

impl std::hash::Hash for Fickle {
    fn hash<H: std::hash::Hasher>(&self, to: &mut H) {
        assert!(self.1.fetch_add(1, SeqCst).is_multiple_of(2), "not again");
        self.0.hash(to);
    }
}

#[record]
struct ByFickle {
    #[key]
    key: Fickle,
}

fn fickle(n: u64) -> ByFickle {
    ByFickle {
        key: Fickle(n, Arc::default()),
    }
}
#[stage]
fn same(r: ByFickle) -> ByFickle {
    r
}
#[stage]
fn number(r: ByFickle) -> u64 {
    r.key.0
}

pipeline! {
    Sharded {
        input  records: ByFickle [8];
        output all: u64 [1];
        records -> same -[1, by key]-> number { workers: 2 } -> all;
    }
}

#[tokio::test]
async fn a_record_that_waited_was_hashed_again_and_its_panic_ended_the_pipeline() {
    let ShardedHandle { records, all, control } = Sharded::builder().start().unwrap();
    for n in 0..8 {
        records.send(fickle(n)).await.unwrap();
    }
    drop(records);
    let mut got: Vec<u64> = soon(all.collect()).await;
    got.sort_unstable();
    soon(control.finished()).await.check().unwrap();
    assert_eq!(got, (0..8).collect::<Vec<_>>());
}

/// Its text cannot be had.
#[derive(Debug)]
struct Wordless;

impl std::fmt::Display for Wordless {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("no words")
    }
}

impl std::error::Error for Wordless {}

#[stage]
fn use_up(n: u64, local: &mut u64) -> u64 {
    assert!(n != 3, "three");
    *local + n
}

pipeline! {
    Rebuilds {
        input  numbers: u64 [8];
        output all: u64 [8];
        local  local: u64;
        numbers -> use_up(local) -> all;
    }
}

#[tokio::test]
async fn an_error_of_a_factory_that_panicked_ended_the_pipeline() {
    let RebuildsHandle { numbers, all, control } = Rebuilds::builder()
        .try_local(|w: WorkerId| if w.incarnation() == 0 { Ok(0) } else { Err(Wordless) })
        .start()
        .unwrap();
    for n in 1..6 {
        numbers.try_send(n).unwrap();
    }
    assert_eq!(soon(all.collect::<Vec<u64>>()).await, [1, 2]);
    let ledger = soon(control.finished()).await;
    ledger.check().unwrap();
    assert_eq!((ledger.use_up.failed, ledger.numbers.cut), (3, 0));
}

pipeline! {
    Keys {
        input  keys: ByFickle [8, by key];
        output all: u64 [8];
        keys -> number { workers: 2 } -> all;
    }
}

pipeline! {
    Makes {
        input  numbers: u64 [8];
        output records: ByFickle [1];
        numbers -> make -> records;
    }
}
#[stage]
fn make(n: u64) -> ByFickle {
    let record = fickle(n);
    record.key.1.store(usize::from(n == 3), SeqCst);
    record
}

#[tokio::test]
async fn a_hash_that_panicked_broke_the_join_of_two_pipelines() {
    let (makes, keys) = (Makes::builder().start().unwrap(), Keys::builder().start().unwrap());
    makes.records.pipe_into(&keys.keys).unwrap();
    drop(keys.keys);
    for n in 0..6 {
        makes.numbers.send(n).await.unwrap();
    }
    drop(makes.numbers);
    let mut got: Vec<u64> = soon(keys.all.collect()).await;
    got.sort_unstable();
    assert_eq!(got, [0, 1, 2, 4, 5]);
    soon(makes.control.finished()).await.check().unwrap();
    let ledger = soon(keys.control.finished()).await;
    ledger.check().unwrap();
    assert_eq!((ledger.keys.offered, ledger.keys.cut), (6, 1));
}

/// Its drop panics, if it says so.
#[derive(Debug, PartialEq, Eq)]
struct Prickly(u64, bool);

impl Drop for Prickly {
    fn drop(&mut self) {
        if self.1 {
            panic!("{} does not want to go", self.0);
        }
    }
}

pipeline! {
    NewestOnly {
        input  records: Prickly [1, drop_oldest];
        output out: Prickly [1];
        records -> out;
    }
}

#[tokio::test]
async fn the_drop_of_the_oldest_record_panicked_and_the_newest_was_lost() {
    let NewestOnlyHandle {
        records,
        mut out,
        control,
    } = NewestOnly::builder().start().unwrap();
    // Nothing runs before the first wait.
    records.try_send(Prickly(1, true)).unwrap();
    records.try_send(Prickly(2, false)).unwrap();
    assert_eq!(soon(out.recv()).await, Some(Prickly(2, false)));
    let ledger = soon(control.drain()).await;
    ledger.check().unwrap();
    assert_eq!((ledger.records.offered, ledger.records.lost), (2, 1));
}

/// A key whose hash panics when it is asked for the last time.
#[derive(Debug, Clone)]
struct Worn {
    id: u64,
    left: Option<Arc<AtomicUsize>>,
}

impl PartialEq for Worn {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
impl Eq for Worn {}
impl std::hash::Hash for Worn {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        if let Some(left) = &self.left {
            assert_ne!(left.fetch_sub(1, SeqCst), 1, "worn out");
        }
        self.id.hash(state);
    }
}

#[record]
#[derive(Debug, Clone)]
struct Job {
    #[key]
    key: Worn,
}

#[stage(runtime = none)]
async fn held_up(job: Job, gate: &Gate) -> u64 {
    gate.pass(job.key.id).await;
    job.key.id
}
#[stage]
fn job(job: Job) -> Job {
    job
}

pipeline! {
    WornKeys {
        input  jobs: Job [64];
        output done: u64 [64];
        shared gate: Gate;
        jobs -> job -[1, coalesce by key, by key]-> held_up(gate) { workers: 2 } -> done;
    }
}

#[tokio::test]
async fn a_key_that_panicked_at_its_second_try_took_its_record_along() {
    let gate = Arc::new(Gate::default());
    let WornKeysHandle { jobs, done, control } = WornKeys::builder().gate(gate.clone()).start().unwrap();
    let whole = |id| Worn { id, left: None };
    // Three that go to the same worker: one is in work, one fills the ring, and the last is tried again.
    let worker = |id| (u128::from(forebay::edge::hash_of(&whole(id))) * 2) >> 64;
    let [one, two] = std::array::from_fn(|n| (0..100).filter(|id| worker(*id) == worker(100)).nth(n).unwrap());
    jobs.send(Job { key: whole(one) }).await.unwrap();
    soon(until(|| control.ledger().held_up.in_work == 1)).await;
    jobs.send(Job { key: whole(two) }).await.unwrap();
    soon(until(|| control.ledger().held_up.input.offered == 2)).await;
    let left = Some(Arc::new(AtomicUsize::new(3)));
    jobs.send(Job {
        key: Worn { id: 100, left },
    })
    .await
    .unwrap();
    soon(until(|| control.ledger().held_up.input.offered == 3)).await;
    gate.open();
    drop(jobs);
    assert_eq!(soon(done.collect::<Vec<_>>()).await, [one, two, 100]);
    soon(control.finished()).await.check().unwrap();
}
