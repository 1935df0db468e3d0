//! What a segment reads whose first node has several hands.

use core::task::{Context, Poll};

use super::Hands;
use super::land::Lands;
use crate::edge::{At, guard};
use crate::segment::chunk::Served;
use crate::segment::drive::aside;
use crate::segment::ways::Ways;
use crate::stage::Inlet;

/// The rings of a segment, read into the hands of its first node; and behind them one lane more, of the calls that have ended.
///
/// That lane leads round no cycle, but is told so all the same ([`inner`](Ways::inner)): what comes over it was counted into the
/// cycle by the hands, and the loop counts it out.
pub struct Handed<W, H> {
    rings: W,
    hands: H,
    /// Rings that have not ended.
    open: usize,
}

impl<W, H, O, C, Call> Handed<W, Hands<H, O, C, Call>>
where
    W: Ways<Hands<H, O, C, Call>>,
{
    /// Reads `rings` into `hands`.
    pub fn new(rings: W, hands: Hands<H, O, C, Call>) -> Self {
        let open = W::LANES;
        Handed { rings, hands, open }
    }
}

impl<P, W, H, O, C, Call> Ways<P> for Handed<W, Hands<H, O, C, Call>>
where
    P: Lands<O, Free = H>,
    W: Ways<Hands<H, O, C, Call>>,
    H: Send,
    O: Send,
    C: Send,
    Call: Future<Output = O> + Send,
{
    const LANES: usize = W::LANES + 1;

    fn poll(&mut self, lane: usize, cx: &mut Context<'_>) -> Poll<usize> {
        if lane == W::LANES {
            if !self.hands.has_next() {
                self.hands.poll_calls(cx);
            }
            return match self.hands.has_next() {
                true => Poll::Ready(1),
                false if self.open == 0 && self.hands.are_idle() => Poll::Ready(0),
                false => Poll::Pending,
            };
        }
        if self.hands.are_full() {
            // A call that ends wakes us.
            return Poll::Pending;
        }
        let polled = self.rings.poll(lane, cx);
        if let Poll::Ready(0) = polled {
            self.open -= 1;
        }
        polled
    }

    fn direct(_lane: usize) -> bool {
        false
    }
    fn turn(&mut self, _lane: usize, _place: &mut P, _most: usize, _at: &mut At) {}
    fn taken(&self, _lane: usize) -> u64 {
        0
    }

    async fn serve(&mut self, lane: usize, place: &mut P, _most: usize) -> Served {
        if lane < W::LANES {
            let (rings, hands) = (&mut self.rings, &mut self.hands);
            let before = rings.taken(lane);
            let mut at = At::default();
            // Nothing of the user's runs before the calls are polled.
            let _ = guard(|| rings.turn(lane, hands, usize::MAX, &mut at));
            let taken = rings.taken(lane) - before;
            // The slots of the ring are free, however long the calls take.
            rings.release(true);
            return Served::all(taken);
        }
        let Some((at, over)) = self.hands.next() else {
            return Served::all(0);
        };
        let (free, dead) = aside::<P, _, _>(self, place.land(over)).await;
        self.hands.set_dead(dead);
        self.hands.put_back(at, free);
        Served::some(1)
    }

    fn release(&mut self, eager: bool) {
        self.rings.release(eager);
    }
    fn meanwhile(&mut self, cx: &mut Context<'_>) {
        self.hands.poll_calls(cx);
    }
    fn unwait(&mut self) {
        self.rings.unwait();
    }
    fn inner(&self, lane: usize) -> bool {
        lane == W::LANES || self.rings.inner(lane)
    }
    fn inlet(&self, _lane: usize) -> Option<Inlet> {
        None
    }
    fn close(&mut self) {
        self.rings.close();
    }
    fn leave(&mut self, place: &mut P) {
        self.hands.ended().for_each(|over| place.leave(over));
    }
    fn cut(&mut self) {
        self.hands.cut();
        self.rings.cut();
    }
}
