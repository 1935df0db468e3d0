use super::rings::written;
use crate::pipeline::ast::Context;
use crate::pipeline::model::*;

pub(super) fn priority_that_drops_the_oldest(model: &Model, cx: &mut Context) {
    for ring in written(model).filter(|ring| ring.policy == Policy::DropOldest) {
        if let Some(ranking) = &ring.extras.priority {
            let message = "`drop_oldest` goes by age and not by `priority`: it would drop an urgent record and keep a lesser one. Write `shed`, which drops the least urgent, or leave one of them out";
            cx.errors.at(ranking.span, message);
        }
    }
}

/// What is shed, and news of a lag, never wait.
pub(super) fn offer_to_what_never_waits(model: &Model, cx: &mut Context) {
    for ring in written(model).filter(|ring| !ring.producers.is_empty()) {
        let never = ring
            .producers
            .iter()
            .all(|producer| matches!(producer, Producer::Shed(_) | Producer::Lagged(_)));
        if let (Some(offer), true) = (ring.extras.offer, never) {
            let message = "a wire of what is shed, or of a lag, never waits, so `offer` tries nothing: leave it out";
            cx.errors.at(offer.span, message);
        }
    }
}

/// What an outlet yields has no priority of its own.
pub(super) fn priority_of_an_outlet(model: &Model, cx: &mut Context) {
    for ring in written(model) {
        let (Some(ranking), Some(what)) = (&ring.extras.priority, outlet(ring)) else {
            continue;
        };
        let message = format!("`priority` goes by the `#[priority]` of a record, and this ring holds {what}: leave it out");
        cx.errors.at(ranking.span, message);
    }
}

/// What a ring behind an outlet holds.
fn outlet(ring: &Ring) -> Option<&'static str> {
    match ring.flow {
        Flow::Failed { .. } => Some("failures"),
        Flow::Shed(_) => Some("what was shed"),
        Flow::Lagged => Some("news of a lag"),
        Flow::Port(_) | Flow::Out(_) | Flow::Arm { .. } => None,
    }
}
