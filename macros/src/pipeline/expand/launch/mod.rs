//! `start`: rings, then tasks, then their start.

mod links;
mod places;
mod rings;
mod segments;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::names::{Kind as RingKind, Names, clock, local, local_resource, rt, stamp};
use crate::pipeline::model::*;
use links::links;
use rings::{component, ring};
use segments::{segment, spawn};

/// The function behind `start`, `start_threads` and `start_on`.
pub(super) fn launch(names: &Names) -> TokenStream {
    let (fb, model) = (&names.fb, names.model);
    let builder = super::builder::name(names);
    let (params, args, bounds) = super::builder::given(names);
    let (handle, ledger) = (super::surface::handle(names), super::surface::ledger(names));
    let handle_args = super::surface::handle_args(names);
    let text = model.name.to_string();
    let tasks = (0..model.segments.len()).map(|id| names.workers(SegmentId(id)).unwrap_or(quote!(1)));
    let nodes = model.nodes.iter().map(|node| names.text(&node.name));
    let drops = names.drop_nodes.iter().map(|node| match node {
        Some(node) => {
            let node = node.0;
            quote!(::core::option::Option::Some(#node))
        }
        None => quote!(::core::option::Option::None),
    });
    let links = links(names);
    let resources = resources(names);
    let home = (!names.generic()).then(|| quote!(let home = self.__begin.rings()?;));
    let rings = (0..model.rings.len()).map(|id| ring(names, RingId(id)));
    let shared = (0..model.nodes.len()).map(|id| super::faults::shared(names, NodeId(id), &rt()));
    let components = (0..model.components.len()).map(|id| component(names, id));
    let segments = (0..model.segments.len()).map(|id| segment(names, SegmentId(id)));
    let spawns = (0..model.segments.len()).map(|id| spawn(names, SegmentId(id)));
    let ports = model.ports.iter().filter(|port| port.side != Side::Topic).map(|port| {
        let (name, value) = (port_end(port), self::port(names, port));
        quote!(let #name = #value;)
    });
    let port_names = model.ports.iter().filter(|port| port.side != Side::Topic).map(|port| {
        let (name, value) = (&port.name, port_end(port));
        quote!(#name: #value)
    });
    let drain = match &model.drain {
        Some(limit) => {
            let millis = limit.value.as_millis() as u64;
            quote!(::core::option::Option::Some(#fb::Duration::from_millis(#millis)))
        }
        None => quote!(::core::option::Option::None),
    };
    let stamped = model.segments.iter().any(|segment| segment.entered);
    let admits = model.rings.iter().any(|ring| ring.admission.said().next().is_some());
    let clock = (stamped || admits).then(|| {
        let (clock, rt) = (clock(), rt());
        quote!(let #clock = #fb::Clock::new(&#rt);)
    });
    let (this, rt, asked) = (names.this(), rt(), super::checks::when_built(names));
    quote! {
        impl #params #builder #args #bounds {
            /// Builds rings, places and tasks, and starts them: readers are attached before anything runs.
            fn __launch<RuntimeOf: #fb::Rt>(self, #rt: RuntimeOf) -> ::core::result::Result<#handle #handle_args, #fb::StartError> {
                #asked
                const __LINKS: &[#fb::LinkSpec] = &[#(#links),*];
                #resources
                let mut build = #fb::Assembly::new(#text, 0 #(+ #tasks)*, &[#(#nodes),*], &[#(#drops),*], __LINKS);
                let (life, worker) = (build.lifeline(), 0);
                #clock
                #home
                #(#rings)*
                #(#components)*
                #(#shared)*
                #(#segments)*
                let mut launch = #fb::Launch::<RuntimeOf, #ledger>::new(build, #rt, self.__begin.on_end);
                #(#ports)*
                #(#spawns)*
                let control = launch.control(const { &<#this as #fb::Pipeline>::TOPOLOGY }, #drain)?;
                ::core::result::Result::Ok(#handle { #(#port_names,)* control })
            }
        }
    }
}

/// The variable that holds an end of a port.
fn port_end(port: &Port) -> Ident {
    format_ident!("port_{}", port.name)
}

/// `let index = …`: what the builder was given, or what the declaration says.
fn resources(names: &Names) -> TokenStream {
    let fb = &names.fb;
    let resources = names.model.resources.iter();
    let resources = resources.filter(|resource| !matches!(resource.sharing, Sharing::Latest(_)));
    let resources = resources.map(|resource| {
        let (name, ty) = (local_resource(&resource.name), names.resource(resource));
        let value = match (&resource.given, resource.sharing) {
            (Some(expr), Sharing::Shared | Sharing::Latest(_)) => quote!(#fb::Arc::new(#expr)),
            (Some(expr), Sharing::Local) => factory(fb, expr),
            (None, _) => taken(fb, &resource.name),
        };
        match resource.sharing {
            Sharing::Shared | Sharing::Latest(_) => quote!(let #name: #fb::Arc<#ty> = #value;),
            Sharing::Local => quote!(let #name: #fb::Factory<#ty> = #value;),
        }
    });
    let states = names
        .model
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(id, node)| match &node.kind {
            Kind::State { given, .. } => {
                let (name, ty) = (local_resource(&node.name), names.state(NodeId(id)));
                let value = given.as_ref().map_or_else(|| taken(fb, &node.name), |expr| factory(fb, expr));
                Some(quote!(let #name: #fb::Factory<#ty> = #value;))
            }
            _ => None,
        });
    quote!(#(#resources)* #(#states)*)
}

fn factory(fb: &TokenStream, expr: &syn::Expr) -> TokenStream {
    quote!(#fb::Arc::new(|_: #fb::WorkerId| ::core::result::Result::Ok(#expr)))
}

fn taken(fb: &TokenStream, name: &Ident) -> TokenStream {
    quote!(#fb::Given::<__resources::#name>::take(self.#name))
}

/// The end of a port that users hold.
fn port(names: &Names, port: &Port) -> TokenStream {
    let (fb, ring, name) = (&names.fb, names.ring(port.ring), names.text(&port.name));
    let (to, from) = (local("to", port.ring.0), local("from", port.ring.0));
    match port.side {
        Side::Input => {
            // Where there is one reader, a key chooses nothing.
            let hash_of = |ring| match names.readers(ring).and(names.hash(ring)) {
                Some(hash) => quote!(::core::option::Option::Some(#hash)),
                None => quote!(::core::option::Option::None),
            };
            let hash = hash_of(port.ring);
            let full = match (ring.policy, ring.shed) {
                (Policy::Wait, _) => quote!(#fb::FullInput::wait()),
                (Policy::DropOldest, _) => quote!(#fb::FullInput::drop_oldest()),
                (Policy::Shed | Policy::Offer, None) => quote!(#fb::FullInput::shed()),
                (Policy::Shed | Policy::Offer, Some((wire, _))) => {
                    let (hash, stamp) = (hash_of(wire), stamp(names.ring(wire).entered));
                    let evicts = names.ring(wire).policy == Policy::DropOldest;
                    let wire = local("to", wire.0);
                    quote!(#fb::shed_wire(#wire, #hash, #stamp, #evicts))
                }
            };
            let offer = names.tries(port.ring).map(|tries| quote!(.offer(#tries, launch.alarms())));
            let full = quote!(#full #offer);
            let stamp = stamp(ring.entered);
            let mut input = quote!(#fb::input(#name, #to, #hash, #full, launch.keeper(), #stamp));
            if let Some(admission) = super::admission::admission(names, port.ring, &clock()) {
                input = quote!(#fb::admitting_input(#input, #admission));
            }
            match (names.kind(port.ring), names.ranks(port.ring)) {
                (RingKind::CoalescedPort, _) => {
                    let backlogs = local("backlogs", port.ring.0);
                    quote!(#fb::coalescing_input(#input, #backlogs))
                }
                (_, Some(ranks)) => {
                    let rooms = local("rooms", port.ring.0);
                    quote!(#fb::ranked_input(#input, #ranks, #rooms))
                }
                (_, None) => input,
            }
        }
        _ => match names.kind(port.ring) {
            RingKind::Broadcast | RingKind::Latest => quote!(#from.output(#name, launch.keeper())),
            // What an input sheds comes from outside, as the records of the input do.
            RingKind::Shared | RingKind::Port => quote!(#fb::output_shared(#name, #from.take(0), launch.keeper())),
            RingKind::Graded | RingKind::GradedPort => quote!(#fb::output_ranked(#name, #from.take(0), launch.keeper())),
            RingKind::Coalesced | RingKind::CoalescedPort => {
                quote!(#fb::output_coalesced(#name, #from.take(0), launch.keeper()))
            }
            _ => quote!(#fb::output(#name, #from.take(0), launch.keeper())),
        },
    }
}
