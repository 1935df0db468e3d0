//! `batch: 32 within 5ms`.

use core::future::poll_fn;
use core::task::Poll;
use std::sync::Arc;
use std::time::Duration;

use crate::edge::{Place, discard};
use crate::fault::Alarm;
use crate::pipeline::Lifeline;
use crate::record::{Env, Meta};
use crate::ring::Reader;
use crate::rt::Rt;
use crate::segment::Lane;

/// How long a batch waits for more records once it has one.
pub struct Linger {
    alarm: Alarm,
    within: Duration,
    lifeline: Arc<Lifeline>,
}

impl Linger {
    /// So long.
    pub fn new<R: Rt>(rt: &R, within: Duration, lifeline: &Arc<Lifeline>) -> Self {
        Linger {
            alarm: Alarm::new(rt),
            within,
            lifeline: lifeline.clone(),
        }
    }

    /// Fills a batch from `lane` until it has `most`, the time is over, or nothing more comes. What was written before is seen
    /// meanwhile, and the slots of what was taken are free.
    pub(crate) async fn fill<R, T, M, MN, P>(
        &mut self,
        lane: &mut Lane<R, T, M, MN>,
        batch: &mut Gathered<'_, T, MN, P>,
        most: usize,
    ) where
        T: Send,
        M: Meta,
        MN: Meta,
        R: Reader<Env<T, M>>,
        P: Place,
    {
        let mut set = false;
        poll_fn(|cx| {
            loop {
                lane.more(&mut batch.records, most);
                if batch.records.len() == most || self.lifeline.aborted() {
                    return Poll::Ready(());
                }
                if !set {
                    self.alarm.set(self.alarm.now() + self.within);
                    set = true;
                }
                match lane.poll_records(cx) {
                    // The ring has ended.
                    Poll::Ready(0) => return Poll::Ready(()),
                    Poll::Ready(_) => {}
                    Poll::Pending => {
                        lane.give_back(true);
                        batch.place.flush();
                        return self.alarm.poll(cx);
                    }
                }
            }
        })
        .await;
        if set {
            self.alarm.clear();
            lane.stop_waiting();
        }
    }
}

/// Records that were taken for a batch. When nobody sees to them any more, they are counted as cut where they were meant to go.
pub(crate) struct Gathered<'a, T, M, P: Place> {
    pub(crate) place: &'a mut P,
    pub(crate) records: Vec<Env<T, M>>,
}

impl<T, M, P: Place> Drop for Gathered<'_, T, M, P> {
    fn drop(&mut self) {
        for x in self.records.drain(..) {
            discard(x);
            self.place.missed();
        }
    }
}
