//! Stages of every form. What they do with a record follows from its id and the seed of the run.

use std::pin::Pin;
use std::task::{Context, Poll};

use forebay::prelude::*;
use futures_core::Stream;

use crate::rec::{Bad, Rec, Who};
use crate::world::{Call, Fate, Spot, new_id, plan, told};

/// The end of most calls: one record, an error or a panic.
pub(crate) fn one(call: &mut Call, r: &Rec) -> Result<Rec, Bad> {
    match call.fate() {
        Fate::Fine => {
            let given = call.gives(r);
            call.finishes();
            Ok(given)
        }
        Fate::Err => Err(call.fails()),
        Fate::Panic => call.blows(),
    }
}

/// The same where there are no errors.
fn sure(call: &mut Call, r: &Rec) -> Rec {
    call.risk();
    let given = call.gives(r);
    call.finishes();
    given
}

/// The same where two of three go on.
fn some(call: &mut Call, r: &Rec) -> Option<Rec> {
    call.risk();
    if call.below(3) == 0 {
        call.filters();
        return None;
    }
    let given = call.gives(r);
    call.finishes();
    Some(given)
}

/// 1 -> 1.
#[stage]
pub fn map(r: Rec, spot: &Spot) -> Rec {
    sure(&mut spot.takes(r.id), &r)
}
/// 1 -> 1, fallible.
#[stage]
pub fn try_map(r: Rec, spot: &Spot) -> Result<Rec, Bad> {
    one(&mut spot.takes(r.id), &r)
}
/// A filter.
#[stage]
pub fn filter(r: Rec, spot: &Spot) -> Option<Rec> {
    some(&mut spot.takes(r.id), &r)
}
/// A filter, fallible.
#[stage]
pub fn try_filter(r: Rec, spot: &Spot) -> Result<Option<Rec>, Bad> {
    let mut call = spot.takes(r.id);
    match call.fate() {
        Fate::Err => Err(call.fails()),
        _ => Ok(some(&mut call, &r)),
    }
}
/// 1 -> 1, async.
#[stage]
pub async fn wait(r: Rec, spot: &Spot) -> Rec {
    let mut call = spot.takes(r.id);
    call.waits().await;
    sure(&mut call, &r)
}
/// 1 -> 1, async and fallible.
#[stage]
pub async fn try_wait(r: Rec, spot: &Spot) -> Result<Rec, Bad> {
    let mut call = spot.takes(r.id);
    call.waits().await;
    one(&mut call, &r)
}
/// A filter, async and fallible.
#[stage]
pub async fn try_wait_filter(r: Rec, spot: &Spot) -> Result<Option<Rec>, Bad> {
    let mut call = spot.takes(r.id);
    call.waits().await;
    match call.fate() {
        Fate::Err => Err(call.fails()),
        _ => Ok(some(&mut call, &r)),
    }
}

/// 1 -> 1, with the newest value of a topic.
#[stage]
pub fn map_by(r: Rec, spot: &Spot, newest: &Rec) -> Rec {
    let mut call = spot.takes(r.id);
    spot.sees(&call, newest.id);
    sure(&mut call, &r)
}
/// The same, async.
#[stage]
pub async fn wait_by(r: Rec, spot: &Spot, newest: &Rec) -> Rec {
    let mut call = spot.takes(r.id);
    spot.sees(&call, newest.id);
    call.waits().await;
    spot.still_sees(&call, newest.id);
    sure(&mut call, &r)
}
/// The same, fallible.
#[stage]
pub async fn try_wait_by(r: Rec, spot: &Spot, newest: &Rec) -> Result<Rec, Bad> {
    let mut call = spot.takes(r.id);
    spot.sees(&call, newest.id);
    call.waits().await;
    spot.still_sees(&call, newest.id);
    one(&mut call, &r)
}

/// Some records, then the end or a panic.
pub struct Run {
    call: Call,
    from: Rec,
    left: u64,
    fate: Fate,
}

impl Run {
    fn new(mut call: Call, from: Rec, fate: Fate) -> Self {
        let left = call.below(4);
        Run { call, from, left, fate }
    }
}

impl Iterator for Run {
    type Item = Rec;
    fn next(&mut self) -> Option<Rec> {
        if self.left == 0 {
            if self.fate == Fate::Panic {
                self.call.blows();
            }
            self.call.finishes();
            return None;
        }
        self.left -= 1;
        Some(self.call.gives(&self.from))
    }
}

/// A stream that waits now and then.
pub struct Flow {
    run: Run,
    waited: bool,
}

impl Stream for Flow {
    type Item = Rec;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Rec>> {
        if !self.waited && self.run.call.below(2) == 0 {
            self.waited = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.waited = false;
        Poll::Ready(self.run.next())
    }
}

/// 1 -> N.
#[stage]
pub fn many(r: Rec, spot: &Spot) -> impl Iterator<Item = Rec> + use<> {
    let mut call = spot.takes(r.id);
    let fate = call.fate();
    Run::new(call, r, fate)
}
/// 1 -> N, fallible.
#[stage]
pub fn try_many(r: Rec, spot: &Spot) -> Result<impl Iterator<Item = Rec> + use<>, Bad> {
    let mut call = spot.takes(r.id);
    match call.fate() {
        Fate::Err => Err(call.fails()),
        fate => Ok(Run::new(call, r, fate)),
    }
}
/// 1 -> N over time, as a stream.
#[stage]
pub fn flow(r: Rec, spot: &Spot) -> impl Stream<Item = Rec> + use<> {
    let mut call = spot.takes(r.id);
    let (fate, waited) = (call.fate(), false);
    Flow {
        run: Run::new(call, r, fate),
        waited,
    }
}
/// 1 -> N over time, through an `Emit`.
#[stage]
pub async fn emit(r: Rec, spot: &Spot, out: &mut Emit<Rec>) -> Result<(), Bad> {
    let mut call = spot.takes(r.id);
    for _ in 0..call.below(4) {
        call.waits().await;
        let given = call.offers(&r);
        out.emit(given).await;
        call.taken();
    }
    match call.fate() {
        Fate::Fine => call.finishes(),
        Fate::Err => return Err(call.fails()),
        Fate::Panic => call.blows(),
    }
    Ok(())
}
/// A batch in, one out for each.
#[stage]
pub async fn batch(records: Batch<Rec>, spot: &Spot) -> Result<Vec<Rec>, Bad> {
    let mut calls: Vec<Call> = records.iter().map(|r| spot.takes(r.id)).collect();
    let first = &mut calls[0];
    first.waits().await;
    let (fate, short) = (first.fate(), first.below(40) == 0);
    if fate == Fate::Fine && !short {
        let given = calls.iter_mut().zip(&*records).map(|(call, r)| call.gives(r)).collect();
        calls.iter_mut().for_each(Call::finishes);
        return Ok(given);
    }
    for call in &mut calls {
        let Bad = call.fails();
    }
    spot.fails_batch();
    match fate {
        Fate::Err => Err(Bad),
        Fate::Panic => panic!("{}", crate::runs::PLANNED),
        // Fewer than there were: the whole batch fails.
        Fate::Fine => Ok(records.iter().skip(1).map(|r| Rec::new(new_id(), r.key, r.laps)).collect()),
    }
}
/// An end.
#[stage]
pub fn sink(r: Rec, spot: &Spot) {
    let mut call = spot.takes(r.id);
    call.risk();
    call.finishes();
}
/// An end that takes its time.
#[stage]
pub async fn slow_sink(r: Rec, spot: &Spot) {
    let mut call = spot.takes(r.id);
    call.waits().await;
    call.risk();
    call.finishes();
}
/// Stands on every way back: no record goes round for ever.
#[stage]
pub fn lap(r: Rec, spot: &Spot) -> Option<Rec> {
    let mut call = spot.takes(r.id);
    if r.laps >= 3 {
        call.filters();
        return None;
    }
    let mut again = some(&mut call, &r)?;
    again.laps += 1;
    Some(again)
}

/// What failed.
#[stage]
pub fn dead<E: Send + 'static>(f: Failed<Rec, E>, spot: &Spot) {
    let mut call = spot.takes(f.who());
    told(&f.cause);
    call.risk();
    call.finishes();
}
/// A batch that failed.
#[stage]
pub fn dead_batch(f: Failed<Batch<Rec>, Bad>, spot: &Spot) {
    let mut call = spot.takes(0);
    told(&f.cause);
    f.split().for_each(|f| spot.buries(f.who()));
    call.risk();
    call.finishes();
}
/// What failed anywhere.
#[stage]
pub fn note<In: Send + 'static, E: Send + 'static>(f: Failed<In, E>, spot: &Spot) {
    let mut call = spot.takes(0);
    drop(f);
    call.finishes();
}
/// A retry made of wires.
#[stage]
pub async fn again<E: Send + 'static>(f: Failed<Rec, E>, spot: &Spot) -> Option<Rec> {
    let mut call = spot.takes(f.who());
    told(&f.cause);
    call.waits().await;
    match &f.record {
        Some(r) if f.attempts < 3 => some(&mut call, r),
        _ => {
            call.filters();
            None
        }
    }
}
/// What a ring refused.
#[stage]
pub fn refused(shed: Shed<Rec>, spot: &Spot) {
    let mut call = spot.takes(shed.record.id);
    call.risk();
    call.finishes();
}
/// What a reader has missed.
#[stage]
pub fn lagged(lag: Lagged, spot: &Spot) {
    let mut call = spot.takes(0);
    spot.learns(&call, lag.missed);
    call.risk();
    call.finishes();
}

/// A source: some records, with breaks.
#[stage]
pub fn spring(spot: &Spot) -> impl Stream<Item = Rec> + use<> {
    Spring {
        spot: *spot,
        left: plan().records,
        waited: false,
    }
}
struct Spring {
    spot: Spot,
    left: u64,
    waited: bool,
}
impl Stream for Spring {
    type Item = Rec;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Rec>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.waited = !self.waited && self.left.is_multiple_of(3);
        if self.waited {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.left -= 1;
        let mut call = self.spot.speaks();
        let given = call.gives(&Rec::new(0, self.left % 5, 0));
        call.finishes();
        Poll::Ready(Some(given))
    }
}
/// Behind a clock.
#[stage]
pub fn beat(tick: Tick, spot: &Spot) -> Rec {
    sure(&mut spot.takes(0), &Rec::new(0, tick.count % 5, 0))
}
