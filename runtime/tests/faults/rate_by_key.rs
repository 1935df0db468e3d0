//! `rate: 100 per 1s by key`

use std::hash::{Hash, Hasher};
use std::sync::Mutex;
use std::time::Duration;

use forebay::prelude::*;
use tokio::time::Instant;

use crate::kit::quiet::quiet;
use crate::support::{millis, until};

#[record]
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    #[key]
    user: User,
    n: u64,
}

/// Panics when it is hashed, if it is 13.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User(u64);

impl Hash for User {
    fn hash<H: Hasher>(&self, state: &mut H) {
        assert_ne!(self.0, 13, "tripped");
        self.0.hash(state);
    }
}

fn job(user: u64, n: u64) -> Job {
    Job { user: User(user), n }
}

/// When each job was worked on, in tenths of a second since the start.
struct Log {
    start: Instant,
    calls: Mutex<Vec<(u64, u64)>>,
}

impl Log {
    fn new() -> std::sync::Arc<Log> {
        quiet();
        std::sync::Arc::new(Log {
            start: Instant::now(),
            calls: Mutex::new(Vec::new()),
        })
    }

    fn of(&self, user: u64) -> Vec<u64> {
        let calls = self.calls.lock().unwrap();
        calls.iter().filter(|call| call.0 == user).map(|call| call.1).collect()
    }

    fn count(&self) -> usize {
        self.calls.lock().unwrap().len()
    }
}

#[stage]
async fn work(job: Job, log: &Log) -> u64 {
    let tenths = (millis(log.start) + 20) / 100;
    log.calls.lock().unwrap().push((job.user.0, tenths as u64));
    job.n
}

pipeline! {
    Shares {
        input  jobs: Job [64];
        output done: u64 [64];
        output failed: Failed<Job, std::convert::Infallible> [64];
        shared log: Log;
        jobs -> work(log) { concurrency: 32, rate: 2 per 1s by key } -> done;
        work.errors -> failed;
    }
}

#[tokio::test(start_paused = true)]
async fn each_key_has_its_own_rate() {
    let log = Log::new();
    let SharesHandle {
        jobs,
        done,
        failed,
        control,
    } = Shares::builder().log(log.clone()).start().unwrap();
    for n in 0..6 {
        jobs.send(job(1, n)).await.unwrap();
    }
    for user in 2..5 {
        jobs.send(job(user, 0)).await.unwrap();
    }
    until(|| log.count() == 5).await;
    let ledger = control.ledger();
    assert_eq!(ledger.work.in_work, 4, "those of the first user wait, the others do not");
    control.drain().await.check().unwrap();
    // Two at once, then one for each half second.
    assert_eq!(log.of(1), [0, 0, 5, 10, 15, 20]);
    assert_eq!([log.of(2), log.of(3), log.of(4)], [[0], [0], [0]]);
    assert_eq!(done.collect::<Vec<_>>().await.len(), 9);
    drop(failed);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_cannot_be_hashed_fails_its_record() {
    let log = Log::new();
    let SharesHandle {
        jobs,
        mut done,
        mut failed,
        control,
    } = Shares::builder().log(log.clone()).start().unwrap();
    jobs.send(job(13, 0)).await.unwrap();
    jobs.send(job(1, 1)).await.unwrap();
    let failure = failed.recv().await.unwrap();
    assert_eq!(failure.record, Some(job(13, 0)));
    assert!(matches!(failure.cause, Cause::Panic(_)), "{failure:?}");
    assert_eq!(done.recv().await, Some(1));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.work.failed, ledger.work.finished), (1, 1));
}

pipeline! {
    OneByOne {
        input  jobs: Job [64];
        output done: u64 [64];
        shared log: Log;
        jobs -> work(log) { workers: 2, rate: 1 per 1s by n } -> done;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn by_a_field_and_for_all_workers_together() {
    let log = Log::new();
    let OneByOneHandle { jobs, done, control } = OneByOne::builder().log(log.clone()).start().unwrap();
    for user in 0..3 {
        jobs.send(job(user, 7)).await.unwrap();
    }
    control.drain().await.check().unwrap();
    let mut all = [log.of(0), log.of(1), log.of(2)].concat();
    all.sort_unstable();
    assert_eq!(all, [0, 10, 20]);
    drop(done);
}

pipeline! {
    Urgent {
        input  jobs: Job [64];
        output done: u64 [64];
        output failed: Failed<Job, std::convert::Infallible> [64];
        shared log: Log;
        jobs -> work(log) { concurrency: 8, rate: 1 per 1s by key, deadline: 1500ms } -> done;
        work.errors -> failed;
    }
}

#[tokio::test(start_paused = true)]
async fn who_would_be_late_is_late_at_once_and_uses_nothing_up() {
    let log = Log::new();
    let UrgentHandle {
        jobs,
        done,
        mut failed,
        control,
    } = Urgent::builder().log(log.clone()).start().unwrap();
    for n in 0..5 {
        jobs.send(job(1, n)).await.unwrap();
    }
    for n in 2..5 {
        let failure = failed.recv().await.unwrap();
        assert_eq!((failure.record, failure.cause), (Some(job(1, n)), Cause::Late));
    }
    assert_eq!(millis(log.start), 0);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    jobs.send(job(1, 5)).await.unwrap();
    control.drain().await.check().unwrap();
    assert_eq!(log.of(1), [0, 10, 20]);
    drop(done);
}

#[tokio::test(start_paused = true)]
async fn more_keys_than_are_remembered_wait_their_turn() {
    pipeline! {
        Crowd {
            input  jobs: Job [1024];
            output done: u64 [8192];
            shared log: Log;
            jobs -> work(log) { rate: 1 per 1s by key } -> done;
            errors -> drop;
        }
    }
    let log = Log::new();
    let CrowdHandle { jobs, done, control } = Crowd::builder().log(log.clone()).start().unwrap();
    for user in 100..5100 {
        jobs.send(job(user, 0)).await.unwrap();
    }
    control.drain().await.check().unwrap();
    let calls = log.calls.lock().unwrap();
    let at_once = calls.iter().filter(|call| call.1 == 0).count();
    assert_eq!((at_once, calls.len()), (4096, 5000));
    assert!(calls[4096..].iter().all(|call| call.1 == 10), "{:?}", &calls[4096..4100]);
    drop(done);
}
