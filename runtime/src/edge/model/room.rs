//! Lanes that share their room: who has been counted finds a slot, and no more are there than are counted.

use std::sync::Arc;

use loom::future::block_on;
use loom::thread::{spawn, yield_now};

use crate::edge::{Feed, Graded, Ranked, Ranks, Room};
use crate::record::Env;
use crate::ring::model::{drain, holds};
use crate::ring::mpmc::{Mpmc, Receiver, Sender, ends};
use crate::ring::sync::planted;
use crate::ring::{PushError, Reader, Writer};

/// A level, and what tells records apart: boxed, so that reading one too early is a crash as well as a race.
type Record = (usize, Box<usize>);
type Tx = Sender<Env<Record>, 1>;
type Rx = Receiver<Env<Record>, 1>;

fn lanes() -> (Vec<Tx>, Vec<Rx>) {
    (0..2).map(|_| -> (Tx, Rx) { ends(Mpmc::boxed_before_wrap(1)) }).unzip()
}

/// Two lanes with room for one record together, and their count.
struct Ring {
    to: Graded<Record, (), 1>,
    from: Ranked<Rx>,
    room: Arc<Room>,
    /// Past the count.
    lanes: Vec<Tx>,
}

fn ring() -> Ring {
    let (lanes, receivers) = lanes();
    let (room, ranks) = (Arc::new(Room::new(1)), Ranks::new(2, |record: &Record| record.0).sharing());
    Ring {
        to: Graded::new(lanes.clone(), ranks, Some(room.clone())),
        from: Ranked::new(receivers, None, Some(room.clone())),
        room,
        lanes,
    }
}

fn record(level: usize, n: usize) -> Env<Record> {
    Env::new((level, Box::new(n)))
}

fn numbers(records: impl IntoIterator<Item = Env<Record>>) -> Vec<usize> {
    records.into_iter().map(|x| *x.record.1).collect()
}

/// Nothing is in the lanes: there is room for one, and for no more.
fn is_empty(room: &Room) -> bool {
    !room.is_used_up() && room.claim() && room.is_used_up() && !room.claim()
}

/// With one who claims and one who gives no execution tells a torn count from a whole one, here and where a record is displaced: who
/// claims waits for the other's store. And `is_used_up` has no twin: it is news, and each of those who ask it claims, or asks the lanes,
/// afterwards.
#[test]
fn who_has_been_counted_finds_a_slot() {
    let twins = ["exchange edge/room.rs", "plant given before it is popped"];
    holds(3, 20, &twins, || {
        let (senders, receivers) = lanes();
        let room = Arc::new(Room::new(1));
        let (shared, mut lanes) = (room.clone(), receivers.clone());
        let mut ranked = Ranked::new(receivers, None, Some(room.clone()));
        let reader = spawn(move || {
            if planted("given before it is popped") {
                shared.give();
                return (numbers(lanes[0].pop()), ranked);
            }
            loop {
                match Reader::pop(&mut ranked) {
                    Some(x) => return (numbers([x]), ranked),
                    None => yield_now(),
                }
            }
        });
        let writer = spawn(move || {
            for n in 0..2 {
                while !room.claim() {
                    yield_now();
                }
                assert!(senders[0].try_push(record(0, n)).is_ok(), "a slot for who is counted");
            }
        });
        writer.join().unwrap();
        let (taken, _open) = reader.join().unwrap();
        assert_eq!(taken, [0]);
    });
}

#[test]
fn no_more_are_in_the_lanes_than_are_counted() {
    holds(3, 10, &["torn edge/room.rs", "plant pushed before it is counted"], || {
        let Ring {
            to: mut urgent,
            mut from,
            room,
            lanes,
        } = ring();
        let (mut lesser, counted) = (urgent.clone(), room.clone());
        let other = spawn(move || {
            if planted("pushed before it is counted") {
                return lanes[1].try_push(record(1, 1)).is_ok() && counted.claim();
            }
            lesser.push(record(1, 1)).is_ok()
        });
        let first = spawn(move || {
            let pushed = urgent.push(record(0, 0)).is_ok();
            assert!(urgent.len() <= 1, "room for one");
            pushed
        });
        assert!(first.join().unwrap() ^ other.join().unwrap(), "one of them");
        assert_eq!(core::iter::from_fn(|| Reader::pop(&mut from)).count(), 1);
        assert!(is_empty(&room));
    });
}

/// A record that matters less makes room while a reader takes: it goes to one of the two, and its count with it.
#[test]
fn a_displaced_record_goes_once_and_so_does_its_count() {
    let twins = ["store mpmc/laps.rs", "load mpmc/laps.rs", "plant counted anew"];
    holds(2, 100, &twins, || {
        let Ring {
            mut to,
            mut from,
            room,
            lanes,
        } = ring();
        // The end comes with the writer.
        drop(lanes);
        assert!(to.push(record(1, 0)).is_ok());
        let counted = room.clone();
        let displacer = spawn(move || {
            let mut displaced = Vec::new();
            match to.push(record(0, 1)) {
                Ok(()) => {}
                Err(PushError::Full(x)) => {
                    let refused = to.displace(x, |lesser| displaced.push(lesser));
                    // The lesser one was taken a moment ago, and its count not yet given.
                    displaced.extend(refused.err().map(PushError::into_inner));
                    if planted("counted anew") {
                        counted.claim_beyond();
                    }
                }
                Err(PushError::Closed(_)) => panic!("nobody closes"),
            }
            to.publish();
            numbers(displaced)
        });
        let reader = spawn(move || {
            let all = block_on(drain(&mut from));
            numbers(all)
        });
        let (displaced, taken) = (displacer.join().unwrap(), reader.join().unwrap());
        assert!(matches!((&displaced[..], &taken[..]), ([0], [1]) | ([1], [0]) | ([], [0, 1])));
        assert!(is_empty(&room));
    });
}

/// A slot that was reserved comes on top: a push that is counted and finds it taken is taken back.
#[test]
fn a_reserved_slot_comes_on_top() {
    holds(3, 20, &["torn edge/room.rs", "plant kept"], || {
        let Ring {
            mut to,
            mut from,
            room,
            lanes,
        } = ring();
        let (counted, beyond) = (room.clone(), room.clone());
        let keeper = spawn(move || match lanes[0].try_reserve() {
            Ok(slot) => {
                beyond.claim_beyond();
                slot.send(record(0, 0)).is_ok()
            }
            Err(_) => false,
        });
        let other = spawn(move || {
            let pushed = to.push(record(0, 1)).is_ok();
            if planted("kept") && !pushed {
                counted.claim_beyond();
            }
            pushed
        });
        let pushed = [keeper.join().unwrap(), other.join().unwrap()];
        assert_eq!(pushed.into_iter().filter(|pushed| *pushed).count(), 1, "one has the slot");
        assert_eq!(core::iter::from_fn(|| Reader::pop(&mut from)).count(), 1);
        assert!(is_empty(&room));
    });
}
