//! The rules that a stage `impl` keeps, one function each.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{GenericParam, ReceiverKind};

use super::ast::Args;
use super::check::{
    emits_in_time, emits_last, fails_outside, gives_an_owned_record, is_safe, returns_nothing_beside_emit, runtime_none_matters,
    takes_an_owned_record,
};
use super::model::{Call, Impl, Kind, LIFE, Way};
use crate::diag::Errors;
use crate::tokens::show;

/// Checks an `impl`.
pub(crate) fn implementation(stage: &Impl, args: &Args, errors: &mut Errors) {
    if !is_no_impl_of_a_trait(stage, errors) {
        return;
    }
    has_a_way_in(stage, errors);
    has_process_or_inlets(stage, errors);
    owns_what_it_holds(stage, errors);
    says_how_many_it_holds(stage, errors);
    closes_inlets_only(stage, errors);
    for Way { call, inlet } in &stage.ways {
        takes_one_record(call, errors);
        takes_an_owned_record(call, errors);
        emits_last(call, errors);
        emits_in_time(call, errors);
        returns_nothing_beside_emit(call, errors);
        if inlet.is_some() {
            inlet_has_a_name_of_its_own(call, errors);
        }
    }
    for call in &stage.life {
        takes_nothing_more(call, errors);
    }
    for call in stage.calls() {
        takes_self_by_reference(call, errors);
        has_no_parameters_of_its_own(call, errors);
        is_safe(call, errors);
        gives_an_owned_record(call, errors);
        fails_outside(call, errors);
    }
    gives_one_record(stage, errors);
    fails_in_one_way(stage, errors);
    runtime_none_matters(args, stage.calls(), errors);
}

fn is_no_impl_of_a_trait(stage: &Impl, errors: &mut Errors) -> bool {
    if let Some(of) = &stage.of {
        errors.at(
            of,
            "`#[stage]` goes on an `impl` of the type itself, not on the `impl` of a trait",
        );
    }
    stage.of.is_none()
}

fn has_a_way_in(stage: &Impl, errors: &mut Errors) {
    if stage.ways.is_empty() {
        let ty = show(&stage.ty);
        errors.at(
            &stage.ty,
            format!("`{ty}` takes no record: add `fn process(&mut self, record: T)`, or methods with `#[inlet]` for a join"),
        );
    }
}

fn has_process_or_inlets(stage: &Impl, errors: &mut Errors) {
    let process = stage.ways.iter().find(|way| way.inlet.is_none());
    if let Some(process) = process
        && stage.ways.len() > 1
    {
        errors.at(
            &process.call.name,
            "a stage has either `process` or inlets: mark this one `#[inlet]` too, or rename it",
        );
    }
}

fn owns_what_it_holds(stage: &Impl, errors: &mut Errors) {
    for param in &stage.generics.params {
        if let GenericParam::Lifetime(param) = param {
            errors.at(
                param,
                "a stage lives as long as its pipeline, so it owns what it holds: it has no lifetime parameter",
            );
        }
    }
}

fn says_how_many_it_holds(stage: &Impl, errors: &mut Errors) {
    if let Some(next) = stage.life("next")
        && stage.held.is_none()
    {
        errors.at(
            &next.name,
            "a pulled stage says how many records it holds, so that none is lost from sight: add `fn held(&self) -> usize`",
        );
    }
}

fn closes_inlets_only(stage: &Impl, errors: &mut Errors) {
    if let Some(closed) = stage.life("closed")
        && stage.ways.iter().any(|way| way.inlet.is_none())
    {
        errors.at(
            &closed.name,
            "`closed` is for a stage with inlets; one with `process` has `fn finish(&mut self)`",
        );
    }
}

fn takes_one_record(call: &Call, errors: &mut Errors) {
    let mut records = 0;
    for param in &call.params {
        match &param.kind {
            Kind::Value => {
                records += 1;
                if records == 2 {
                    errors.at(&param.ty, format!("`{}` takes one record", call.name));
                }
            }
            Kind::Batch(_) => {
                records += 1;
                errors.at(
                    &param.ty,
                    "batches go to stage functions: `#[stage] async fn f(batch: Batch<T>, …) -> Vec<U>`",
                );
            }
            Kind::Resource { .. } => {
                errors.at(
                    &param.ty,
                    "an `impl` stage keeps what it needs in `self`: it borrows no resources",
                );
            }
            Kind::Emit(_) => {}
        }
    }
    if records == 0 {
        errors.at(
            &call.name,
            format!(
                "`{}` takes a record by value: `fn {}(&mut self, record: T)`",
                call.name, call.name
            ),
        );
    }
}

fn takes_nothing_more(call: &Call, errors: &mut Errors) {
    let closed = call.name == "closed";
    let takes = if closed {
        "`&mut self` and the `Inlet`"
    } else {
        "`&mut self`"
    };
    for param in call.params.iter().skip(usize::from(closed)) {
        errors.at(&param.ty, format!("`{}` takes {takes}, and nothing more", call.name));
    }
    if closed && call.params.is_empty() {
        errors.at(
            &call.name,
            "`closed` is told which inlet has ended: `fn closed(&mut self, inlet: Inlet)`",
        );
    }
}

fn takes_self_by_reference(call: &Call, errors: &mut Errors) {
    match &call.receiver {
        Some(receiver) if matches!(receiver.kind, ReceiverKind::Reference(..)) => {}
        Some(receiver) => errors.at(
            receiver,
            format!("`{}` takes `&mut self`: the stage lives on after the call", call.name),
        ),
        None => errors.at(&call.name, format!("`{}` takes `&mut self` first", call.name)),
    }
}

fn has_no_parameters_of_its_own(call: &Call, errors: &mut Errors) {
    let opaque = call.params.iter().find(|param| matches!(param.ty, syn::Type::ImplTrait(_)));
    if let Some(param) = opaque {
        errors.at(
            &param.ty,
            "the record needs a type here; one that varies is a parameter of the `impl`",
        );
    } else if !call.generics.params.is_empty() {
        let params = &call.generics.params;
        errors.at(
            params,
            format!("`{}` has no parameters of its own; the `impl` may have them", call.name),
        );
    }
}

fn inlet_has_a_name_of_its_own(call: &Call, errors: &mut Errors) {
    const OUTLETS: &[&str] = &["errors", "shed", "lagged", "held"];
    if OUTLETS.iter().chain(LIFE).any(|taken| call.name == taken) {
        errors.at(
            &call.name,
            format!("an inlet cannot be called `{}`: the name has a meaning of its own", call.name),
        );
    }
}

fn gives_one_record(stage: &Impl, errors: &mut Errors) {
    one_type(stage, |call| call.out().map(|out| (show(out), out.span())), "give", errors);
}

fn fails_in_one_way(stage: &Impl, errors: &mut Errors) {
    let failure = |call: &Call| call.gives.fails.as_ref().map(|fails| (fails.show(), call.gives.span));
    one_type(stage, failure, "fail with", errors);
}

/// Every method that has such a type has the same.
fn one_type(stage: &Impl, of: impl Fn(&Call) -> Option<(String, Span)>, verb: &str, errors: &mut Errors) {
    let mut typed = stage.calls().filter_map(|call| Some((&call.name, of(call)?)));
    let Some((first, (ty, _))) = typed.next() else { return };
    for (name, (other, span)) in typed.filter(|(_, (other, _))| *other != ty) {
        errors.at(
            span,
            format!("`{first}` and `{name}` {verb} different types, `{ty}` and `{other}`: the methods of a stage share one"),
        );
    }
}
