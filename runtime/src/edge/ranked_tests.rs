use super::*;
use crate::edge::{Feed, Graded, Ranks};
use crate::record::Env;
use crate::ring::mpmc::{Mpmc, Receiver, ends};
use crate::ring::{PushError, Writer};

type Record = (usize, u32);

fn ring<const N: usize>(
    levels: usize,
    weights: Option<&'static [u32]>,
    shares: bool,
) -> (Graded<Record, (), N>, Ranked<Receiver<Env<Record>, N>>) {
    let (senders, receivers) = (0..levels).map(|_| ends(Mpmc::<Env<Record>, N>::boxed())).unzip();
    let ranks = Ranks::new(levels, |record: &Record| record.0);
    let room = shares.then(|| Arc::new(Room::new(N)));
    (
        Graded::new(senders, ranks, room.clone()),
        Ranked::new(receivers, weights, room),
    )
}

fn push<const N: usize>(to: &mut Graded<Record, (), N>, level: usize, n: u32) -> Result<(), PushError<Record>> {
    to.push(Env::new((level, n))).map_err(|refused| match refused {
        PushError::Full(x) => PushError::Full(x.record),
        PushError::Closed(x) => PushError::Closed(x.record),
    })
}

fn pop<const N: usize>(from: &mut Ranked<Receiver<Env<Record>, N>>) -> Option<Record> {
    Reader::pop(from).map(|x| x.record)
}

#[test]
fn the_most_urgent_goes_first_and_each_lane_keeps_its_order() {
    let (mut to, mut from) = ring::<8>(3, None, false);
    for (level, n) in [(2, 0), (1, 1), (0, 2), (2, 3), (1, 4), (0, 5)] {
        push(&mut to, level, n).unwrap();
    }
    let order: Vec<u32> = core::iter::from_fn(|| pop(&mut from)).map(|record| record.1).collect();
    assert_eq!(order, [2, 5, 1, 4, 0, 3]);
}

#[test]
fn a_level_that_is_too_large_is_the_last() {
    let (mut to, mut from) = ring::<8>(2, None, false);
    push(&mut to, 9, 0).unwrap();
    push(&mut to, 0, 1).unwrap();
    assert_eq!((pop(&mut from), pop(&mut from)), (Some((0, 1)), Some((9, 0))));
}

/// However busy the first lane is, a record in any other is taken within the bound.
#[test]
fn strict_starves_no_lane() {
    let levels = 4;
    let (mut to, mut from) = ring::<64>(levels, None, false);
    for lane in 1..levels {
        push(&mut to, lane, 0).unwrap();
    }
    let mut waited = vec![None; levels];
    for taken in 0..(OVERTAKES as usize + 1) * (levels - 1) {
        while push(&mut to, 0, 0).is_ok() {}
        let (level, _) = pop(&mut from).unwrap();
        waited[level].get_or_insert(taken);
    }
    let bound = OVERTAKES as usize + 1;
    assert_eq!(waited, [Some(0), Some(bound - 1), Some(2 * bound - 1), Some(3 * bound - 1)]);
}

#[test]
fn weights_are_the_shares_of_lanes_that_have_records() {
    let (mut to, mut from) = ring::<64>(3, Some(&[4, 2, 1]), false);
    let mut taken = [0; 3];
    for _ in 0..700 {
        for level in 0..3 {
            while push(&mut to, level, 0).is_ok() {}
        }
        taken[pop(&mut from).unwrap().0] += 1;
    }
    assert_eq!(taken, [400, 200, 100]);
    // A lane that is empty leaves its share to the others.
    while pop(&mut from).is_some() {}
    let mut taken = [0; 3];
    for _ in 0..300 {
        for level in [0, 2] {
            while push(&mut to, level, 0).is_ok() {}
        }
        taken[pop(&mut from).unwrap().0] += 1;
    }
    assert_eq!(taken, [240, 0, 60]);
}

/// A full lane of one level leaves the others their room.
#[test]
fn lanes_that_wait_have_room_of_their_own() {
    let (mut to, mut from) = ring::<2>(2, None, false);
    push(&mut to, 1, 0).unwrap();
    push(&mut to, 1, 1).unwrap();
    assert_eq!(push(&mut to, 1, 2), Err(PushError::Full((1, 2))));
    push(&mut to, 0, 3).unwrap();
    assert_eq!((to.len(), to.capacity(), Reader::len(&from)), (3, 4, 3));
    assert_eq!(pop(&mut from), Some((0, 3)));
}

/// The ring with shared room against a model of it: lists by level, with one bound for all.
#[test]
fn what_waits_is_never_less_urgent_than_what_was_refused() {
    let mut random = 7_u64;
    let mut dice = move |below: u64| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    for levels in 2..5 {
        let (mut to, mut from) = ring::<8>(levels, None, true);
        let mut model = vec![std::collections::VecDeque::new(); levels];
        let mut overtaken = 0;
        for n in 0..20_000 {
            if dice(5) < 3 {
                let level = dice(levels as u64) as usize;
                let held: usize = model.iter().map(|lane| lane.len()).sum();
                let lesser = (level + 1..levels).rev().find(|lane| !model[*lane].is_empty());
                let mut displaced = None;
                let pushed = match to.push(Env::new((level, n))) {
                    Err(PushError::Full(x)) => to.displace(x, |lesser| displaced = Some(lesser.record)),
                    pushed => pushed,
                };
                match (held < 8, lesser) {
                    (true, _) => assert!(pushed.is_ok() && displaced.is_none()),
                    (false, Some(lane)) => {
                        assert!(pushed.is_ok());
                        assert_eq!(displaced, model[lane].pop_front());
                    }
                    (false, None) => {
                        assert!(matches!(pushed, Err(PushError::Full(x)) if x.record == (level, n)) && displaced.is_none());
                        continue;
                    }
                }
                model[level].push_back((level, n));
            } else {
                let taken = pop(&mut from);
                let Some((level, _)) = taken else {
                    assert!(model.iter().all(|lane| lane.is_empty()));
                    continue;
                };
                assert_eq!(taken, model[level].pop_front());
                let first = model.iter().take(level).all(|lane| lane.is_empty());
                overtaken += usize::from(!first);
            }
            assert_eq!(to.len(), model.iter().map(|lane| lane.len()).sum::<usize>());
        }
        assert!(overtaken > 0, "no lesser lane had a turn among {levels}");
    }
}

#[test]
fn it_ends_with_its_last_lane() {
    let (mut to, mut from) = ring::<2>(2, None, false);
    push(&mut to, 1, 0).unwrap();
    to.close();
    let mut cx = Context::from_waker(core::task::Waker::noop());
    assert_eq!(from.poll_ready(&mut cx), Poll::Ready(1));
    assert!(!from.is_ended());
    assert_eq!(pop(&mut from), Some((1, 0)));
    assert_eq!((from.poll_ready(&mut cx), from.is_ended()), (Poll::Ready(0), true));
    assert_eq!(push(&mut to, 0, 1), Err(PushError::Closed((0, 1))));
}

/// A worker that goes to work passes on what another lane called it for.
#[test]
fn a_call_is_passed_on_by_who_is_busy() {
    struct Called(std::sync::atomic::AtomicUsize);
    impl std::task::Wake for Called {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
    }
    let called: [Arc<Called>; 2] = core::array::from_fn(|_| Arc::new(Called(Default::default())));
    let wakers = called.clone().map(core::task::Waker::from);
    let (mut to, mut one) = ring::<4>(2, None, false);
    let mut other = one.clone();
    for (reader, waker) in [(&mut one, &wakers[0]), (&mut other, &wakers[1])] {
        assert!(reader.poll_ready(&mut Context::from_waker(waker)).is_pending());
    }
    push(&mut to, 0, 0).unwrap();
    push(&mut to, 1, 1).unwrap();
    to.publish();
    // Both were for the first of those who wait; it sees to one of them.
    assert_eq!(one.poll_ready(&mut Context::from_waker(&wakers[0])), Poll::Ready(2));
    assert_eq!(pop(&mut one), Some((0, 0)));
    assert!(
        called[1].0.load(std::sync::atomic::Ordering::SeqCst) > 0,
        "the other sleeps beside a record"
    );
}

/// Writers and a reader at once: each record is taken, displaced or refused, and in the end all the room is there again.
#[test]
fn a_crowd_loses_neither_records_nor_room() {
    const WRITERS: usize = 3;
    const EACH: u32 = 5_000;
    let (to, mut from) = ring::<8>(3, None, true);
    let room = from.room.clone().unwrap();
    let (taken, gone) = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let mut to = to.clone();
                scope.spawn(move || {
                    let mut gone = 0;
                    for n in 0..EACH {
                        let level = (n as usize + writer) % 3;
                        let pushed = match to.push(Env::new((level, n))) {
                            Err(PushError::Full(x)) => to.displace(x, |lesser| {
                                assert!(lesser.record.0 > level, "{} made room for {level}", lesser.record.0);
                                gone += 1;
                            }),
                            pushed => pushed,
                        };
                        gone += u32::from(pushed.is_err());
                        to.publish();
                    }
                    gone
                })
            })
            .collect();
        drop(to);
        let reader = scope.spawn(move || {
            let mut taken = 0;
            while !from.is_ended() {
                match pop(&mut from) {
                    Some(_) => taken += 1,
                    None => std::thread::yield_now(),
                }
                from.release();
            }
            taken
        });
        let gone: u32 = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
        (reader.join().unwrap(), gone)
    });
    assert_eq!(taken + gone, WRITERS as u32 * EACH);
    assert_eq!((0..9).filter(|_| room.claim()).count(), 8);
}

/// A lane whose one record comes while its reader goes to sleep there: the reader is called for it, and finds it by itself.
#[derive(Default)]
struct Sudden {
    called: bool,
    passed_on: bool,
}

impl Reader<u32> for Sudden {
    const SHARED: bool = true;
    fn ready(&mut self) -> usize {
        0
    }
    fn pop(&mut self) -> Option<u32> {
        None
    }
    fn popped(&self) -> usize {
        0
    }
    fn release(&mut self) {}
    fn release_now(&mut self) {}
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<usize> {
        self.called = false;
        Poll::Ready(1)
    }
    fn unwait(&mut self) {
        self.passed_on |= core::mem::take(&mut self.called);
    }
    fn close(&mut self) {}
    fn is_ended(&self) -> bool {
        false
    }
    fn len(&self) -> usize {
        1
    }
    fn capacity(&self) -> usize {
        1
    }
    fn peer_asleep(&self) -> bool {
        false
    }
}

#[test]
fn a_worker_answers_the_call_of_one_lane_and_passes_the_others_on() {
    let lanes = (0..3)
        .map(|_| Sudden {
            called: true,
            passed_on: false,
        })
        .collect();
    let mut ranked = Ranked::new(lanes, None, None);
    assert_eq!(
        ranked.poll_ready(&mut Context::from_waker(core::task::Waker::noop())),
        Poll::Ready(1)
    );
    let passed_on: Vec<bool> = ranked.lanes.iter().map(|lane| lane.passed_on).collect();
    assert_eq!(passed_on, [false, true, true]);
}
