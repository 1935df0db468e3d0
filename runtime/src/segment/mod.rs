//! Segments: one task, one loop, over a tree of places.
//!
//! * [`Node`], [`Way`] and [`Here`] are what a node's generated struct holds; [`call`] and [`run`] are the two paths through it.
//! * [`Hands`] are those of a worker with several records in flight.
//! * [`Local`] is a value that one worker borrows to one node, and can build anew.
//! * [`Route`] and the tuples are `match` and `{ }`; [`Joint`] is a node that several of them call.
//! * [`Lane`] and the tuples of lanes are what a segment reads; [`drive`] is its loop.

/// The path through one of these (`And`), or through all of them (`Beside`).
macro_rules! path_of {
    ($how:ident: $last:ty) => { $last };
    ($how:ident: $first:ty, $($rest:ty),+) => { <$first as $crate::edge::Path>::$how<path_of!($how: $($rest),+)> };
}

/// Starts a call: `start!(node, S::start(…))`, or `start!(node, method "tick", S::tick(…))` where that is called for no record. Where the crate
/// is built for tests of programs, after what these do to it.
macro_rules! start {
    ($node:expr, $call:expr) => {
        $crate::segment::start!(@ $node, None, $call)
    };
    ($node:expr, method $method:expr, $call:expr) => {
        $crate::segment::start!(@ $node, Some($method), $call)
    };
    (@ $node:expr, $method:expr, $call:expr) => {{
        #[cfg(not(feature = "testing"))]
        {
            $call
        }
        #[cfg(feature = "testing")]
        {
            crate::testing::Strike::next($node, $method).work(|| $call)
        }
    }};
}
pub(crate) use start;

mod answer;
mod batch;
mod calls;
mod chunk;
mod drive;
mod end;
pub mod fits;
mod group;
mod hands;
mod joint;
mod life;
mod local;
mod newest;
mod node;
mod open;
mod plan;
mod route;
mod run;
mod source;
mod tempo;
mod turn;
mod way;
mod ways;

pub use answer::{Begun, serve, serve_lending};
pub(crate) use batch::{Answered, answered, ask, batch_work, conclude_batch, most_attempts};
pub use batch::{BatchLane, BatchSink, BatchWay, run_batch};
pub use chunk::{Chunk, Served};
pub(crate) use chunk::{all, one_by_one};
pub use drive::drive;
pub use end::End;
pub use hands::{Hand, Handed, Hands, Over};
pub use joint::{Callers, Joint};
pub use life::{closed, finish, pull, tick};
pub use local::{BoxError, Factory, Local, WorkerId};
pub use newest::Newest;
pub use node::{Here, HereOf, Node, Restart, Shell, edge, lend, lend_batch, rebuild};
pub(crate) use open::Open;
pub use plan::Plan;
pub use route::{Arm1, Arm2, Arm3, Arm4, Arm5, Arm6, Arm7, Arm8, Route, Routing};
pub(crate) use run::{End as Ended, conclude, follow};
pub use run::{PathOf, call, run};
pub use source::{Tick, every, source};
#[cfg(feature = "testing")]
pub(crate) use turn::rest;
pub use way::{Keep, KeepNothing, KeepRecord, Way, WayIn};
pub use ways::{Lane, Ways};
