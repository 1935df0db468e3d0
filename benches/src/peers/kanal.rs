//! kanal's async channels.

use kanal::{AsyncReceiver, AsyncSender, bounded_async};

use super::{Each, Give, Given, Link, Many, ManyOut, Named, One, Take, TakeMany, Taken};
use crate::work::Work;

/// `recv` and `send`: what users write.
pub(crate) struct RecvSend;

impl Named for RecvSend {
    const NAME: &'static str = "kanal recv/send";
}

impl<W: Work> Link<W> for RecvSend {
    type Tx = One<AsyncSender<W>>;
    type Rx = One<AsyncReceiver<W>>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = bounded_async(capacity);
        (One(tx), One(rx))
    }
}

/// `drain_into`: kanal has nothing of the kind for sending.
pub(crate) struct DrainInto;

impl Named for DrainInto {
    const NAME: &'static str = "kanal drain_into";
}

impl<W: Work> Link<W> for DrainInto {
    type Tx = Many<Each<AsyncSender<W>>>;
    type Rx = ManyOut<AsyncReceiver<W>, W>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = bounded_async(capacity);
        (Many(Each(tx)), ManyOut::new(rx))
    }
}

impl<W: Work> Give<W> for AsyncSender<W> {
    fn give(&mut self, record: W) -> impl Future<Output = impl Given> + Send {
        self.send(record)
    }
}

impl<W: Work> Take<W> for AsyncReceiver<W> {
    fn take(&mut self) -> impl Future<Output = impl Taken<W>> + Send {
        self.recv()
    }
}

impl<W: Work> TakeMany<W> for AsyncReceiver<W> {
    async fn take_many(&mut self, into: &mut Vec<W>) -> bool {
        let Ok(record) = self.recv().await else { return false };
        into.push(record);
        // An error here is the end, which the next call meets again.
        self.drain_into(into).is_ok() || !into.is_empty()
    }
}
