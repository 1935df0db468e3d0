//! The struct of each node, its *place*: it owns what the node borrows and what it feeds, down to the edges.
//!
//! Here is the struct itself. What it holds is in `holds.rs`, how records come into it in `ways.rs` and `sinks.rs`, and what else
//! its segment calls of it in `life.rs`.

mod holds;
mod life;
mod sinks;
mod ways;

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use holds::field;
pub(super) use life::pulls;
pub(super) use ways::tuple;

use super::hands;
use super::names::{Names, Owner};
use crate::pipeline::model::{Kind, NodeId};
use holds::{fields, rebuild};
use life::life;
use sinks::{batch_sink, sink};
use ways::way_type;

/// A struct for every node but the sources: a segment calls those itself.
pub(super) fn places(names: &Names) -> TokenStream {
    let nodes = (0..names.model.nodes.len()).map(NodeId);
    let nodes = nodes.filter(|id| !matches!(names.node(*id).kind, Kind::Source { .. } | Kind::Every { .. }));
    let places = nodes.map(|id| place(names, id));
    quote!(#(#places)*)
}

fn place(names: &Names, id: NodeId) -> TokenStream {
    let (fb, node, place) = (&names.fb, names.node(id), names.place(id));
    let (params, args, bounds) = names.model.generics.split_for_impl();
    let ways = names.ways(id);
    let way_types: Vec<_> = ways.iter().map(|way| way_type(names, id, *way)).collect();
    let (ways_type, next) = (tuple(&way_types), names.next_of(Owner::Node(id), &node.next));
    let fields = fields(names, id);
    let phantom = names.phantom().map(|ty| quote!(of: #ty,));
    let sinks = ways.iter().map(|way| match (&node.options.batch, &node.options.concurrency) {
        (Some(_), _) => batch_sink(names, id, *way),
        (_, Some(_)) => hands::call(names, id, *way),
        (None, None) => sink(names, id, *way, ways.len()),
    });
    let rebuild = rebuild(names, id);
    let life = life(names, id, &ways);
    let doc = format!("`{}`, and what it feeds.", names.text(&node.name));
    quote! {
        #[doc = #doc]
        struct #place #params #bounds {
            here: #fb::HereOf<Self>,
            #fields
            #phantom
        }
        impl #params #fb::Shell for #place #args #bounds {
            type Ways = #ways_type;
            type Next = #next;
            fn here(&self) -> &#fb::HereOf<Self> {
                &self.here
            }
            fn here_mut(&mut self) -> &mut #fb::HereOf<Self> {
                &mut self.here
            }
            #rebuild
            #life
        }
        #(#sinks)*
    }
}
