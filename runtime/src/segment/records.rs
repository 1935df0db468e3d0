//! Records on their way into a place that waits: one, or a chunk of them.

use crate::edge::{Failures, Sink};
use crate::record::{Env, Meta};
use crate::segment::node::Node;
use crate::segment::run::run;
use crate::segment::way::{Keep, Way};
use crate::stage::Stage;

/// Records that a place takes one after the other, and how a node calls its stage with them.
pub trait Records<T, M>: Send {
    /// The next one, if there is one now and enough have not been taken.
    fn next(&mut self) -> Option<Env<T, M>>;

    /// A node calls its stage with one of them. True when the stage panicked and its locals are to be built anew.
    fn call<S, F, R, MN, K, E, N, const AT: u64>(
        &mut self,
        node: &mut Node,
        way: &mut Way<S, F, MN, K, E, AT>,
        x: Env<S::In, MN>,
        resources: R,
        next: &mut N,
    ) -> impl Future<Output = bool> + Send
    where
        S: Stage<F, R, AT>,
        F: Send,
        R: Send,
        MN: Meta,
        K: Keep<S::In>,
        E: Failures<S::In, S::Err, MN>,
        N: Sink<S::Out, MN>;
}

/// One record: its call is guarded and counted by itself.
pub(crate) struct One<T, M>(Option<Env<T, M>>);

impl<T, M> One<T, M> {
    pub(crate) fn new(x: Env<T, M>) -> Self {
        One(Some(x))
    }
}

impl<T: Send, M: Send> Records<T, M> for One<T, M> {
    #[inline]
    fn next(&mut self) -> Option<Env<T, M>> {
        self.0.take()
    }

    fn call<S, F, R, MN, K, E, N, const AT: u64>(
        &mut self,
        node: &mut Node,
        way: &mut Way<S, F, MN, K, E, AT>,
        x: Env<S::In, MN>,
        resources: R,
        next: &mut N,
    ) -> impl Future<Output = bool> + Send
    where
        S: Stage<F, R, AT>,
        F: Send,
        R: Send,
        MN: Meta,
        K: Keep<S::In>,
        E: Failures<S::In, S::Err, MN>,
        N: Sink<S::Out, MN>,
    {
        run(node, way, x, resources, next)
    }
}
