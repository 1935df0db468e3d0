//! What does not compile: one function a rule, named as its UI case.

use super::ast::Context;
use super::model::Model;

/// Runs every rule; what a rule finds is reported at the user's own token.
pub(crate) fn all(model: &Model, cx: &mut Context) {
    let _ = (model, cx);
}
