//! Who sends.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Instant;

use forebay::pipeline::ledger::Ledger;
use forebay::prelude::*;
use forebay::record::Entry;
use forebay::rt::Rt;
use forebay::testing::{Dice, SimRt};

use crate::log::Asked;
use crate::plan::Plan;
use crate::rec::Rec;
use crate::spec::NEWEST;
use crate::world::{self, at_port, pausing, turns};

/// Sends to one port, in every way that there is.
pub(super) struct Producer {
    pub(super) port: usize,
    pub(super) sheds: bool,
    pub(super) dice: Dice,
    pub(super) plan: Plan,
    pub(super) rt: SimRt,
    /// When the run began.
    pub(super) start: Instant,
}

/// Records that are sent together: those that are gone were accepted, however that ends.
struct Together {
    port: usize,
    ids: Vec<u64>,
    queue: VecDeque<Rec>,
}

impl Drop for Together {
    fn drop(&mut self) {
        let left: Vec<u64> = self.queue.iter().map(|r| r.id).collect();
        let gone = self.ids.iter().copied().filter(|id| !left.contains(id));
        at_port(self.port, |log| log.accepted.extend(gone));
    }
}

impl Producer {
    fn record(&mut self) -> Rec {
        let id = world::new_id();
        Rec::new(id, self.dice.below(5), 0)
    }

    /// Writes down what became of a try.
    fn asked(&self, key: u64, verdict: Option<Reason>, result: &Result<(), SendError<Rec>>) {
        let reason = match result {
            Ok(()) | Err(SendError::Shed) => None,
            Err(SendError::Full(_)) => Some(Reason::Full),
            Err(SendError::Refused(_, reason)) => Some(*reason),
            Err(SendError::Closed(_)) => return,
        };
        let (at, entered) = (self.rt.now() - self.start, result.is_ok());
        let asked = Asked {
            at,
            key,
            verdict,
            entered,
            reason,
        };
        world::asked(self.port, asked);
    }

    pub(super) async fn run<const N: usize, M: Entry>(mut self, input: Input<Rec, N, M>) {
        let mut sent = 0;
        while sent < self.plan.records {
            sent += 1;
            if !self.plan.eager {
                pausing(&self.rt, &mut self.dice, self.plan.pause).await;
            }
            let record = self.record();
            let (id, key) = (record.id, record.key);
            let mut verdict = input.admits(&record).err();
            let result = match self.dice.below(7) {
                0 => input.try_send(record),
                1 => match input.reserve().await {
                    None => return,
                    Some(slot) => {
                        // It is kept for a while, and now and then given up.
                        pausing(&self.rt, &mut self.dice, self.plan.pause).await;
                        if self.dice.one_in(4) {
                            continue;
                        }
                        verdict = input.admits(&record).err();
                        slot.send(record)
                    }
                },
                2 => {
                    // Given up at the first wait.
                    let mut send = pin!(input.send(record));
                    let polled = std::future::poll_fn(|cx| Poll::Ready(send.as_mut().poll(cx))).await;
                    match polled {
                        Poll::Ready(sent) => sent,
                        Poll::Pending => continue,
                    }
                }
                3 if !self.sheds => {
                    let queue: VecDeque<Rec> = (0..1 + self.dice.below(5)).map(|_| self.record()).collect();
                    sent += queue.len() as u64;
                    let ids = queue.iter().map(|r| r.id).collect();
                    let port = self.port;
                    let mut together = Together { port, ids, queue };
                    let result = match self.dice.below(2) {
                        0 => input.send_all(&mut together.queue).await,
                        _ => input.try_send_all(&mut together.queue),
                    };
                    match result {
                        Err(SendError::Closed(())) => return,
                        _ => continue,
                    }
                }
                _ => input.send(record).await,
            };
            self.asked(key, verdict, &result);
            match result {
                Ok(()) => at_port(self.port, |log| log.accepted.push(id)),
                Err(SendError::Shed) => at_port(self.port, |log| {
                    log.accepted.push(id);
                    log.shed.push(id);
                }),
                Err(SendError::Full(_) | SendError::Refused(..)) => pausing(&self.rt, &mut self.dice, self.plan.pause).await,
                Err(SendError::Closed(_)) => return,
            }
        }
    }
}

/// Sets the newest value of a topic, over an input of its own: each is greater than the one before.
pub(super) async fn set<const N: usize, M: Entry, L: Ledger>(
    (port, plan, rt, mut dice): (usize, Plan, SimRt, Dice),
    input: Input<Rec, N, M>,
    control: Control<L>,
) {
    for sent in 1..=plan.records {
        pausing(&rt, &mut dice, plan.pause).await;
        let id = world::new_id();
        if input.send(Rec::new(id, 0, 0)).await.is_err() {
            return;
        }
        at_port(port, |log| log.accepted.push(id));
        // The first value counts as one. What an abort has cut is never there.
        for _ in 0..40 {
            let topic = control.ledger().snapshot().ring(NEWEST);
            if topic.is_some_and(|topic| topic.offered > sent) {
                world::set(id);
                break;
            }
            turns(1).await;
        }
    }
}
