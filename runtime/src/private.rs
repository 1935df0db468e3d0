//! What the code that `pipeline!` writes names. Not for people: it may change with any version.

pub use core::future::Future;
pub use core::marker::PhantomData;
pub use std::sync::Arc;
pub use std::time::Duration;

pub use crate::edge::{
    At, Direct, DropOldest, Edge, Failed, Keyed, Lanes, NotKept, Path, Place, Polled, Refuse, Shed, ShedInto, Sink, Unwired,
    Wait, hash_of, key_of,
};
pub use crate::pipeline::ledger::{FedLedger, Ledger, NodeLedger, RingLedger, Snapshot};
pub use crate::pipeline::topology;
pub use crate::pipeline::{
    Assembly, Begin, Component, FullInput, Given, InStatic, Inline, Launch, LinkFrom, LinkSpec, LinkTo, Missing, OnEnd, Pipeline,
    Present, budget, input, link, output, output_shared, shed_wire,
};
use crate::pipeline::{LocalResource, SharedResource};
pub use crate::record::{Attempts, Env};
pub use crate::ring::mpmc::{Mpmc, Receiver, Sender};
pub use crate::ring::spsc::{Consumer, Producer, Spsc};
pub use crate::rt::{Rt, ThreadRt, TokioRt};
use crate::segment::fits::{Branched, Fills, Kept, Meets};
pub use crate::segment::*;
pub use crate::stage::{
    Batch, BatchStage, Blocks, Ends, Fed, Gives, Inlet, Joins, Life, Never, Nothing, RuntimeFree, Source, Stage, Takes, Types,
};
use crate::text::Text;
pub use crate::{AsyncStream, Control, Input, StartError, Tick, WorkerId};

/// A stage is fed a record at a time.
#[track_caller]
pub const fn takes_one<S: Types<F, AT>, F, const AT: u64>(name: &str) -> bool {
    if !S::ONE {
        panic!(
            "{}",
            Text::new()
                .str("stage `")
                .str(name)
                .str("` takes its records in batches: say how many, `")
                .str(name)
                .str(" { batch: 32 }`")
                .as_str()
        );
    }
    true
}

/// A stage is fed batches.
#[track_caller]
pub const fn takes_batches<S: Types<F>, F>(name: &str) -> bool {
    if !S::BATCHES {
        panic!(
            "{}",
            Text::new()
                .str("stage `")
                .str(name)
                .str("` takes one record at a time: leave `batch` out, or let it take a `Batch<T>`")
                .as_str()
        );
    }
    true
}

/// A node is made of a stage.
pub const fn is_stage<S: Life>() -> bool {
    true
}

/// A wire begins with a source.
pub const fn is_source<S: Source<R>, R>() -> bool {
    true
}

/// A wire ends in an inlet. The number is one of those that the stage lists.
pub const fn is_inlet(_: u64) -> bool {
    true
}

/// Several tasks see one value.
pub const fn is_shared<T: SharedResource>() -> bool {
    true
}

/// A task has a value of its own.
pub const fn is_local<T: LocalResource>() -> bool {
    true
}

/// What is left over at the end of a wire is nothing.
pub const fn ends<T: Ends>() {}

/// What is not wired cannot fail.
pub const fn never<E: Never>() {}

/// A stage that may hold its thread.
pub const fn blocks<S: Blocks>() {}

/// What is cloned to the branches of a group.
pub const fn branches<T: Branched>() -> bool {
    true
}

/// What a node keeps a clone of.
pub const fn keeps<T: Kept>() -> bool {
    true
}

/// What comes to a port is what it holds.
pub const fn fills<T: Fills<P>, P>() -> bool {
    true
}

/// What comes to a node over one edge is what comes over the others.
pub const fn meets<T: Meets<P>, P>() -> bool {
    true
}

/// Somewhere a record goes.
pub const fn takes<F, S: Takes<F, AT>, const AT: u64>() {}

/// `S`, as a bound that is asked only where it is used.
pub struct Free<'a, S>(PhantomData<&'a S>);

impl<S: RuntimeFree> RuntimeFree for Free<'_, S> {}

/// `T`, where a check has passed. Where it has not, the compiler has said so and says nothing more of the type.
pub type When<T, const PASSED: bool> = <Gate<T, PASSED> as Open>::Is;

/// See [`When`].
pub struct Gate<T: ?Sized, const PASSED: bool>(PhantomData<T>);

/// See [`When`].
pub trait Open {
    /// The type.
    type Is: ?Sized;
}

impl<T: ?Sized> Open for Gate<T, true> {
    type Is = T;
}

/// `Display`, `Debug`, `Serialize`, and the methods of [`Ledger`] without a trait in scope.
#[doc(hidden)]
#[macro_export]
macro_rules! __ledger_methods {
    ($ledger:ident) => {
        impl $ledger {
            /// Checks every equation. They hold at rest: before the start, and at the end.
            pub fn check(&self) -> ::core::result::Result<(), $crate::pipeline::ledger::LedgerError> {
                self.snapshot.check()
            }
            /// Checks what holds at any moment.
            pub fn check_live(&self) -> ::core::result::Result<(), $crate::pipeline::ledger::LedgerError> {
                self.snapshot.check_live()
            }
            /// The counts of a node, by name.
            pub fn node(&self, name: &str) -> ::core::option::Option<$crate::pipeline::ledger::NodeLedger> {
                self.snapshot.node(name)
            }
            /// The counts of a ring, by name.
            pub fn ring(&self, name: &str) -> ::core::option::Option<$crate::pipeline::ledger::RingLedger> {
                self.snapshot.ring(name)
            }
        }
        impl ::core::fmt::Display for $ledger {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.snapshot, f)
            }
        }
        impl ::core::fmt::Debug for $ledger {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.snapshot, f)
            }
        }
        impl $crate::private::Serialize for $ledger {
            fn serialize<S: $crate::private::Serializer>(&self, to: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::private::Serialize::serialize(&self.snapshot, to)
            }
        }
    };
}
pub use crate::__ledger_methods as ledger_methods;
pub use serde::{Serialize, Serializer};
