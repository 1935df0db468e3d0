//! Pipelines that feed one another.

use core::fmt;
use std::error::Error as StdError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::input::Input;
use crate::pipeline::life::Lifeline;
use crate::pipeline::topology::{Edge, Kind, Node, Topology};
use crate::record::Entry;
use crate::stream::AsyncStream;

/// What a pipeline is joined to.
#[derive(Default)]
pub(crate) struct Joins {
    ends: Mutex<Ends>,
}

#[derive(Default)]
struct Ends {
    /// The pipelines that feed it.
    before: Vec<Arc<Lifeline>>,
    /// It was asked to drain, and waits for those before it.
    waits: bool,
    shown: Vec<Shown>,
}

/// A join, as the topology of one of its two pipelines shows it.
#[derive(Clone, Copy)]
struct Shown {
    own_port: &'static str,
    other: &'static str,
    other_port: &'static str,
    /// The other one feeds us.
    before: bool,
}

impl Joins {
    fn show(&self, own_port: &'static str, other: &'static str, other_port: &'static str, before: bool) {
        self.lock().shown.push(Shown {
            own_port,
            other,
            other_port,
            before,
        });
    }

    fn lock(&self) -> MutexGuard<'_, Ends> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drains the pipelines that feed this one; false when there is none left to wait for.
    pub(crate) fn drain_before(&self) -> bool {
        let before = {
            let mut ends = self.lock();
            ends.waits = !ends.before.is_empty();
            ends.before.clone()
        };
        before.iter().for_each(|pipeline| pipeline.drain());
        !before.is_empty()
    }
}

/// A join, for as long as records flow over it.
struct Join {
    from: Arc<Lifeline>,
    to: Arc<Lifeline>,
}

impl Drop for Join {
    /// All has flowed over. A drain of the second pipeline that waited for it goes on.
    fn drop(&mut self) {
        let goes_on = {
            let mut ends = self.to.joins.lock();
            if let Some(at) = ends.before.iter().position(|pipeline| Arc::ptr_eq(pipeline, &self.from)) {
                ends.before.swap_remove(at);
            }
            ends.waits
        };
        if goes_on {
            self.to.drain();
        }
    }
}

/// Joining is rare, and looks at many pipelines: one at a time.
static JOINING: Mutex<()> = Mutex::new(());

/// Whether `from` is fed by `by`, over any number of pipelines.
fn is_fed(from: &Arc<Lifeline>, by: &Arc<Lifeline>) -> bool {
    let before = from.joins.lock().before.clone();
    Arc::ptr_eq(from, by) || before.iter().any(|pipeline| is_fed(pipeline, by))
}

/// Two pipelines could not be joined. The stream comes back.
pub struct JoinError<S> {
    /// The output that was to be joined.
    pub stream: S,
    /// Why.
    pub reason: JoinReason,
}

/// Why two pipelines could not be joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JoinReason {
    /// They would feed one another in a circle, and never end.
    Loop,
    /// The system gave no thread for it.
    NoThread,
}

impl fmt::Display for JoinReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            JoinReason::Loop => "these pipelines would feed one another in a circle: let one edge of it be part of a pipeline",
            JoinReason::NoThread => "there is no thread to join the pipelines on",
        })
    }
}

impl<S> fmt::Debug for JoinError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JoinError").field(&self.reason).finish()
    }
}

impl<S> fmt::Display for JoinError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl<S> StdError for JoinError<S> {}

impl<T: Send + 'static, const CAP: usize> AsyncStream<T, CAP> {
    /// Joins this output to an input of another pipeline: its records flow on in the background.
    ///
    /// A full input holds the stream up, unless the port says what else to do (what it refuses counts as its `shed`). When this
    /// pipeline ends, the input loses a sender, so that the other one ends after it. When the other one is asked to drain, this one
    /// drains first. Joined pipelines hold each other: when all their handles are gone they end as their inputs do, and one with
    /// sources of its own goes on. Both topologies ([`Control::topology`](crate::Control::topology)) show the join.
    ///
    /// # Errors
    /// Pipelines that would feed one another in a circle are refused; the stream comes back.
    pub fn pipe_into<const INTO: usize, M: Entry>(self, input: &Input<T, INTO, M>) -> Result<(), JoinError<Self>> {
        let (from, to) = (self.keeper().lifeline.clone(), input.keeper().lifeline.clone());
        {
            let _one = JOINING.lock().unwrap_or_else(PoisonError::into_inner);
            if is_fed(&from, &to) {
                return Err(JoinError {
                    stream: self,
                    reason: JoinReason::Loop,
                });
            }
            to.joins.lock().before.push(from.clone());
        }
        let (own, other) = (self.name(), input.name());
        let (keeper, input) = (self.keeper().clone(), input.clone());
        let join = Join {
            from: from.clone(),
            to: to.clone(),
        };
        // The stream is put where it can be had back from, should there be no thread.
        let stream = Arc::new(Mutex::new(Some(self)));
        let moved = stream.clone();
        let task = async move {
            let taken = moved.lock().unwrap_or_else(PoisonError::into_inner).take();
            drop(moved);
            if let Some(stream) = taken {
                forward(stream, input).await;
            }
            drop(join);
        };
        match (keeper.spawn)(Box::pin(task)) {
            Ok(()) => {
                from.joins.show(own, to.name, other, false);
                to.joins.show(other, from.name, own, true);
                Ok(())
            }
            Err(_) => match stream.lock().unwrap_or_else(PoisonError::into_inner).take() {
                Some(stream) => Err(JoinError {
                    stream,
                    reason: JoinReason::NoThread,
                }),
                None => Ok(()),
            },
        }
    }
}

/// Moves records over until the stream ends or the input closes; then what is left sheds at the stream.
async fn forward<T: Send + 'static, const FROM: usize, const INTO: usize, M: Entry>(
    mut stream: AsyncStream<T, FROM>,
    input: Input<T, INTO, M>,
) {
    while let Some(record) = stream.recv().await {
        if input.forward(record).await.is_err() {
            break;
        }
    }
}

/// The topology of a running pipeline, with the pipelines that it is joined to.
pub(crate) fn joined(topology: &Topology, lifeline: &Lifeline) -> Topology {
    let mut topology = topology.clone();
    for join in lifeline.joins.lock().shown.iter() {
        let Some(port) = topology.nodes.iter().position(|node| node.name == join.own_port) else {
            continue;
        };
        let other = topology.nodes.len();
        let record = topology.nodes[port].gives;
        topology.nodes.to_mut().push(Node {
            name: join.other,
            kind: Kind::Pipeline,
            segment: None,
            workers: 0,
            options: "",
            takes: None,
            gives: None,
            ring: None,
        });
        let (from, to) = if join.before { (other, port) } else { (port, other) };
        topology.edges.to_mut().push(Edge {
            from,
            to,
            label: join.other_port,
            outlet: false,
            ring: None,
            record,
        });
    }
    topology
}
