//! thingbuf's channels.

use thingbuf::mpsc::{Receiver, Sender, channel};

use super::{Give, Given, Link, Named, One, Take, Taken};
use crate::work::Work;

/// `recv` and `send`: what users write.
pub(crate) struct RecvSend;

impl Named for RecvSend {
    const NAME: &'static str = "thingbuf recv/send";
}

impl<W: Work> Link<W> for RecvSend {
    type Tx = One<Sender<W>>;
    type Rx = One<Receiver<W>>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = channel(capacity);
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

/// `recv_ref` and `send_ref`: records are written and read in their slots. The best that thingbuf has.
pub(crate) struct ByRef;

/// An end that works in the slots.
pub(crate) struct Slots<T>(T);

impl Named for ByRef {
    const NAME: &'static str = "thingbuf recv_ref/send_ref";
}

impl<W: Work> Link<W> for ByRef {
    type Tx = One<Slots<Sender<W>>>;
    type Rx = One<Slots<Receiver<W>>>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = channel(capacity);
        (One(Slots(tx)), One(Slots(rx)))
    }
}

impl<W: Work> Give<W> for Slots<Sender<W>> {
    async fn give(&mut self, record: W) -> impl Given {
        let Ok(mut slot) = self.0.send_ref().await else { return false };
        *slot = record;
        true
    }
}

impl<W: Work> Take<W> for Slots<Receiver<W>> {
    async fn take(&mut self) -> impl Taken<W> {
        self.0.recv_ref().await.map(|slot| *slot)
    }
}
