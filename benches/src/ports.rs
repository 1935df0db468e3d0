//! This project's ports as ends: what `pipeline!` expands to, fed and read through its handle, with its guards and its ledger.

use std::collections::VecDeque;
use std::ops::Range;

use forebay::prelude::*;
use forebay::record::Entry;

use crate::ends::{BATCH, Drain, Feed, drive_many};
use crate::measure::Outcome;
use crate::peers::{Give, GiveMany, Given, Many, Take, Taken};
use crate::work::{Eye, Seen, Work};

impl<W: Work, M: Entry, const CAP: usize> Give<W> for Input<W, CAP, M> {
    fn give(&mut self, record: W) -> impl Future<Output = impl Given> + Send {
        self.send(record)
    }
}

impl<W: Work, const CAP: usize> Take<W> for AsyncStream<W, CAP> {
    fn take(&mut self) -> impl Future<Output = impl Taken<W>> + Send {
        self.recv()
    }
}

/// An input with the queue that `send_all` takes its records from.
#[derive(Clone)]
pub(crate) struct Queued<W: Work, M: Entry, const CAP: usize>(Input<W, CAP, M>, VecDeque<W>);

/// An input that is written in batches.
pub(crate) fn many_in<W: Work, M: Entry, const CAP: usize>(input: Input<W, CAP, M>) -> Many<Queued<W, M, CAP>> {
    Many(Queued(input, VecDeque::with_capacity(BATCH)))
}

impl<W: Work, M: Entry, const CAP: usize> GiveMany<W> for Queued<W, M, CAP> {
    async fn give_many(&mut self, _: usize, records: impl Iterator<Item = W> + Send) -> bool {
        self.1.extend(records);
        self.0.send_all(&mut self.1).await.is_ok()
    }
}

/// An output that is read where its records lie.
pub(crate) struct Ready<W: Work, const CAP: usize>(pub(crate) AsyncStream<W, CAP>);

impl<W: Work, E: Eye<W>, const CAP: usize> Drain<W, E> for Ready<W, CAP> {
    async fn drain(&mut self, eye: &mut E) -> bool {
        let Some(first) = self.0.recv().await else { return false };
        eye.look(&first);
        self.0.for_each_ready(|record| eye.look(&record));
        true
    }
}

/// Drives a pipeline in batches from its input to its output, and checks its ledger at the end.
pub(crate) async fn through<W: Work, L: Ledger + 'static, const CAP: usize>(
    n: u64,
    (records, done, control): (Input<W, CAP>, AsyncStream<W, CAP>, Control<L>),
) -> Outcome {
    fed(n, many_in(records), done, control).await
}

/// The same, for a way in that goes by itself.
pub(crate) async fn fed<W: Work, L: Ledger + 'static, const CAP: usize>(
    n: u64,
    feed: impl Feed<W>,
    done: AsyncStream<W, CAP>,
    control: Control<L>,
) -> Outcome {
    ends::<W, Seen, L>(vec![(feed, 0..n)], Ready(done), control).await
}

/// Drives a pipeline between the ends that it is given, and checks its ledger.
pub(crate) async fn ends<W: Work, E: Eye<W>, L: Ledger + 'static>(
    feeds: Vec<(impl Feed<W>, Range<u64>)>,
    drain: impl Drain<W, E>,
    control: Control<L>,
) -> Outcome {
    let sent = feeds.iter().map(|(_, numbers)| numbers.end - numbers.start).sum();
    let outcome = drive_many(feeds, drain).await;
    balanced(control, sent).await;
    outcome
}

/// Ends a pipeline whose inputs, which are all called `records…`, were given so many records.
pub(crate) async fn balanced<L: Ledger + 'static>(control: Control<L>, sent: u64) {
    let ledger = control.drain().await;
    ledger.check().expect("the ledger balances");
    let inputs = ledger.snapshot().rings.iter().filter(|ring| ring.name.starts_with("records"));
    let offered: u64 = inputs.map(|ring| ring.counts.offered).sum();
    assert_eq!(offered, sent, "the ledger counts every record");
}
