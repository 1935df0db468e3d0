//! The rings under the model checker: every interleaving, and every value that a weak load may see.
//!
//! `RUSTFLAGS="--cfg forebay_loom" cargo test -p forebay --release --lib ring::model`
//!
//! All sides run as threads of the model. Each property has twins: with an ordering weakened or a fence left out the same model
//! must fail, or it would prove nothing. A floor on the number of runs guards against a model that explores nothing.

use core::future::poll_fn;
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use core::task::{Context, Poll, Waker};
use std::process::Command;
use std::sync::Arc;

use loom::future::block_on;
use loom::thread::spawn;

use super::sync::{NO_HANDSHAKE, WEAK_PUBLISH};
use super::{Reader, Writer, mpmc, spsc};

/// What a twin breaks.
const BREAK: &str = "FOREBAY_BREAK";
const PUBLISH: &str = "the order of the publishing store";
const HANDSHAKE: &str = "the fences of the handshake";

/// Explores `model` of the test `name` with so many preemptions, which must hold, in at least `floor` runs; then its twins,
/// which must not.
///
/// A twin is this test again, in a process of its own: a model that fails takes its process down.
fn holds(name: &str, preemptions: usize, floor: usize, twins: &[&str], model: impl Fn() + Send + Sync + 'static) {
    let broken = std::env::var(BREAK).ok();
    WEAK_PUBLISH.store(broken.as_deref() == Some(PUBLISH), SeqCst);
    NO_HANDSHAKE.store(broken.as_deref() == Some(HANDSHAKE), SeqCst);
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(move || {
        counted.fetch_add(1, SeqCst);
        model();
    });
    if broken.is_some() {
        return;
    }
    let runs = runs.load(SeqCst);
    assert!(runs >= floor, "only {runs} runs");
    for twin in twins {
        let exe = std::env::current_exe().unwrap();
        let name = format!("ring::model::{name}");
        let twin = Command::new(exe).args([&name, "--exact"]).env(BREAK, twin).output().unwrap();
        assert!(!twin.status.success(), "the model does not see a broken ring");
    }
}

async fn push<T, W: Writer<T>>(w: &mut W, record: T) -> bool {
    let mut record = Some(record);
    loop {
        if poll_fn(|cx| w.poll_room(cx)).await.is_err() {
            return false;
        }
        match w.push(record.take().expect("it came back")) {
            Ok(()) => return true,
            Err(refused) => record = Some(refused.into_inner()),
        }
    }
}

/// All that comes out, up to the end.
async fn drain<T, R: Reader<T>>(r: &mut R) -> Vec<T> {
    let mut all = Vec::new();
    while poll_fn(|cx| r.poll_ready(cx)).await != 0 {
        while let Some(record) = r.pop() {
            all.push(record);
            r.release();
        }
    }
    all
}

/// Records are boxed, so that reading one too early is a crash as well as a race.
fn stream(mut w: impl Writer<Box<usize>> + 'static, mut r: impl Reader<Box<usize>> + 'static, records: usize) {
    let writer = spawn(move || {
        block_on(async {
            for i in 0..records {
                assert!(push(&mut w, Box::new(i)).await);
                w.publish();
            }
        });
    });
    let reader = spawn(move || {
        let all: Vec<usize> = block_on(drain(&mut r)).into_iter().map(|i| *i).collect();
        assert_eq!(all, (0..records).collect::<Vec<_>>());
    });
    writer.join().unwrap();
    reader.join().unwrap();
}

#[test]
fn spsc_delivers_and_wakes() {
    holds("spsc_delivers_and_wakes", 2, 100, &[PUBLISH, HANDSHAKE], || {
        let (w, r) = spsc::split(spsc::Spsc::<Box<usize>, 1>::boxed_at(usize::MAX)).unwrap();
        stream(w, r, 2);
    });
}

#[test]
fn mpmc_delivers_and_wakes() {
    holds("mpmc_delivers_and_wakes", 2, 100, &[PUBLISH, HANDSHAKE], || {
        let (w, r) = mpmc::ends(mpmc::Mpmc::<Box<usize>, 1>::boxed_before_wrap(1));
        stream(w, r, 2);
    });
}

/// Reader and writer close at the same time: each record is found by exactly one.
fn closing(mut w: impl Writer<usize> + 'static, mut r: impl Reader<usize> + 'static) {
    let writer = spawn(move || {
        let pushed = (0..2).filter(|i| w.push(*i).is_ok()).count();
        w.publish();
        w.close();
        (pushed, std::iter::from_fn(|| w.reclaim()).count(), w)
    });
    let reader = spawn(move || {
        let mut popped = usize::from(r.pop().is_some());
        r.close();
        popped += block_on(drain(&mut r)).len();
        (popped, r)
    });
    let (pushed, reclaimed, _w) = writer.join().unwrap();
    let (popped, _r) = reader.join().unwrap();
    assert_eq!(pushed, popped + reclaimed);
}

#[test]
fn spsc_closes_once_for_each_record() {
    holds("spsc_closes_once_for_each_record", 2, 20, &[], || {
        let (w, r) = spsc::split(spsc::Spsc::<usize, 2>::boxed()).unwrap();
        closing(w, r);
    });
}

#[test]
fn mpmc_closes_once_for_each_record() {
    holds("mpmc_closes_once_for_each_record", 2, 20, &[], || {
        let (w, r) = mpmc::ends(mpmc::Mpmc::<usize, 2>::boxed());
        closing(w, r);
    });
}

#[test]
fn an_accepted_push_never_races_close() {
    holds("an_accepted_push_never_races_close", 2, 20, &[], || {
        let ring = mpmc::Mpmc::<usize, 1>::boxed();
        let (w, mut r) = mpmc::ends(ring.clone());
        let sender = spawn(move || usize::from(w.try_push(1).is_ok()));
        let receiver = spawn(move || block_on(drain(&mut r)).len());
        ring.close();
        assert_eq!(sender.join().unwrap(), receiver.join().unwrap());
    });
}

#[test]
fn two_senders_wait_for_one_slot() {
    holds("two_senders_wait_for_one_slot", 1, 100, &[HANDSHAKE], || {
        let (a, mut r) = mpmc::ends(mpmc::Mpmc::<usize, 1>::boxed());
        a.try_push(0).unwrap();
        let b = a.clone();
        let one = spawn(move || block_on(a.push(1)).unwrap());
        let two = spawn(move || block_on(b.push(2)).unwrap());
        let mut all = block_on(drain(&mut r));
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2]);
        one.join().unwrap();
        two.join().unwrap();
    });
}

#[test]
fn a_cancelled_push_passes_its_slot_on() {
    holds("a_cancelled_push_passes_its_slot_on", 1, 20, &[], || {
        let (a, mut r) = mpmc::ends(mpmc::Mpmc::<usize, 1>::boxed());
        a.try_push(0).unwrap();
        let b = a.clone();
        let cancelled = spawn(move || {
            let mut push = Box::pin(a.push(1));
            match push.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(done) => usize::from(done.is_ok()),
                Poll::Pending => 0,
            }
        });
        let kept = spawn(move || block_on(b.push(2)).unwrap());
        let all = block_on(drain(&mut r));
        kept.join().unwrap();
        assert_eq!(all.len(), 2 + cancelled.join().unwrap());
    });
}

#[test]
fn two_receivers_share_and_both_learn_of_the_end() {
    holds("two_receivers_share_and_both_learn_of_the_end", 2, 100, &[HANDSHAKE], || {
        let (mut w, mut a) = mpmc::ends(mpmc::Mpmc::<usize, 2>::boxed());
        let mut b = a.clone();
        let one = spawn(move || block_on(drain(&mut a)).len());
        let two = spawn(move || block_on(drain(&mut b)).len());
        assert!(Writer::push(&mut w, 1).is_ok());
        w.publish();
        drop(w);
        assert_eq!(one.join().unwrap() + two.join().unwrap(), 1);
    });
}
