//! The control of a running pipeline.

use std::sync::Arc;

use crate::AsyncTask;
use crate::Completion;
use crate::pipeline::join::joined;
use crate::pipeline::ledger::Ledger;
use crate::pipeline::life::{Keeper, Lifeline};
use crate::pipeline::registry::Registry;
use crate::pipeline::topology::Topology;

/// Ends a running pipeline, and tells about it. Clones control the same pipeline.
///
/// When every clone and every port of it is dropped, the pipeline drains in the background.
pub struct Control<L: Ledger + 'static> {
    shared: Arc<Shared<L>>,
    _keeper: Arc<Keeper>,
}

struct Shared<L> {
    lifeline: Arc<Lifeline>,
    registry: Arc<Registry>,
    end: Completion<L>,
    topology: &'static Topology,
}

impl<L: Ledger> Clone for Control<L> {
    fn clone(&self) -> Self {
        Control {
            shared: self.shared.clone(),
            _keeper: self._keeper.clone(),
        }
    }
}

impl<L: Ledger> Control<L> {
    pub(crate) fn new(
        lifeline: Arc<Lifeline>,
        registry: Arc<Registry>,
        end: Completion<L>,
        topology: &'static Topology,
        keeper: Arc<Keeper>,
    ) -> Self {
        Control {
            shared: Arc::new(Shared {
                lifeline,
                registry,
                end,
                topology,
            }),
            _keeper: keeper,
        }
    }

    #[cfg(feature = "testing")]
    pub(crate) fn lifeline(&self) -> &Arc<Lifeline> {
        &self.shared.lifeline
    }

    /// Closes inputs and sources and resolves when everything under way has come to its end, with the final ledger.
    ///
    /// Records that were accepted are worked off; senders get `Closed`. After the deadline that the declaration gives
    /// (`drain 5s;`) it becomes an [`abort`](Self::abort); without one it takes as long as it takes. An output that nobody reads
    /// holds it up. Dropping the task cancels nothing.
    pub fn drain(&self) -> AsyncTask<L> {
        self.shared.lifeline.drain();
        self.shared.end.wait()
    }

    /// Resolves when the pipeline has ended by itself, because all inputs were dropped and all sources ended.
    ///
    /// It ends nothing. Dropping the task cancels nothing.
    pub fn finished(&self) -> AsyncTask<L> {
        self.shared.end.wait()
    }

    /// Ends everything now: what is under way is dropped and counted as `cut`. A sync stage that runs is waited for.
    ///
    /// Dropping the task cancels nothing.
    pub fn abort(&self) -> AsyncTask<L> {
        self.shared.lifeline.abort();
        self.shared.end.wait()
    }

    /// [`drain`](Self::drain), on a thread that may sleep.
    pub fn drain_blocking(&self) -> L {
        self.drain().wait_blocking()
    }

    /// [`finished`](Self::finished), on a thread that may sleep.
    pub fn finished_blocking(&self) -> L {
        self.finished().wait_blocking()
    }

    /// [`abort`](Self::abort), on a thread that may sleep.
    pub fn abort_blocking(&self) -> L {
        self.abort().wait_blocking()
    }

    /// The counts as they stand. In a running pipeline `finished + failed + cut <= taken <= offered` holds in them.
    pub fn ledger(&self) -> L {
        L::from_snapshot(self.shared.registry.snapshot())
    }

    /// What is joined to what: that of the declaration, and the pipelines that this one was joined to.
    pub fn topology(&self) -> Topology {
        joined(self.shared.topology, &self.shared.lifeline)
    }
}

impl<L: Ledger> core::fmt::Debug for Control<L> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Control")
            .field("draining", &self.shared.lifeline.draining())
            .finish_non_exhaustive()
    }
}
