//! Channels and rings whose records every reader sees.

use std::ops::Range;

use disruptor::{
    BusySpin, EventPoller, MultiConsumerBarrier, Polling, Producer, SingleConsumerBarrier, SingleProducer, SingleProducerBarrier,
    build_single_producer,
};
use tokio::sync::broadcast::{Receiver, Sender, channel};
use tokio::task::yield_now;

use super::Named;
use crate::ends::{Drain, Feed};
use crate::work::{Eye, Seen, Work};

/// One way in, and a way out for each reader. What runs never lets a reader lag by more than half the capacity, so all of them
/// see all of it.
pub(crate) trait Broadcast<W: Work>: Named {
    type Tx: Feed<W>;
    type Rx: Drain<W, Seen>;

    /// Its ends.
    fn open(capacity: usize, readers: usize) -> (Self::Tx, Vec<Self::Rx>);
}

/// tokio's broadcast channel.
pub(crate) struct Tokio;

impl Named for Tokio {
    const NAME: &'static str = "tokio broadcast";
}

impl<W: Work> Broadcast<W> for Tokio {
    type Tx = Sender<W>;
    type Rx = Receiver<W>;

    fn open(capacity: usize, readers: usize) -> (Self::Tx, Vec<Self::Rx>) {
        let (tx, first) = channel(capacity);
        let mut drains = vec![first];
        drains.resize_with(readers, || tx.subscribe());
        (tx, drains)
    }
}

impl<W: Work> Feed<W> for Sender<W> {
    async fn feed(&mut self, mut numbers: Range<u64>) -> bool {
        numbers.all(|i| self.send(W::make(i)).is_ok())
    }
}

impl<W: Work, E: Eye<W>> Drain<W, E> for Receiver<W> {
    async fn drain(&mut self, eye: &mut E) -> bool {
        // One that lags ends, and its result is wrong.
        let record = self.recv().await;
        record.inspect(|record| eye.look(record)).is_ok()
    }
}

/// The disruptor, polled by tasks that yield when there is nothing.
pub(crate) struct Disruptor;

impl Named for Disruptor {
    const NAME: &'static str = "disruptor, polled, yielding";
}

/// Its producer, which knows how many readers hold it back.
pub(crate) enum Publisher<W> {
    One(SingleProducer<W, SingleConsumerBarrier>),
    Several(SingleProducer<W, MultiConsumerBarrier>),
}

/// One of its readers.
pub(crate) struct Poller<W>(EventPoller<W, SingleProducerBarrier>);

impl<W: Work> Broadcast<W> for Disruptor {
    type Tx = Publisher<W>;
    type Rx = Poller<W>;

    fn open(capacity: usize, readers: usize) -> (Self::Tx, Vec<Self::Rx>) {
        let (poller, builder) = build_single_producer(capacity, W::default, BusySpin).new_event_poller();
        let mut drains = vec![Poller(poller)];
        if readers == 1 {
            return (Publisher::One(builder.build()), drains);
        }
        let (poller, mut builder) = builder.new_event_poller();
        drains.push(Poller(poller));
        while drains.len() < readers {
            let (poller, more) = builder.new_event_poller();
            drains.push(Poller(poller));
            builder = more;
        }
        (Publisher::Several(builder.build()), drains)
    }
}

impl<W: Work> Feed<W> for Publisher<W> {
    async fn feed(&mut self, numbers: Range<u64>) -> bool {
        match self {
            Publisher::One(producer) => publish(producer, numbers),
            Publisher::Several(producer) => publish(producer, numbers),
        }
    }
}

fn publish<W: Work>(producer: &mut impl Producer<W>, numbers: Range<u64>) -> bool {
    let some = (numbers.end - numbers.start) as usize;
    let room = producer.try_batch_publish(some, |places| {
        for (place, i) in places.zip(numbers) {
            *place = W::make(i);
        }
    });
    room.is_ok()
}

impl<W: Work, E: Eye<W>> Drain<W, E> for Poller<W> {
    async fn drain(&mut self, eye: &mut E) -> bool {
        loop {
            match self.0.poll() {
                Ok(mut events) => {
                    for record in &mut events {
                        eye.look(record);
                    }
                    return true;
                }
                Err(Polling::Shutdown) => return false,
                Err(Polling::NoEvents) => {}
            }
            yield_now().await;
        }
    }
}
