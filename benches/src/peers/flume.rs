//! flume's channels, from async tasks.

use flume::{Receiver, Sender, bounded};

use super::{Each, Give, Given, Link, Many, ManyOut, Named, One, Take, TakeMany, Taken};
use crate::work::Work;

/// `recv_async` and `send_async`: what users write.
pub(crate) struct RecvSend;

impl Named for RecvSend {
    const NAME: &'static str = "flume recv/send";
}

impl<W: Work> Link<W> for RecvSend {
    type Tx = One<Sender<W>>;
    type Rx = One<Receiver<W>>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = bounded(capacity);
        (One(tx), One(rx))
    }
}

/// `drain`: flume has nothing of the kind for sending.
pub(crate) struct Drain;

impl Named for Drain {
    const NAME: &'static str = "flume drain";
}

impl<W: Work> Link<W> for Drain {
    type Tx = Many<Each<Sender<W>>>;
    type Rx = ManyOut<Receiver<W>, W>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = bounded(capacity);
        (Many(Each(tx)), ManyOut::new(rx))
    }
}

impl<W: Work> Give<W> for Sender<W> {
    fn give(&mut self, record: W) -> impl Future<Output = impl Given> + Send {
        self.send_async(record)
    }
}

impl<W: Work> Take<W> for Receiver<W> {
    fn take(&mut self) -> impl Future<Output = impl Taken<W>> + Send {
        self.recv_async()
    }
}

impl<W: Work> TakeMany<W> for Receiver<W> {
    async fn take_many(&mut self, into: &mut Vec<W>) -> bool {
        let Ok(record) = self.recv_async().await else { return false };
        into.push(record);
        into.extend(self.drain());
        true
    }
}
