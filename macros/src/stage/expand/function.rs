//! The stage traits for a function.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Visibility};

use super::calls::{batch_body, body, stage_method, work_type};
use super::traits::Traits;
use super::{err_type, local, out_type};
use crate::stage::ast::Args;
use crate::stage::generics::{Borrowed, Header};
use crate::stage::model::{Function, Shape};

/// The stage traits for a function.
pub(crate) fn function(stage: &Function, args: &Args) -> TokenStream {
    let (root, name, call) = (&args.root, &stage.call.name, &stage.call);
    let (span, conditions) = (name.span(), &stage.conditions);
    let brace = brace_struct(conditions, &stage.vis, name);
    let borrowed = Borrowed::new(call);
    let (resources, bind) = (&borrowed.types, &borrowed.bind);
    let record = local("record");
    let invoke = |emit: Option<&Ident>| {
        let names = borrowed.names.iter().chain(emit);
        match stage.shape {
            Shape::Source => quote!(#name(#(#names),*)),
            Shape::Stage | Shape::Batched => quote!(#name(#record, #(#names),*)),
        }
    };
    let work = work_type(root, span);
    let traits = Traits {
        root,
        conditions,
        name,
        out: out_type(root, call.out()),
        err: err_type(root, call.gives.fails.as_ref()),
    };
    let (out, err) = (&traits.out, &traits.err);
    let markers = traits.markers(&Header::plain(), call.waits(), !call.waits() || args.runtime_free.is_some());
    let answers = call
        .answers()
        .then(|| quote!(#(#conditions)* impl #root::stage::Answers for #name {}));
    let alias = traits.alias_probe(&[call], &stage.generics);

    if stage.shape == Shape::Source {
        let (header, body) = (Header::source(stage, &borrowed), body(root, call, invoke));
        let (params, bounds) = (&header.params, &header.bounds);
        return quote! {
            #brace
            #(#conditions)* impl #params #root::stage::Source<#resources> for #name #bounds {
                type Out = #out;
                type Err = #err;
                fn open(#bind: #resources) -> #work { #body }
            }
            #markers
            #alias
        };
    }

    let (types, stages) = (Header::types(stage), Header::stage(stage, &borrowed));
    let feed = &types.feed;
    let types = traits.types(&types, None, call);
    let (params, bounds) = (&stages.params, &stages.bounds);
    let behaviour = match stage.shape {
        Shape::Batched => {
            let answer = batch_body(root, call, invoke(None));
            quote_spanned! {span=>
                #(#conditions)* impl #params #root::stage::BatchStage<#feed, #resources> for #name #bounds {
                    fn start(#record: #root::stage::Batch<Self::In>, #bind: #resources)
                        -> impl ::core::future::Future<Output = ::core::result::Result<#root::stage::make::Vec<Self::Out>, Self::Err>>
                            + ::core::marker::Send
                    { #answer }
                }
            }
        }
        _ => {
            let method = stage_method(root, call, &record, quote!(#bind: #resources), invoke);
            quote! {
                #(#conditions)* impl #params #root::stage::Stage<#feed, #resources> for #name #bounds { #method }
            }
        }
    };
    quote! { #brace #types #behaviour #markers #answers #alias }
}

/// The brace struct that carries the traits of a function: it lives in the type namespace under the function's name.
pub(crate) fn brace_struct(conditions: &[Attribute], vis: &Visibility, name: &Ident) -> TokenStream {
    quote! {
        #(#conditions)* #[doc(hidden)] #[allow(non_camel_case_types, dead_code)] #vis struct #name {}
    }
}
