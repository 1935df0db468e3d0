//! The struct of each node, and how records go through it.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Index;
use syn::spanned::Spanned;

use super::faults;
use super::names::{Names, Owner, WayIn, at};
use crate::pipeline::model::{Flow, Head, Kind, Node, NodeId, Outlet, RouteId, Sharing};

/// A struct for every node but the sources, and a function for every `match`.
pub(super) fn places(names: &Names) -> TokenStream {
    let nodes = (0..names.model.nodes.len()).map(NodeId);
    let nodes = nodes.filter(|id| !matches!(names.node(*id).kind, Kind::Source { .. } | Kind::Every { .. }));
    let places = nodes.map(|id| place(names, id));
    let routes = (0..names.model.routes.len()).map(|id| routing(names, id));
    quote!(#(#routes)* #(#places)*)
}

/// The most ways that one tuple of them has.
pub(super) const TUPLE: usize = 8;

/// `items` as a tuple, nested where there are too many for one; one item is itself.
pub(super) fn tuple(items: &[TokenStream]) -> TokenStream {
    match items {
        [one] => one.clone(),
        few if few.len() <= TUPLE => quote!((#(#few,)*)),
        many => {
            let parts: Vec<_> = many.chunks(many.len().div_ceil(TUPLE)).map(tuple).collect();
            tuple(&parts)
        }
    }
}

/// The path to item number `index` of `count` in such a tuple.
fn path(index: usize, count: usize) -> TokenStream {
    if count == 1 {
        return TokenStream::new();
    }
    if count <= TUPLE {
        let index = Index::from(index);
        return quote!(.#index);
    }
    let size = count.div_ceil(TUPLE);
    let (chunks, chunk) = (count.div_ceil(size), index / size);
    let (outer, inner) = (path(chunk, chunks), path(index % size, size.min(count - chunk * size)));
    quote!(#outer #inner)
}

/// The type of one way into a node.
fn way_type(names: &Names, id: NodeId, way: WayIn) -> TokenStream {
    let (fb, stage, feed, at) = (&names.fb, names.way_stage(id, way), names.feed(way), names.at(way));
    let keep = names.keep(id, way);
    let errors = errors_type(names, way);
    if names.node(id).options.batch.is_some() {
        return faults::way_type(names, id, way, quote!(#fb::BatchWay<#stage, #feed, #keep, #errors>));
    }
    let meta = names.meta(names.node(id).segment);
    let at = way.uses.name.as_ref().map(|_| quote!(, #at));
    faults::way_type(names, id, way, quote!(#fb::Way<#stage, #feed, #meta, #keep, #errors #at>))
}

/// The type of where failures go.
fn errors_type(names: &Names, way: WayIn) -> TokenStream {
    let fb = &names.fb;
    match way.uses.errors {
        Outlet::Unwired | Outlet::Dropped => quote!(#fb::Unwired),
        Outlet::Wired { ring, .. } => names.edge_type(ring, false),
    }
}

fn place(names: &Names, id: NodeId) -> TokenStream {
    let (fb, node, place) = (&names.fb, names.node(id), names.place(id));
    let (params, args, bounds) = names.model.generics.split_for_impl();
    let ways = names.ways(id);
    let way_types: Vec<_> = ways.iter().map(|way| way_type(names, id, *way)).collect();
    let (ways_type, next) = (tuple(&way_types), names.next_of(Owner::Node(id), &node.next));
    let fields = fields(names, id);
    let phantom = names.phantom().map(|ty| quote!(of: #ty,));
    let sinks = ways.iter().map(|way| match node.options.batch {
        Some(_) => batch_sink(names, id, *way),
        None => sink(names, id, *way, ways.len()),
    });
    let rebuild = rebuild(names, id);
    let life = life(names, id, &ways);
    let generics = declared(names);
    let doc = format!("`{}`, and what it feeds.", names.text(&node.name));
    quote! {
        #[doc = #doc]
        struct #place #generics #bounds {
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

/// The pipeline's parameters as a struct declares them, without defaults.
pub(super) fn declared(names: &Names) -> TokenStream {
    let (params, _, _) = names.model.generics.split_for_impl();
    quote!(#params)
}

/// What a node holds beside its [`Here`]: its resources, or its state.
fn fields(names: &Names, id: NodeId) -> TokenStream {
    let (fb, node) = (&names.fb, names.node(id));
    if let Kind::State { .. } = &node.kind {
        let ty = names.state(id);
        return quote!(stage: #fb::Local<#ty>,);
    }
    let fields = node.borrowed().map(|used| {
        let resource = &names.model.resources[used.resource.0];
        let (name, ty) = (field(&resource.name), names.resource(resource));
        match resource.sharing {
            Sharing::Shared => quote!(#name: #fb::Arc<#ty>,),
            Sharing::Local => quote!(#name: #fb::Local<#ty>,),
            Sharing::Latest(port) => {
                let ring = names.model.ports[port.0].ring;
                let (meta, slots) = (names.ring_meta(ring), names.slots(ring));
                quote!(#name: #fb::Newest<#ty, #meta, #slots>,)
            }
        }
    });
    quote!(#(#fields)*)
}

/// The field of a resource. `here` and `of` are ours.
pub(super) fn field(name: &Ident) -> Ident {
    match name.to_string().as_str() {
        "here" | "of" => quote::format_ident!("{}_", name),
        _ => name.clone(),
    }
}

/// What the node borrows, as a tuple of references; each at the user's word for it.
fn borrowed(names: &Names, node: &Node) -> TokenStream {
    if let Kind::State { .. } = node.kind {
        return quote!((self.stage.get(),));
    }
    let resources = node.resources.iter().map(|used| {
        let resource = &names.model.resources[used.resource.0];
        let mut name = field(&resource.name);
        // Ours, and standing there: a `self` of the user's would not be this one.
        let span = Span::call_site().located_at(used.name.span());
        name.set_span(span);
        match resource.sharing {
            Sharing::Shared => quote_spanned!(span=> &*self.#name),
            Sharing::Local => quote_spanned!(span=> self.#name.get()),
            Sharing::Latest(_) => quote_spanned!(span=> &*self.#name.get()),
        }
    });
    quote!((#(#resources,)*))
}

/// The stage of a way, standing where the user's word for it is on the edge that is checked.
fn checked(names: &Names, id: NodeId, way: WayIn) -> TokenStream {
    let stage = names.way_stage(id, way);
    match stage.clone().into_iter().count() {
        1 => at(&stage, way.uses.links[way.link].span),
        // A path keeps its own tokens.
        _ => stage,
    }
}

fn sink(names: &Names, id: NodeId, way: WayIn, count: usize) -> TokenStream {
    let (fb, node, place) = (&names.fb, names.node(id), names.place(id));
    let (params, args, bounds) = names.model.generics.split_for_impl();
    let (feed, at, meta) = (names.feed(way), names.at(way), names.meta(node.segment));
    let index = Literal::u64_unsuffixed(way.index as u64);
    let (stage, path) = (names.way_stage(id, way), path(way.index, count));
    let borrowed = borrowed(names, node);
    let checked = checked(names, id, way);
    let takes = quote!(#fb::edge::<#feed, #checked, #meta, #at>(x));
    let lends = quote!(#fb::lend::<#feed, #stage, _, #at>(#borrowed));
    let index = (way.index != 0).then(|| quote!(, #index));
    if node.options.faults.any() {
        let body = faults::sink(names, (&feed, &meta), &path, &takes, &lends);
        return quote! {
            impl #params #fb::Sink<#feed, #meta #index> for #place #args #bounds { #body }
        };
    }
    // One way in: all that is here. Several: what one of them needs of it.
    let (here, put, send) = match count {
        1 => (
            None,
            quote!(put(&mut self.here, #takes, #lends, at)),
            quote!(#fb::send(&mut self.here, #takes, #lends, &mut records)),
        ),
        _ => (
            Some(quote!(let here = &mut self.here;)),
            quote!(call(&mut here.node, &mut here.ways #path, #takes, #lends, &mut here.next, at)),
            quote!(records.call(&mut here.node, &mut here.ways #path, #takes, #lends, &mut here.next)),
        ),
    };
    quote! {
        impl #params #fb::Sink<#feed, #meta #index> for #place #args #bounds {
            type Path = #fb::PathOf<Self, #stage, #feed, #meta, #at>;
            #[inline(always)]
            fn put(&mut self, x: #fb::Env<#feed, #meta>, at: &mut #fb::At) -> bool {
                #here
                #fb::#put
            }
            async fn send(&mut self, mut records: impl #fb::Records<#feed, #meta>) {
                while let ::core::option::Option::Some(x) = records.next() {
                    #here
                    if #send.await {
                        #fb::rebuild(self);
                    }
                }
            }
        }
    }
}

fn batch_sink(names: &Names, id: NodeId, way: WayIn) -> TokenStream {
    let (fb, node, place) = (&names.fb, names.node(id), names.place(id));
    let (params, args, bounds) = names.model.generics.split_for_impl();
    let (feed, meta) = (names.feed(way), names.meta(node.segment));
    let (stage, checked) = (names.way_stage(id, way), checked(names, id, way));
    let borrowed = borrowed(names, node);
    let lends = quote!(#fb::lend_batch::<#feed, #stage, _>(#borrowed));
    let panicked = match node.options.faults.any() {
        true => faults::batch_calls(names, &lends),
        false => quote!(#fb::run_batch(&mut here.node, &mut here.ways, batch, #lends, &mut here.next).await),
    };
    quote! {
        impl #params #fb::BatchSink<#feed, #meta> for #place #args #bounds {
            async fn send_batch(&mut self, batch: ::std::vec::Vec<#fb::Env<#feed, #meta>>) {
                let here = &mut self.here;
                let batch = batch.into_iter().map(#fb::edge::<#feed, #checked, #meta, 0u64>).collect();
                let panicked = { #panicked };
                if panicked {
                    #fb::rebuild(self);
                }
            }
        }
    }
}

/// What is built anew after a panic: the locals, and the state if the declaration says so.
fn rebuild(names: &Names, id: NodeId) -> Option<TokenStream> {
    let node = names.node(id);
    let locals: Vec<_> = match &node.kind {
        Kind::State { .. } => node.options.rebuild.iter().map(|_| quote!(stage)).collect(),
        _ => {
            let used = node.resources.iter().map(|used| &names.model.resources[used.resource.0]);
            let locals = used.filter(|resource| resource.sharing == Sharing::Local);
            locals
                .map(|resource| {
                    let name = field(&resource.name);
                    quote!(#name)
                })
                .collect()
        }
    };
    (!locals.is_empty()).then(|| {
        quote! {
            fn rebuild(&mut self) {
                self.here.node.rebuild(|| {
                    #(self.#locals.rebuild()?;)*
                    ::core::result::Result::Ok(true)
                });
            }
        }
    })
}

/// The calls of an `impl` stage beyond `process`.
fn life(names: &Names, id: NodeId, ways: &[WayIn]) -> Option<TokenStream> {
    let (fb, node) = (&names.fb, names.node(id));
    let Kind::State { .. } = &node.kind else { return None };
    let ty = names.state(id);
    let (first, guarded) = (path(0, ways.len()), node.options.faults.any().then(|| quote!(.way)));
    let place = quote!(&mut here.node, &mut here.ways #first #guarded, self.stage.get(), &mut here.next);
    let number = id.0;
    let tick = node.options.tick.as_ref().map(|_| {
        quote! {
            async fn tick(&mut self, node: usize) {
                if node != #number {
                    return #fb::Place::tick(&mut self.here.next, node).await;
                }
                let here = &mut self.here;
                if #fb::tick(#place).await {
                    #fb::rebuild(self);
                }
            }
        }
    });
    let closed = node.inlets.iter().any(|inlet| inlet.name.is_some()).then(|| {
        quote! {
            async fn closed(&mut self, inlet: #fb::Inlet) {
                let here = &mut self.here;
                if #fb::closed(#place, inlet).await {
                    #fb::rebuild(self);
                }
            }
        }
    });
    let pull = pulls(names, id).then(|| {
        quote! {
            async fn pull(&mut self) -> bool {
                let here = &mut self.here;
                let (panicked, gave) = #fb::pull(#place).await;
                if panicked {
                    #fb::rebuild(self);
                }
                gave
            }
            fn held(&self) -> usize {
                <#ty as #fb::Life>::held(self.stage.peek())
            }
        }
    });
    Some(quote! {
        async fn finish(&mut self) {
            let here = &mut self.here;
            if #fb::finish(#place).await {
                #fb::rebuild(self);
            }
        }
        #tick
        #closed
        #pull
    })
}

/// It may be pulled: an `impl` stage with one way in, first of its segment.
pub(super) fn pulls(names: &Names, id: NodeId) -> bool {
    let node = names.node(id);
    let segment = &names.model.segments[node.segment.0];
    matches!(node.kind, Kind::State { .. })
        && matches!(segment.head, Head::Rings(_))
        && segment.nodes.first() == Some(&id)
        && node.inlets.iter().all(|inlet| inlet.name.is_none())
}

/// A `match`, in a function of its own: a stray `return` is refused, and nothing of the dispatcher is in sight.
fn routing(names: &Names, id: usize) -> TokenStream {
    let (fb, route) = (&names.fb, &names.model.routes[id]);
    let (params, args, bounds) = names.model.generics.split_for_impl();
    let routing = names.routing(RouteId(id));
    let record = names.flow(&route.flow);
    let forwards: Vec<_> = route.arms.iter().enumerate().filter(|(_, arm)| arm.value.is_some()).collect();
    let arm_type = quote::format_ident!("Arm{}", forwards.len());
    let forwarded = |arm: usize| {
        let route = RouteId(id);
        names.flow(&Flow::Arm { route, arm })
    };
    let types = forwards.iter().map(|(arm, _)| forwarded(*arm));
    let letters = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
    let mut next = letters.iter();
    let value = Ident::new("value", Span::mixed_site());
    let arms = route.arms.iter().enumerate().map(|(number, arm)| {
        let (pat, guard) = (&arm.pat, arm.guard.as_ref().map(|guard| quote!(if #guard)));
        let body = match &arm.value {
            None => quote!(#fb::#arm_type::Drop),
            Some(given) => {
                let (variant, ty) = (
                    quote::format_ident!("{}", next.next().copied().unwrap_or('H')),
                    forwarded(number),
                );
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
    let (span, generics) = (route.span, declared(names));
    let mixed = span.resolved_at(Span::mixed_site());
    let x = Ident::new("record", mixed);
    let head = quote_spanned!(mixed=> match #x);
    let phantom = names.phantom().map_or(quote!(;), |ty| quote!((#ty) #bounds;));
    quote! {
        #[allow(dead_code)]
        struct #routing #generics #phantom
        impl #params #fb::Routing<#record> for #routing #args #bounds {
            type Arm = #fb::#arm_type<#(#types),*>;
            #[allow(unreachable_code, unused_braces)]
            fn route(#x: #record) -> Self::Arm {
                #head { #(#arms)* }
            }
        }
    }
}
