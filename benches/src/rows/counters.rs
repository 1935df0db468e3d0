//! A count on the hot path: what the ledger costs, apart from everything else. A record of a sync stage adds to four cells.

use std::hint::black_box;

use forebay::pipeline::counters::{Counter, SharedCount};
use forebay::pipeline::{CrowdCount, NodeCell};

use crate::measure::{Clock, Group, Outcome, Target, Watch};
use crate::work::Seen;

const OWN: &str = "a worker's own cell";

/// Adds go to these in turn.
const CELLS: u64 = 4;

pub(super) fn group<'a>() -> Group<'a> {
    let counted = |n| Seen {
        count: n / CELLS * CELLS,
        sum: 0,
    };
    let about = "adding to a counter, ns an add".to_owned();
    let mut group = Group::throughput("counters".to_owned(), about, Clock::Cpu, counted);
    group.case(OWN, |n| {
        let cell = NodeCell::new();
        let NodeCell {
            taken,
            attempts,
            emitted,
            finished,
            ..
        } = black_box(&cell);
        count(n, [taken, attempts, emitted, finished])
    });
    group.case("an input's: a line for each thread", |n| {
        let cells: [CrowdCount; CELLS as usize] = Default::default();
        count(n, black_box(&cells).each_ref())
    });
    group.case("a cell that several share", |n| {
        let cells: [SharedCount; CELLS as usize] = Default::default();
        count(n, black_box(&cells).each_ref())
    });
    group.goal("own", OWN, OWN, Target::Bound(0.5));
    group
}

fn count<C: Counter>(n: u64, cells: [&C; CELLS as usize]) -> Outcome {
    let watch = Watch::start();
    for _ in 0..n / CELLS {
        for cell in cells {
            cell.add(1);
        }
    }
    watch.stop(Seen {
        count: cells.iter().map(|cell| cell.get()).sum(),
        sum: 0,
    })
}
