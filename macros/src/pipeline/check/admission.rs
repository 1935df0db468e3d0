//! What an input cannot let in.

use super::faults::RATE;
use super::rings::written;
use crate::pipeline::ast::Context;
use crate::pipeline::model::*;

pub(super) fn admission_past_an_input(model: &Model, cx: &mut Context) {
    for ring in written(model) {
        let input = ring.producers.iter().any(|producer| matches!(producer, Producer::Outside(_)));
        for (option, said) in ring.admission.said().filter(|_| !input) {
            let message = format!(
                "`{option}` says what comes into a pipeline, so it stands at an `input`; how often a stage is called is said by the node, \
                 `{{ rate: 100 per 1s by key }}`"
            );
            cx.errors.at(said.word, message);
        }
    }
}

pub(super) fn admission_without_shed(model: &Model, cx: &mut Context) {
    for ring in written(model).filter(|ring| ring.policy != Policy::Shed) {
        let input = ring.producers.iter().any(|producer| matches!(producer, Producer::Outside(_)));
        if let Some((option, said)) = ring.admission.said().next().filter(|_| input) {
            let message = format!("`{option}` refuses records, and a port that refuses says so: `[512, shed, {option} …]`");
            cx.errors.at(said.word, message);
        }
    }
}

pub(super) fn admission_out_of_range(model: &Model, cx: &mut Context) {
    for ring in written(model) {
        for (option, said) in ring.admission.said() {
            let (most, time) = &said.value;
            match most {
                0 => cx.errors.at(
                    said.word,
                    format!("`{option}` lets one record in at least: `{option} 1 per 1s`"),
                ),
                1..=RATE => {}
                _ => cx.errors.at(
                    said.word,
                    format!("`{option}` counts up to 1000000 records: say how many there may be in a shorter time"),
                ),
            }
            if time.value.is_zero() {
                cx.errors.at(time.span, "this time has to be longer than zero");
            }
        }
    }
}
