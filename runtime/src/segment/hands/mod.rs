//! `concurrency: 16`: a worker with several hands, each with one record in work.
//!
//! The macro writes one function, which makes the call of one record a future. [`Hands`] keep a place for each of these futures, made
//! when the pipeline starts, so that a record costs no allocation; `Bell` knows which of them woke, so that only
//! those are polled. [`Handed`] is what the segment reads instead of its rings: those rings, and one lane more, on which come
//! the calls that have ended. `Lands` hands on what they gave, one at a time.
//!
//! A hand takes its next record when what it gave for the last one has been accepted downstream: no more than `concurrency`
//! records are between the ring and what follows, and none is taken while that is full. What is in work goes on meanwhile.

mod bell;
mod given;
mod handed;
mod land;
mod seats;

use given::Given;
pub use handed::Handed;
pub use seats::Hands;

use crate::edge::Unwired;
use crate::fault::{Guarded, Tries};
use crate::record::{Env, Meta};
use crate::segment::way::{Keep, Way};
use crate::segment::{Node, Shell};
use crate::stage::Types;

/// The way of a hand: with guards around it always, since a hand may wait for much.
type HandWay<S, F, M, K, A> = Guarded<Way<S, F, M, K, Unwired>, A, <S as Types<F>>::Err>;

/// What one call needs for itself: a hand is at one record at a time, and keeps this from one to the next.
pub struct Hand<S: Types<F>, F, M, K, A, L> {
    /// The node, with the counters of its worker.
    pub node: Node,
    /// What the options keep for a call.
    pub way: HandWay<S, F, M, K, A>,
    /// What the call gives, until that is handed on.
    pub given: Given<S::Out, M>,
    /// What the stage borrows.
    pub lent: L,
}

impl<S: Types<F>, F, M: Meta, K: Keep<S::In>, A, L> Hand<S, F, M, K, A, L> {
    /// One more hand of the worker whose place is `place`.
    pub fn new(place: &impl Shell, way: HandWay<S, F, M, K, A>, lent: L) -> Self {
        let node = place.here().node.another();
        let given = Given::nothing();
        Hand { node, way, given, lent }
    }

    /// A record has come.
    pub fn begin(&mut self, x: Env<S::In, M>) -> Tries<S::In, S::Err> {
        Tries::begin(&self.node, &mut self.way, x)
    }

    /// See [`Tries::ready`].
    pub fn ready(&mut self, tries: &mut Tries<S::In, S::Err>) -> impl Future<Output = bool> + Send
    where
        F: Send,
        K: Send,
        A: Send,
        S: Send,
    {
        tries.ready(&self.node, &mut self.way, &mut self.given)
    }
}

/// A call that has ended, and is to be handed on.
pub struct Over<S: Types<F>, F, M, K, A, L> {
    /// Whose it was.
    pub hand: Hand<S, F, M, K, A, L>,
    /// How it went.
    pub tries: Tries<S::In, S::Err>,
}
