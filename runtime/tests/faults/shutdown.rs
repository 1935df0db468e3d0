//! The end of a pipeline, and the lives of its workers: one deadline for all, locals that are built anew, handles that stay valid.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use forebay::prelude::*;
use tokio::time::{Instant, sleep};

use crate::kit::feed::send_each;
use crate::kit::quiet::quiet;
use crate::support::{millis, until};

#[stage]
async fn first(n: u64) -> u64 {
    sleep(Duration::from_millis(400)).await;
    n
}
#[stage]
async fn second(n: u64) -> u64 {
    sleep(Duration::from_millis(400)).await;
    n
}
#[stage]
async fn third(n: u64) -> u64 {
    sleep(Duration::from_millis(400)).await;
    n
}
#[stage]
async fn fourth(n: u64) -> u64 {
    sleep(Duration::from_millis(400)).await;
    n
}

pipeline! {
    Chain {
        drain  1s;
        input  numbers: u64 [16];
        output done: u64 [16];
        numbers -> first -[16]-> second -[16]-> third -[16]-> fourth -> done;
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_one_for_the_whole_graph() {
    let ChainHandle { numbers, done, control } = Chain::builder().start().unwrap();
    send_each(&numbers, 0..3).await;
    let start = Instant::now();
    let ledger = control.drain().await;
    ledger.check().unwrap();
    // No segment takes a second by itself; each had what those before it left of it.
    assert_eq!(millis(start) / 100, 10);
    assert_eq!((ledger.first.finished, ledger.second.finished, ledger.third.taken), (2, 1, 1));
    let cut = (ledger.first.cut, ledger.second.cut, ledger.third.cut, ledger.fourth.cut);
    assert_eq!(cut, (1, 1, 1, 0), "where each of them was is named");
    assert_eq!(done.collect::<Vec<_>>().await, [0; 0]);
}

#[tokio::test(start_paused = true)]
async fn who_drains_again_does_not_move_the_deadline() {
    let ChainHandle { numbers, done, control } = Chain::builder().start().unwrap();
    send_each(&numbers, 0..16).await;
    let start = Instant::now();
    drop(control.drain());
    sleep(Duration::from_millis(700)).await;
    let again = control.clone();
    let ledger = again.drain().await;
    ledger.check().unwrap();
    assert_eq!(millis(start) / 100, 10);
    // All that are asked say the same, whenever they are.
    assert_eq!(control.finished().await.to_string(), ledger.to_string());
    assert_eq!(control.abort().await.to_string(), ledger.to_string());
    drop(done);
}

#[record]
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    #[key]
    user: u64,
    n: u64,
}

/// What a worker has for itself.
struct Desk {
    worker: WorkerId,
    jobs: u64,
}

/// Who did each job, in which life, and as the how-manieth of it.
#[derive(Default)]
struct Log(Mutex<Vec<(Job, usize, u32, u64)>>);

#[stage]
async fn work(job: Job, desk: &mut Desk, log: &Log) -> Job {
    desk.jobs += 1;
    let (index, life) = (desk.worker.index(), desk.worker.incarnation());
    log.0.lock().unwrap().push((job.clone(), index, life, desk.jobs));
    tokio::task::yield_now().await;
    assert!(job.n != 13, "tripped");
    job
}

pipeline! {
    Desks {
        input  jobs: Job [64, by key];
        output done: Job [64];
        output failed: Failed<Job, std::convert::Infallible> [64];
        local  desk: Desk;
        shared log: Log;
        jobs -> work(desk, log) { workers: 2, restart: 2 in 1h else drain } -> done;
        work.errors -> failed;
    }
}

/// A user for each of the two workers.
async fn users(control: &Control<DesksLedger>, jobs: &Input<Job, 64>, log: &Log) -> [u64; 2] {
    let mut users = [None; 2];
    for user in 0.. {
        jobs.send(Job { user, n: 0 }).await.unwrap();
        until(|| log.0.lock().unwrap().len() as u64 == user + 1).await;
        let index = log.0.lock().unwrap()[user as usize].1;
        users[index].get_or_insert(user);
        if let [Some(a), Some(b)] = users {
            until(|| control.ledger().work.finished == user + 1).await;
            log.0.lock().unwrap().clear();
            return [a, b];
        }
    }
    unreachable!()
}

fn start() -> (DesksHandle, Arc<Log>) {
    quiet();
    let log = Arc::new(Log::default());
    let handle = Desks::builder()
        .desk(|worker| Desk { worker, jobs: 0 })
        .log(log.clone())
        .start()
        .unwrap();
    (handle, log)
}

#[tokio::test]
async fn a_worker_is_built_anew_with_its_local_and_goes_on_where_it_stood() {
    let (handle, log) = start();
    let DesksHandle {
        jobs,
        done,
        failed,
        control,
    } = handle;
    let [mine, other] = users(&control, &jobs, &log).await;
    for n in [1, 13, 3, 4] {
        jobs.send(Job { user: mine, n }).await.unwrap();
        jobs.send(Job { user: other, n: n + 100 }).await.unwrap();
    }
    until(|| control.ledger().work.taken == control.ledger().jobs.offered).await;
    // The handle is as good as before.
    jobs.send(Job { user: mine, n: 5 }).await.unwrap();
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.work.rebuilt, ledger.work.failed), (1, 1));
    let of = |user: u64| -> Vec<_> {
        let log = log.0.lock().unwrap();
        let of = log.iter().filter(|entry| entry.0.user == user);
        of.map(|(job, _, life, count)| (job.n, *life, *count)).collect()
    };
    // In order, by the same place: a life ended with the panic, and the next one began with an empty desk.
    let [(1, 0, first), (13, 0, _), (3, 1, 1), (4, 1, 2), (5, 1, 3)] = of(mine)[..] else {
        panic!("{:?}", of(mine));
    };
    assert!(first >= 2, "the first life had its desk before");
    // The other worker knows nothing of it.
    let others = of(other);
    assert!(others.iter().all(|(_, life, _)| *life == 0), "{others:?}");
    assert!(others.windows(2).all(|two| two[1].2 == two[0].2 + 1), "{others:?}");
    let failed = failed.collect::<Vec<_>>().await;
    assert_eq!((failed.len(), failed[0].record.as_ref().unwrap().n), (1, 13));
    drop(done);
}

#[tokio::test]
async fn what_waits_for_a_dead_worker_fails_and_never_goes_to_another() {
    let (handle, log) = start();
    let DesksHandle {
        jobs,
        done,
        failed,
        control,
    } = handle;
    let [mine, other] = users(&control, &jobs, &log).await;
    // The third panic is one too many.
    for n in [13, 13, 13, 1, 2] {
        jobs.try_send(Job { user: mine, n }).unwrap();
    }
    for n in 100..105 {
        jobs.try_send(Job { user: other, n }).unwrap();
    }
    // Nobody asks for the end: the third panic does.
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert!(jobs.is_closed());
    let refused = jobs.send(Job { user: other, n: 0 }).await;
    assert!(matches!(refused, Err(SendError::Closed(_))));
    let mut causes: Vec<_> = failed.collect::<Vec<_>>().await;
    causes
        .iter()
        .for_each(|failed| assert_eq!(failed.record.as_ref().unwrap().user, mine));
    let dead: Vec<_> = causes
        .extract_if(.., |failed| failed.cause == Cause::WorkerDead)
        .map(|failed| failed.record.unwrap().n)
        .collect();
    assert_eq!((dead, causes.len()), (vec![1, 2], 3));
    // The drain lets the other one end its work.
    let others: Vec<_> = done
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .filter(|job| job.n >= 100)
        .collect();
    assert_eq!(others.iter().map(|job| job.n).collect::<Vec<_>>(), [100, 101, 102, 103, 104]);
    assert!(log.0.lock().unwrap().iter().all(|(job, ..)| job.user == other || job.n == 13));
    // The control stays valid too.
    assert_eq!(control.ledger().work.failed, 5);
    control.drain().await.check().unwrap();
}
