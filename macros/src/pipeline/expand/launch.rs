//! `start`: rings, then tasks, then their start.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::names::{Kind as RingKind, Names, Owner, WayIn, plain};
use super::places::{field, pulls, tuple};
use crate::pipeline::model::*;

/// The function behind `start` and `start_threads`.
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
    let components = (0..model.components.len()).map(|id| component(names, id));
    let segments = (0..model.segments.len()).map(|id| segment(names, SegmentId(id)));
    let spawns = (0..model.segments.len()).map(|id| spawn(names, SegmentId(id)));
    let ports = model.ports.iter().filter(|port| port.way != Way::Topic).map(|port| {
        let (name, value) = (port_end(port), self::port(names, port));
        quote!(let #name = #value;)
    });
    let port_names = model.ports.iter().filter(|port| port.way != Way::Topic).map(|port| {
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
                #home
                #(#rings)*
                #(#components)*
                #(#segments)*
                let mut launch = #fb::Launch::<RuntimeOf, #ledger>::new(build, #rt, self.__begin.on_end);
                #(#ports)*
                #(#spawns)*
                let control = launch.control(const { &<#this as #fb::Pipeline>::TOPOLOGY }, #drain);
                ::core::result::Result::Ok(#handle { #(#port_names,)* control })
            }
        }
    }
}

/// The variable that holds an end of a port.
fn port_end(port: &Port) -> Ident {
    format_ident!("port_{}", port.name)
}

/// The runtime: nothing that a user writes can name it.
fn rt() -> Ident {
    Ident::new("rt", Span::mixed_site())
}

fn local(prefix: &str, id: usize) -> Ident {
    format_ident!("{}_{}", prefix, id)
}

/// `let index = …`: what the builder was given, or what the declaration says.
fn resources(names: &Names) -> TokenStream {
    let fb = &names.fb;
    let resources = names.model.resources.iter().map(|resource| {
        let (name, ty) = (local_resource(&resource.name), names.resource(resource));
        let value = match (&resource.given, resource.sharing) {
            (Some(expr), Sharing::Shared) => quote!(#fb::Arc::new(#expr)),
            (Some(expr), Sharing::Local) => factory(fb, expr),
            (None, _) => taken(fb, &resource.name),
        };
        match resource.sharing {
            Sharing::Shared => quote!(let #name: #fb::Arc<#ty> = #value;),
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

/// The variable that holds a resource while the pipeline is built.
fn local_resource(name: &Ident) -> Ident {
    format_ident!("given_{}", name)
}

/// `let (mut to_0, mut from_0) = build.lane::<…>("count");`
fn ring(names: &Names, id: RingId) -> TokenStream {
    let ring = names.ring(id);
    let (to, from, name) = (local("to", id.0), local("from", id.0), ring_name(names, id));
    let (record, meta, capacity) = (names.flow(&ring.flow), names.ring_meta(id), names.capacity(id));
    let producers = ring.producers.iter().map(|producer| names.producers(producer));
    let producers = quote!(&[#(#producers),*]);
    let workers = names.readers(id).map_or(quote!(1), |workers| quote!(#workers));
    let hash = names.hash(id);
    let own = local("ring", id.0);
    let home = match names.generic() {
        false => quote!(home.map(|rings| &rings.#own[..])),
        true => quote!(::core::option::Option::None),
    };
    let built = match names.kind(id) {
        RingKind::Lane => quote!(build.lane::<#record, #meta, #capacity>(#name, #home)),
        RingKind::Lanes => quote!(build.lanes::<#record, #meta, #capacity>(#name, #producers, #home)),
        RingKind::Keyed => quote!(build.keyed::<#record, #meta, #capacity>(#name, #producers, #workers, #hash, #home)),
        RingKind::Shared => quote!(build.shared::<#record, #meta, #capacity>(#name, #producers, #workers, #home)),
        RingKind::SharedKeyed => {
            quote!(build.shared_keyed::<#record, #meta, #capacity>(#name, #producers, #workers, #hash, #home))
        }
        RingKind::Port => {
            let keyed = hash.is_some() && names.readers(id).is_some();
            if names.sole(id) {
                return quote!(let (#to, mut #from) = build.sole_port::<#record, #capacity>(#name, #workers, #home););
            }
            return quote!(let (#to, mut #from) = build.port::<#record, #capacity>(#name, #workers, #keyed, #home););
        }
    };
    quote!(let (mut #to, mut #from) = #built;)
}

/// What the ledger calls a ring: its port, or the node or inlet that it leads to.
pub(super) fn ring_name(names: &Names, id: RingId) -> String {
    let ring = names.ring(id);
    if let Some(port) = ring.port {
        return names.text(&names.model.ports[port.0].name);
    }
    let Consumer::Segment { segment, intake } = ring.consumer else {
        return String::new();
    };
    let Head::Rings(intakes) = &names.model.segments[segment.0].head else {
        return String::new();
    };
    match &intakes[intake].next {
        Next::Fused { to, inlet, .. } => {
            let node = names.node(*to);
            let name = names.text(&node.name);
            match &node.inlets[*inlet].name {
                Some(inlet) => format!("{name}.{}", names.text(inlet)),
                None => name,
            }
        }
        _ => names.model.segments[segment.0].name.clone(),
    }
}

/// `let cycle_0 = …`: how many lanes lead into the cycle from elsewhere.
fn component(names: &Names, id: usize) -> TokenStream {
    let (fb, component, name) = (&names.fb, &names.model.components[id], local("cycle", id));
    // Rings that only others write end by closing: their readers tell. Of mixed ones each outer producer does.
    let outer = component
        .segments
        .iter()
        .flat_map(|segment| match &names.model.segments[segment.0].head {
            Head::Rings(intakes) => intakes.iter().map(|intake| (*segment, intake.ring)).collect(),
            Head::Source(_) => Vec::new(),
        });
    let readers = outer.filter(|(_, ring)| !component.rings.contains(ring)).map(|(segment, _)| {
        let workers = names.workers(segment).map_or(quote!(1), |workers| quote!(#workers));
        quote!(+ #workers)
    });
    let mixed = component
        .entries
        .iter()
        .filter(|(ring, _)| component.rings.contains(ring))
        .map(|(ring, producer)| {
            let ends = names.producers(&names.ring(*ring).producers[*producer]);
            quote!(+ #ends)
        });
    quote!(let #name = #fb::Component::new(0 #(#readers)* #(#mixed)*, life.clone());)
}

/// `let segment_0 = drive(…)`, or one for each worker.
fn segment(names: &Names, id: SegmentId) -> TokenStream {
    let segment = &names.model.segments[id.0];
    let name = local("segment", id.0);
    let task = match &segment.head {
        Head::Source(node) => source(names, *node),
        Head::Rings(intakes) => driven(names, id, intakes),
    };
    match names.workers(id) {
        None => quote!(let #name = { #task };),
        Some(workers) => quote! {
            let mut #name = ::std::vec::Vec::with_capacity(#workers);
            for worker in 0..#workers {
                #name.push({ #task });
            }
        },
    }
}

fn driven(names: &Names, id: SegmentId, intakes: &[Intake]) -> TokenStream {
    let (fb, segment, rt) = (&names.fb, &names.model.segments[id.0], rt());
    let lanes: Vec<_> = intakes.iter().map(|intake| lane(names, id, intake)).collect();
    let ways = tuple(&lanes);
    let (place, of) = match &intakes[0].next {
        Next::Fused { to, .. } => (place(names, *to), None),
        root => {
            let owner = Owner::Root(intakes[0].ring);
            (next(names, owner, &mut 0, root), names.next_annotation(owner, root))
        }
    };
    let component = match segment.component {
        Some(id) => {
            let cycle = local("cycle", id.0);
            Some(quote!(.within(#cycle.clone())))
        }
        None => None,
    };
    let clocks = segment.nodes.iter().filter_map(|id| {
        let tick = names.node(*id).options.tick.as_ref()?;
        let (number, millis) = (id.0, tick.value.as_millis() as u64);
        Some(quote!((#number, #fb::Duration::from_millis(#millis))))
    });
    let clocks: Vec<_> = clocks.collect();
    let clocks = (!clocks.is_empty()).then(|| quote!(.clocks(::std::vec![#(#clocks),*])));
    let (eager, joints) = (segment.blocking.then(|| quote!(.eager())), joints(names, id));
    let pulled = match segment.nodes.first() {
        Some(first) if pulls(names, *first) => {
            let stage = names.state(*first);
            Some(quote!(.pulled(<#stage as #fb::Life>::PULLED)))
        }
        _ => None,
    };
    quote! {
        #joints
        let place #of = #place;
        #fb::drive(#ways, place, #fb::Plan::new(&#rt, &life) #component #clocks #eager #pulled)
    }
}

/// `let mut callers_3 = …`: the nodes that several places of a segment call, each after all that it calls.
fn joints(names: &Names, id: SegmentId) -> TokenStream {
    let fb = &names.fb;
    let nodes = names.model.segments[id.0].nodes.iter().rev();
    let joints = nodes.filter(|id| names.node(**id).callers() > 1).map(|id| {
        let (callers, place, count) = (local("callers", id.0), place(names, *id), names.node(*id).callers());
        quote!(let mut #callers = #fb::Callers::new(#place, #count);)
    });
    quote!(#(#joints)*)
}

/// A ring that a segment reads.
fn lane(names: &Names, id: SegmentId, intake: &Intake) -> TokenStream {
    let (ring, from) = (names.ring(intake.ring), local("from", intake.ring.0));
    let record = match &intake.next {
        Next::Fused { to, inlet, link, .. } => names.link(*to, *inlet, *link),
        _ => names.flow(&ring.flow),
    };
    let (meta, own) = (names.ring_meta(intake.ring), names.meta(id));
    let inner = names.model.segments[id.0]
        .component
        .is_some_and(|id| names.model.components[id.0].rings.contains(&intake.ring));
    let inner = inner.then(|| quote!(.inner(true)));
    let way = match &intake.next {
        Next::Fused { to, inlet, link, .. } => Some((*to, names.way_of(*to, *inlet, *link))),
        _ => None,
    };
    if let Some(most) = way.and_then(|(node, _)| names.node(node).options.batch.as_ref()) {
        return quote!(#from.take(0).batches::<#record, #meta, #own>(#most)#inner);
    }
    let index = plain(way.map_or(0, |(_, way)| way.index));
    let inlet = way.and_then(|(_, way)| way.uses.name.as_ref()).map(|inlet| {
        let inlet = names.text(inlet);
        quote!(.inlet(#inlet))
    });
    quote!(#from.take(0).lane::<#record, #meta, #own, #index>()#inner #inlet)
}

/// A source, which runs until its stream ends.
fn source(names: &Names, id: NodeId) -> TokenStream {
    let (fb, source) = (&names.fb, names.node(id));
    let (node, meta) = (node(names, id), names.meta(source.segment));
    let place = next(names, Owner::Node(id), &mut 0, &source.next);
    let (joints, of) = (
        joints(names, source.segment),
        names.next_annotation(Owner::Node(id), &source.next),
    );
    match &source.kind {
        Kind::Every { period } => {
            let (millis, rt) = (period.value.as_millis() as u64, rt());
            quote! {
                #joints
                let node = #node;
                let place #of = #place;
                #fb::every::<_, #meta, _>(node, #rt.clone(), #fb::Duration::from_millis(#millis), place)
            }
        }
        _ => {
            let stage = names.source_stage(id);
            let errors = errors(names, source.inlets.first());
            let resources: Vec<_> = source
                .resources
                .iter()
                .map(|used| &names.model.resources[used.resource.0])
                .collect();
            let (held, lent): (Vec<_>, Vec<_>) = resources
                .iter()
                .zip(&source.resources)
                .map(|(resource, used)| {
                    let (name, given, text) = (
                        field(&resource.name),
                        local_resource(&resource.name),
                        names.text(&resource.name),
                    );
                    let span = used.name.span();
                    match resource.sharing {
                        Sharing::Shared => (quote!(let #name = #given.clone();), quote::quote_spanned!(span=> &*#name)),
                        Sharing::Local => (
                            quote!(let mut #name = build.local(#text, &#given, worker)?;),
                            quote::quote_spanned!(span=> #name.get()),
                        ),
                    }
                })
                .unzip();
            quote! {
                #joints
                let node = #node;
                let errors = #errors;
                let place #of = #place;
                #(#held)*
                async move { #fb::source::<_, #meta, _, _>(node, errors, || <#stage as #fb::Source<_>>::open((#(#lent,)*)), place).await }
            }
        }
    }
}

/// The struct of a node, with all that it feeds.
fn place(names: &Names, id: NodeId) -> TokenStream {
    let (fb, place, source) = (&names.fb, names.place(id), names.node(id));
    let node = node(names, id);
    let number = id.0;
    let ways: Vec<_> = names
        .ways(id)
        .into_iter()
        .map(|way| way_in(names, number, way, source.options.batch.is_some()))
        .collect();
    let ways = tuple(&ways);
    let next = next(names, Owner::Node(id), &mut 0, &source.next);
    let fields = match &source.kind {
        Kind::State { .. } => {
            let (given, text) = (local_resource(&source.name), names.text(&source.name));
            quote!(stage: build.local(#text, &#given, worker)?,)
        }
        _ => {
            let fields = source.resources.iter().map(|used| {
                let resource = &names.model.resources[used.resource.0];
                let (name, given, text) = (
                    field(&resource.name),
                    local_resource(&resource.name),
                    names.text(&resource.name),
                );
                match resource.sharing {
                    Sharing::Shared => quote!(#name: #given.clone(),),
                    Sharing::Local => quote!(#name: build.local(#text, &#given, worker)?,),
                }
            });
            quote!(#(#fields)*)
        }
    };
    let of = names.phantom().map(|_| quote!(of: #fb::PhantomData,));
    let (_, args, _) = names.model.generics.split_for_impl();
    let args = args.as_turbofish();
    quote!(#place #args { here: #fb::Here::new(#node, #ways, #next), #fields #of })
}

fn node(names: &Names, id: NodeId) -> TokenStream {
    let (fb, node, number) = (&names.fb, names.node(id), id.0);
    let text = names.text(&node.name);
    let (build, number) = match (&node.kind, names.ways(id).first()) {
        (Kind::Function { .. } | Kind::State { .. }, Some(way)) => {
            let (stage, feed, at) = (names.way_stage(id, *way), names.feed(*way), names.at(*way));
            (quote!(build.stage::<#stage, #feed, #at>), plain(number))
        }
        _ => (quote!(build.node), plain(number)),
    };
    let restart = node.options.restart.as_ref().map(|restart| {
        let (most, millis) = (restart.times as usize, restart.within.value.as_millis() as u64);
        let abort = restart.otherwise == Otherwise::Abort;
        quote!(.restart(#fb::Restart { most: #most, within: #fb::Duration::from_millis(#millis), abort: #abort }))
    });
    quote!(#build(#text, #number)#restart)
}

fn way_in(names: &Names, node: usize, way: WayIn, batched: bool) -> TokenStream {
    let (fb, node, index, errors) = (&names.fb, plain(node), plain(way.index), errors(names, Some(way.uses)));
    if batched {
        return quote!(#fb::BatchWay::new(#errors));
    }
    quote!(#fb::Way::new(#node, #index, #errors))
}

fn errors(names: &Names, uses: Option<&InletUse>) -> TokenStream {
    let fb = &names.fb;
    match uses.map(|uses| uses.errors) {
        Some(Outlet::Wired { ring, lane, .. }) => edge(names, ring, lane, false),
        _ => quote!(#fb::Unwired),
    }
}

/// An edge into a ring, as its producer number `lane`.
fn edge(names: &Names, id: RingId, lane: usize, never_waits: bool) -> TokenStream {
    let (fb, ring, to) = (&names.fb, names.ring(id), local("to", id.0));
    let policy = match (never_waits, ring.policy, ring.shed) {
        (true, ..) | (false, Policy::Shed, None) => quote!(#fb::Refuse(#fb::NotKept)),
        (false, Policy::Wait, _) => quote!(#fb::Wait),
        (false, Policy::DropOldest, _) => quote!(#fb::DropOldest),
        (false, Policy::Shed, Some((wire, lane))) => {
            let wire = edge(names, wire, lane, true);
            quote!(#fb::Refuse(#fb::ShedInto(#wire)))
        }
    };
    let component = names
        .model
        .components
        .iter()
        .position(|component| component.rings.contains(&id))
        .map(|number| {
            let (cycle, entry) = (
                local("cycle", number),
                names.model.components[number].entries.contains(&(id, lane)),
            );
            quote!(.within(#cycle.clone(), #entry))
        });
    let lane = plain(lane);
    quote!(#to.take(#lane).edge(#policy, &life)#component)
}

/// Where records go. `drop`: how many drop counters of this owner came before.
fn next(names: &Names, owner: Owner, drop: &mut usize, to: &Next) -> TokenStream {
    let fb = &names.fb;
    let mut counter = || {
        let number = names.first_drop(owner) + *drop;
        *drop += 1;
        quote!(build.drop_cell(#number))
    };
    match to {
        Next::End => quote!(#fb::End::new()),
        Next::Drop(_) => {
            let cell = counter();
            quote!(#fb::End::drops(#cell))
        }
        Next::Fused { to, .. } => match names.node(*to).callers() {
            0 | 1 => place(names, *to),
            _ => {
                let callers = local("callers", to.0);
                quote!(#callers.caller())
            }
        },
        Next::Ring { ring, lane, .. } => edge(names, *ring, *lane, false),
        Next::Fan(branches) => {
            let branches: Vec<_> = branches.iter().map(|branch| next(names, owner, drop, branch)).collect();
            quote!((#(#branches,)*))
        }
        Next::Route(id) => {
            let cell = counter();
            let (routing, (_, args, _)) = (names.routing(*id), names.model.generics.split_for_impl());
            let arms: Vec<_> = names.model.routes[id.0]
                .arms
                .iter()
                .filter(|arm| arm.value.is_some())
                .map(|arm| next(names, owner, drop, &arm.next))
                .collect();
            let count = arms.len();
            quote!(#fb::Route::<#routing #args, _, #count>::new((#(#arms,)*), #cell))
        }
    }
}

fn spawn(names: &Names, id: SegmentId) -> TokenStream {
    let (segment, name) = (&names.model.segments[id.0], local("segment", id.0));
    let (text, spawn) = (
        &segment.name,
        format_ident!("{}", if segment.blocking { "spawn_blocking" } else { "spawn" }),
    );
    match segment.workers {
        None => quote!(launch.#spawn(#text, #name)?;),
        Some(_) => quote! {
            for task in #name {
                launch.#spawn(#text, task)?;
            }
        },
    }
}

/// The end of a port that users hold.
fn port(names: &Names, port: &Port) -> TokenStream {
    let (fb, ring, name) = (&names.fb, names.ring(port.ring), names.text(&port.name));
    let (to, from) = (local("to", port.ring.0), local("from", port.ring.0));
    match port.way {
        Way::Input => {
            let hash = match names.readers(port.ring).and(names.hash(port.ring)) {
                Some(hash) => quote!(::core::option::Option::Some(#hash)),
                None => quote!(::core::option::Option::None),
            };
            let full = match (ring.policy, ring.shed) {
                (Policy::Wait, _) => quote!(#fb::FullInput::wait()),
                (Policy::DropOldest, _) => quote!(#fb::FullInput::drop_oldest()),
                (Policy::Shed, None) => quote!(#fb::FullInput::shed()),
                (Policy::Shed, Some((wire, _))) => {
                    let wire = local("to", wire.0);
                    quote!(#fb::shed_wire(#wire))
                }
            };
            quote!(#fb::input(#name, #to, #hash, #full, launch.keeper()))
        }
        _ => match names.kind(port.ring) {
            // What an input sheds comes from outside, as the records of the input do.
            RingKind::Shared | RingKind::Port => quote!(#fb::output_shared(#name, #from.take(0), launch.keeper())),
            _ => quote!(#fb::output(#name, #from.take(0), launch.keeper())),
        },
    }
}

/// What the ledger checks of the wires.
fn links(names: &Names) -> Vec<TokenStream> {
    let fb = &names.fb;
    let mut links = Vec::new();
    for (owner, next) in names.trees() {
        let from = match owner {
            Owner::Node(id) => {
                let id = plain(id.0);
                quote!(#fb::LinkFrom::Node(#id))
            }
            Owner::Root(id) => {
                let id = plain(id.0);
                quote!(#fb::LinkFrom::Ring(#id))
            }
        };
        let drop = names.first_drop(owner);
        let (route, ends): (_, Vec<_>) = match next {
            Next::End => continue,
            Next::Drop(_) => (Some(drop), Vec::new()),
            Next::Route(id) => {
                let arms = names.model.routes[id.0].arms.iter().filter(|arm| arm.value.is_some());
                (Some(drop), arms.map(|arm| first(&arm.next)).collect())
            }
            Next::Fan(branches) => (None, branches.iter().map(Some).collect()),
            leaf => (None, vec![Some(leaf)]),
        };
        let to: Option<Vec<_>> = ends.into_iter().map(|end| link_end(names, end?)).collect();
        let Some(to) = to else { continue };
        let route = route.map(|route| quote!(.route(#route)));
        links.push(quote!(#fb::link(#from, &[#(#to),*])#route));
    }
    for (id, node) in names.model.nodes.iter().enumerate() {
        let id = plain(id);
        for inlet in &node.inlets {
            let Outlet::Wired { ring, lane, .. } = inlet.errors else {
                continue;
            };
            let (ring, lane) = (plain(ring.0), plain(lane));
            let to = match node.options.batch {
                None => quote!(#fb::LinkTo::Ring(#ring, #lane)),
                // One failed batch is one entry in the ring, and many records.
                Some(_) => quote!(#fb::LinkTo::FailedOf(#id)),
            };
            links.push(quote!(#fb::link(#fb::LinkFrom::Errors(#id), &[#to])));
        }
    }
    for (id, ring) in names.model.rings.iter().enumerate() {
        if let Some((wire, lane)) = ring.shed {
            let (id, wire, lane) = (plain(id), plain(wire.0), plain(lane));
            links.push(quote!(#fb::link(#fb::LinkFrom::Shed(#id), &[#fb::LinkTo::Ring(#wire, #lane)])));
        }
    }
    links
}

/// The first end of an arm: all its ends are offered the same.
fn first(next: &Next) -> Option<&Next> {
    match next {
        Next::Fan(branches) => branches.first().and_then(first),
        Next::Route(_) => None,
        leaf => Some(leaf),
    }
}

/// The end of a link, if the ledger can tell what came over it alone.
fn link_end(names: &Names, end: &Next) -> Option<TokenStream> {
    let fb = &names.fb;
    match end {
        Next::Ring { ring, lane, .. } => {
            let (ring, lane) = (plain(ring.0), plain(*lane));
            Some(quote!(#fb::LinkTo::Ring(#ring, #lane)))
        }
        // An `impl` stage also takes what it gives itself, and where wires meet a node takes what comes over all of them.
        Next::Fused { to, .. }
            if matches!(names.node(*to).kind, Kind::Function { .. })
                && names.node(*to).inlets.iter().map(|inlet| inlet.links.len()).sum::<usize>() == 1 =>
        {
            let node = plain(to.0);
            Some(quote!(#fb::LinkTo::Node(#node)))
        }
        _ => None,
    }
}
