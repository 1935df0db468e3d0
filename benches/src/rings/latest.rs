//! The ring of one value.

use std::future::{poll_fn, ready};

use forebay::ring::latest::{Latest, Sender, Watcher, ends};

use crate::peers::Named;
use crate::peers::newest::Newest;

/// Room for one sender and one watcher, and a slot more.
const SLOTS: usize = 3;

pub(crate) struct Ring;

impl Named for Ring {
    const NAME: &'static str = "forebay ring";
}

impl Newest for Ring {
    type Tx = Sender<u64, SLOTS>;
    type Rx = Watcher<u64, SLOTS>;

    fn open() -> (Self::Tx, Self::Rx, impl Future<Output = ()>) {
        let (mut tx, rx) = ends(Latest::boxed());
        tx.set(0).expect("the ring is open");
        (tx, rx, ready(()))
    }
    async fn set(tx: &mut Self::Tx, value: u64) {
        tx.set(value).expect("the ring is open");
    }
    async fn changed(rx: &mut Self::Rx) -> Option<u64> {
        poll_fn(|cx| rx.poll_ready(cx)).await;
        rx.pop()
    }
    fn current(rx: &mut Self::Rx) -> u64 {
        *rx.get().expect("there is a value")
    }
}
