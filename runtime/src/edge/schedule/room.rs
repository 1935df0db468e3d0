//! Lanes that share their room: every record is taken, displaced or refused, and the count comes back to nothing.

use std::sync::Arc;

use core::future::poll_fn;

use shuttle::rand::{Rng, thread_rng};
use shuttle::thread::spawn;

use crate::edge::{Feed, Graded, Ranked, Ranks, Room};
use crate::record::Env;
use crate::ring::mpmc::{Mpmc, Receiver, ends};
use crate::ring::schedule::{block_on, holds};
use crate::ring::sync::Twin::*;
use crate::ring::{PushError, Reader, Writer};

/// A level.
type Record = usize;

/// Writes so many, each of any level; says how many nobody will take.
fn write<const N: usize>(mut to: Graded<Record, (), N>, levels: usize, each: usize) -> usize {
    let mut gone = 0;
    for i in 0..each {
        let refused = match to.push(Env::new(thread_rng().gen_range(0..levels))) {
            Ok(()) => None,
            Err(PushError::Full(x)) => to.displace(x, |_| gone += 1).err(),
            Err(closed) => panic!("nobody closes: {closed:?}"),
        };
        gone += usize::from(refused.is_some());
        if i % 3 == 0 {
            to.publish();
        }
    }
    gone
}

fn read<const N: usize>(mut from: Ranked<Receiver<Env<Record>, N>>) -> usize {
    let mut taken = 0;
    while block_on(poll_fn(|cx| from.poll_ready(cx))) != 0 {
        taken += usize::from(Reader::pop(&mut from).is_some());
        from.release();
    }
    taken
}

fn share<const N: usize>(levels: usize, writers: usize, readers: usize, each: usize) {
    let (senders, receivers) = (0..levels)
        .map(|_| ends(Mpmc::<Env<Record>, N>::boxed_before_wrap(each / 2)))
        .unzip();
    let room = Arc::new(Room::new(N));
    let to = Graded::new(
        senders,
        Ranks::new(levels, |level: &Record| *level).sharing(),
        Some(room.clone()),
    );
    let from = Ranked::new(receivers, None, Some(room.clone()));
    let writers: Vec<_> = (0..writers)
        .map(|_| {
            let to = to.clone();
            spawn(move || write(to, levels, each))
        })
        .collect();
    drop(to);
    let readers: Vec<_> = (0..readers)
        .map(|_| {
            let from = from.clone();
            spawn(move || read(from))
        })
        .collect();
    let records = writers.len() * each;
    let all = writers.into_iter().chain(readers).map(|thread| thread.join().unwrap());
    assert_eq!(all.sum::<usize>(), records, "each once");
    assert!(
        (0..N).all(|_| room.claim()) && !room.claim(),
        "none of the room is lost, and none won"
    );
    drop(from);
}

#[test]
fn three_writers_share_room_for_1() {
    holds(1, &[Torn, SecondLook], || share::<1>(2, 3, 2, 30));
}

#[test]
fn three_writers_share_room_for_4() {
    holds(2, &[Torn, SecondLook], || share::<4>(3, 3, 2, 60));
}
