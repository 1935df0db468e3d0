//! What a segment calls of an `impl` stage beyond `process`: `tick`, `closed`, `next` and `finish`.

use proc_macro2::TokenStream;
use quote::quote;

use super::ways::path;
use crate::pipeline::expand::names::{Names, WayIn};
use crate::pipeline::model::{Head, Kind, NodeId};

/// The calls of an `impl` stage beyond `process`.
pub(super) fn life(names: &Names, id: NodeId, ways: &[WayIn]) -> Option<TokenStream> {
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
pub(in crate::pipeline::expand) fn pulls(names: &Names, id: NodeId) -> bool {
    let node = names.node(id);
    let segment = &names.model.segments[node.segment.0];
    matches!(node.kind, Kind::State { .. })
        && matches!(segment.head, Head::Rings(_))
        && segment.nodes.first() == Some(&id)
        && node.inlets.iter().all(|inlet| inlet.name.is_none())
}
