//! `TOPOLOGY`: what the pipeline is made of, as a `const`, and its picture.
//!
//! `drawing.rs` walks the graph once for both; `said.rs` has the words that rings and nodes are said with.

mod drawing;
mod said;

use proc_macro2::TokenStream;
use quote::quote;

use super::names::Names;
use drawing::Drawing;

/// The picture, for the docs of the pipeline.
pub(super) fn docs(names: &Names) -> String {
    Drawing::of(names).picture.docs()
}

/// `TOPOLOGY`, as an expression.
pub(super) fn topology(names: &Names) -> TokenStream {
    let (fb, model) = (&names.fb, names.model);
    let drawing = Drawing::of(names);
    let text = model.name.to_string();
    let docs = docs_text(&model.docs);
    let (nodes, edges) = (&drawing.nodes, &drawing.edges);
    let (sketch, svg) = (drawing.picture.text(), drawing.picture.svg());
    let budget = match &model.budget {
        Some(budget) => {
            let bytes = budget.bytes as usize;
            quote!(::core::option::Option::Some(#bytes))
        }
        None => quote!(::core::option::Option::None),
    };
    quote! {
        #fb::topology::Topology {
            name: #text,
            docs: #docs,
            nodes: ::std::borrow::Cow::Borrowed(const { &[#(#nodes),*] }),
            edges: ::std::borrow::Cow::Borrowed(const { &[#(#edges),*] }),
            budget: #budget,
            ring_bytes: #fb::budget::total(<Self as __Rings>::RINGS),
            sketch: #sketch,
            svg: #svg,
        }
    }
}

fn docs_text(docs: &[syn::Attribute]) -> String {
    let lines = docs.iter().filter_map(|doc| match &doc.meta {
        syn::Meta::NameValue(pair) => match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}
