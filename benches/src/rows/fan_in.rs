//! Four producers into one consumer, in batches where there are any.

use std::ops::Range;

use forebay::prelude::*;

use super::{FOREBAY, On};
use crate::ends::{Drain, drive_many};
use crate::measure::{Group, Outcome, Target};
use crate::peers::{Link, Named, flume, kanal, tokio};
use crate::ports::{ends, many_in};
use crate::sink::{Sink, Sunk};
use crate::work::{Eye, Seen, Work};

/// How many producers.
const PRODUCERS: u64 = 4;

/// The numbers of a producer begin with its own number, in bits that no count reaches.
const SHIFT: u32 = 60;

/// Looks at each producer's records by themselves: between producers there is no order.
#[derive(Default)]
pub(crate) struct EachProducer([Seen; PRODUCERS as usize]);

impl Eye<u64> for EachProducer {
    #[inline(always)]
    fn look(&mut self, record: &u64) {
        self.0[(record >> SHIFT) as usize].add(record);
    }
    fn seen(self) -> Seen {
        let mut all = Seen::default();
        for one in self.0 {
            all.count += one.count;
            all.sum = all.sum.rotate_left(1) ^ one.sum;
        }
        all
    }
}

/// The records of each producer, about `n` together.
fn shares(n: u64) -> impl Iterator<Item = Range<u64>> {
    (0..PRODUCERS).map(move |producer| producer << SHIFT..(producer << SHIFT) + n.div_ceil(PRODUCERS))
}

fn expected(n: u64) -> Seen {
    let mut each = EachProducer::default();
    shares(n).flatten().for_each(|i| each.look(&u64::make(i)));
    each.seen()
}

pipeline! {
    /// A port for each producer.
    Ports<const CAP: usize = 64> {
        input  records_a: u64 [CAP];
        input  records_b: u64 [CAP];
        input  records_c: u64 [CAP];
        input  records_d: u64 [CAP];
        output seen: EachProducer [1];
        node   sink: Sink<u64, EachProducer> = Sink::default();
        errors -> drop;
        records_a -> sink;
        records_b -> sink;
        records_c -> sink;
        records_d -> sink;
        sink -> seen;
    }
}
pipeline! {
    /// One port that the producers share.
    Shared<const CAP: usize = 64> {
        input  records: u64 [CAP];
        output seen: EachProducer [1];
        node   sink: Sink<u64, EachProducer> = Sink::default();
        errors -> drop;
        records -> sink -> seen;
    }
}

const SHARED: &str = "forebay, one shared input";

pub(super) fn groups(on: On<'_>) -> Vec<Group<'_>> {
    vec![group::<8>(on), group::<64>(on), group::<1024>(on)]
}

fn group<const CAP: usize>(on: On<'_>) -> Group<'_> {
    let mut group = Group::throughput(
        format!("fan-in-{}t-{CAP}", on.threads),
        format!("{PRODUCERS} producers into one, u64, {}, capacity {CAP}", on.about()),
        on.clock(),
        expected,
    );
    peer::<tokio::RecvSend>(&mut group, on, CAP);
    peer::<tokio::ReserveMany>(&mut group, on, CAP);
    group.on(on, FOREBAY, async |n| ports::<CAP>(n).await);
    group.on(on, SHARED, async |n| shared::<CAP>(n).await);
    peer::<kanal::RecvSend>(&mut group, on, CAP);
    peer::<kanal::DrainInto>(&mut group, on, CAP);
    peer::<flume::Drain>(&mut group, on, CAP);
    group.goal("tokio", FOREBAY, tokio::RecvSend::NAME, Target::AtLeast(20.0));
    group.goal("kanal", FOREBAY, kanal::RecvSend::NAME, Target::AtLeast(5.0));
    group
}

fn peer<'a, L>(group: &mut Group<'a>, on: On<'a>, capacity: usize)
where
    L: Link<u64, Tx: Clone, Rx: Drain<u64, EachProducer>> + Named,
{
    group.on(on, L::NAME, async move |n| {
        let (feed, drain) = L::open(capacity);
        let feeds = shares(n).map(|numbers| (feed.clone(), numbers)).collect();
        drop(feed);
        drive_many(feeds, drain).await
    });
}

async fn ports<const CAP: usize>(n: u64) -> Outcome {
    let handle = Ports::<CAP>::builder().start().expect("it starts");
    let inputs = [handle.records_a, handle.records_b, handle.records_c, handle.records_d];
    let feeds = inputs.into_iter().map(many_in).zip(shares(n)).collect();
    ends(feeds, Sunk(handle.seen), handle.control).await
}

async fn shared<const CAP: usize>(n: u64) -> Outcome {
    let SharedHandle { records, seen, control } = Shared::<CAP>::builder().start().expect("it starts");
    let feeds = shares(n).map(|numbers| (many_in(records.clone()), numbers)).collect();
    drop(records);
    ends(feeds, Sunk(seen), control).await
}
