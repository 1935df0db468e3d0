//! tokio's mpsc channels.

use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{Each, Give, GiveMany, Given, Link, Many, ManyOut, Named, One, Take, TakeMany, Taken};
use crate::ends::BATCH;
use crate::work::Work;

/// `recv` and `send`: what users write.
pub(crate) struct RecvSend;

impl Named for RecvSend {
    const NAME: &'static str = "tokio recv/send";
}

impl<W: Work> Link<W> for RecvSend {
    type Tx = One<Sender<W>>;
    type Rx = One<Receiver<W>>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = channel(capacity);
        (One(tx), One(rx))
    }
}

/// `recv_many` and `send`.
pub(crate) struct RecvMany;

impl Named for RecvMany {
    const NAME: &'static str = "tokio recv_many";
}

impl<W: Work> Link<W> for RecvMany {
    type Tx = Many<Each<Sender<W>>>;
    type Rx = ManyOut<Receiver<W>, W>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = channel(capacity);
        (Many(Each(tx)), ManyOut::new(rx))
    }
}

/// `recv_many` and `reserve_many`: the best that tokio has.
pub(crate) struct ReserveMany;

impl Named for ReserveMany {
    const NAME: &'static str = "tokio recv_many+reserve_many";
}

impl<W: Work> Link<W> for ReserveMany {
    type Tx = Many<Sender<W>>;
    type Rx = ManyOut<Receiver<W>, W>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = channel(capacity);
        (Many(tx), ManyOut::new(rx))
    }
}

impl<W: Work> Give<W> for Sender<W> {
    fn give(&mut self, record: W) -> impl Future<Output = impl Given> + Send {
        self.send(record)
    }
}

impl<W: Work> Take<W> for Receiver<W> {
    fn take(&mut self) -> impl Future<Output = impl Taken<W>> + Send {
        self.recv()
    }
}

impl<W: Work> GiveMany<W> for Sender<W> {
    async fn give_many(&mut self, mut most: usize, mut records: impl Iterator<Item = W> + Send) -> bool {
        while most > 0 {
            let some = most.min(self.max_capacity());
            let Ok(room) = self.reserve_many(some).await else {
                return false;
            };
            room.zip(&mut records).for_each(|(permit, record)| permit.send(record));
            most -= some;
        }
        true
    }
}

impl<W: Work> TakeMany<W> for Receiver<W> {
    async fn take_many(&mut self, into: &mut Vec<W>) -> bool {
        self.recv_many(into, BATCH).await > 0
    }
}
