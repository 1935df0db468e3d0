//! The traits that stages of both kinds have: what they take and give, and how they run.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Attribute;
use syn::spanned::Spanned;

use crate::root::Root;
use crate::stage::alias;
use crate::stage::form::Form;
use crate::stage::generics::Header;
use crate::stage::model::Call;
use crate::tokens::show;

/// Whose traits are written, and what they all say.
pub(super) struct Traits<'a> {
    pub root: &'a Root,
    /// The `cfg`s of the item.
    pub conditions: &'a [Attribute],
    /// The type that gets them.
    pub name: &'a dyn ToTokens,
    pub out: TokenStream,
    pub err: TokenStream,
}

impl Traits<'_> {
    /// `Types` and `Takes`, and what follows from them.
    pub(super) fn types(&self, header: &Header, at: Option<u64>, call: &Call) -> TokenStream {
        let Traits {
            root,
            conditions,
            name,
            out,
            err,
        } = self;
        let (record, scratch) = (call.record(), scratch_type(root, call));
        let path = if call.direct() {
            quote!(Direct)
        } else if call.gives.is_async && call.answers() {
            // The future of an `async fn` that has panicked drops nothing, so a guard around many of them will do.
            quote!(Awaited)
        } else {
            quote!(Polled)
        };
        let filters = matches!(call.gives.form, Form::Maybe).then(|| {
            quote!(
                const FILTERS: bool = true;
            )
        });
        let resources: Vec<String> = call.resources().map(|param| show(&param.ty)).collect();
        let called = match call.gives.form {
            Form::Batch => Some(quote!(batches)),
            _ if !resources.is_empty() => Some(quote!(one)),
            _ => None,
        };
        let shape =
            called.map(|called| quote!(const SHAPE: #root::stage::Shape = #root::stage::Shape::#called(&[#(#resources),*]);));
        let Header {
            params, bounds, feed, ..
        } = header;
        let fixed = header.any.then(|| {
            let (params, at) = (&header.own_params, at.map(|at| quote!(<#at>)));
            quote!(#(#conditions)* impl #params #root::stage::Fixed #at for #name #bounds { type In = #record; })
        });
        let (take_params, at) = (&header.own_params, at.map(|at| quote!(, #at)));
        let gives = self.gives(header, at.as_ref());
        quote! {
            #gives
            #(#conditions)* impl #params #root::stage::Types<#feed #at> for #name #bounds {
                type In = #record;
                type Out = #out;
                type Err = #err;
                type Scratch = #scratch;
                type Path = #root::stage::#path;
                #shape
                #filters
            }
            #(#conditions)* impl #take_params #root::stage::Takes<#record #at> for #name #bounds {}
            #fixed
        }
    }

    /// What it gives at a node: of a stage that takes one type, whatever the node is fed.
    fn gives(&self, header: &Header, at: Option<&TokenStream>) -> TokenStream {
        let Traits {
            root,
            conditions,
            name,
            out,
            ..
        } = self;
        let Header {
            params, bounds, feed, ..
        } = header;
        match header.any {
            true => quote! {
                #(#conditions)* impl #params #root::stage::Gives<#feed #at> for #name #bounds {
                    type Out = #out;
                }
            },
            false => quote! {
                #(#conditions)* impl<__At: #root::stage::Fed> #root::stage::Gives<__At #at> for #name
                where
                    Self: #root::stage::Types<__At::Record #at>,
                {
                    type Out = <Self as #root::stage::Types<__At::Record #at>>::Out;
                }
            },
        }
    }

    /// Whether it needs a runtime, and whether it waits.
    pub(super) fn markers(&self, header: &Header, waits: bool, free: bool) -> TokenStream {
        let Traits {
            root, conditions, name, ..
        } = self;
        let (params, bounds) = (&header.params, &header.bounds);
        let kind = if waits { quote!(Waits) } else { quote!(Blocks) };
        let free = free.then(|| quote!(#(#conditions)* impl #params #root::stage::RuntimeFree for #name #bounds {}));
        quote! {
            #(#conditions)* impl #params #root::stage::#kind for #name #bounds {}
            #free
        }
    }

    /// Refuses an alias of `Result` or `Option`, which looks like a record.
    pub(super) fn alias_probe(&self, calls: &[&Call], generics: &syn::Generics) -> TokenStream {
        let Traits { root, conditions, .. } = self;
        let params: Vec<_> = generics.params.iter().collect();
        let mut seen: Vec<String> = Vec::new();
        let types = calls
            .iter()
            .filter_map(|call| call.gives.out.as_ref())
            .filter(|ty| alias::may_be(ty, &params));
        let probes = types.filter(|ty| {
            let text = ty.to_token_stream().to_string();
            let new = !seen.contains(&text);
            seen.push(text);
            new
        });
        let probes: Vec<TokenStream> = probes
            .map(|ty| {
                let span = ty.span();
                let root = root.at(span);
                quote_spanned!(span=> #root::stage::make::no_alias(#root::stage::make::Shape::<#ty>::ALIAS);)
            })
            .collect();
        if probes.is_empty() {
            return TokenStream::new();
        }
        quote! {
            #(#conditions)* const _: () = { use #root::stage::make::Plain as _; #(#probes)* };
        }
    }
}

fn scratch_type(root: &Root, call: &Call) -> TokenStream {
    call.emits()
        .map_or(quote!(()), |record| quote!(#root::stage::EmitCell<#record>))
}
