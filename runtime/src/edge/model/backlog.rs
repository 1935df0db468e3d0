//! A ring and the list beside it: what comes out of the one is what the other says, and the last of each key comes.
//!
//! The stamps of the ring have no twins here: the lock orders all that goes in and out, so no execution tells them apart.

use std::sync::Arc;

use loom::future::block_on;
use loom::thread::spawn;

use crate::edge::{Backlog, Coalesced, Coalescing, Feed, keys};
use crate::record::{Env, Keyed};
use crate::ring::model::{drain, holds};
use crate::ring::mpmc::{Mpmc, Receiver, Sender, ends};
use crate::ring::sync::planted;
use crate::ring::{PushError, Reader, Writer};

/// A record of a key, the how-manieth of it: boxed, so that reading one too early is a crash as well as a race.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Quote(u8, Box<usize>);
impl Keyed for Quote {
    type Key = u8;
    fn key(&self) -> &u8 {
        &self.0
    }
}

fn quote(key: u8, n: usize) -> Env<Quote> {
    Env::new(Quote(key, Box::new(n)))
}

struct Ring {
    to: Coalescing<Quote, (), 2>,
    from: Coalesced<Env<Quote>, Receiver<Env<Quote>, 2>>,
    backlog: Arc<dyn Backlog<Env<Quote>>>,
    /// Past the list.
    sender: Sender<Env<Quote>, 2>,
    receiver: Receiver<Env<Quote>, 2>,
}

fn ring() -> Ring {
    let (sender, receiver) = ends(Mpmc::boxed_before_wrap(1));
    let backlog = (keys::<Quote, ()>().make)(2);
    Ring {
        to: Coalescing::new(sender.clone(), backlog.clone()),
        from: Coalesced::new(receiver.clone(), backlog.clone()),
        backlog,
        sender,
        receiver,
    }
}

/// What was taken, by key, in the order it came.
fn of(key: u8, taken: &[Env<Quote>]) -> Vec<usize> {
    let quotes = taken.iter().map(|x| &x.record).filter(|quote| quote.0 == key);
    quotes.map(|quote| *quote.1).collect()
}

/// One offers two records of its key, another one of its own, while a reader takes.
#[test]
fn every_record_comes_or_was_replaced() {
    let twins = ["lock edge/backlog.rs", "fence mpmc/mod.rs", "plant pushed outside the lock"];
    holds(2, 100, &twins, || {
        let Ring {
            mut to,
            mut from,
            backlog,
            sender,
            receiver,
        } = ring();
        drop(receiver);
        let mut other = to.clone();
        let one = spawn(move || {
            for n in 0..2 {
                if planted("pushed outside the lock") {
                    let x = quote(1, n);
                    if sender.try_push(x.clone()).is_ok() {
                        let _ = backlog.offer(&mut Some(x), &mut |_| Ok(()), &mut || {});
                    }
                } else {
                    assert_eq!(Writer::push(&mut to, quote(1, n)), Ok(()), "there is room for two keys");
                    to.publish();
                }
            }
            drop(sender);
            to.take_replaced()
        });
        let two = spawn(move || {
            assert_eq!(Writer::push(&mut other, quote(2, 0)), Ok(()), "there is room for two keys");
            other.publish();
        });
        let reader = spawn(move || block_on(drain(&mut from)));
        let (replaced, ()) = (one.join().unwrap(), two.join().unwrap());
        let taken = reader.join().unwrap();
        assert_eq!(of(2, &taken), [0]);
        match &of(1, &taken)[..] {
            [0, 1] => assert_eq!(replaced, 0),
            [1] => assert_eq!(replaced, 1),
            other => panic!("{other:?}"),
        }
    });
}

/// Two take what is there, while the newer record of the first key waits beside it.
#[test]
fn what_is_taken_belongs_together() {
    let twins = ["lock edge/backlog.rs", "plant popped outside the lock"];
    holds(2, 20, &twins, || {
        let Ring {
            mut to,
            mut from,
            backlog,
            sender,
            mut receiver,
        } = ring();
        drop(sender);
        for x in [quote(1, 0), quote(2, 0), quote(1, 1)] {
            assert_eq!(Writer::push(&mut to, x), Ok(()));
        }
        to.publish();
        let mut other = from.clone();
        let one = spawn(move || {
            if planted("popped outside the lock") {
                let mut oldest = receiver.pop();
                return backlog.take(&mut || oldest.take());
            }
            other.pop()
        });
        let two = spawn(move || from.pop());
        let mut taken: Vec<_> = one.join().unwrap().into_iter().chain(two.join().unwrap()).collect();
        taken.sort_unstable_by_key(|x| x.record.0);
        assert_eq!(taken, [quote(1, 1), quote(2, 0)]);
    });
}

/// The ring is closed for all while a newer record comes: what was accepted is taken, or was replaced.
#[test]
fn an_accepted_record_never_races_close() {
    holds(2, 20, &["lock edge/backlog.rs"], || {
        let Ring {
            mut to,
            mut from,
            sender,
            receiver,
            ..
        } = ring();
        drop(receiver);
        assert_eq!(Writer::push(&mut to, quote(1, 0)), Ok(()));
        to.publish();
        let writer = spawn(move || {
            let pushed = match Writer::push(&mut to, quote(1, 1)) {
                Ok(()) => true,
                Err(PushError::Closed(_)) => false,
                Err(PushError::Full(_)) => panic!("there is room"),
            };
            to.publish();
            (usize::from(pushed), to)
        });
        let reader = spawn(move || block_on(drain(&mut from)));
        let closer = spawn(move || sender.close_all());
        closer.join().unwrap();
        let (accepted, mut to) = writer.join().unwrap();
        let taken = reader.join().unwrap();
        assert_eq!(taken.len() + to.take_replaced(), 1 + accepted);
        assert_eq!(
            of(1, &taken).last(),
            Some(&accepted),
            "the newest that was accepted is the last"
        );
    });
}
