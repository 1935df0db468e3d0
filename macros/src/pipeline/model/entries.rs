//! Which rings and segments carry the time at which a record came into the pipeline: those that lead to a `deadline`.

use super::*;

pub(super) fn find(model: &mut Model) {
    for node in &model.nodes {
        if let (Some(_), Some(segment)) = (node.options.faults.deadline, model.segments.get_mut(node.segment.0)) {
            segment.entered = true;
        }
    }
    // Against the stream, until nothing is new.
    let mut found = true;
    while core::mem::take(&mut found) {
        for at in 0..model.rings.len() {
            let of = model.rings[at].cursor;
            let reads = model
                .reader(RingId(at))
                .is_some_and(|segment| model.segments[segment.0].entered);
            // The readers of one ring see the same records.
            let shares = of.is_some_and(|of| model.rings[of.0].entered);
            if !(reads || shares) || model.rings[at].entered {
                continue;
            }
            (model.rings[at].entered, found) = (true, true);
            if let Some(of) = of {
                model.rings[of.0].entered = true;
            }
            for producer in model.rings[at].producers.clone() {
                for segment in model.pushers(producer) {
                    model.segments[segment.0].entered = true;
                }
            }
        }
    } // A ring and its cursors hold the same.
    for at in 0..model.rings.len() {
        if let (Some(of), true) = (model.rings[at].cursor, model.rings[at].entered) {
            model.rings[of.0].entered = true;
        }
    }
    for at in 0..model.rings.len() {
        if let Some(of) = model.rings[at].cursor {
            model.rings[at].entered = model.rings[of.0].entered;
        }
    }
}
