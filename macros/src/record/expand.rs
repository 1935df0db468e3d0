//! What `#[record]` writes beside the user's type. Nothing here can fail.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::ast::Args;
use super::model::{Kind, Record, Role};

pub(crate) fn expand(record: &Record, args: &Args) -> TokenStream {
    let (root, name, conditions) = (&args.root, &record.name, &record.conditions);
    let (params, own, clause) = record.generics.split_for_impl();
    let travels = record.generics.type_params().map(|param| &param.ident).collect::<Vec<_>>();
    let predicates = clause.iter().flat_map(|clause| &clause.predicates);
    let bounds = quote!(where #(#predicates,)* #(#travels: ::core::marker::Send + 'static,)*);
    let bounds = if clause.is_none() && travels.is_empty() {
        quote!()
    } else {
        bounds
    };
    let text = args.name.as_ref().map_or_else(|| name.to_string(), syn::LitStr::value);
    let version = args.version.as_ref().map_or(quote!(1), |version| quote!(#version));
    let roles = [
        (Role::Key, "Keyed", "Key", "key"),
        (Role::Priority, "Prioritized", "Priority", "priority"),
    ];
    let roles = roles.iter().filter_map(|(role, marker, assoc, method)| {
        let mark = record.marked(*role)?;
        let ident = |text| proc_macro2::Ident::new(text, proc_macro2::Span::call_site());
        let (marker, assoc, method) = (ident(marker), ident(assoc), ident(method));
        let (ty, value) = match (record.kind, &mark.ty, &mark.member) {
            (Kind::Struct, ty, member) => (quote!(#ty), quote!(&self.#member)),
            _ => (quote!(()), quote!(&())),
        };
        Some(quote! {
            #(#conditions)* impl #params #root::record::#marker for #name #own #clause {
                type #assoc = #ty;
                fn #method(&self) -> &Self::#assoc { #value }
            }
        })
    });
    let size = args.max_size.as_ref().map(|max| {
        let root = root.at(max.span());
        let size = quote!(::core::mem::size_of::<#name>());
        let fits = quote_spanned!(max.span()=> #root::record::fits(#text, #size, #max));
        quote!(#(#conditions)* const _: () = #fits;)
    });
    quote! {
        #(#conditions)* impl #params #root::record::Record for #name #own #bounds {
            const NAME: &'static str = #text;
            const VERSION: u32 = #version;
        }
        #(#roles)*
        #size
    }
}
