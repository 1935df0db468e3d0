//! The ring options that few have, where they would have no effect or contradict one another.

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

/// News of a lag is kept until there is room.
pub(super) fn shed_of_a_lag(model: &Model, cx: &mut Context) {
    for ring in written(model).filter(|ring| !ring.producers.is_empty()) {
        let told = ring.producers.iter().all(|producer| matches!(producer, Producer::Lagged(_)));
        if let (Some(span), true) = (ring.extras.shed, told) {
            let message = "a wire of a lag sheds nothing: while it is full the count is kept, and told with the next; leave `shed` out, or write `drop_oldest`";
            cx.errors.at(span, message);
        }
    }
}

/// What finds the shed wire of an input full goes back to the caller: that ring itself sheds nothing.
pub(super) fn shed_of_what_goes_back(model: &Model, cx: &mut Context) {
    let input = |ring: &Ring| ring.port.is_some_and(|port| model.ports[port.0].side == Side::Input);
    for ring in written(model).filter(|ring| !ring.producers.is_empty()) {
        let back = |producer: &Producer| matches!(producer, Producer::Shed(of) if model.rings.get(of.0).is_some_and(input));
        if let (Some((wire, _)), true) = (ring.shed, ring.producers.iter().all(back)) {
            let message = "what finds the shed wire of an `input` full goes back to the caller, as `Full`, so nothing comes here: leave this wire out";
            cx.errors.at(model.rings[wire.0].span, message);
        }
    }
}

/// What an outlet yields has no priority and no key of its own.
pub(super) fn priority_or_key_of_an_outlet(model: &Model, cx: &mut Context) {
    for ring in written(model) {
        let Some(what) = outlet(ring) else { continue };
        if let Some(ranking) = &ring.extras.priority {
            let message = format!("`priority` goes by the `#[priority]` of a record, and this ring holds {what}: leave it out");
            cx.errors.at(ranking.span, message);
        }
        if let Some(span) = ring.extras.coalesce {
            let message = format!("`coalesce by key` goes by the `#[key]` of a record, and this ring holds {what}: leave it out");
            cx.errors.at(span, message);
        }
    }
}

pub(super) fn coalesce_that_drops_the_oldest(model: &Model, cx: &mut Context) {
    for ring in written(model).filter(|ring| ring.policy == Policy::DropOldest) {
        if let Some(span) = ring.extras.coalesce {
            let message = "a ring with `coalesce` drops what is older of the same key, and `drop_oldest` would drop the only record of another: write `shed`, or leave one of them out";
            cx.errors.at(span, message);
        }
    }
}

pub(super) fn coalesce_with_a_priority(model: &Model, cx: &mut Context) {
    for ring in written(model) {
        if let (Some(span), Some(_)) = (ring.extras.coalesce, &ring.extras.priority) {
            let message = "`coalesce` gives the newer record the place of the queued one, and `priority` may give it another: leave one of them out";
            cx.errors.at(span, message);
        }
    }
}

/// A record and the queued one with its key have the same worker.
pub(super) fn coalesce_by_another_field(model: &Model, cx: &mut Context) {
    for ring in written(model) {
        if let (Some(_), Affinity::Field(field)) = (ring.extras.coalesce, &ring.affinity) {
            let message = format!(
                "records of one key may differ in `{field}`, and so would their workers, but with `coalesce by key` they have one place: write `by key`"
            );
            cx.errors.at(field, message);
        }
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
