//! The ring whose records every reader sees.

use std::future::poll_fn;
use std::ops::Range;

use forebay::ring::broadcast::{self, Producer, Subscriber, split};

use crate::ends::{Drain, Feed};
use crate::peers::Named;
use crate::peers::broadcast::Broadcast;
use crate::work::{Eye, Work};

pub(crate) struct Ring<const CAP: usize>;

impl<const CAP: usize> Named for Ring<CAP> {
    const NAME: &'static str = "forebay ring";
}

impl<W: Work, const CAP: usize> Broadcast<W> for Ring<CAP> {
    type Tx = Producer<W, CAP>;
    type Rx = Subscriber<W, CAP>;

    fn open(_: usize, readers: usize) -> (Self::Tx, Vec<Self::Rx>) {
        let (tx, first) = split(broadcast::Broadcast::boxed()).expect("the ring is new");
        let mut drains = vec![first];
        drains.resize_with(readers, || tx.subscribe());
        (tx, drains)
    }
}

impl<W: Work, const CAP: usize> Feed<W> for Producer<W, CAP> {
    async fn feed(&mut self, mut numbers: Range<u64>) -> bool {
        let went = numbers.all(|i| self.push(W::make(i)).is_ok());
        self.publish();
        went
    }
}

impl<W: Work, E: Eye<W>, const CAP: usize> Drain<W, E> for Subscriber<W, CAP> {
    async fn drain(&mut self, eye: &mut E) -> bool {
        let ready = poll_fn(|cx| self.poll_ready(cx)).await;
        for _ in 0..ready {
            // What was lost shows in the result.
            let Some(record) = self.pop() else { break };
            eye.look(&record);
        }
        ready > 0
    }
}
