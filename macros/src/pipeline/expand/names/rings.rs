//! The rings: how many, of which kind, and the types of their ends.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use syn::spanned::Spanned;

use super::{Kind, Names, at, capacity_name, is_number, plain};
use crate::pipeline::model::*;
use crate::tokens::mentions;

impl<'m> Names<'m> {
    /// A capacity as a const argument.
    pub(in crate::pipeline::expand) fn capacity(&self, ring: RingId) -> TokenStream {
        match &self.ring(ring).capacity {
            Capacity::Lit { value, span } => {
                let mut literal = Literal::u64_unsuffixed(*value);
                literal.set_span(*span);
                literal.to_token_stream()
            }
            Capacity::Expr(expr) if self.generic() || !self.inside => quote!({ #expr }),
            Capacity::Expr(_) => {
                let name = capacity_name(ring);
                quote!({ #name })
            }
        }
    }

    /// The capacities and numbers of workers that are no literals, checked.
    pub(in crate::pipeline::expand) fn capacities(&self) -> TokenStream {
        let segments = self.model.segments.iter().enumerate();
        let workers = segments.filter_map(|(id, segment)| {
            let workers = segment.workers.as_ref().filter(|workers| !is_number(workers))?;
            let (name, fb) = (format_ident!("__WORKERS_{}", id), at(&self.fb, workers.span()));
            Some(quote_spanned!(workers.span()=> const #name: usize = #fb::budget::workers(#workers);))
        });
        let rings = self.model.rings.iter().enumerate();
        let capacities = rings.filter_map(|(id, ring)| match &ring.capacity {
            Capacity::Expr(expr) => {
                let (name, fb) = (capacity_name(RingId(id)), at(&self.fb, ring.span));
                Some(quote_spanned!(ring.span=> const #name: usize = #fb::budget::capacity(#expr);))
            }
            Capacity::Lit { .. } => None,
        });
        match self.generic() {
            true => TokenStream::new(),
            false => {
                let extras = self.extras();
                quote!(#(#capacities)* #(#workers)* #extras)
            }
        }
    }

    /// How many workers run a segment.
    pub(in crate::pipeline::expand) fn workers(&self, segment: SegmentId) -> Option<TokenStream> {
        let workers = self.model.segments[segment.0].workers.as_ref()?;
        Some(match self.generic() || !self.inside || is_number(workers) {
            true => workers.to_token_stream(),
            false => format_ident!("__WORKERS_{}", segment.0).to_token_stream(),
        })
    }

    /// How many ends a producer has of a ring.
    pub(in crate::pipeline::expand) fn producers(&self, producer: &Producer) -> TokenStream {
        let of = |segment: SegmentId| self.workers(segment).map_or(quote!(1), |workers| quote!(#workers));
        match producer {
            Producer::Node(node) | Producer::Errors { node, .. } => of(self.node(*node).segment),
            Producer::Root(ring) => match self.ring(*ring).consumer {
                Consumer::Segment { segment, .. } => of(segment),
                _ => quote!(1),
            },
            Producer::Shed(ring) => {
                let ends = self.ring(*ring).producers.iter().map(|producer| self.producers(producer));
                quote!(#(#ends)+*)
            }
            Producer::Lagged(_) | Producer::Outside(_) => quote!(1),
        }
    }

    /// The rings that hold records: all but cursors.
    pub(in crate::pipeline::expand) fn rings(&self) -> Vec<RingId> {
        let rings = self.model.rings.iter().enumerate();
        rings
            .filter(|(_, ring)| ring.cursor.is_none())
            .map(|(at, _)| RingId(at))
            .collect()
    }

    /// The slots of a `latest`, as a const argument: one more than it has ends.
    pub(in crate::pipeline::expand) fn slots(&self, id: RingId) -> TokenStream {
        let ring = self.ring(id);
        let mut ends: Vec<_> = ring.producers.iter().map(|producer| self.producers(producer)).collect();
        ends.extend(self.borrowers(id));
        let cursors = match ring.consumer {
            Consumer::Outside(_) => 1,
            // The one that the others are made of counts too.
            _ => 1 + self.cursors(id).len(),
        };
        if mentions(quote!(#(#ends)*), &self.parameters()) {
            // A constant of the pipeline cannot be counted with: as many as there may be.
            return quote!(256);
        }
        let cursors = plain(1 + cursors);
        quote!({ #cursors #(+ #ends)* })
    }

    /// For each node that borrows the newest value of a ring, its workers: as often as it does so.
    fn borrowers(&self, id: RingId) -> Vec<TokenStream> {
        let lends = |resource: ResourceId| match self.model.resources[resource.0].sharing {
            Sharing::Latest(port) => self.model.ports[port.0].ring == id,
            Sharing::Shared | Sharing::Local => false,
        };
        let nodes = self.model.nodes.iter().flat_map(|node| {
            let used = node.resources.iter().filter(|used| lends(used.resource));
            used.map(|_| self.workers(node.segment).unwrap_or_else(|| quote!(1)))
        });
        nodes.collect()
    }

    /// The cursors of a ring.
    pub(in crate::pipeline::expand) fn cursors(&self, id: RingId) -> Vec<RingId> {
        let rings = self.model.rings.iter().enumerate();
        rings
            .filter(|(_, ring)| ring.cursor == Some(id))
            .map(|(at, _)| RingId(at))
            .collect()
    }

    /// What reads a ring, in the pipeline.
    pub(in crate::pipeline::expand) fn behind(&self, id: RingId) -> &'m Next {
        match self.ring(id).consumer {
            Consumer::Segment { segment, intake } => match &self.model.segments[segment.0].head {
                Head::Rings(intakes) => &intakes[intake].next,
                Head::Source(_) => &Next::End,
            },
            _ => &Next::End,
        }
    }

    /// The workers that read a ring, if there are several.
    pub(in crate::pipeline::expand) fn readers(&self, ring: RingId) -> Option<TokenStream> {
        match self.ring(ring).consumer {
            Consumer::Segment { segment, .. } => self.workers(segment),
            _ => None,
        }
    }

    /// It is written from outside.
    pub(in crate::pipeline::expand) fn outside(&self, ring: RingId) -> bool {
        self.ring(ring).producers.iter().any(|producer| match producer {
            Producer::Outside(_) => true,
            Producer::Shed(of) => self.outside(*of),
            _ => false,
        })
    }

    /// The cheapest ring that is right.
    pub(in crate::pipeline::expand) fn kind(&self, id: RingId) -> Kind {
        let ring = self.ring(id);
        let keyed = !matches!(ring.affinity, Affinity::None);
        let evicts = ring.policy == Policy::DropOldest;
        match ring.kind {
            RingKind::Broadcast => return Kind::Broadcast,
            RingKind::Latest => return Kind::Latest,
            RingKind::Queue if ring.extras.priority.is_some() && self.outside(id) => return Kind::GradedPort,
            RingKind::Queue if ring.extras.priority.is_some() => return Kind::Graded,
            RingKind::Queue if ring.extras.coalesce.is_some() && self.outside(id) => return Kind::CoalescedPort,
            RingKind::Queue if ring.extras.coalesce.is_some() => return Kind::Coalesced,
            RingKind::Queue | RingKind::Mailbox if self.outside(id) => return Kind::Port,
            RingKind::Queue | RingKind::Mailbox => {}
        }
        match (self.readers(id).is_some(), keyed, evicts) {
            (true, true, true) => Kind::SharedKeyed,
            (true, true, false) => Kind::Keyed,
            (true, false, _) | (false, _, true) => Kind::Shared,
            (false, _, false) => {
                let one = ring.producers.len() == 1 && !self.several(&ring.producers[0]);
                // An output port has one type, whoever feeds it.
                if one && !matches!(ring.consumer, Consumer::Outside(_)) {
                    Kind::Lane
                } else {
                    Kind::Lanes
                }
            }
        }
    }

    /// Each ring that is written from outside has one reader, in a segment, and nobody takes out the oldest.
    pub(in crate::pipeline::expand) fn sole(&self, id: RingId) -> bool {
        let ring = self.ring(id);
        let one = self.readers(id).is_none() || !matches!(ring.affinity, Affinity::None);
        one && ring.policy != Policy::DropOldest && matches!(ring.consumer, Consumer::Segment { .. })
    }

    /// A producer has an end for each of several workers.
    pub(in crate::pipeline::expand) fn several(&self, producer: &Producer) -> bool {
        match producer {
            Producer::Node(node) | Producer::Errors { node, .. } => self.workers(self.node(*node).segment).is_some(),
            Producer::Root(ring) => self.readers(*ring).is_some(),
            Producer::Shed(ring) => {
                let producers = &self.ring(*ring).producers;
                producers.len() > 1 || producers.iter().any(|producer| self.several(producer))
            }
            Producer::Lagged(_) | Producer::Outside(_) => false,
        }
    }

    /// The hash of a record of a keyed ring.
    pub(in crate::pipeline::expand) fn hash(&self, id: RingId) -> Option<TokenStream> {
        let (fb, ring) = (&self.fb, self.ring(id));
        let record = self.flow(&ring.flow);
        match &ring.affinity {
            Affinity::None => None,
            Affinity::Key(span) => {
                let (fb, record) = (at(fb, *span), at(&record, *span));
                Some(quote_spanned!(*span=> #fb::key_of::<#record>))
            }
            Affinity::Field(field) => Some(quote!(|record: &#record| #fb::hash_of(&record.#field))),
        }
    }

    /// The type of an edge into a ring.
    pub(in crate::pipeline::expand) fn edge_type(&self, id: RingId, never_waits: bool) -> TokenStream {
        let (fb, ring) = (&self.fb, self.ring(id));
        let (record, meta, capacity) = (self.held(id), self.ring_meta(id), self.capacity(id));
        let env = quote!(#fb::Env<#record, #meta>);
        let writer = match self.kind(id) {
            Kind::Lane | Kind::Lanes => quote!(#fb::Producer<#env, #capacity>),
            Kind::Keyed => quote!(#fb::Keyed<#record, #fb::Producer<#env, #capacity>>),
            Kind::Shared | Kind::Port => quote!(#fb::Sender<#env, #capacity>),
            Kind::SharedKeyed => quote!(#fb::Keyed<#record, #fb::Sender<#env, #capacity>>),
            Kind::Graded | Kind::GradedPort if self.keyed(id) => {
                quote!(#fb::Keyed<#record, #fb::Graded<#record, #meta, #capacity>>)
            }
            Kind::Graded | Kind::GradedPort => quote!(#fb::Graded<#record, #meta, #capacity>),
            Kind::Coalesced | Kind::CoalescedPort if self.keyed(id) => {
                quote!(#fb::Keyed<#record, #fb::Coalescing<#record, #meta, #capacity>>)
            }
            Kind::Coalesced | Kind::CoalescedPort => quote!(#fb::Coalescing<#record, #meta, #capacity>),
            Kind::Broadcast => quote!(#fb::BroadcastWriter<#env, #capacity>),
            Kind::Latest => {
                let slots = self.slots(id);
                quote!(#fb::LatestWriter<#env, #slots>)
            }
        };
        let policy = match ring.policy {
            _ if ring.kind.has_cursors() => quote!(#fb::Refuse<#fb::NotKept>),
            Policy::Wait if never_waits => quote!(#fb::Refuse<#fb::NotKept>),
            Policy::Wait => quote!(#fb::Wait),
            Policy::DropOldest => quote!(#fb::DropOldest),
            Policy::Shed | Policy::Offer => {
                let wire = match ring.shed {
                    None => quote!(#fb::NotKept),
                    Some((wire, _)) => {
                        let wire = self.edge_type(wire, true);
                        quote!(#fb::ShedInto<#wire>)
                    }
                };
                match ring.policy {
                    Policy::Offer if !never_waits => quote!(#fb::Offer<#wire>),
                    _ => quote!(#fb::Refuse<#wire>),
                }
            }
        };
        let cycle = self.cycle_of(id).map(|_| quote!(, #fb::InCycle));
        quote!(#fb::Edge<#record, #meta, #writer, #policy #cycle>)
    }

    /// The cycle that a ring is part of, with what is read of the ring in it: the ring itself, or cursors. At least one.
    pub(in crate::pipeline::expand) fn cycle_of(&self, id: RingId) -> Option<(usize, Vec<RingId>)> {
        let mut read = self.cursors(id);
        if !self.ring(id).kind.has_cursors() {
            read.push(id);
        }
        let components = self.model.components.iter().enumerate();
        let mut inside = components.map(|(number, component)| {
            let read = read.iter().copied().filter(|ring| component.rings.contains(ring));
            (number, read.collect::<Vec<_>>())
        });
        inside.find(|(_, read)| !read.is_empty())
    }

    /// The type of where records go.
    pub(in crate::pipeline::expand) fn next_type(&self, next: &Next) -> TokenStream {
        let fb = &self.fb;
        match next {
            Next::End | Next::Drop(_) => quote!(#fb::End),
            Next::Fused { to, .. } => {
                let place = self.place_type(*to);
                match self.node(*to).callers() {
                    0 | 1 => place,
                    _ => quote!(#fb::Joint<#place>),
                }
            }
            Next::Ring { ring, .. } => self.edge_type(*ring, false),
            Next::Fan(branches) => {
                let branches = branches.iter().map(|branch| self.next_type(branch));
                quote!((#(#branches,)*))
            }
            Next::Route(id) => {
                let forwards = self.model.routes[id.0].arms.iter().filter(|arm| arm.value.is_some());
                let places: Vec<_> = forwards.map(|arm| self.next_type(&arm.next)).collect();
                let (routing, count) = (self.routing(*id), places.len());
                let (_, args, _) = self.model.generics.split_for_impl();
                quote!(#fb::Route<#routing #args, (#(#places,)*), #count>)
            }
        }
    }
}
