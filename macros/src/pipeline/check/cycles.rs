//! Cycles on which every edge waits.

use crate::pipeline::ast::Context;
use crate::pipeline::model::Model;

/// A cycle with a state node on it is left to the compiler, which knows whether the stage is pulled.
pub(super) fn cycle_that_waits(model: &Model, cx: &mut Context) {
    for check in model.pull_checks.iter().filter(|check| check.nodes.is_empty()) {
        let message = format!(
            "every edge of the cycle `{}` waits, so it can deadlock: let this ring `shed`, with what it sheds leaving the cycle, or put a pulled stage (`fn next`) on it",
            check.cycle
        );
        cx.errors.at(check.span, message);
    }
}
