//! Five stages that read a record where it lies, and write what they make of it where that will lie.

use std::future::poll_fn;
use std::hint::black_box;
use std::mem::MaybeUninit;

use forebay::ring::Closed;
use forebay::ring::spsc::{Consumer, Producer, Spsc, split};

use super::spsc::InPlace;
use crate::ends::{BATCH, drive};
use crate::measure::Outcome;
use crate::peers::Many;
use crate::work::{Bad, Seen, Work, open};

pub(crate) const NAME: &str = "forebay ring, in place";

/// Stage `K`, behind a pointer that the optimiser cannot see through.
#[inline(always)]
fn opaque<W: Work, const K: usize>(from: &W, to: &mut MaybeUninit<W>) -> Result<(), Bad> {
    type Hidden<W> = fn(&W, &mut MaybeUninit<W>) -> Result<(), Bad>;
    #[inline(never)]
    fn hidden<W: Work, const K: usize>(from: &W, to: &mut MaybeUninit<W>) -> Result<(), Bad> {
        to.write(open::<W, K>(*from)?);
        Ok(())
    }
    black_box(hidden::<W, K> as Hidden<W>)(from, to)
}

async fn relay<W: Work, const K: usize, const CAP: usize>(mut from: Consumer<W, CAP>, mut to: Producer<W, CAP>) {
    while from.ready() != 0 || poll_fn(|cx| from.poll_ready(cx)).await != 0 {
        let room = match to.room() {
            0 => match poll_fn(|cx| to.poll_room(cx)).await {
                Ok(room) => room,
                Err(Closed) => return,
            },
            room => room,
        };
        let (first, second) = from.slices();
        let mut done = 0;
        for record in first.iter().chain(second).take(BATCH.min(room)) {
            let mut place = to.place().expect("there was room for it");
            if opaque::<W, K>(record, place.uninit()).is_ok() {
                // SAFETY: the stage writes what it gives.
                unsafe { place.commit() };
            }
            done += 1;
        }
        from.skip(done);
        to.publish();
        from.release();
    }
}

fn behind<W: Work, const K: usize, const CAP: usize>(from: Consumer<W, CAP>) -> Consumer<W, CAP> {
    let (to, rx) = ring();
    tokio::spawn(relay::<W, K, CAP>(from, to));
    rx
}

fn ring<W: Work, const CAP: usize>() -> (Producer<W, CAP>, Consumer<W, CAP>) {
    split(Spsc::boxed()).expect("the ring is new")
}

/// Takes `n` records through the five.
pub(crate) async fn five<W: Work, const CAP: usize>(n: u64) -> Outcome {
    let (feed, rx) = ring();
    let rx = behind::<W, 0, CAP>(rx);
    let rx = behind::<W, 1, CAP>(rx);
    let rx = behind::<W, 2, CAP>(rx);
    let rx = behind::<W, 3, CAP>(rx);
    let rx = behind::<W, 4, CAP>(rx);
    drive::<W, Seen>(n, Many(feed), InPlace(rx)).await
}
