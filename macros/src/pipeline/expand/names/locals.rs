//! The variables of `start`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// The runtime: nothing that a user writes can name it.
pub(in crate::pipeline::expand) fn rt() -> Ident {
    Ident::new("rt", Span::mixed_site())
}

/// The time of the runtime, where records are stamped with it, or let in by it.
pub(in crate::pipeline::expand) fn clock() -> Ident {
    Ident::new("clock", Span::mixed_site())
}

/// What a record is stamped with that comes in where this travels.
pub(in crate::pipeline::expand) fn stamp(entered: bool) -> TokenStream {
    let clock = clock();
    if entered { quote!(#clock.clone()) } else { quote!(()) }
}

/// `segment_0`: the variable that holds what has this number.
pub(in crate::pipeline::expand) fn local(prefix: &str, id: usize) -> Ident {
    format_ident!("{}_{}", prefix, id)
}

/// The variable that holds a resource while the pipeline is built.
pub(in crate::pipeline::expand) fn local_resource(name: &Ident) -> Ident {
    format_ident!("given_{}", name)
}
