use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, mpsc};
use std::thread;

use super::*;
use crate::rt::block_on;

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn member(task: impl Future<Output = ()> + Send + 'static) -> Member {
    Box::pin(task)
}

/// Pending `times` times, and wakes itself each time.
fn yields(times: usize, polls: &Arc<AtomicUsize>) -> Member {
    let polls = polls.clone();
    let mut left = times;
    member(poll_fn(move |cx| {
        polls.fetch_add(1, SeqCst);
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }))
}

#[test]
fn a_group_ends_with_its_last_member() {
    let polls = Arc::new(AtomicUsize::new(0));
    block_on(Joined::new((0..MEMBERS).map(|times| yields(times, &polls)).collect()));
    assert_eq!(polls.load(SeqCst), (1..=MEMBERS).sum::<usize>());
}

#[test]
fn a_member_that_panics_ends_alone() {
    let polls = Arc::new(AtomicUsize::new(0));
    let panics = member(async { panic!("a defect of one task") });
    block_on(Joined::new(vec![yields(2, &polls), panics, yields(3, &polls)]));
    assert_eq!(polls.load(SeqCst), 7);
}

#[test]
fn members_are_woken_from_other_threads() {
    let rounds = if cfg!(miri) { 20 } else { 2_000 };
    let (wakers, handed) = mpsc::channel::<Waker>();
    let waking = thread::spawn(move || handed.iter().for_each(Waker::wake));
    let waits = || {
        let (wakers, mut left) = (wakers.clone(), rounds);
        member(poll_fn(move |cx| {
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            wakers.send(cx.waker().clone()).unwrap();
            Poll::Pending
        }))
    };
    let group = Joined::new(vec![waits(), waits(), waits()]);
    drop(wakers);
    // It hangs if a wake-up is lost.
    block_on(group);
    waking.join().unwrap();
}

#[test]
fn a_member_that_has_had_enough_ends_the_poll_and_the_next_has_its_turn() {
    let polls: [Arc<AtomicUsize>; 3] = Default::default();
    let mut group = Joined::new(vec![yields(9, &polls[0]), yields(0, &polls[1]), yields(9, &polls[2])]);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    let mut seen = Vec::new();
    for _ in 0..4 {
        assert!(Pin::new(&mut group).poll(&mut Context::from_waker(&waker)).is_pending());
        seen.push(polls.each_ref().map(|polls| polls.load(SeqCst)));
    }
    assert_eq!(seen, [[1, 0, 0], [1, 1, 1], [2, 1, 1], [2, 1, 2]]);
    assert_eq!(woken.0.load(SeqCst), 4, "it asks for the next poll itself, once each time");
}

#[test]
fn a_group_that_sleeps_is_woken_once_by_many() {
    let (wakers, handed) = mpsc::channel::<Waker>();
    let waits = || {
        let wakers = wakers.clone();
        member(poll_fn(move |cx| {
            wakers.send(cx.waker().clone()).map_or(Poll::Ready(()), |()| Poll::Pending)
        }))
    };
    let mut group = Joined::new(vec![waits(), waits()]);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    assert!(Pin::new(&mut group).poll(&mut Context::from_waker(&waker)).is_pending());
    handed.try_iter().for_each(Waker::wake);
    assert_eq!(woken.0.load(SeqCst), 1);
    drop(handed);
    assert!(Pin::new(&mut group).poll(&mut Context::from_waker(&waker)).is_ready());
}

/// Notes who is polled, and leaves its waker for the others.
fn noted(place: usize, polled: &Arc<Mutex<Vec<usize>>>, wakers: &Arc<Mutex<Vec<Waker>>>, then: &'static [usize]) -> Member {
    let (polled, wakers) = (polled.clone(), wakers.clone());
    member(poll_fn(move |cx| {
        polled.lock().unwrap().push(place);
        let mut wakers = wakers.lock().unwrap();
        match wakers.len() > place {
            true => then.iter().for_each(|other| wakers[*other].wake_by_ref()),
            false => wakers.push(cx.waker().clone()),
        }
        Poll::Pending
    }))
}

#[test]
fn those_that_follow_have_their_turn_before_those_that_went_before() {
    let (polled, wakers) = <(Arc<Mutex<Vec<usize>>>, Arc<Mutex<Vec<Waker>>>)>::default();
    // The second wakes all others, within its poll.
    let then: [&[usize]; 4] = [&[], &[0, 2, 3], &[], &[]];
    let mut group = Joined::new((0..4).map(|place| noted(place, &polled, &wakers, then[place])).collect());
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    let mut poll = || assert!(Pin::new(&mut group).poll(&mut Context::from_waker(&waker)).is_pending());
    poll();
    wakers.lock().unwrap()[1].wake_by_ref();
    poll();
    assert_eq!(*polled.lock().unwrap(), [0, 1, 2, 3, 1, 2, 3, 0]);
    assert_eq!(woken.0.load(SeqCst), 1, "only from elsewhere is the group woken");
    poll();
    assert_eq!(polled.lock().unwrap().len(), 8, "nobody is left to be polled");
}
