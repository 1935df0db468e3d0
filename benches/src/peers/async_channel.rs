//! The async-channel crate. It has no way to move many at once.

use async_channel::{Receiver, Sender, bounded};

use super::{Give, Given, Link, Named, One, Take, Taken};
use crate::work::Work;

/// `recv` and `send`.
pub(crate) struct RecvSend;

impl Named for RecvSend {
    const NAME: &'static str = "async-channel recv/send";
}

impl<W: Work> Link<W> for RecvSend {
    type Tx = One<Sender<W>>;
    type Rx = One<Receiver<W>>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = bounded(capacity);
        (One(tx), One(rx))
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
