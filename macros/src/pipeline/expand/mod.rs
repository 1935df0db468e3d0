//! The code of a pipeline. Quoting only: nothing here can fail, and nothing here decides.
//!
//! The modules stand in an order, and each asks only those before it: `names`, of which all ask; what options add (`faults`,
//! `admission`, `hands`); `places`; `topology`, `surface`, `builder`, `inline`, `checks`; and `launch`, which joins them.

mod admission;
mod builder;
mod checks;
mod dummy;
mod faults;
mod gates;
mod hands;
mod inline;
mod launch;
mod names;
mod places;
mod routes;
mod surface;
mod topology;
mod wired;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use dummy::dummy;

use super::model::Model;
use names::Names;

/// The pipeline as code: what users see, then, out of sight, what it is made of.
pub(crate) fn pipeline(model: &Model, root: &TokenStream) -> TokenStream {
    let names = Names::new(model, quote!(#root::private), false);
    let surface = surface::surface(&names);
    let builder = builder::builder(&names);
    // Inside, one word: it can stand at a token of the user's, so that an error is shown there and nowhere else.
    let names = Names::new(model, quote!(__forebay), true);
    let methods = builder::methods(&names);
    let types = names.declare();
    let checks = checks::checks(&names);
    let inline = inline::inline(&names);
    let routes = routes::routes(&names);
    let places = places::places(&names);
    let launch = launch::launch(&names);
    quote! {
        #surface
        #builder
        #[allow(non_camel_case_types, non_upper_case_globals, dead_code, unused_parens, unused_qualifications, clippy::extra_unused_type_parameters)]
        const _: () = {
            use #root::private as __forebay;
            #types
            #checks
            #methods
            #inline
            #routes
            #places
            #launch
        };
    }
}
