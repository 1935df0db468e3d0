//! Rings by name, wakers that count, records that count their drops.

use forebay::ring::{Closed, Reader, Writer, broadcast, latest, mailbox, mpmc, mpsc, spsc};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// What any ring takes.
pub(crate) trait Record: Clone + Send + Sync + 'static {}
impl<T: Clone + Send + Sync + 'static> Record for T {}

/// A kind of ring: how to get its two ends.
pub(crate) trait Kind {
    type W<T: Record, const N: usize>: Writer<T> + 'static;
    type R<T: Record, const N: usize>: Reader<T> + 'static;
    /// A new ring.
    fn ring<T: Record, const N: usize>() -> (Self::W<T, N>, Self::R<T, N>);
    /// The same, whose positions wrap after `before` records.
    fn wrapping<T: Record, const N: usize>(before: usize) -> (Self::W<T, N>, Self::R<T, N>);
}

pub(crate) struct Spsc;
impl Kind for Spsc {
    type W<T: Record, const N: usize> = spsc::Producer<T, N>;
    type R<T: Record, const N: usize> = spsc::Consumer<T, N>;
    fn ring<T: Record, const N: usize>() -> (Self::W<T, N>, Self::R<T, N>) {
        spsc::split(spsc::Spsc::boxed()).unwrap()
    }
    fn wrapping<T: Record, const N: usize>(before: usize) -> (Self::W<T, N>, Self::R<T, N>) {
        spsc::split(spsc::Spsc::boxed_at(0_usize.wrapping_sub(before))).unwrap()
    }
}

pub(crate) struct Mpmc;
impl Kind for Mpmc {
    type W<T: Record, const N: usize> = mpmc::Sender<T, N>;
    type R<T: Record, const N: usize> = mpmc::Receiver<T, N>;
    fn ring<T: Record, const N: usize>() -> (Self::W<T, N>, Self::R<T, N>) {
        mpmc::ends(mpmc::Mpmc::boxed())
    }
    fn wrapping<T: Record, const N: usize>(before: usize) -> (Self::W<T, N>, Self::R<T, N>) {
        mpmc::ends(mpmc::Mpmc::boxed_before_wrap(before))
    }
}

/// The second ring, whose records go to one receiver alone.
pub(crate) struct Mpsc;
impl Kind for Mpsc {
    type W<T: Record, const N: usize> = mpmc::Sender<T, N>;
    type R<T: Record, const N: usize> = mpsc::Receiver<T, N>;
    fn ring<T: Record, const N: usize>() -> (Self::W<T, N>, Self::R<T, N>) {
        mpsc::split(mpsc::Mpsc::boxed()).unwrap()
    }
    fn wrapping<T: Record, const N: usize>(before: usize) -> (Self::W<T, N>, Self::R<T, N>) {
        mpsc::split(mpsc::Mpsc::boxed_before_wrap(before)).unwrap()
    }
}

/// The third, whose records every reader sees.
pub(crate) struct Broadcast;
impl Kind for Broadcast {
    type W<T: Record, const N: usize> = broadcast::Producer<T, N>;
    type R<T: Record, const N: usize> = broadcast::Subscriber<T, N>;
    fn ring<T: Record, const N: usize>() -> (Self::W<T, N>, Self::R<T, N>) {
        broadcast::split(broadcast::Broadcast::boxed()).unwrap()
    }
    fn wrapping<T: Record, const N: usize>(before: usize) -> (Self::W<T, N>, Self::R<T, N>) {
        broadcast::split(broadcast::Broadcast::boxed_before_wrap(before)).unwrap()
    }
}

/// One value; the number says nothing.
pub(crate) struct Latest;
impl Kind for Latest {
    type W<T: Record, const N: usize> = latest::Sender<T, 4>;
    type R<T: Record, const N: usize> = latest::Watcher<T, 4>;
    fn ring<T: Record, const N: usize>() -> (Self::W<T, N>, Self::R<T, N>) {
        latest::ends(latest::Latest::boxed())
    }
    fn wrapping<T: Record, const N: usize>(before: usize) -> (Self::W<T, N>, Self::R<T, N>) {
        latest::ends(latest::Latest::boxed_before_wrap(before))
    }
}

/// One record; the number says nothing.
pub(crate) struct Mailbox;
impl Kind for Mailbox {
    type W<T: Record, const N: usize> = mailbox::Sender<T>;
    type R<T: Record, const N: usize> = mailbox::Receiver<T>;
    fn ring<T: Record, const N: usize>() -> (Self::W<T, N>, Self::R<T, N>) {
        mailbox::ends(mailbox::Mailbox::boxed())
    }
    fn wrapping<T: Record, const N: usize>(before: usize) -> (Self::W<T, N>, Self::R<T, N>) {
        mailbox::ends(mailbox::Mailbox::boxed_before_wrap(before))
    }
}

/// Runs a generic test for every ring, with room for one record.
macro_rules! each {
    ($($name:ident),* $(,)?) => {
        mod spsc_does { $(#[test] fn $name() { super::$name::<crate::tools::Spsc>() })* }
        mod mpsc_does { $(#[test] fn $name() { super::$name::<crate::tools::Mpsc>() })* }
        mod mpmc_does { $(#[test] fn $name() { super::$name::<crate::tools::Mpmc>() })* }
        mod broadcast_does { $(#[test] fn $name() { super::$name::<crate::tools::Broadcast>() })* }
        mod latest_does { $(#[test] fn $name() { super::$name::<crate::tools::Latest>() })* }
        mod mailbox_does { $(#[test] fn $name() { super::$name::<crate::tools::Mailbox>() })* }
    };
}
pub(crate) use each;

/// Runs a generic test for every ring that holds several records.
macro_rules! every {
    ($($name:ident),* $(,)?) => {
        mod spsc_does { $(#[test] fn $name() { super::$name::<crate::tools::Spsc>() })* }
        mod mpsc_does { $(#[test] fn $name() { super::$name::<crate::tools::Mpsc>() })* }
        mod mpmc_does { $(#[test] fn $name() { super::$name::<crate::tools::Mpmc>() })* }
        mod broadcast_does { $(#[test] fn $name() { super::$name::<crate::tools::Broadcast>() })* }
    };
}
pub(crate) use every;

/// Runs a generic test for the rings that wait when they are full.
macro_rules! both {
    ($($name:ident),* $(,)?) => {
        mod spsc_does { $(#[test] fn $name() { super::$name::<crate::tools::Spsc>() })* }
        mod mpsc_does { $(#[test] fn $name() { super::$name::<crate::tools::Mpsc>() })* }
        mod mpmc_does { $(#[test] fn $name() { super::$name::<crate::tools::Mpmc>() })* }
    };
}
pub(crate) use both;

/// A waker that counts how often it was woken.
#[derive(Default)]
pub(crate) struct Count(AtomicUsize);
impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}
impl Count {
    pub(crate) fn new() -> (Arc<Count>, Waker) {
        let count = Arc::new(Count::default());
        (count.clone(), Waker::from(count))
    }
    pub(crate) fn get(&self) -> usize {
        self.0.load(SeqCst)
    }
}

pub(crate) fn room<T, W: Writer<T>>(w: &mut W, waker: &Waker) -> Poll<Result<usize, Closed>> {
    w.poll_room(&mut Context::from_waker(waker))
}
pub(crate) fn ready<T, R: Reader<T>>(r: &mut R, waker: &Waker) -> Poll<usize> {
    r.poll_ready(&mut Context::from_waker(waker))
}

/// Polls a future once.
pub(crate) fn poll<F: Future + Unpin>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(waker))
}

struct Unpark(Thread);
impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
/// Runs a future on this thread.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// Pushes, waiting with this thread; publishes now and then, as a batch would.
pub(crate) fn push_waiting<T, W: Writer<T>>(w: &mut W, record: T) -> Result<(), Closed> {
    let mut record = Some(record);
    block_on(poll_fn(|cx| {
        match w.poll_room(cx) {
            Poll::Ready(Ok(_)) => {}
            Poll::Ready(Err(closed)) => return Poll::Ready(Err(closed)),
            Poll::Pending => return Poll::Pending,
        }
        match w.push(record.take().unwrap()) {
            Ok(()) => Poll::Ready(Ok(())),
            // Another writer was quicker.
            Err(refused) => {
                record = Some(refused.into_inner());
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }))
}

/// Waits for records with this thread; 0 at the end.
pub(crate) fn wait_ready<T, R: Reader<T>>(r: &mut R) -> usize {
    block_on(poll_fn(|cx| r.poll_ready(cx)))
}

/// Counts the records alive.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alive(Arc<AtomicUsize>);
impl Alive {
    pub(crate) fn one(&self) -> One {
        self.0.fetch_add(1, SeqCst);
        One(self.clone())
    }
    pub(crate) fn get(&self) -> usize {
        self.0.load(SeqCst)
    }
}
/// A record whose drop counts, and clones do too. A drop too many would make the count wrap.
#[derive(Debug)]
pub(crate) struct One(Alive);
impl Clone for One {
    fn clone(&self) -> One {
        self.0.one()
    }
}
impl Drop for One {
    fn drop(&mut self) {
        assert_ne!(self.0.0.fetch_sub(1, SeqCst), 0, "dropped twice");
    }
}

/// How many records a threaded test moves.
pub(crate) const MANY: usize = if cfg!(miri) { 60 } else { 200_000 };
