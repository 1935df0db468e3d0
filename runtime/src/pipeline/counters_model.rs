//! Cells that two write and a third reads, under the model checker; see `ring::model`.

use std::sync::Arc;

use loom::thread::spawn;

use super::*;
use crate::ring::model::holds;
use crate::ring::spsc::{Spsc, split};
use crate::ring::sync::planted;

/// In a live reading nothing is seen without what it came of.
#[test]
fn no_count_is_seen_before_its_cause() {
    let twins = [
        "store pipeline/counters.rs",
        "load pipeline/counters.rs",
        "plant offered after it is published",
        "plant read with the stream",
    ];
    holds(3, 50, &twins, || {
        let (lane, node) = (Arc::new(LaneCell::new()), Arc::new(NodeCell::new()));
        let (mut to, mut from) = split(Spsc::<u8, 2>::boxed()).unwrap();
        let offers = lane.clone();
        let producer = spawn(move || {
            let late = planted("offered after it is published");
            for _ in 0..2 {
                if !late {
                    offers.offers.offered.add(1);
                }
                assert_eq!(to.push(0), Ok(()));
                to.publish();
                if late {
                    offers.offers.offered.add(1);
                }
            }
            to
        });
        let (takes, works) = (lane.clone(), node.clone());
        let consumer = spawn(move || {
            while from.pop().is_some() {
                takes.takes.taken.add(1);
                works.taken.add(1);
                works.finished.add(1);
            }
            from
        });
        let observer = spawn(move || {
            let (node, ring) = if planted("read with the stream") {
                let ring = lane.read(0);
                (node.read(), ring)
            } else {
                let node = node.read();
                (node, lane.read(0))
            };
            assert!(node.finished <= node.taken && node.taken <= ring.taken && ring.taken <= ring.offered);
        });
        observer.join().unwrap();
        producer.join().unwrap();
        consumer.join().unwrap();
    });
}
