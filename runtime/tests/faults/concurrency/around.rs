//! What is around such a node: other workers, several rings, cycles, clocks, filters, parameters.

use std::pin::Pin;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Context, Poll};
use std::time::Duration;

use forebay::prelude::*;

use crate::kit::feed::send_each;
use crate::support::{Bad, Do, Script, scripted, until, until_idle};

pipeline! {
    Workers<const MANY: usize = 4> {
        input  numbers: u64 [64];
        output done: u64 [64];
        shared script: Script;
        numbers -> scripted(script) { workers: 2, concurrency: MANY } -> done;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn each_worker_has_so_many() {
    let script = Script::new([Do::After(100)]);
    let WorkersHandle { numbers, done, control } = Workers::<3>::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..64).await;
    until(|| script.running() == 6).await;
    assert_eq!(control.ledger().scripted.in_work, 6);
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(done.collect::<Vec<_>>().await.len(), 64);
}

#[stage]
fn plus(n: u64) -> u64 {
    n + 100
}

pipeline! {
    FanIn {
        input  a: u64 [64];
        input  b: u64 [64];
        output done: u64 [64];
        shared script: Script;
        a -> plus -[8]-> scripted(script) { concurrency: 4 ordered } -> done;
        b -> scripted;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn several_rings_share_the_hands() {
    let script = Script::new([Do::After(100)]);
    let FanInHandle { a, b, done, control } = FanIn::builder().script(script.clone()).start().unwrap();
    for n in 0..16 {
        a.send(n).await.unwrap();
        b.send(n).await.unwrap();
    }
    until(|| script.running() == 4).await;
    assert_eq!(control.ledger().scripted.in_work, 4);
    let ledger = control.drain().await;
    ledger.check().unwrap();
    // Each ring's records in their order.
    let (from_a, from_b): (Vec<_>, Vec<_>) = done.collect::<Vec<_>>().await.into_iter().partition(|n| *n >= 100);
    assert!(from_a.into_iter().eq(100..116) && from_b.into_iter().eq(0..16));
}

#[stage]
fn again(failed: Failed<u64, Bad>) -> Option<u64> {
    failed.record.filter(|_| failed.attempts < 3)
}

pipeline! {
    /// Tries again by a wire: a cycle, on which the records in flight are counted.
    Around {
        input  numbers: u64 [64];
        output done: u64 [64];
        shared script: Script;
        numbers -> scripted(script) { concurrency: 4 } -> done;
        scripted.errors -[64, shed]-> again -[64]-> scripted;
    }
}

#[tokio::test(start_paused = true)]
async fn a_cycle_ends_when_nothing_is_in_flight() {
    let script = Script::new([Do::Fail, Do::After(300), Do::Fail, Do::After(500), Do::Fail, Do::After(100)]);
    let AroundHandle { numbers, done, control } = Around::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..6).await;
    drop(numbers);
    let ledger = control.finished().await;
    ledger.check().unwrap();
    let mut all = done.collect::<Vec<_>>().await;
    all.sort_unstable();
    assert!(all.into_iter().eq(0..6));
    assert_eq!((ledger.scripted.taken, ledger.scripted.failed), (9, 3));
}

/// Sums what has come since the last tick.
#[derive(Default)]
struct Sum(u64);
#[stage]
impl Sum {
    fn process(&mut self, n: u64) {
        self.0 += n;
    }
    fn tick(&mut self) -> u64 {
        std::mem::take(&mut self.0)
    }
}

pipeline! {
    Ticking {
        input  numbers: u64 [64];
        output sums: u64 [64];
        shared script: Script;
        node   sum: Sum { tick: 1s } = Sum::default();
        numbers -> scripted(script) { concurrency: 4 } -> sum -> sums;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn clocks_strike_while_calls_are_in_flight() {
    let script = Script::new([Do::Hang, Do::After(500), Do::After(1500), Do::After(1700)]);
    let TickingHandle {
        numbers,
        mut sums,
        control,
    } = Ticking::builder().script(script).start().unwrap();
    send_each(&numbers, [1, 10, 100, 1000]).await;
    assert_eq!((sums.recv().await, sums.recv().await), (Some(10), Some(1100)));
    control.abort().await.check().unwrap();
}

#[stage]
async fn odd(n: u64, script: &Script) -> Result<Option<u64>, Bad> {
    Ok(Some(script.run(n).await?).filter(|n| n % 2 == 1))
}
#[stage]
async fn slowly(n: u64) -> u64 {
    tokio::time::sleep(Duration::from_millis(10)).await;
    n
}

pipeline! {
    Filtered {
        input  numbers: u64 [64];
        output done: u64 [64];
        shared script: Script;
        numbers -> odd(script) { concurrency: 4 ordered } -> slowly -> done;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn a_filter_filters_and_what_follows_may_be_slow() {
    let script = Script::new([Do::After(5), Do::Give, Do::After(50), Do::Give]);
    let FilteredHandle { numbers, done, control } = Filtered::builder().script(script).start().unwrap();
    send_each(&numbers, 0..16).await;
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.odd.finished, ledger.odd.dropped, ledger.odd.emitted), (16, 8, 8));
    assert!(done.collect::<Vec<_>>().await.into_iter().eq((0..16).filter(|n| n % 2 == 1)));
}

/// Counts how often its calls are polled, and knows who wakes them.
#[derive(Default)]
struct Polls {
    polls: AtomicUsize,
    calls: std::sync::Mutex<Vec<std::task::Waker>>,
    open: AtomicUsize,
}

struct Waits<'a>(&'a Polls, usize);
impl Future for Waits<'_> {
    type Output = ();
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.polls.fetch_add(1, SeqCst);
        if self.1 < self.0.open.load(SeqCst) {
            return Poll::Ready(());
        }
        self.0.calls.lock().unwrap().push(cx.waker().clone());
        Poll::Pending
    }
}

#[stage]
async fn counted(n: u64, polls: &Polls) -> u64 {
    Waits(polls, n as usize).await;
    n
}

pipeline! {
    Counted {
        input  numbers: u64 [64];
        output done: u64 [64];
        shared polls: Polls;
        numbers -> counted(polls) { concurrency: 64 } -> done;
    }
}

#[tokio::test(start_paused = true)]
async fn only_the_call_that_woke_is_polled() {
    let polls = std::sync::Arc::new(Polls::default());
    let CountedHandle {
        numbers,
        mut done,
        control,
    } = Counted::builder().polls(polls.clone()).start().unwrap();
    send_each(&numbers, 0..64).await;
    until(|| polls.calls.lock().unwrap().len() == 64).await;
    assert_eq!(polls.polls.load(SeqCst), 64);
    for n in 0..64 {
        polls.open.store(n + 1, SeqCst);
        polls.calls.lock().unwrap()[n].wake_by_ref();
        assert_eq!(done.recv().await, Some(n as u64));
        assert_eq!(polls.polls.load(SeqCst), 64 + n + 1);
    }
    control.drain().await.check().unwrap();
}

/// Woken from another thread, now sooner and now later.
#[stage]
async fn elsewhere(n: u64) -> u64 {
    let yields = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 62;
    let other = tokio::spawn(async move {
        for _ in 0..yields {
            tokio::task::yield_now().await;
        }
        n
    });
    other.await.unwrap()
}

pipeline! {
    Threads {
        input  numbers: u64 [64];
        output done: u64 [64];
        numbers -> elsewhere { concurrency: 16 ordered } -[8]-> plus -> done;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wake_ups_from_other_threads_are_not_lost() {
    const MANY: u64 = 20_000;
    let ThreadsHandle {
        numbers,
        mut done,
        control,
    } = Threads::builder().start().unwrap();
    let sender = tokio::spawn(async move {
        send_each(&numbers, 0..MANY).await;
    });
    for n in 0..MANY {
        assert_eq!(done.recv().await, Some(n + 100));
    }
    sender.await.unwrap();
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert_eq!(ledger.elsewhere.finished, MANY);
}

/// Waits once, for nobody.
#[stage(runtime = none)]
async fn once(n: u64) -> u64 {
    let mut polled = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut polled, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
    n
}

pipeline! {
    Bare {
        input  numbers: u64 [64];
        output done: u64 [64];
        numbers -> once { concurrency: 8 ordered } -> done;
    }
}

#[test]
fn on_threads_without_a_runtime() {
    let BareHandle {
        numbers,
        mut done,
        control,
    } = Bare::builder().start_threads().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for n in 0..5_000 {
                numbers.send_blocking(n).unwrap();
            }
        });
        for n in 0..5_000 {
            assert_eq!(done.recv_blocking(), Some(n));
        }
    });
    let ledger = control.finished_blocking();
    ledger.check().unwrap();
    assert_eq!(ledger.once.finished, 5_000);
}

pipeline! {
    /// What a tick gives waits until somebody reads.
    Stuck {
        input  numbers: u64 [64];
        output sums: u64 [1];
        shared script: Script;
        node   sum: Sum { tick: 1s } = Sum::default();
        numbers -> scripted(script) { concurrency: 4 } -> sum -> sums;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn calls_go_on_while_what_a_tick_gives_waits() {
    let script = Script::new([Do::Hang, Do::After(2500), Do::After(3500)]);
    let StuckHandle {
        numbers,
        mut sums,
        control,
    } = Stuck::builder().script(script.clone()).start().unwrap();
    for n in [1, 10, 100] {
        numbers.send(n).await.unwrap();
    }
    // Nobody reads: the first sum fills the ring, the second waits for room.
    until_idle(|| control.ledger().sums.offered == 2).await;
    until_idle(|| script.running() == 1).await;
    let ledger = control.ledger();
    ledger.check_live().unwrap();
    assert_eq!(
        (ledger.sums.offered, ledger.sum.in_work),
        (2, 1),
        "the second tick still waits\n{ledger}"
    );
    // What the calls gave was not handed on meanwhile, and is now.
    let mut got = Vec::new();
    while got.iter().sum::<u64>() < 110 {
        got.push(sums.recv().await.unwrap());
    }
    assert_eq!(got.iter().take(2).sum::<u64>(), 0);
    control.abort().await.check().unwrap();
}
