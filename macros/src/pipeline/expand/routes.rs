//! A `match`, in a function of its own: a stray `return` is refused, and nothing of the dispatcher is in sight.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::names::Names;
use crate::pipeline::model::{Flow, RouteId};

/// A function for every `match`.
pub(super) fn routes(names: &Names) -> TokenStream {
    let routes = (0..names.model.routes.len()).map(|id| route(names, RouteId(id)));
    quote!(#(#routes)*)
}

fn route(names: &Names, id: RouteId) -> TokenStream {
    let (fb, route) = (&names.fb, &names.model.routes[id.0]);
    let (params, args, bounds) = names.model.generics.split_for_impl();
    let routing = names.routing(id);
    let record = names.flow(&route.flow);
    let forwards: Vec<_> = route.arms.iter().enumerate().filter(|(_, arm)| arm.value.is_some()).collect();
    let arm_type = format_ident!("Arm{}", forwards.len());
    let forwarded = |arm: usize| names.flow(&Flow::Arm { route: id, arm });
    let types = forwards.iter().map(|(arm, _)| forwarded(*arm));
    let letters = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
    let mut next = letters.iter();
    let value = Ident::new("value", Span::mixed_site());
    let arms = route.arms.iter().enumerate().map(|(number, arm)| {
        let (pat, guard) = (&arm.pat, arm.guard.as_ref().map(|guard| quote!(if #guard)));
        let body = match &arm.value {
            None => quote!(#fb::#arm_type::Drop),
            Some(given) => {
                let (variant, ty) = (format_ident!("{}", next.next().copied().unwrap_or('H')), forwarded(number));
                quote!(let #value: #ty = #given; #fb::#arm_type::#variant(#value))
            }
        };
        // The last one stands elsewhere than the others: the compiler then names what is missing, and does not write it for us.
        let body = match number + 1 == route.arms.len() {
            true => quote_spanned!(pat.span()=> { #body }),
            false => quote!({ #body }),
        };
        quote!(#pat #guard => #body)
    });
    let mixed = route.span.resolved_at(Span::mixed_site());
    let x = Ident::new("record", mixed);
    let head = quote_spanned!(mixed=> match #x);
    let phantom = names.phantom().map_or(quote!(;), |ty| quote!((#ty) #bounds;));
    quote! {
        #[allow(dead_code)]
        struct #routing #params #phantom
        impl #params #fb::Routing<#record> for #routing #args #bounds {
            type Arm = #fb::#arm_type<#(#types),*>;
            #[allow(unreachable_code, unused_braces)]
            fn route(#x: #record) -> Self::Arm {
                #head { #(#arms)* }
            }
        }
    }
}
