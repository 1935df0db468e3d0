use std::sync::atomic::{AtomicBool, AtomicU64};
use std::thread;

use super::*;
use crate::pipeline::ledger::{NodeEntry, RingEntry, Snapshot};

#[test]
fn cells_stand_on_lines_of_their_own() {
    assert_eq!(align_of::<NodeCell>(), 128);
    assert_eq!(size_of::<NodeCell>(), 128);
    assert_eq!(size_of::<LaneCell>(), 256);
    assert_eq!((align_of::<CrowdCount>(), size_of::<CrowdCount>()), (128, 17 * 128));
}

#[test]
fn a_node_reads_what_was_added() {
    let cell = NodeCell::new();
    cell.taken.add(8);
    cell.in_work.add(8);
    cell.in_work.sub(5);
    cell.finished.add(3);
    cell.failed.add(1);
    cell.cut.add(1);
    cell.emitted.add(4);
    let expected = NodeLedger {
        taken: 8,
        finished: 3,
        failed: 1,
        cut: 1,
        in_work: 3,
        emitted: 4,
        ..NodeLedger::default()
    };
    assert_eq!(cell.read(), expected);
}

#[test]
fn a_ring_sums_its_lanes() {
    let lanes = [LaneCell::new(), LaneCell::new()];
    lanes[0].offers.offered.add(5);
    lanes[0].offers.shed.add(1);
    lanes[0].takes.taken.add(2);
    lanes[1].offers.offered.add(3);
    lanes[1].offers.quota.add(7);
    lanes[1].offers.limit.add(8);
    lanes[1].offers.lost.add(1);
    lanes[1].takes.lost.add(1);
    lanes[1].takes.cut.add(1);
    let ring = read_ring(lanes.iter().map(|lane| &lane.takes), lanes.iter().map(|lane| &lane.offers), 2);
    assert_eq!(
        ring,
        RingLedger {
            offered: 8,
            taken: 2,
            shed: 1,
            lost: 2,
            cut: 1,
            queued: 2,
            quota: 7,
            limit: 8,
        }
    );
    assert_eq!(ring, [lanes[0].read(2), lanes[1].read(0)].into_iter().sum());
}

#[test]
fn many_producers_share_a_port() {
    let port = PortCell::default();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    port.offers.offered.add(2);
                    port.offers.offered.sub(1);
                }
            });
        }
    });
    assert_eq!(port.read(4000).offered, 4000);
}

/// Two stages in a row behind a port with two producers, a ring between them, and a reader who looks all the time.
/// The rings are bare counts of published records: what orders the reader's view is what orders it in a real ring.
#[test]
fn live_counts_never_run_ahead_of_their_causes() {
    let records: u64 = if cfg!(miri) { 50 } else { 1_000_000 };
    let (port, lane) = (PortCell::default(), LaneCell::new());
    let (first, second) = (NodeCell::new(), NodeCell::new());
    let (in_port, in_lane) = (AtomicU64::new(0), AtomicU64::new(0));
    let ended = AtomicBool::new(false);
    let snapshot = || {
        let nodes = [("first", &first), ("second", &second)].map(|(name, cell)| NodeEntry {
            name,
            counts: cell.read(),
        });
        let rings = vec![
            RingEntry {
                name: "second",
                counts: lane.read(0),
            },
            RingEntry {
                name: "port",
                counts: port.read(0),
            },
        ];
        Snapshot {
            pipeline: "Weave",
            rings,
            nodes: nodes.into(),
            links: Vec::new(),
        }
    };
    thread::scope(|scope| {
        let produce = || {
            for _ in 0..records / 2 {
                port.offers.offered.add(1);
                in_port.fetch_add(1, Release);
            }
        };
        scope.spawn(produce);
        scope.spawn(produce);
        scope.spawn(|| {
            run(records, &in_port, &port.takes, &first, |n| {
                lane.offers.offered.add(n);
                in_lane.fetch_add(n, Release);
            });
        });
        scope.spawn(|| {
            run(records, &in_lane, &lane.takes, &second, |_| ());
            ended.store(true, Release);
        });
        let mut looks = 0u64;
        while !ended.load(Acquire) || looks == 0 {
            let seen = snapshot();
            seen.check_live().unwrap();
            let [first, second] = [seen.nodes[0].counts, seen.nodes[1].counts];
            let [lane, port] = [seen.rings[0].counts, seen.rings[1].counts];
            assert!(second.taken <= lane.taken && lane.offered <= records, "{seen}");
            assert!(first.taken <= port.taken && port.offered <= records, "{seen}");
            looks += 1;
        }
    });
    snapshot().check().unwrap();
}

/// Takes what is published, in chunks; a third of the records fails.
fn run(records: u64, published: &AtomicU64, takes: &TakeCell, node: &NodeCell, emit: impl Fn(u64)) {
    let mut done = 0;
    while done < records {
        let chunk = (published.load(Acquire) - done).min(3);
        takes.taken.add(chunk);
        node.taken.add(chunk);
        for record in done..done + chunk {
            if record % 3 == 0 {
                node.failed.add(1);
                node.unwired.add(1);
            } else {
                node.finished.add(1);
            }
        }
        emit(chunk);
        done += chunk;
        std::hint::spin_loop();
    }
}
