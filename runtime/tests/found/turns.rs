//! Whose turn it is: what runs for long keeps neither its neighbours waiting, nor the tasks beside it.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use forebay::prelude::*;

use crate::kit::wait::soon;

#[derive(Default)]
struct Slow;

#[stage]
impl Slow {
    fn process(&mut self, n: u64) -> u64 {
        n
    }
    fn tick(&mut self) -> Option<u64> {
        std::thread::sleep(Duration::from_millis(3));
        None
    }
}

pipeline! {
    Ticks {
        input  numbers: u64 [8];
        output all: u64 [8];
        node   slow: Slow { tick: 1ms } = Slow;
        numbers -> slow -> all;
    }
}

#[test]
fn a_tick_longer_than_its_period_starved_the_records() {
    let TicksHandle {
        numbers,
        mut all,
        control,
    } = Ticks::builder().start_threads().unwrap();
    // It ticks before the record comes.
    while control.ledger().slow.attempts < 3 {
        std::thread::yield_now();
    }
    numbers.send_blocking(7).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || tell.send(all.recv_blocking()));
    let got = told.recv_timeout(Duration::from_secs(20));
    let _ = control.abort_blocking();
    assert_eq!(got, Ok(Some(7)));
}

/// Gives back what it took; says how much it held at most.
struct Pool {
    held: Vec<u64>,
    most: Arc<AtomicUsize>,
}

#[stage]
impl Pool {
    fn process(&mut self, n: u64) {
        self.held.push(n);
        self.most.fetch_max(self.held.len(), SeqCst);
    }
    fn next(&mut self) -> Option<u64> {
        self.held.pop()
    }
    fn held(&self) -> usize {
        self.held.len()
    }
}

/// As many as are wanted, as fast as they are taken.
#[stage]
fn flood(upto: &u64) -> impl futures_core::Stream<Item = u64> + use<> {
    Flood(0, *upto)
}

struct Flood(u64, u64);

impl futures_core::Stream for Flood {
    type Item = u64;
    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        self.0 += 1;
        std::task::Poll::Ready((self.0 <= self.1).then_some(self.0))
    }
}
#[stage]
fn ignore(_n: u64) {}

pipeline! {
    Pulls {
        shared upto: u64;
        node   pool: Pool;
        flood(upto) -[512]-> pool -[512]-> ignore;
    }
}

#[tokio::test]
async fn a_pulled_stage_was_not_asked_while_its_input_was_busy() {
    const ALL: u64 = 300_000;
    let most = Arc::new(AtomicUsize::new(0));
    let seen = most.clone();
    let PullsHandle { control } = Pulls::builder()
        .upto(ALL)
        .pool(move |_| Pool {
            held: Vec::new(),
            most: seen.clone(),
        })
        .start()
        .unwrap();
    let ledger = soon(control.finished()).await;
    ledger.check().unwrap();
    assert_eq!(ledger.ignore.taken, ALL);
    assert!(most.load(SeqCst) < 2_000, "it held {}", most.load(SeqCst));
}
#[stage]
fn takes_long(n: u64) -> u64 {
    std::thread::sleep(Duration::from_micros(500));
    n
}
#[stage]
fn many(n: u64) -> impl Iterator<Item = u64> {
    (0..n).inspect(|_| std::thread::sleep(Duration::from_micros(500)))
}

pipeline! {
    Streams {
        shared upto: u64;
        flood(upto) -> takes_long -> ignore;
    }
}

pipeline! {
    Lists {
        input numbers: u64 [1];
        numbers -> many -> ignore;
    }
}

/// Looks how far it gets between two turns of another task, until it has come to `all`.
async fn longest(all: u64, so_far: impl Fn() -> u64 + Send + 'static) -> u64 {
    let (mut longest, mut before) = (0, 0);
    let other = std::future::poll_fn(move |cx| {
        let now = so_far();
        longest = longest.max(now - before);
        before = now;
        if now < all {
            cx.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(longest)
    });
    soon(tokio::spawn(other)).await.unwrap()
}

#[tokio::test]
async fn a_source_before_a_slow_stage_kept_other_tasks_from_running() {
    let StreamsHandle { control } = Streams::builder().upto(200).start().unwrap();
    let longest = longest(200, move || control.ledger().takes_long.taken).await;
    assert!(longest <= 16, "{longest} in a row");
}

#[tokio::test]
async fn a_slow_iterator_kept_other_tasks_from_running() {
    let ListsHandle { numbers, control } = Lists::builder().start().unwrap();
    numbers.try_send(200).unwrap();
    let longest = longest(200, move || control.ledger().ignore.taken).await;
    assert!(longest <= 16, "{longest} in a row");
}

#[stage]
fn takes_a_little(_n: u64) {
    let start = Instant::now();
    while start.elapsed() < Duration::from_micros(12) {}
}

pipeline! {
    Little {
        input numbers: u64 [256];
        numbers -> takes_a_little;
    }
}

/// Chunks of one are quick, each by itself: that says nothing of one of hundreds.
#[tokio::test]
async fn a_stage_of_some_microseconds_had_polls_of_milliseconds() {
    let LittleHandle { numbers, control } = Little::builder().start().unwrap();
    for number in 0..250 {
        numbers.try_send(number).unwrap();
    }
    let longest = longest(250, move || control.ledger().takes_a_little.taken).await;
    assert!(longest <= 32, "{longest} in a row");
}
