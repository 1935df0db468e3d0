//! Ends that wait without an allocator: a ring has a few seats, and who finds none comes back by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};

use forebay::ring::{Reader, SEATS, Writer, broadcast, latest, mpmc};

/// How many are tried.
const ENDS: usize = 7;

/// A waker that counts how often it was woken.
#[derive(Default)]
struct Count(AtomicUsize);
impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// Ends that wait, each with a waker of its own.
struct Crowd<R>(Vec<(R, Arc<Count>)>);

impl<R> Crowd<R> {
    fn new(ends: impl Iterator<Item = R>) -> Self {
        Crowd(ends.map(|end| (end, Arc::default())).collect())
    }

    /// Polls all; how many are ready.
    fn poll<T>(&mut self) -> usize
    where
        R: Reader<T>,
    {
        let ready = |(end, count): &mut (R, Arc<Count>)| {
            let waker = Waker::from(count.clone());
            matches!(end.poll_ready(&mut Context::from_waker(&waker)), Poll::Ready(1..))
        };
        self.0.iter_mut().map(ready).filter(|ready| *ready).count()
    }

    fn woken(&self) -> Vec<usize> {
        self.0.iter().map(|(_, count)| count.0.swap(0, SeqCst)).collect()
    }
}

/// `before` for those that have a seat, `after` for the others.
fn seated(before: usize, after: usize) -> Vec<usize> {
    (0..ENDS).map(|end| if end < SEATS { before } else { after }).collect()
}

#[test]
fn every_watcher_sees_the_value_seated_or_not() {
    static RING: latest::Latest<u32, 16> = latest::Latest::new();
    let (mut sender, watcher) = latest::ends(&RING);
    let mut crowd = Crowd::new((0..ENDS).map(|_| watcher.clone()));
    for value in 0..3 {
        assert_eq!(crowd.poll(), 0);
        assert_eq!(crowd.woken(), seated(0, 1), "who has no seat is woken at once");
        assert_eq!(crowd.poll(), 0);
        assert_eq!(crowd.woken(), seated(0, 1), "and again");
        sender.set(value).unwrap();
        assert_eq!(crowd.woken(), seated(1, 0));
        assert_eq!(crowd.poll(), ENDS);
        for (watcher, _) in &mut crowd.0 {
            assert_eq!(watcher.pop(), Some(value));
        }
    }
}

#[test]
fn a_seat_is_given_back() {
    static RING: broadcast::Broadcast<u32, 16> = broadcast::Broadcast::new();
    let (mut producer, reader) = broadcast::split(&RING).unwrap();
    let mut crowd = Crowd::new((0..ENDS).map(|_| reader.clone()));
    assert_eq!(crowd.poll(), 0);
    assert_eq!(crowd.woken(), seated(0, 1));
    // Two get up, one goes: the last three sit down.
    Reader::unwait(&mut crowd.0[0].0);
    Reader::unwait(&mut crowd.0[1].0);
    crowd.0.remove(2);
    crowd.0.rotate_left(2);
    assert_eq!(crowd.poll(), 0);
    let last = seated(0, 1)[ENDS - 1];
    assert_eq!(crowd.woken(), [0, 0, 0, 0, last, last]);
    producer.push(1).unwrap();
    producer.publish();
    assert_eq!(crowd.poll(), ENDS - 1);
}

#[test]
fn a_call_passed_on_meets_the_next_seat() {
    static RING: mpmc::Mpmc<u32, 8> = mpmc::Mpmc::new();
    let (sender, receiver) = mpmc::ends(&RING);
    let mut crowd = Crowd::new((0..3).map(|_| receiver.clone()));
    assert_eq!(crowd.poll(), 0);
    sender.try_push(1).unwrap();
    assert_eq!(crowd.woken(), [1, 0, 0]);
    Reader::unwait(&mut crowd.0[0].0);
    assert_eq!(crowd.woken(), [0, 1, 0]);
    crowd.0.remove(1);
    assert_eq!(crowd.woken(), [0, 1], "also by one that goes");
}

/// Threads that spin through more waits than there are seats: all records arrive, once.
#[test]
fn more_threads_than_seats() {
    const EACH: usize = if cfg!(miri) { 20 } else { 2_000 };
    static RING: mpmc::Mpmc<usize, 2> = mpmc::Mpmc::new();
    let (sender, receiver) = mpmc::ends(&RING);
    let sum = AtomicUsize::new(0);
    std::thread::scope(|s| {
        for _ in 0..6 {
            let (mut sender, mut receiver, sum) = (sender.clone(), receiver.clone(), &sum);
            s.spawn(move || {
                for record in 0..EACH {
                    while pollster(|cx| sender.poll_room(cx)).is_ok() && Writer::push(&mut sender, record).is_err() {}
                    sender.publish();
                }
            });
            s.spawn(move || {
                while pollster(|cx| receiver.poll_ready(cx)) != 0 {
                    while let Some(record) = receiver.pop() {
                        sum.fetch_add(record, SeqCst);
                        receiver.release();
                    }
                }
            });
        }
        drop((sender, receiver));
    });
    assert_eq!(sum.into_inner(), 6 * (0..EACH).sum::<usize>());
}

/// Polls until it is ready; the thread parks meanwhile.
fn pollster<T>(mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    loop {
        match poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(ready) => return ready,
            Poll::Pending => std::thread::park(),
        }
    }
}
