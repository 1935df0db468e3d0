//! What users see of a pipeline: its type, its handle, its ledger.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::GenericParam;

use super::names::Names;
use crate::pipeline::model::{Capacity, Head, Kind, Model, Next, NodeId, RingId, RingKind, Side};

/// `OrchestratorHandle`.
pub(super) fn handle(names: &Names) -> Ident {
    own(names, "Handle")
}

/// `OrchestratorHandle` and the like: at the user's word, and not of the user's making, so that the compiler does not propose to
/// change it.
pub(super) fn own(names: &Names, end: &str) -> Ident {
    let name = &names.model.name;
    format_ident!("{}{}", name, end, span = name.span().resolved_at(Span::call_site()))
}

/// `OrchestratorLedger`.
pub(super) fn ledger(names: &Names) -> Ident {
    own(names, "Ledger")
}

/// The type, the handle and the ledger.
pub(super) fn surface(names: &Names) -> TokenStream {
    let pipeline = pipeline(names);
    let handle = handle_struct(names);
    let ledger = ledger_struct(names);
    quote!(#pipeline #handle #ledger)
}

fn pipeline(names: &Names) -> TokenStream {
    let (fb, model) = (&names.fb, names.model);
    let (docs, vis, name, generics) = (&model.docs, &model.vis, &model.name, &model.generics);
    let bounds = &generics.where_clause;
    let picture = super::topology::docs(names);
    let lifetimes = generics.lifetimes().map(|param| &param.lifetime);
    let types = generics.type_params().map(|param| &param.ident);
    if !names.generic() {
        let (handle, rings) = (handle(names), rings_type(names));
        return quote! {
            #(#docs)*
            #[doc = #picture]
            #vis struct #name {
                rings: #fb::InStatic<#rings>,
            }
            impl #name {
                /// Its rings, for a `static`: a builder takes them with `in_static`.
                #[allow(clippy::new_without_default)]
                #vis const fn new() -> Self {
                    #name { rings: #fb::InStatic::new(<#handle as #fb::Inline>::EMPTY) }
                }
            }
        };
    }
    quote! {
        #(#docs)*
        #[doc = #picture]
        #vis struct #name #generics #bounds {
            of: #fb::PhantomData<(#(&#lifetimes (),)* #(fn() -> #types,)*)>,
        }
    }
}

/// The type of its rings where they are inline. (With parameters they are always on the heap: how many there are may depend on them.)
pub(super) fn rings_type(names: &Names) -> TokenStream {
    let (fb, handle) = (&names.fb, handle(names));
    match names.generic() {
        false => quote!(<#handle as #fb::Inline>::Rings),
        true => quote!(()),
    }
}

/// The parameters that the ports of the pipeline mention: those that its handle has.
pub(super) fn handle_params(model: &Model) -> Vec<&GenericParam> {
    let mut mentioned = Vec::new();
    for port in model.ports.iter().filter(|port| port.side != Side::Topic) {
        idents(port.ty.to_token_stream(), &mut mentioned);
        let ring = model.rings.get(port.ring.0);
        if let Some(Capacity::Expr(expr)) = ring.map(|ring| &ring.capacity) {
            idents(expr.to_token_stream(), &mut mentioned);
        }
    }
    let params = model.generics.params.iter();
    params
        .filter(|param| match param {
            GenericParam::Type(ty) => mentioned.contains(&ty.ident),
            GenericParam::Const(value) => mentioned.contains(&value.ident),
            GenericParam::Lifetime(_) => false,
        })
        .collect()
}

fn idents(tokens: TokenStream, into: &mut Vec<Ident>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => into.push(ident),
            TokenTree::Group(group) => idents(group.stream(), into),
            _ => {}
        }
    }
}

/// The arguments of the handle's type.
pub(super) fn handle_args(names: &Names) -> TokenStream {
    let args = handle_params(names.model).into_iter().map(|param| match param {
        GenericParam::Type(ty) => ty.ident.to_token_stream(),
        GenericParam::Const(value) => value.ident.to_token_stream(),
        GenericParam::Lifetime(lifetime) => lifetime.to_token_stream(),
    });
    let args: Vec<_> = args.collect();
    if args.is_empty() {
        TokenStream::new()
    } else {
        quote!(<#(#args),*>)
    }
}

fn handle_struct(names: &Names) -> TokenStream {
    let (fb, model, handle, ledger) = (&names.fb, names.model, handle(names), ledger(names));
    let (vis, name) = (&model.vis, &model.name);
    let params = handle_params(names.model);
    let kept = |param: &Ident| {
        params.iter().any(|own| match own {
            GenericParam::Type(ty) => ty.ident == *param,
            GenericParam::Const(value) => value.ident == *param,
            GenericParam::Lifetime(_) => false,
        })
    };
    let generics = (!params.is_empty()).then(|| quote!(<#(#params),*>));
    // Only what is said of parameters that the handle has.
    let bounds = model
        .generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
        .filter(|predicate| {
            let mut mentioned = Vec::new();
            idents(predicate.to_token_stream(), &mut mentioned);
            names
                .parameters()
                .iter()
                .all(|param| !mentioned.contains(param) || kept(param))
        });
    let ports = model.ports.iter().filter(|port| port.side != Side::Topic).map(|port| {
        let (docs, name, ty, capacity) = (&port.docs, &port.name, &port.ty, names.capacity(port.ring));
        let doc = format!(
            "The {} `{}`.",
            if port.side == Side::Input { "input" } else { "output" },
            names.text(name)
        );
        // What travels with its records is left out where that is nothing.
        let meta = names.ring(port.ring).entered.then(|| names.ring_meta(port.ring));
        let meta = meta.map(|meta| quote!(, #meta));
        let end = match (port.side, model.rings[port.ring.0].kind) {
            (Side::Input, _) => quote!(Input<#ty, #capacity #meta>),
            (_, RingKind::Broadcast) => quote!(Subscription<#ty, #capacity>),
            (_, RingKind::Latest) => {
                let slots = names.slots(port.ring);
                quote!(Watch<#ty, #slots>)
            }
            (_, RingKind::Queue | RingKind::Mailbox) => quote!(AsyncStream<#ty, #capacity>),
        };
        let docs = if docs.is_empty() {
            quote!(#[doc = #doc])
        } else {
            quote!(#(#docs)*)
        };
        quote!(#docs pub #name: #fb::#end)
    });
    let doc = format!("The ports of a running [`{name}`], and its control.");
    quote! {
        #[doc = #doc]
        #[derive(::core::fmt::Debug)]
        #vis struct #handle #generics where #(#bounds,)* {
            #(#ports,)*
            /// Ends it, and tells about it.
            pub control: #fb::Control<#ledger>,
        }
    }
}

/// How the ledger shows a node.
enum Shown {
    /// Called in a segment: no ring before it.
    Fused,
    /// A ring before it.
    Fed(String),
    /// A join: a ring before each inlet.
    Join(Vec<Ident>),
}

fn shown(names: &Names, id: NodeId) -> Shown {
    let node = names.node(id);
    if matches!(node.kind, Kind::Source { .. } | Kind::Every { .. }) {
        return Shown::Fused;
    }
    let segment = &names.model.segments[node.segment.0];
    let Head::Rings(intakes) = &segment.head else {
        return Shown::Fused;
    };
    let fed = intakes
        .iter()
        .find(|intake| matches!(intake.next, Next::Fused { to, .. } if to == id));
    let Some(intake) = fed else { return Shown::Fused };
    let inlets: Vec<_> = node.inlets.iter().filter_map(|inlet| inlet.name.clone()).collect();
    match inlets.is_empty() {
        true => Shown::Fed(names.ring_name(intake.ring)),
        false => Shown::Join(inlets),
    }
}

fn ledger_struct(names: &Names) -> TokenStream {
    let (fb, model, ledger) = (&names.fb, names.model, ledger(names));
    let (vis, name) = (&model.vis, &model.name);
    let (mut fields, mut values, mut joins) = (Vec::new(), Vec::new(), Vec::new());
    for port in &model.ports {
        let (field, text) = (&port.name, names.text(&port.name));
        let doc = format!("The ring of the port `{text}`.");
        fields.push(quote!(#[doc = #doc] pub #field: #fb::RingLedger));
        values.push(quote!(#field: snapshot.ring_field(#text)));
    }
    for (id, node) in model.nodes.iter().enumerate() {
        let (field, text) = (&node.name, names.text(&node.name));
        let doc = format!("The node `{text}`.");
        let (ty, value) = match shown(names, NodeId(id)) {
            Shown::Fused => (quote!(#fb::NodeLedger), quote!(snapshot.node_field(#text))),
            Shown::Fed(ring) => (
                quote!(#fb::FedLedger),
                quote!(#fb::FedLedger::new(snapshot.node_field(#text), snapshot.ring_field(#ring))),
            ),
            Shown::Join(inlets) => {
                let join = format_ident!("{}_{}", ledger, node.name);
                joins.push(join_struct(names, &join, &inlets, &text));
                let inlets = inlets.iter().map(|inlet| {
                    let ring = inlet_ring(names, NodeId(id), inlet);
                    quote!(#inlet: snapshot.ring_field(#ring))
                });
                (
                    join.to_token_stream(),
                    quote!(#join { __node: snapshot.node_field(#text), #(#inlets),* }),
                )
            }
        };
        fields.push(quote!(#[doc = #doc] pub #field: #ty));
        values.push(quote!(#field: #value));
    }
    let doc = format!("The counts that account for every record of a [`{name}`].");
    quote! {
        #[doc = #doc]
        #[derive(Clone)]
        #vis struct #ledger {
            #(#fields,)*
            /// The same by name.
            __snapshot: #fb::Snapshot,
        }
        impl #fb::Ledger for #ledger {
            fn from_snapshot(snapshot: #fb::Snapshot) -> Self {
                #ledger { #(#values,)* __snapshot: snapshot }
            }
            fn snapshot(&self) -> &#fb::Snapshot {
                &self.__snapshot
            }
        }
        #fb::ledger_methods!(#ledger);
        #(#joins)*
    }
}

/// The ring before an inlet: its own name, or that of the port it is.
fn inlet_ring(names: &Names, id: NodeId, inlet: &Ident) -> String {
    let segment = &names.model.segments[names.node(id).segment.0];
    let Head::Rings(intakes) = &segment.head else {
        return String::new();
    };
    let place = names.node(id).inlets.iter().position(|own| own.name.as_ref() == Some(inlet));
    let ring: Option<RingId> = intakes
        .iter()
        .find(|intake| matches!(intake.next, Next::Fused { inlet, .. } if Some(inlet) == place))
        .map(|intake| intake.ring);
    ring.map(|ring| names.ring_name(ring)).unwrap_or_default()
}

fn join_struct(names: &Names, join: &Ident, inlets: &[Ident], node: &str) -> TokenStream {
    let (fb, vis) = (&names.fb, &names.model.vis);
    let doc = format!("The counts of the join `{node}`, and of the ring before each of its inlets.");
    let docs = inlets
        .iter()
        .map(|inlet| format!("The ring before the inlet `{}`.", names.text(inlet)));
    quote! {
        #[doc = #doc]
        #[allow(non_camel_case_types)]
        #[derive(Debug, Clone, Copy)]
        #vis struct #join {
            __node: #fb::NodeLedger,
            #(#[doc = #docs] pub #inlets: #fb::RingLedger,)*
        }
        impl ::core::ops::Deref for #join {
            type Target = #fb::NodeLedger;
            fn deref(&self) -> &#fb::NodeLedger {
                &self.__node
            }
        }
    }
}
