//! What stands in for a pipeline with errors.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::GenericParam;

use super::surface::handle_params;
use crate::diag::Errors;
use crate::pipeline::model::Model;

/// What stands in for a pipeline with errors, so that its names are known and the errors stay alone.
///
/// The compiler says nothing of a type that it could not make out. So the types of the builder and of the handle are such ones:
/// whatever is done with them is no error of its own. One of the errors stands in them again; it is shown once.
pub(crate) fn dummy(model: &Model, root: &TokenStream, errors: &Errors) -> TokenStream {
    let (vis, name, fb) = (&model.vis, &model.name, quote!(#root::private));
    let error = errors.first();
    let [handle, ledger, builder] = ["Handle", "Ledger", "Builder"].map(|end| format_ident!("{}{}", name, end));
    // Bare parameters: their bounds may be what is wrong.
    let parameters: Vec<_> = model.generics.params.iter().map(|param| bare(param, true)).collect();
    let mut generics = model.generics.clone();
    generics.where_clause = None;
    for param in generics.type_params_mut() {
        param.bounds.clear();
        param.colon_token = None;
    }
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let lifetimes = model.generics.lifetimes().map(|param| &param.lifetime);
    let types = model.generics.type_params().map(|param| &param.ident);
    let own = handle_params(model);
    let handle_params = own.iter().map(|param| bare(param, false));
    let mentioned = own.iter().map(|param| match param {
        GenericParam::Const(value) => {
            let name = &value.ident;
            quote!([(); { #name }])
        }
        GenericParam::Type(ty) => ty.ident.to_token_stream(),
        GenericParam::Lifetime(lifetime) => quote!(&#lifetime ()),
    });
    quote! {
        #vis struct #name<#(#parameters),*>(::core::marker::PhantomData<(#(&#lifetimes (),)* #(fn() -> #types,)*)>);
        #vis type #ledger = #fb::When<(), { #error }>;
        #vis type #builder = #ledger;
        #vis type #handle<#(#handle_params),*> = #fb::When<(#(#mentioned,)*), { #error }>;
        #[allow(missing_docs, clippy::empty_loop)]
        impl #impl_generics #name #ty_generics {
            #vis const TOPOLOGY: #ledger = loop {};
            #vis fn builder() -> #ledger {
                loop {}
            }
        }
    }
}

/// A parameter without its bounds.
fn bare(param: &GenericParam, with_default: bool) -> TokenStream {
    match param {
        GenericParam::Lifetime(lifetime) => {
            let name = &lifetime.lifetime;
            quote!(#name)
        }
        GenericParam::Type(ty) => {
            let default = ty.default.as_ref().filter(|_| with_default).map(|(eq, ty)| quote!(#eq #ty));
            let name = &ty.ident;
            quote!(#name #default)
        }
        GenericParam::Const(value) => {
            let default = value.default.as_ref().filter(|_| with_default);
            let (name, ty, default) = (&value.ident, &value.ty, default.map(|(eq, value)| quote!(#eq #value)));
            quote!(const #name: #ty #default)
        }
    }
}
