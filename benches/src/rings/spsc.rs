//! The ring of an edge.

use std::future::poll_fn;

use forebay::ring::Closed;
use forebay::ring::spsc::{Consumer, Producer, Spsc, split};

use crate::ends::{BATCH, Drain};
use crate::peers::{Give, GiveMany, Given, Link, Many, Named, One, Relay, Take, Taken};
use crate::work::{Bad, Eye, Work};

/// Each record is published, and its slot given back, by itself.
pub(crate) struct ItemByItem<const CAP: usize>;

impl<const CAP: usize> Named for ItemByItem<CAP> {
    const NAME: &'static str = "forebay ring, item by item";
}

impl<W: Work, const CAP: usize> Link<W> for ItemByItem<CAP> {
    type Tx = One<Producer<W, CAP>>;
    type Rx = One<Consumer<W, CAP>>;

    fn open(_: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = split(Spsc::boxed()).expect("the ring is new");
        (One(tx), One(rx))
    }
}

/// A batch is published, and its slots given back, in one go.
pub(crate) struct InBatches<const CAP: usize>;

impl<const CAP: usize> Named for InBatches<CAP> {
    const NAME: &'static str = "forebay ring, in batches";
}

impl<W: Work, const CAP: usize> Link<W> for InBatches<CAP> {
    type Tx = Many<Producer<W, CAP>>;
    type Rx = InPlace<Consumer<W, CAP>>;

    fn open(_: usize) -> (Self::Tx, Self::Rx) {
        let (tx, rx) = split(Spsc::boxed()).expect("the ring is new");
        (Many(tx), InPlace(rx))
    }
}

impl<W: Work, const CAP: usize> Give<W> for Producer<W, CAP> {
    async fn give(&mut self, mut record: W) -> impl Given {
        while let Err(back) = self.push(record) {
            record = back.into_inner();
            if poll_fn(|cx| self.poll_room(cx)).await.is_err() {
                return false;
            }
        }
        self.publish();
        true
    }
}

impl<W: Work, const CAP: usize> Take<W> for Consumer<W, CAP> {
    async fn take(&mut self) -> impl Taken<W> {
        if self.ready() == 0 && poll_fn(|cx| self.poll_ready(cx)).await == 0 {
            return None;
        }
        let record = self.pop();
        self.release();
        record
    }
}

impl<W: Work, const CAP: usize> GiveMany<W> for Producer<W, CAP> {
    async fn give_many(&mut self, _: usize, mut records: impl Iterator<Item = W> + Send) -> bool {
        loop {
            for _ in 0..self.room() {
                let Some(record) = records.next() else {
                    self.publish();
                    return true;
                };
                if self.push(record).is_err() {
                    return false;
                }
            }
            if poll_fn(|cx| self.poll_room(cx)).await.is_err() {
                return false;
            }
        }
    }
}

/// A way out that is read where the records lie.
pub(crate) struct InPlace<T>(pub(crate) T);

impl<W: Work, E: Eye<W>, const CAP: usize> Drain<W, E> for InPlace<Consumer<W, CAP>> {
    async fn drain(&mut self, eye: &mut E) -> bool {
        if self.0.ready() == 0 && poll_fn(|cx| self.0.poll_ready(cx)).await == 0 {
            return false;
        }
        self.0.run(BATCH).for_each(|record| eye.look(&record));
        self.0.release();
        true
    }
}

/// A stage reads where the records lie, and writes where they will.
impl<W: Work, const CAP: usize> Relay<W, Many<Producer<W, CAP>>> for InPlace<Consumer<W, CAP>> {
    async fn relay(self, to: Many<Producer<W, CAP>>, stage: impl Fn(W) -> Result<W, Bad> + Send + Sync + 'static) {
        let run = move |from: &mut Consumer<W, CAP>, to: &mut Producer<W, CAP>, most| {
            for record in from.run(most) {
                if let Ok(record) = stage(record) {
                    assert!(to.push(record).is_ok(), "there was room for it");
                }
            }
        };
        relay(self.0, to.0, run).await;
    }
}

/// Has `run` take up to as many records as it is told from one ring to the other, for which there is room, again and again until the end.
pub(super) async fn relay<W: Work, const CAP: usize>(
    mut from: Consumer<W, CAP>,
    mut to: Producer<W, CAP>,
    run: impl Fn(&mut Consumer<W, CAP>, &mut Producer<W, CAP>, usize),
) {
    while from.ready() != 0 || poll_fn(|cx| from.poll_ready(cx)).await != 0 {
        let room = match to.room() {
            0 => match poll_fn(|cx| to.poll_room(cx)).await {
                Ok(room) => room,
                Err(Closed) => return,
            },
            room => room,
        };
        run(&mut from, &mut to, BATCH.min(room));
        to.publish();
        from.release();
    }
}
