//! The code of a pipeline. Quoting only: nothing here can fail, and nothing here decides.

mod builder;
mod checks;
mod dummy;
mod gates;
mod inline;
mod launch;
mod names;
mod places;
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
    let mut names = Names::new(model, root);
    let surface = surface::surface(&names);
    let builder = builder::builder(&names);
    // In here the names of the runtime are short.
    names.fb = quote!(__fb);
    let methods = builder::methods(&names);
    let types = names.declare();
    let checks = checks::checks(&names);
    let inline = inline::inline(&names);
    let places = places::places(&names);
    let launch = launch::launch(&names);
    let topology = topology::topology(&names);
    quote! {
        #surface
        #builder
        #[allow(non_camel_case_types)]
        const _: () = {
            use #root::private as __fb;
            #types
            #checks
            #methods
            #inline
            #places
            #launch
            #topology
        };
    }
}
