//! The rules that a stage function keeps, one function each. Those of an `impl` are in `check_impl`.

use syn::Type;

use super::ast::Args;
use super::form::{Form, generic};
use super::model::{Call, Function, Kind, Shape, names};
use crate::diag::Errors;
use crate::tokens::{lifetimes, mentions, show};

/// Checks a function.
pub(crate) fn function(stage: &Function, args: &Args, errors: &mut Errors) {
    has_no_self(stage, errors);
    takes_a_record(stage, errors);
    takes_its_record_first(stage, errors);
    takes_one_record(stage, errors);
    emits_last(&stage.call, errors);
    emits_in_time(&stage.call, errors);
    returns_nothing_beside_emit(&stage.call, errors);
    answers_a_batch_with_a_vec(&stage.call, errors);
    is_safe(&stage.call, errors);
    takes_an_owned_record(&stage.call, errors);
    gives_an_owned_record(&stage.call, errors);
    fails_outside(&stage.call, errors);
    parameters_are_known(stage, errors);
    runtime_none_matters(args, [&stage.call], errors);
}

fn has_no_self(stage: &Function, errors: &mut Errors) {
    if let Some(receiver) = &stage.call.receiver {
        errors.at(
            receiver,
            "a stage function has no `self`; a stage with state is a `#[stage] impl` with `fn process(&mut self, …)`",
        );
    }
}

fn takes_a_record(stage: &Function, errors: &mut Errors) {
    let call = &stage.call;
    if call.record().is_some() || stage.shape == Shape::Source || call.receiver.is_some() {
        return;
    }
    match call.params.first() {
        None => errors.at(
            &call.name,
            format!(
                "`{}` takes no record: its first parameter takes it by value; a source returns `impl Stream<Item = T>`",
                call.name
            ),
        ),
        Some(param) => match &param.kind {
            Kind::Resource { ty, .. } => {
                let ty = show(ty);
                errors.at(
                    &param.ty,
                    format!("a stage takes its record by value and first: `{ty}`; what it borrows are its resources"),
                );
            }
            _ => errors.at(
                &param.ty,
                "a stage takes its record by value and first; a source returns `impl Stream<Item = T>`",
            ),
        },
    }
}

fn takes_its_record_first(stage: &Function, errors: &mut Errors) {
    let params = &stage.call.params;
    if let Some(param) = params.iter().skip(1).find(|param| is_record(&param.kind))
        && !params.first().is_some_and(|first| is_record(&first.kind))
    {
        errors.at(&param.ty, "the record comes first, then the resources");
    }
}

fn takes_one_record(stage: &Function, errors: &mut Errors) {
    for param in stage.call.params.iter().filter(|param| is_record(&param.kind)).skip(1) {
        let ty = show(&param.ty);
        if generic(&param.ty, "Emit").is_some() {
            errors.at(&param.ty, format!("the way out is borrowed: `&mut {ty}`"));
            continue;
        }
        errors.at(
            &param.ty,
            format!("a stage takes one record; a resource is borrowed: `&{ty}` (shared) or `&mut {ty}` (local)"),
        );
    }
}

pub(super) fn emits_last(call: &Call, errors: &mut Errors) {
    for param in call.params.iter().rev().skip(1) {
        if matches!(param.kind, Kind::Emit(_)) {
            errors.at(&param.ty, "there is one `Emit`, and it comes last");
        }
    }
}

pub(super) fn emits_in_time(call: &Call, errors: &mut Errors) {
    if call.emits().is_some() && !call.gives.later {
        errors.at(
            &call.name,
            format!("`emit` waits until there is room, so write `async fn {}`", call.name),
        );
    }
}

pub(super) fn returns_nothing_beside_emit(call: &Call, errors: &mut Errors) {
    if call.emits().is_some() && call.gives.form != Form::None {
        errors.at(
            call.gives.span,
            "a stage with an `Emit` gives its records there: it returns `()` or `Result<(), E>`",
        );
    }
}

fn answers_a_batch_with_a_vec(call: &Call, errors: &mut Errors) {
    if call.params.iter().any(|param| matches!(param.kind, Kind::Batch(_))) && call.gives.form != Form::Batch {
        errors.at(
            call.gives.span,
            "a stage of `Batch<T>` returns `Vec<U>` or `Result<Vec<U>, E>`, with one record for each that it took, in order",
        );
    }
}

pub(super) fn is_safe(call: &Call, errors: &mut Errors) {
    if let Some(span) = call.unsafety {
        errors.at(span, "a stage is safe to call: put what is unsafe into a block with a reason");
    }
}

pub(super) fn takes_an_owned_record(call: &Call, errors: &mut Errors) {
    if let Some(record) = call.record()
        && borrows(record)
    {
        errors.at(record, "a record owns what it holds, because it travels: this one borrows");
    }
}

pub(super) fn gives_an_owned_record(call: &Call, errors: &mut Errors) {
    match call.out() {
        Some(Type::ImplTrait(opaque)) => errors.at(
            opaque,
            "a record needs a name: `impl Trait` is for `impl Iterator<Item = T>`, `impl Stream<Item = T>` and `impl Future<Output = T>`",
        ),
        Some(Type::Never(never)) => errors.at(never, "a stage that never returns would stop its pipeline: return `()`"),
        Some(out) if borrows(out) => errors.at(out, "a record owns what it holds, because it travels: return an owned value"),
        _ => {}
    }
}

pub(super) fn fails_outside(call: &Call, errors: &mut Errors) {
    let Some(out) = call.gives.out.as_ref().filter(|_| call.gives.form.at_most_one()) else {
        return;
    };
    if generic(out, "Result").is_some() {
        errors.at(
            out,
            "a `Result` goes around all of it, once: `Result<T, E>`, `Result<Option<T>, E>`",
        );
    } else if generic(out, "Option").is_some() {
        errors.at(out, "an `Option` says whether there is a record, once: `Option<T>`");
    }
}

fn parameters_are_known(stage: &Function, errors: &mut Errors) {
    if stage.call.record().is_none() {
        return;
    }
    let resources: Vec<&Type> = stage.call.resources().map(|param| &param.ty).collect();
    let failure = stage.call.gives.fails.as_ref();
    for name in names(&stage.generics).filter(|name| !stage.known.contains(name)) {
        if !resources.iter().any(|ty| mentions(ty, &[name])) {
            errors.at(
                name,
                format!("`{name}` is neither in the record nor in a resource, so a pipeline cannot tell what it is"),
            );
        } else if stage.call.out().is_some_and(|out| mentions(out, &[name])) || mentions(failure, &[name]) {
            errors.at(
                name,
                format!(
                    "`{name}` comes from a resource, so what the stage returns cannot depend on it: the types of a wire follow \
                     from its records alone"
                ),
            );
        }
    }
}

pub(super) fn runtime_none_matters<'c>(args: &Args, calls: impl IntoIterator<Item = &'c Call>, errors: &mut Errors) {
    if let Some(word) = &args.runtime_free
        && !calls.into_iter().any(Call::waits)
    {
        errors.at(word, "a sync stage needs no runtime anyway: remove `runtime = none`");
    }
}

fn is_record(kind: &Kind) -> bool {
    matches!(kind, Kind::Value | Kind::Batch(_))
}

fn borrows(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static"))
        || lifetimes(ty).iter().any(|name| name != "static")
}
