//! Five stages that read a record where it lies, and write what they make of it where that will lie.

use std::hint::black_box;
use std::mem::MaybeUninit;

use forebay::ring::spsc::{Consumer, Producer, Spsc, split};

use super::spsc::{InPlace, relay};
use crate::ends::drive;
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

/// Takes up to `most` records through stage `K`.
fn run<W: Work, const K: usize, const CAP: usize>(from: &mut Consumer<W, CAP>, to: &mut Producer<W, CAP>, most: usize) {
    let (first, second) = from.slices();
    let mut done = 0;
    for record in first.iter().chain(second).take(most) {
        let mut place = to.place().expect("there was room for it");
        if opaque::<W, K>(record, place.uninit()).is_ok() {
            // SAFETY: the stage writes what it gives.
            unsafe { place.commit() };
        }
        done += 1;
    }
    from.skip(done);
}

fn behind<W: Work, const K: usize, const CAP: usize>(from: Consumer<W, CAP>) -> Consumer<W, CAP> {
    let (to, rx) = ring();
    tokio::spawn(relay(from, to, run::<W, K, CAP>));
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
