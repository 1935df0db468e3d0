//! The counts of one ring and of one node.

use std::ops::Deref;

use serde::Serialize;

/// A struct of counts: its columns in order, and sums over lanes and workers.
macro_rules! counts {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $field:ident,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
        pub struct $name { $($(#[$doc])* pub $field: u64,)* }

        impl $name {
            /// The names of the counts, in order.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];

            /// The counts, in the order of [`NAMES`](Self::NAMES).
            pub fn values(&self) -> impl ExactSizeIterator<Item = u64> + use<> {
                [$(self.$field),*].into_iter()
            }
        }

        impl std::ops::AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                $(self.$field += other.$field;)*
            }
        }

        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
                counts.fold(Self::default(), |mut sum, one| { sum += one; sum })
            }
        }
    };
}

counts! {
    /// What became of the records that one ring was offered.
    ///
    /// At rest `offered = taken + shed + lost + cut + queued`.
    RingLedger {
        /// Records that the ring was asked to hold. What a caller got back was never offered.
        offered,
        /// Records that a reader took out.
        taken,
        /// Records that the ring refused for good.
        shed,
        /// Records that were overwritten, or replaced by a newer one of their key, before this reader saw them.
        lost,
        /// Records that an abort ended here.
        cut,
        /// Records that wait in the ring.
        queued,
        /// Records that an input did not let in, for the `quota` of their key. What went to its shed wire is in `shed` too; what the
        /// caller had back was never offered.
        quota,
        /// The same, for the `limit` of the input.
        limit,
    }
}

impl RingLedger {
    /// Offered, and without another count so far.
    pub(crate) fn behind(&self) -> u64 {
        self.offered.saturating_sub(self.taken + self.shed + self.lost + self.cut)
    }
}

counts! {
    /// What became of the records that one node took.
    ///
    /// At rest `taken = finished + failed + cut + in_work`. A batch of n counts n; a call of `tick` or `finish` counts as one
    /// record that the node gave itself.
    NodeLedger {
        /// Records that the node began to work on.
        taken,
        /// Records whose last output was accepted, or that were filtered out.
        finished,
        /// Records that ended in a failure: an error, a panic, a timeout.
        failed,
        /// Records that an abort ended here.
        cut,
        /// Records that the node works on.
        in_work,
        /// Records that the node gave.
        emitted,
        /// Records that a filter or a `drop` arm ended, or that a stage with state took in and answered with `None`.
        dropped,
        /// Tries, one for each record (a batch of n counts n), also those that a dead worker fails at once.
        attempts,
        /// How often what the node borrows or holds was built anew.
        rebuilt,
        /// Failures that nothing was wired for, or that `errors -> drop` ended.
        unwired,
    }
}

/// The counts of a node with a ring before it: those of the node, and of the ring as [`input`](Self::input).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
pub struct FedLedger {
    #[serde(flatten)]
    node: NodeLedger,
    /// The ring before the node, its lanes summed.
    pub input: RingLedger,
}

impl FedLedger {
    /// The counts of a node and of the ring before it.
    pub const fn new(node: NodeLedger, input: RingLedger) -> Self {
        FedLedger { node, input }
    }
}

impl Deref for FedLedger {
    type Target = NodeLedger;

    fn deref(&self) -> &NodeLedger {
        &self.node
    }
}
