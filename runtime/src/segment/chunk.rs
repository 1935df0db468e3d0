//! A chunk of what a lane has, on its way into a place whose node waits for each.

use core::future::poll_fn;
use core::pin::pin;
use core::task::Poll;

use crate::edge::{At, Parcel, Sink, guard};
use crate::record::{Env, Meta};
use crate::ring::Reader;
use crate::segment::ways::Lane;

/// Records that a place takes one after the other, as its node sees them.
pub trait Chunk<T, M>: Send {
    /// Takes them, one by one, as long as `take` says so, which is told where the dispatcher is.
    fn each(&mut self, take: impl FnMut(Env<T, M>, &mut At) -> bool);
    /// Where the dispatcher is.
    fn at(&mut self) -> &mut At;
    /// The call with the last one waits: the slots of what was taken are free meanwhile. So many calls before it have ended and are
    /// not counted.
    fn pause(&mut self) -> u64;
    /// The record in work is counted already.
    fn cut(&mut self);
}

/// What a lane has, up to a chunk of it: whoever follows the chunk guards it, and counts what `pause` has not.
///
/// It lives outside of the guard, so that a panic finds where the dispatcher was.
struct Taking<'l, R, T, M, MN, const AT: u64> {
    lane: &'l mut Lane<R, T, M, MN, AT>,
    /// At most so many are taken.
    most: usize,
    /// What the lane had popped when the chunk began.
    begun: usize,
    /// Up to here the node has counted what was popped.
    counted: usize,
    at: At,
}

impl<R, T, M, MN, const AT: u64> Taking<'_, R, T, M, MN, AT>
where
    T: Send,
    M: Meta,
    MN: Meta,
    R: Reader<Env<T, M>>,
{
    /// Taken, and not counted by the node.
    fn uncounted(&self) -> u64 {
        self.lane.popped().wrapping_sub(self.counted) as u64
    }

    /// One more needs not be counted by the node.
    fn pass_over_one(&mut self) {
        self.counted = self.counted.wrapping_add(1);
    }
}

impl<R, T, M, MN, const AT: u64> Chunk<T, MN> for &mut Taking<'_, R, T, M, MN, AT>
where
    T: Send,
    M: Meta,
    MN: Meta,
    R: Reader<Env<T, M>>,
{
    #[inline(always)]
    fn each(&mut self, take: impl FnMut(Env<T, MN>, &mut At) -> bool) {
        self.lane.take_each(self.most, &mut self.at, take);
    }
    fn at(&mut self) -> &mut At {
        &mut self.at
    }
    fn pause(&mut self) -> u64 {
        self.lane.give_back(true);
        let ended = self.uncounted() - 1;
        self.counted = self.lane.popped().wrapping_sub(1);
        ended
    }
    fn cut(&mut self) {
        self.pass_over_one();
    }
}

/// How many records were taken on the other path.
pub struct Served {
    pub(super) taken: u64,
    /// The chunk may go on.
    pub(super) more: bool,
}

impl Served {
    /// So many, and the chunk goes on.
    pub(super) fn some(taken: u64) -> Self {
        Served { taken, more: true }
    }

    /// So many, and no more in this chunk, whatever there is.
    pub(super) fn all(taken: u64) -> Self {
        Served { taken, more: false }
    }
}

/// One record after the other: each is followed to its end, guarded and counted by itself. This does the first.
pub(crate) async fn one_by_one<R, T, M, MN, P, const AT: u64, const TO: u64>(
    lane: &mut Lane<R, T, M, MN, AT>,
    place: &mut P,
) -> Served
where
    T: Send,
    M: Meta,
    MN: Meta,
    R: Reader<Env<T, M>>,
    P: Sink<T, MN, TO>,
{
    let Some(x) = lane.take() else { return Served::all(0) };
    // Counted before the work, since the work may take long.
    lane.count();
    let mut parcel = Parcel::new(place, x);
    let mut send = pin!(parcel.deliver_or_miss());
    poll_fn(|cx| {
        let polled = send.as_mut().poll(cx);
        if polled.is_pending() {
            // The slot is free, however long the stage takes.
            lane.give_back(true);
        }
        polled
    })
    .await;
    Served::some(1)
}

/// At most `most` records, through a place whose node waits for each: one guard a poll, and one set of counts.
pub(crate) fn all<R, T, M, MN, P, const AT: u64, const TO: u64>(
    lane: &mut Lane<R, T, M, MN, AT>,
    place: &mut P,
    most: usize,
) -> impl Future<Output = Served> + Send
where
    T: Send,
    M: Meta,
    MN: Meta,
    R: Reader<Env<T, M>>,
    P: Sink<T, MN, TO>,
{
    let begun = lane.popped();
    let mut chunk = Taking {
        lane,
        most,
        begun,
        counted: begun,
        at: At::default(),
    };
    async move {
        let ended = {
            let mut work = pin!(Some(place.serve(&mut chunk)));
            let ended = poll_fn(|cx| {
                let polled = guard(|| work.as_mut().as_pin_mut().map_or(Poll::Ready(()), |work| work.poll(cx)));
                match polled {
                    Ok(polled) => polled.map(Ok),
                    Err(message) => Poll::Ready(Err(message)),
                }
            })
            .await;
            if ended.is_err() {
                let _ = guard(|| work.set(None));
            }
            ended
        };
        if let Err(message) = ended
            && !place.panicked(chunk.at.mark(), &message)
        {
            // On the way from the ring, in the user's `Clone` or `match`: no node had it.
            place.missed();
            chunk.pass_over_one();
        }
        place.count(chunk.uncounted());
        Served::all(chunk.lane.popped().wrapping_sub(chunk.begun) as u64)
    }
}
