//! Overload: requests that come at so many times what a slow stage can do, whoever waits for what.
//!
//! Goodput is what is answered while who asked still waits for it, in per cent of what the same workers do when they call the stage, one
//! call after the other, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use forebay::prelude::*;
use tokio::sync::{Mutex, OnceCell, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep, timeout};

use super::{FOREBAY, On};
use crate::measure::{Group, Target};
use crate::stats::quantile;

/// How many times as much as the stage can do.
pub(crate) const LOADS: [u64; 4] = [1, 2, 5, 10];
/// Workers of the stage.
const WORKERS: usize = 4;
/// Requests that wait before it, where their number is bounded.
const RING: usize = 64;
/// So long somebody waits for an answer.
const PATIENCE: Duration = Duration::from_millis(200);
/// Requests come together, so far apart: a timer of tokio is no finer.
const STEP: Duration = Duration::from_millis(1);
/// The part of a run that is not looked at, as it begins: queues fill.
const BEGINNING: f64 = 0.25;

/// Who usually writes a queue without a bound.
pub(crate) const UNBOUNDED: &str = "tokio unbounded, timeout";
/// Who bounds it, and waits.
pub(crate) const BOUNDED: &str = "tokio send().await, timeout";
/// Who bounds it, and tells who asks at once: what ours does, by hand.
pub(crate) const SHEDDING: &str = "tokio try_send, bounded";

pub(crate) const COLUMNS: [&str; 4] = ["short of capacity, %", "p50, ms", "p99, ms", "p99 of bound"];

/// A request, and when it was due.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request {
    number: u64,
    due: Instant,
}

/// What takes long.
#[stage]
async fn slow(request: Request) -> Request {
    sleep(Duration::from_millis(1)).await;
    request
}

pipeline! {
    /// A slow stage behind a ring that sheds.
    Overloaded {
        input  requests: Request [64, shed];
        output answers: Request [64];
        requests -> slow { workers: 4 } -> answers;
    }
}

/// What became of the requests of a run.
#[derive(Default)]
struct Answers {
    /// When they were due, and how late they were answered.
    late: Vec<(Instant, Duration)>,
    seen: Vec<bool>,
}

impl Answers {
    /// All that come out.
    async fn read(mut out: impl Out) -> Result<Self, String> {
        let mut seen = Answers::default();
        while let Some(request) = out.next().await {
            seen.add(request, Instant::now())?;
        }
        Ok(seen)
    }

    fn add(&mut self, request: Request, answered: Instant) -> Result<(), String> {
        let at = request.number as usize;
        if self.seen.len() <= at {
            self.seen.resize(at + 1, false);
        }
        if std::mem::replace(&mut self.seen[at], true) {
            return Err(format!("request {at} was answered twice"));
        }
        self.late.push((request.due, answered.saturating_duration_since(request.due)));
        Ok(())
    }
}

/// Where answers come out.
trait Out: Send + 'static {
    fn next(&mut self) -> impl Future<Output = Option<Request>> + Send;
}

impl<const CAP: usize> Out for AsyncStream<Request, CAP> {
    fn next(&mut self) -> impl Future<Output = Option<Request>> + Send {
        self.recv()
    }
}

impl Out for mpsc::Receiver<Request> {
    fn next(&mut self) -> impl Future<Output = Option<Request>> + Send {
        self.recv()
    }
}

/// A run: from when on requests came, and how many in all.
#[derive(Clone, Copy)]
struct Course {
    start: Instant,
    lasts: Duration,
    /// What the stage can do in a second.
    capacity: f64,
}

impl Course {
    /// The figures of those that were answered while somebody waited for them.
    fn figures(self, answers: Answers) -> Vec<f64> {
        let begin = self.start + self.lasts.mul_f64(BEGINNING);
        let end = self.start + self.lasts;
        let answered = answers.late.iter().map(|(due, late)| *due + *late);
        let good = answered.filter(|at| (begin..end).contains(at)).count() as f64;
        let goodput = good / (end - begin).as_secs_f64() / self.capacity;
        let mut ms: Vec<f64> = answers.late.iter().map(|(_, late)| late.as_secs_f64() * 1000.0).collect();
        // A full ring, and the records that are with the workers.
        let bound = (RING + WORKERS) as f64 / self.capacity * 1000.0;
        let p99 = quantile(&mut ms, 0.99);
        vec![(1.0 - goodput) * 100.0, quantile(&mut ms, 0.5), p99, p99 / bound]
    }

    /// Has requests come at `load` times the capacity. `ask` does not wait. How many there were.
    async fn come(self, load: u64, mut ask: impl FnMut(Request)) -> u64 {
        let rate = self.capacity * load as f64;
        let (mut ticks, mut number) = (interval(STEP), 0);
        while self.start.elapsed() < self.lasts {
            ticks.tick().await;
            let due = (self.start.elapsed().as_secs_f64() * rate) as u64;
            while number < due {
                let due = self.start + Duration::from_secs_f64(number as f64 / rate);
                ask(Request { number, due });
                number += 1;
            }
        }
        number
    }
}

/// What the workers do in a second when they have nothing to do but call the stage: measured once, the best of some probes, as what else the
/// machine does says nothing about the stage.
async fn capacity() -> f64 {
    static CAPACITY: OnceCell<f64> = OnceCell::const_new();
    let probes = async || {
        let mut best: f64 = 0.0;
        for _ in 0..5 {
            best = best.max(probe(Duration::from_millis(150)).await);
        }
        best
    };
    *CAPACITY.get_or_init(probes).await
}

async fn probe(lasts: Duration) -> f64 {
    let start = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(async move {
            let mut calls = 0_u64;
            while start.elapsed() < lasts {
                slow(Request { number: 0, due: start }).await;
                calls += 1;
            }
            calls
        });
    }
    let calls: u64 = workers.join_all().await.into_iter().sum();
    calls as f64 / start.elapsed().as_secs_f64()
}

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    LOADS.into_iter().map(|load| group(on, load)).collect()
}

/// What a group is called.
pub(crate) fn name(load: u64) -> String {
    format!("overload-{load}x")
}

fn group(on: On<'_>, load: u64) -> Group<'_> {
    let about = format!(
        "{load} times what {WORKERS} workers of a stage of 1 ms can do, {}",
        on.about()
    );
    // The records of this group are milliseconds of load.
    let mut group = Group::figures(name(load), about, ("per cent, ms", &COLUMNS), 400);
    case(&mut group, on, UNBOUNDED, load, unbounded);
    case(&mut group, on, FOREBAY, load, forebay);
    case(&mut group, on, BOUNDED, load, bounded);
    case(&mut group, on, SHEDDING, load, shedding);
    group.goal_of(0, "short-of-capacity", FOREBAY, FOREBAY, Target::Bound(5.0));
    group.goal_of(3, "p99-of-bound", FOREBAY, FOREBAY, Target::Bound(1.25));
    group
}

fn case<'a>(
    group: &mut Group<'a>,
    on: On<'a>,
    name: &str,
    load: u64,
    run: impl AsyncFn(Course, u64) -> Result<Answers, String> + 'a,
) {
    group.case_of_figures(name, move |ms| {
        on.runtime.block_on(async {
            let lasts = Duration::from_millis(ms);
            let capacity = capacity().await;
            let course = Course {
                start: Instant::now(),
                lasts,
                capacity,
            };
            Ok(course.figures(run(course, load).await?))
        })
    });
}

/// Ours: who asks is told at once when the ring is full.
async fn forebay(course: Course, load: u64) -> Result<Answers, String> {
    let handle = Overloaded::builder().start().map_err(|error| error.to_string())?;
    let OverloadedHandle {
        requests,
        answers,
        control,
    } = handle;
    let reader = tokio::spawn(Answers::read(answers));
    let mut refused = 0;
    let asked = course
        .come(load, |request| refused += u64::from(requests.try_send(request).is_err()))
        .await;
    drop(requests);
    let ledger = control.finished().await;
    ledger.check().map_err(|error| error.to_string())?;
    let answers = reader.await.map_err(|error| error.to_string())??;
    whole(asked, answers, refused)
}

/// What is usually written, and the client's patience.
async fn unbounded(course: Course, load: u64) -> Result<Answers, String> {
    let (tx, rx) = mpsc::unbounded_channel::<(Request, oneshot::Sender<Request>)>();
    let rx = Arc::new(Mutex::new(rx));
    // Aborted at the end, with what is still in the queue.
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        let rx = rx.clone();
        workers.spawn(async move {
            loop {
                let job = rx.lock().await.recv().await;
                let Some((request, reply)) = job else { return };
                // Who asked may have gone.
                let _ = reply.send(slow(request).await);
            }
        });
    }
    clients(course, load, |request| {
        let tx = tx.clone();
        async move {
            let (reply, answer) = oneshot::channel();
            tx.send((request, reply)).ok()?;
            answer.await.ok()
        }
    })
    .await
}

/// The same with a bound, at which clients wait.
async fn bounded(course: Course, load: u64) -> Result<Answers, String> {
    let (tx, rx) = mpsc::channel::<(Request, oneshot::Sender<Request>)>(RING);
    let rx = Arc::new(Mutex::new(rx));
    // Aborted at the end, with what is still in the queue.
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        let rx = rx.clone();
        workers.spawn(async move {
            loop {
                let job = rx.lock().await.recv().await;
                let Some((request, reply)) = job else { return };
                let _ = reply.send(slow(request).await);
            }
        });
    }
    clients(course, load, |request| {
        let tx = tx.clone();
        async move {
            let (reply, answer) = oneshot::channel();
            tx.send((request, reply)).await.ok()?;
            answer.await.ok()
        }
    })
    .await
}

/// The same for somebody who does not wait: a full channel refuses, and answers go out by another.
async fn shedding(course: Course, load: u64) -> Result<Answers, String> {
    let (tx, rx) = mpsc::channel::<Request>(RING);
    let (out, answers) = mpsc::channel::<Request>(RING);
    let rx = Arc::new(Mutex::new(rx));
    for _ in 0..WORKERS {
        let (rx, out) = (rx.clone(), out.clone());
        tokio::spawn(async move {
            loop {
                let job = rx.lock().await.recv().await;
                let Some(request) = job else { return };
                if out.send(slow(request).await).await.is_err() {
                    return;
                }
            }
        });
    }
    drop(out);
    let reader = tokio::spawn(Answers::read(answers));
    let mut refused = 0;
    let asked = course
        .come(load, |request| refused += u64::from(tx.try_send(request).is_err()))
        .await;
    drop(tx);
    let answers = reader.await.map_err(|error| error.to_string())??;
    whole(asked, answers, refused)
}

/// A task for each request, that waits for so long.
async fn clients<F>(course: Course, load: u64, ask: impl Fn(Request) -> F) -> Result<Answers, String>
where
    F: Future<Output = Option<Request>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    let asked = course
        .come(load, |request| {
            let waits = timeout(PATIENCE, ask(request));
            tasks.spawn(async move { (waits.await, Instant::now()) });
        })
        .await;
    let (mut answers, mut gave_up) = (Answers::default(), 0);
    while let Some(ended) = tasks.join_next().await {
        let (waited, at) = ended.map_err(|error| error.to_string())?;
        match waited {
            Ok(Some(request)) => answers.add(request, at)?,
            _ => gave_up += 1,
        }
    }
    whole(asked, answers, gave_up)
}

/// Each request was answered, or who asked knows that it was not.
fn whole(asked: u64, answers: Answers, not: u64) -> Result<Answers, String> {
    let answered = answers.late.len() as u64;
    if answered + not != asked {
        return Err(format!("{asked} asked, {answered} were answered, and {not} were not"));
    }
    Ok(answers)
}
