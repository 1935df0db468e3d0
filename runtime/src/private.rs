//! What the code that `pipeline!` writes names. Not for people: it may change with any version.

pub use core::future::Future;
pub use core::marker::PhantomData;
pub use std::sync::Arc;
pub use std::time::Duration;

pub use crate::edge::{
    At, Coalescing, Direct, DropOldest, Edge, Failed, Graded, InCycle, Keyed, Keying, Lagged, Lanes, NotKept, Offer, Path, Place,
    Polled, Ranks, Refuse, Shed, ShedInto, Sink, Unwired, Wait, hash_of, key_of, keys, ranks,
};
pub use crate::fault::{BatchTries, Breaker, Fails, Guarded, Guards, Judge, Keys, Lenient, Linger, MayFail, Rate, Tries, key_in};
pub use crate::input::Admission;
pub use crate::pipeline::ledger::{FedLedger, Ledger, NodeLedger, RingLedger, Snapshot};
pub use crate::pipeline::topology;
pub use crate::pipeline::{
    Assembly, Begin, Component, FullInput, Given, InStatic, Inline, Launch, LinkFrom, LinkSpec, LinkTo, Missing, NotGiven, OnEnd,
    Pipeline, Present, admitting_input, budget, coalescing_input, input, link, output, output_coalesced, output_ranked,
    output_shared, ranked_input, shed_wire,
};
pub use crate::record::{Attempts, Entered, Env};
pub use crate::ring::broadcast::{Broadcast, Producer as BroadcastWriter};
pub use crate::ring::latest::{Latest, Sender as LatestWriter};
pub use crate::ring::mpmc::{Mpmc, Receiver, Sender};
pub use crate::ring::spsc::{Consumer, Producer, Spsc};
pub use crate::rt::{Clock, Rt, ThreadRt, TokioRt, pins};
pub use crate::segment::fits::{
    self, Asks, Branched, Fills, Followed, Kept, LocalResource, Meets, Retried, SharedResource, Travels,
};
pub use crate::segment::*;
pub use crate::stage::{
    Answers, Batch, BatchStage, Blocks, Ends, Fed, Fixed, Gives, Inlet, Joins, Life, Never, Nothing, RuntimeFree, Source, Stage,
    Takes, Ticks, Types, Waits,
};
pub use crate::{AsyncStream, Control, Input, StartError, Subscription, Tick, Watch, WorkerId};

/// An inlet is there: its number is known.
pub const fn passed(_: u64) -> bool {
    true
}

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
                self.__snapshot.check()
            }
            /// Checks what holds at any moment.
            pub fn check_live(&self) -> ::core::result::Result<(), $crate::pipeline::ledger::LedgerError> {
                self.__snapshot.check_live()
            }
            /// The counts of a node, by name.
            pub fn node(&self, name: &str) -> ::core::option::Option<$crate::pipeline::ledger::NodeLedger> {
                self.__snapshot.node(name)
            }
            /// The counts of a ring, by name.
            pub fn ring(&self, name: &str) -> ::core::option::Option<$crate::pipeline::ledger::RingLedger> {
                self.__snapshot.ring(name)
            }
        }
        impl ::core::fmt::Display for $ledger {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.__snapshot, f)
            }
        }
        impl ::core::fmt::Debug for $ledger {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.__snapshot, f)
            }
        }
        impl $crate::private::Serialize for $ledger {
            fn serialize<S: $crate::private::Serializer>(&self, to: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::private::Serialize::serialize(&self.__snapshot, to)
            }
        }
    };
}
pub use crate::__ledger_methods as ledger_methods;
pub use serde::{Serialize, Serializer};
