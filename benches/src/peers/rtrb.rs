//! rtrb's ring. It cannot wait: a task that finds no room, or nothing, yields to the others.

use rtrb::{Consumer, Producer, RingBuffer};
use tokio::task::yield_now;

use super::{Give, GiveMany, Given, Link, Many, Named, One, Take, Taken};
use crate::ends::Drain;
use crate::work::{Eye, Work};

/// `push` and `pop`.
pub(crate) struct Single;

impl Named for Single {
    const NAME: &'static str = "rtrb push/pop, yielding";
}

impl<W: Work> Link<W> for Single {
    type Tx = One<Producer<W>>;
    type Rx = One<Consumer<W>>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = RingBuffer::new(capacity);
        (One(tx), One(rx))
    }
}

/// Chunks: the best that rtrb has.
pub(crate) struct Chunks;

impl Named for Chunks {
    const NAME: &'static str = "rtrb chunks, yielding";
}

impl<W: Work> Link<W> for Chunks {
    type Tx = Many<Producer<W>>;
    type Rx = InPlace<Consumer<W>>;

    fn open(capacity: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = RingBuffer::new(capacity);
        (Many(tx), InPlace(rx))
    }
}

impl<W: Work> Give<W> for Producer<W> {
    async fn give(&mut self, record: W) -> impl Given {
        while self.push(record).is_err() {
            if self.is_abandoned() {
                return false;
            }
            yield_now().await;
        }
        true
    }
}

impl<W: Work> Take<W> for Consumer<W> {
    async fn take(&mut self) -> impl Taken<W> {
        loop {
            if let Ok(record) = self.pop() {
                return Some(record);
            }
            if self.is_abandoned() {
                // The last record may have come between the two looks.
                return self.pop().ok();
            }
            yield_now().await;
        }
    }
}

impl<W: Work> GiveMany<W> for Producer<W> {
    async fn give_many(&mut self, mut most: usize, mut records: impl Iterator<Item = W> + Send) -> bool {
        while most > 0 {
            let some = self.slots().min(most);
            if some == 0 {
                if self.is_abandoned() {
                    return false;
                }
                yield_now().await;
                continue;
            }
            let room = self.write_chunk_uninit(some).expect("so many slots are free");
            if room.fill_from_iter(&mut records) < some {
                return true;
            }
            most -= some;
        }
        true
    }
}

/// A way out that is read where the records lie.
pub(crate) struct InPlace<T>(T);

impl<W: Work, E: Eye<W>> Drain<W, E> for InPlace<Consumer<W>> {
    async fn drain(&mut self, eye: &mut E) -> bool {
        loop {
            let ended = self.0.is_abandoned();
            let some = self.0.slots();
            if some > 0 {
                let chunk = self.0.read_chunk(some).expect("so many records are there");
                chunk.into_iter().for_each(|record| eye.look(&record));
                return true;
            }
            if ended {
                return false;
            }
            yield_now().await;
        }
    }
}
