//! The stage traits for an `impl`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::calls::{body, stage_method, work_type};
use super::traits::Traits;
use super::{err_type, local, out_type};
use crate::root::Root;
use crate::stage::ast::Args;
use crate::stage::generics::Header;
use crate::stage::inlet;
use crate::stage::model::{Call, Impl, Way};

/// The stage traits for an `impl`.
pub(crate) fn implementation(stage: &Impl, args: &Args) -> TokenStream {
    let root = &args.root;
    let traits = Traits {
        root,
        conditions: &stage.conditions,
        name: &stage.ty,
        out: out_type(root, stage.calls().find_map(Call::out)),
        err: err_type(root, stage.calls().find_map(|call| call.gives.fails.as_ref())),
    };
    let header = Header::of_impl(stage, true);
    let ways = stage.ways.iter().map(|way| way_impls(&traits, &header, way));

    let plain = Header::of_impl(stage, false);
    let life = life(&traits, &plain, stage);
    let inlets = inlets(root, stage);
    let free = args.runtime_free.is_some() || !stage.calls().any(Call::waits);
    let markers = traits.markers(&plain, stage.ways.iter().any(|way| way.call.waits()), free);
    let alias = traits.alias_probe(&stage.calls().collect::<Vec<_>>(), &stage.generics);
    quote! {
        #(#ways)*
        #life
        #inlets
        #markers
        #alias
    }
}

/// The methods of `Life` that a stage may have, each with the constant that says whether it has it.
const LIFE: [(&str, &str); 3] = [("finish", "FINISHES"), ("closed", "CLOSES"), ("next", "PULLED")];

/// `Life`, and `Ticks` where there is a `tick`.
fn life(traits: &Traits<'_>, header: &Header, stage: &Impl) -> TokenStream {
    let Traits {
        root,
        conditions,
        name: ty,
        out,
        err,
    } = traits;
    let (params, bounds) = (&header.params, &header.bounds);
    let methods = LIFE.iter().filter_map(|(name, flag)| {
        let call = stage.life(name)?;
        let (flag, method, inlet) = (format_ident!("{flag}"), &call.name, local("inlet"));
        let (param, arg) = match *name {
            "closed" => (Some(quote!(, #inlet: #root::stage::Inlet)), Some(quote!(, #inlet))),
            _ => (None, None),
        };
        let (work, body) = (
            work_type(root, method.span()),
            body(root, call, |_| quote!(Self::#method(self #arg))),
        );
        Some(quote! {
            const #flag: bool = true;
            fn #method(&mut self #param) -> #work { #body }
        })
    });
    let held = stage.life("next").and(stage.held.as_ref()).map(|_| {
        quote! {
            fn held(&self) -> usize {
                Self::held(self)
            }
        }
    });
    let inlets: Vec<_> = stage
        .ways
        .iter()
        .filter_map(|way| way.inlet.as_ref())
        .map(Ident::to_string)
        .collect();
    let inlets = (!inlets.is_empty()).then(|| quote!(const INLETS: &'static [&'static str] = &[#(#inlets),*];));
    let ticks = stage.life("tick").map(|_| {
        quote!(
            const TICKS: bool = true;
        )
    });
    let tick = stage.life("tick").map(|call| {
        let work = work_type(root, call.name.span());
        let body = body(root, call, |_| quote!(Self::tick(self)));
        quote! {
            #(#conditions)* impl #params #root::stage::Ticks for #ty #bounds {
                fn tick(&mut self) -> #work { #body }
            }
        }
    });
    quote! {
        #(#conditions)* impl #params #root::stage::Life for #ty #bounds {
            type Out = #out;
            type Err = #err;
            #ticks
            #inlets
            #(#methods)*
            #held
        }
        #tick
    }
}

/// `Joins`, for a stage with inlets: a constant for each, so that the compiler knows the near name for a misspelt one.
pub(crate) fn inlets(root: &Root, stage: &Impl) -> Option<TokenStream> {
    let (ty, conditions) = (&stage.ty, &stage.conditions);
    let header = Header::of_impl(stage, false);
    let (params, bounds) = (&header.params, &header.bounds);
    let inlets = stage.ways.iter().filter_map(|way| way.inlet.as_ref());
    let (names, numbers): (Vec<_>, Vec<_>) = inlets.map(|name| (name, inlet::number(name))).unzip();
    (!names.is_empty()).then(|| {
        quote! {
            #(#conditions)* const _: () = {
                pub struct Inlets;
                #[allow(non_upper_case_globals, dead_code)]
                impl Inlets { #(pub const #names: u64 = #numbers;)* }
                impl #params #root::stage::Joins for #ty #bounds { type Inlets = Inlets; }
            };
        }
    })
}

/// `Types`, `Takes` and `Stage` for `process` or for one inlet.
fn way_impls(traits: &Traits<'_>, header: &Header, way: &Way) -> TokenStream {
    let Traits {
        root,
        conditions,
        name: ty,
        ..
    } = traits;
    let call = &way.call;
    let at = way.inlet.as_ref().map(inlet::number);
    let types = traits.types(header, at, call);
    let (feed, at) = (&header.feed, at.map(|at| quote!(, #at)));
    let (params, bounds) = (header.params_with(&quote!('__this)), &header.bounds);
    let (record, this, name) = (local("record"), local("this"), &call.name);
    let invoke = |emit: Option<&Ident>| {
        let emit = emit.into_iter();
        quote!(Self::#name(#this, #record #(, #emit)*))
    };
    let method = stage_method(root, call, &record, quote!((#this,): (&'__this mut Self,)), invoke);
    quote! {
        #types
        #(#conditions)* impl #params #root::stage::Stage<#feed, (&'__this mut Self,) #at> for #ty #bounds { #method }
    }
}
