//! What stands in for a pipeline with errors.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::GenericParam;

use crate::pipeline::ast::Ast;

/// What stands in for a pipeline with errors, so that its name is known and the errors stay alone.
pub(crate) fn dummy(ast: &Ast) -> TokenStream {
    let (vis, name) = (&ast.vis, &ast.name);
    let handle = format_ident!("{}Handle", name);
    // Bare parameters: their bounds may be what is wrong.
    let parameters = ast.generics.params.iter().map(|param| match param {
        GenericParam::Lifetime(lifetime) => {
            let name = &lifetime.lifetime;
            quote!(#name)
        }
        GenericParam::Type(ty) => {
            let (name, default) = (&ty.ident, ty.default.as_ref().map(|(eq, ty)| quote!(#eq #ty)));
            quote!(#name #default)
        }
        GenericParam::Const(value) => {
            let (name, ty, default) = (
                &value.ident,
                &value.ty,
                value.default.as_ref().map(|(eq, value)| quote!(#eq #value)),
            );
            quote!(const #name: #ty #default)
        }
    });
    let parameters: Vec<_> = parameters.collect();
    let mut generics = ast.generics.clone();
    generics.where_clause = None;
    for param in generics.type_params_mut() {
        param.bounds.clear();
        param.colon_token = None;
    }
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let lifetimes = ast.generics.lifetimes().map(|param| &param.lifetime);
    let types = ast.generics.type_params().map(|param| &param.ident);
    quote! {
        #vis struct #name<#(#parameters),*>(::core::marker::PhantomData<(#(&#lifetimes (),)* #(fn() -> #types,)*)>);
        #vis struct #handle;
        impl #impl_generics #name #ty_generics {
            #[allow(missing_docs, clippy::empty_loop)]
            #vis fn builder() -> ! {
                loop {}
            }
        }
    }
}
