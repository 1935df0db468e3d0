//! What stands in for a stage that has errors, so that the wires that use it show no more of them.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::Type;

use super::ast::Args;
use super::expand::{brace_struct, err_type, inlets};
use super::form::Fails;
use super::generics::Header;
use super::model::{Call, Function, Impl, names};
use super::{alias, inlet};
use crate::root::Root;
use crate::tokens::{lifetimes, mentions};

/// For a function: takes anything, with any resources, in every way.
pub(crate) fn function(stage: &Function, args: &Args) -> TokenStream {
    let (root, name, conditions) = (&args.root, &stage.call.name, &stage.conditions);
    let params: Vec<_> = names(&stage.generics).collect();
    let brace = brace_struct(conditions, &stage.vis, name);
    let (out, err) = types(root, [&stage.call], &params);
    let takes = takes_anything(root, &Header::plain(), name, &out, &err, None);
    let given = out.unwrap_or_else(|| quote!(#root::stage::Nothing));
    let record = stage.call.record().filter(|ty| whole(ty, &params));
    let fixed = record.map(|record| quote!(impl #root::stage::Fixed for #name { type In = #record; }));
    let tokens = quote! {
        #takes
        #fixed
        #root::__with_alloc! {
            impl<__Feed: ::core::marker::Send + 'static, __R> #root::stage::BatchStage<__Feed, __R> for #name {
                fn start(_: #root::stage::Batch<__Feed>, _: __R)
                    -> impl ::core::future::Future<Output = ::core::result::Result<#root::stage::make::Vec<Self::Out>, Self::Err>>
                        + ::core::marker::Send
                { async { ::core::unreachable!() } }
            }
        }
        impl<__R> #root::stage::Source<__R> for #name {
            type Out = #given;
            type Err = #err;
            fn open(_: __R) -> impl #root::stage::Work<Out = Self::Out, Err = Self::Err> + ::core::marker::Send {
                #root::stage::make::given(#root::stage::make::none(()))
            }
        }
        impl #root::stage::Waits for #name {}
        impl #root::stage::Blocks for #name {}
        impl #root::stage::RuntimeFree for #name {}
    };
    quote! { #brace #(#conditions)* const _: () = { #tokens }; }
}

/// For a function that does not even parse: its name.
pub(crate) fn named(name: &Ident, args: &Args) -> TokenStream {
    let root = &args.root;
    let brace = brace_struct(&[], &syn::Visibility::Inherited, name);
    let takes = takes_anything(
        root,
        &Header::plain(),
        name,
        &None,
        &quote!(::core::convert::Infallible),
        None,
    );
    quote! { #brace #takes }
}

/// For an `impl`: every way in takes anything. Where the `impl` itself is of a wrong kind, nothing can stand in.
pub(crate) fn implementation(stage: &Impl, args: &Args) -> TokenStream {
    if stage.of.is_some() || stage.generics.lifetimes().next().is_some() {
        return TokenStream::new();
    }
    let (root, ty, conditions) = (&args.root, &stage.ty, &stage.conditions);
    let header = Header::of_impl(stage, false);
    let params: Vec<_> = names(&stage.generics).collect();
    let (out, err) = types(root, stage.calls(), &params);
    let mut ats: Vec<_> = stage.ways.iter().map(|way| way.inlet.as_ref().map(inlet::number)).collect();
    if ats.is_empty() {
        ats.push(None);
    }
    let takes = ats.into_iter().map(|at| takes_anything(root, &header, ty, &out, &err, at));
    let given = out.clone().unwrap_or_else(|| quote!(#root::stage::Nothing));
    let (params, bounds) = (&header.params, &header.bounds);
    let inlets = inlets(root, stage);
    let tokens = quote! {
        #inlets
        #(#takes)*
        impl #params #root::stage::Life for #ty #bounds {
            type Out = #given;
            type Err = #err;
        }
        impl #params #root::stage::Ticks for #ty #bounds {
            fn tick(&mut self) -> impl #root::stage::Work<Out = Self::Out, Err = Self::Err> + ::core::marker::Send {
                #root::stage::make::given(#root::stage::make::none(()))
            }
        }
        impl #params #root::stage::Waits for #ty #bounds {}
        impl #params #root::stage::Blocks for #ty #bounds {}
        impl #params #root::stage::RuntimeFree for #ty #bounds {}
    };
    quote! { #(#conditions)* const _: () = { #tokens }; }
}

fn takes_anything(
    root: &Root,
    header: &Header,
    name: &impl ToTokens,
    out: &Option<TokenStream>,
    err: &TokenStream,
    at: Option<u64>,
) -> TokenStream {
    let (record, out) = (out.is_none(), out.clone().unwrap_or_else(|| quote!(__Feed)));
    let (list, bounds, at) = (header.list(), &header.bounds, at.map(|at| quote!(, #at)));
    let feed = quote!(__Feed: ::core::marker::Send + 'static);
    let gives = match record {
        false => quote! {
            impl<#(#list,)* __At> #root::stage::Gives<__At #at> for #name #bounds {
                type Out = #out;
            }
        },
        true => quote! {
            impl<#(#list,)* __At: #root::stage::Fed<Record: ::core::marker::Send + 'static>> #root::stage::Gives<__At #at> for #name #bounds {
                type Out = __At::Record;
            }
        },
    };
    quote! {
        #gives
        impl<#(#list,)* #feed> #root::stage::Types<__Feed #at> for #name #bounds {
            type In = __Feed;
            type Out = #out;
            type Err = #err;
            type Scratch = ();
            type Path = #root::stage::Direct;
            const SHAPE: #root::stage::Shape = #root::stage::Shape::ANY;
        }
        impl<#(#list,)* #feed> #root::stage::Takes<__Feed #at> for #name #bounds {}
        impl<#(#list,)* #feed, __R> #root::stage::Stage<__Feed, __R #at> for #name #bounds {}
    }
}

/// A type that can stand elsewhere as it is.
fn whole(ty: &Type, params: &[&Ident]) -> bool {
    matches!(ty, Type::Path(_) | Type::Tuple(_)) && !mentions(ty, params) && lifetimes(ty).is_empty() && !alias::is_self(ty)
}

/// What it gives and how it fails, as far as that can be told.
fn types<'c>(root: &Root, calls: impl IntoIterator<Item = &'c Call>, params: &[&Ident]) -> (Option<TokenStream>, TokenStream) {
    let whole = |ty: &Type| whole(ty, params);
    let (mut out, mut fails) = (None, None);
    for call in calls {
        out = out.or(call.out().filter(|ty| whole(ty)));
        fails = fails.or(call.gives.fails.as_ref().filter(|fails| match fails {
            Fails::With(ty) => whole(ty),
            Fails::Of(_) => true,
        }));
    }
    (out.map(ToTokens::to_token_stream), err_type(root, fails))
}
