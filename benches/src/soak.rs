//! `soak`: floods with faults for minutes, and whether the memory stays what it was.

use std::error::Error;
use std::time::Duration;

use forebay::prelude::*;
use tokio::runtime::Builder;
use tokio::time::{Instant, interval, sleep};

/// Records of a burst, and how far bursts are apart.
const BURST: u64 = 512;
const APART: Duration = Duration::from_millis(10);
/// The share of the time after which the memory is looked at first: pools, timers and the allocator have grown by then.
const WARM: f64 = 0.1;
/// How often it is looked at.
const LOOKS: u32 = 20;
/// What is still flat: allocators round up, and give nothing back.
const SLACK: f64 = 1.05;

/// What is said of what panics here.
const PLANNED: &str = "a planned panic";

#[record]
#[derive(Debug, Clone)]
struct Request {
    #[key]
    session: u64,
    number: u64,
    text: String,
}

#[derive(Debug)]
enum Bad {
    Again,
    ForGood,
}

impl Retryable for Bad {
    fn is_retryable(&self) -> bool {
        matches!(self, Bad::Again)
    }
}

/// What a worker has of its own.
struct Model(Vec<u8>);

#[stage]
fn parse(request: Request) -> Result<Request, Bad> {
    match request.number % 1_013 {
        0 => std::panic::panic_any(PLANNED),
        1 => Err(Bad::ForGood),
        _ => Ok(request),
    }
}
#[stage]
async fn ask(mut request: Request, model: &mut Model) -> Result<Request, Bad> {
    match request.number % 2_003 {
        0 => std::panic::panic_any(PLANNED),
        1..20 => return Err(Bad::Again),
        // Longer than its timeout.
        20 => sleep(Duration::from_secs(1)).await,
        21..40 => sleep(Duration::from_micros(100)).await,
        _ => {}
    }
    request.text.push(model.0.len() as u8 as char);
    Ok(request)
}
#[stage]
fn words(request: Request) -> impl Iterator<Item = String> {
    let words: Vec<String> = request.text.split(' ').map(str::to_owned).collect();
    words.into_iter()
}
#[stage]
fn pass(request: Request) -> Request {
    request
}
#[stage]
fn noted<In: Send + 'static, E: Send + 'static>(failed: Failed<In, E>) {
    drop(failed);
}
#[stage]
fn refused(shed: Shed<Request>) {
    drop(shed);
}

pipeline! {
    /// Some of everything, flooded.
    Soak {
        drain  5s;
        input  requests: Request [256, shed];
        output answers:  String [64, drop_oldest];
        output seen:     Request [broadcast 64];
        local  model:    Model = Model(vec![0; 1 << 16]);

        requests -> parse -[128, by key]-> ask(model) {
                workers: 3, timeout: 5ms, retry: 2, backoff: 1ms..4ms, breaker: 40 in 20ms, deadline: 2s,
            } -[128, shed]-> pass -> { words -[256]-> spoken -> answers, seen };
        node spoken = said;
        errors        -[64]-> noted;
        requests.shed -[64]-> refused;
    }
}

#[stage]
fn said(word: String) -> String {
    word
}

/// The memory that this process has, in KiB.
fn memory() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line
        .and_then(|line| line.split_whitespace().next())
        .ok_or("the system does not say")?;
    Ok(kib.parse()?)
}

/// Floods for so long. The error says that the memory grew, or that a record is not accounted for.
pub(crate) fn run(time: Duration) -> Result<(), Box<dyn Error>> {
    quiet();
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    runtime.block_on(soak(time))
}

async fn soak(time: Duration) -> Result<(), Box<dyn Error>> {
    let SoakHandle {
        requests,
        answers,
        mut seen,
        control,
    } = Soak::builder().start()?;
    // One reads as fast as it can, one stops now and then and is told what it has missed.
    let reader = tokio::spawn(count(answers));
    let follower = tokio::spawn(async move {
        let mut got = 0_u64;
        while seen.recv().await.is_some() {
            got += 1;
            if got.is_multiple_of(10_000) {
                sleep(Duration::from_millis(20)).await;
            }
        }
        (got, seen.lost())
    });
    let start = Instant::now();
    let (mut number, mut bursts, mut first) = (0, interval(APART), None);
    let (warm, step) = (time.mul_f64(WARM), time / LOOKS);
    let mut look = warm;
    println!("{:>8}  {:>12}  {:>10}", "after", "requests", "RSS, KiB");
    while start.elapsed() < time {
        bursts.tick().await;
        for _ in 0..BURST {
            number += 1;
            let text = format!("request {number} of a session");
            let session = number % 61;
            // What is refused went to the shed wire, or comes back: that is counted by the ledger, and by nobody here.
            drop(requests.try_send(Request { session, number, text }));
        }
        if start.elapsed() >= look {
            look += step;
            let kib = memory()?;
            first.get_or_insert(kib);
            println!("{:>7.0}s  {number:>12}  {kib:>10}", start.elapsed().as_secs_f64());
        }
    }
    let (first, last) = (first.ok_or("it was too short")?, memory()?);
    drop(requests);
    let ledger = control.drain().await;
    ledger.check()?;
    let (answers, (got, lost)) = (reader.await?, follower.await?);
    println!("\n{ledger}\n{answers} words were read; of the answers {got} were followed and {lost} missed");
    println!("\nSOAK {time:.0?}: {number} requests, RSS {first} KiB when warm, {last} KiB at the end");
    if got + lost != ledger.seen.offered || ledger.ask.failed == 0 || ledger.requests.shed == 0 {
        return Err("the soak did not do what it is for".into());
    }
    if last as f64 > first as f64 * SLACK {
        return Err(format!("the memory grew from {first} to {last} KiB").into());
    }
    Ok(())
}

async fn count<const CAP: usize>(mut answers: AsyncStream<String, CAP>) -> u64 {
    let mut read = 0;
    while answers.recv().await.is_some() {
        read += 1;
    }
    read
}

/// Planned panics are no news.
fn quiet() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref::<&str>() != Some(&PLANNED) {
            usual(info);
        }
    }));
}
