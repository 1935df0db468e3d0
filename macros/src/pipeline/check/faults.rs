//! Options against faults that are refused.

use super::options::{Stand, is_state, stand};
use crate::pipeline::ast::Context;
use crate::pipeline::model::*;

pub(super) fn fault_option_of_a_source(model: &Model, cx: &mut Context) {
    for node in &model.nodes {
        let (Stand::Source, name) = (stand(node), &node.name) else {
            continue;
        };
        for (option, word) in node.options.faults.said() {
            let message = format!("`{name}` is a source: it takes no record, so `{option}` has no effect");
            cx.errors.at(word, message);
        }
    }
}

pub(super) fn fault_time_zero(model: &Model, cx: &mut Context) {
    for faults in model.nodes.iter().map(|node| &node.options.faults) {
        let times = faults.timeout.iter().chain(&faults.deadline).map(|said| said.value);
        let times = times.chain(faults.backoff.iter().map(|said| said.value.0));
        let times = times.chain(faults.breaker.iter().chain(&faults.rate).map(|said| said.value.1));
        let times = times.chain(faults.within);
        for time in times.filter(|time| time.value.is_zero()) {
            cx.errors.at(time.span, "this time has to be longer than zero");
        }
    }
}

pub(super) fn retry_zero(model: &Model, cx: &mut Context) {
    for retry in model.nodes.iter().filter_map(|node| node.options.faults.retry) {
        if retry.value == 0 {
            cx.errors.at(
                retry.word,
                "`retry: 0` has no effect: it says how many more tries there are after the first",
            );
        }
    }
}

pub(super) fn breaker_zero(model: &Model, cx: &mut Context) {
    for breaker in model.nodes.iter().filter_map(|node| node.options.faults.breaker) {
        if breaker.value.0 == 0 {
            cx.errors
                .at(breaker.word, "a breaker opens at one failure at least: `breaker: 5 in 30s`");
        }
    }
}

/// The most calls of a rate: each has a number of its own.
pub(super) const RATE: u32 = 1_000_000;

pub(super) fn rate_out_of_range(model: &Model, cx: &mut Context) {
    for rate in model.nodes.iter().filter_map(|node| node.options.faults.rate) {
        match rate.value.0 {
            0 => cx.errors.at(rate.word, "a rate allows one call at least: `rate: 100 per 1s`"),
            1..=RATE => {}
            _ => cx.errors.at(
                rate.word,
                "a rate counts up to 1000000 calls: say how many there may be in a shorter time",
            ),
        }
    }
}

pub(super) fn rate_by_key_of_a_batch(model: &Model, cx: &mut Context) {
    for node in &model.nodes {
        let faults = &node.options.faults;
        if let (Some(_), Some(rate), Some(_)) = (&node.options.batch, faults.rate, &faults.rate_by) {
            let message =
                "a batch is one call with the records of many keys: let the rate be that of the node, `rate: 100 per 1s`";
            cx.errors.at(rate.word, message);
        }
    }
}

pub(super) fn backoff_without_retry(model: &Model, cx: &mut Context) {
    for node in &model.nodes {
        let faults = &node.options.faults;
        if let (Some(backoff), None) = (faults.backoff, faults.retry) {
            cx.errors.at(
                backoff.word,
                "`backoff` is the wait before another try: say how many there are, `retry: 3`",
            );
        }
    }
}

pub(super) fn backoff_that_shrinks(model: &Model, cx: &mut Context) {
    for backoff in model.nodes.iter().filter_map(|node| node.options.faults.backoff) {
        let (first, most) = backoff.value;
        if most.value < first.value {
            cx.errors.at(
                most.span,
                format!("the longest wait is shorter than the first: `backoff: {most}..{first}`"),
            );
        }
    }
}

/// A record can fail here though its stage returns no error.
pub(super) fn fault_that_goes_nowhere(model: &Model, cx: &mut Context) {
    for node in &model.nodes {
        let Some((option, word)) = node.options.faults.fails() else {
            continue;
        };
        let unwired = node.inlets.iter().any(|inlet| inlet.errors == Outlet::Unwired);
        if matches!(stand(node), Stand::First | Stand::Past) && unwired {
            let name = &node.name;
            let joins = is_state(node) && node.inlets.iter().any(|inlet| inlet.name.is_some());
            let outlet = if joins { ".INLET.errors" } else { ".errors" };
            let message = format!(
                "`{name}` can fail by its `{option}`, and its failures go nowhere: wire `{name}{outlet} -[64]-> …;`, or all of them with \
                 `errors -[64]-> …;`, or say `errors -> drop;`"
            );
            cx.errors.at(word, message);
        }
    }
}
