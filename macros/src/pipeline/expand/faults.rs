//! Nodes with options against faults: what guards them, and what only the compiler can check of it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::names::{Names, WayIn, at};
use crate::pipeline::model::*;

/// The type of a way with guards around it.
pub(super) fn way_type(names: &Names, id: NodeId, way: WayIn, inner: TokenStream) -> TokenStream {
    if !names.node(id).options.faults.any() {
        return inner;
    }
    let (fb, types, again) = (&names.fb, names.types_of(id, way), names.again(id, way));
    quote!(#fb::Guarded<#inner, #again, #types::Err>)
}

/// The value of a way with guards around it.
pub(super) fn way_value(names: &Names, id: NodeId, way: WayIn, rt: &Ident, inner: TokenStream) -> TokenStream {
    match names.node(id).options.faults.any() {
        true => guarded(names, id, way, rt, inner),
        false => inner,
    }
}

/// The value of a way with guards around it, whatever the node declares.
pub(super) fn guarded(names: &Names, id: NodeId, way: WayIn, rt: &Ident, inner: TokenStream) -> TokenStream {
    let (fb, faults) = (&names.fb, &names.node(id).options.faults);
    let timeout = faults.timeout.map(|said| {
        let time = names.duration(&said.value);
        quote!(.timeout(#time))
    });
    let deadline = faults.deadline.map(|said| {
        let time = names.duration(&said.value);
        quote!(.deadline(#time))
    });
    let retry = faults.retry.map(|said| {
        let (more, types) = (said.value, names.types_of(id, way));
        quote!(.retry(#more, {
            #[allow(unused_imports)]
            use #fb::Lenient as _;
            <#fb::Judge<#types::Err>>::ASKS
        }))
    });
    let backoff = faults.backoff.map(|said| {
        let (first, most) = (names.duration(&said.value.0), names.duration(&said.value.1));
        quote!(.backoff(#first, #most))
    });
    let breaker = faults.breaker.map(|_| {
        let name = breaker(id);
        quote!(.breaker(&#name))
    });
    let rate = faults.rate.map(|_| {
        let name = rate(id);
        match faults.rate_by {
            Some(_) => quote!(.rate_by_key(&#name)),
            None => quote!(.rate(&#name)),
        }
    });
    quote!(#fb::Guarded::new(#inner, #fb::Guards::new(&#rt) #timeout #deadline #retry #backoff #breaker #rate))
}

/// What the workers of a node share: made once, before its workers are.
pub(super) fn shared(names: &Names, id: NodeId, rt: &Ident) -> TokenStream {
    let (fb, faults) = (&names.fb, &names.node(id).options.faults);
    let breaker = faults.breaker.map(|said| {
        let (name, (most, span)) = (breaker(id), said.value);
        let span = names.duration(&span);
        quote!(let #name = #fb::Breaker::new(#most, #span);)
    });
    let rate = faults.rate.map(|said| {
        let (name, (most, span)) = (rate(id), said.value);
        let span = names.duration(&span);
        let rate = match faults.rate_by {
            Some(_) => quote!(Keys),
            None => quote!(Rate),
        };
        quote!(let #name = #fb::#rate::new(#most, #span, #fb::Rt::now(&#rt));)
    });
    quote!(#breaker #rate)
}

/// The key of a record, where each key has its own rate: said of the tries at `way`.
pub(super) fn by_key(names: &Names, id: NodeId, way: WayIn, at_way: TokenStream) -> Option<TokenStream> {
    let by = names.node(id).options.faults.rate_by.as_ref()?;
    let (fb, record) = (&names.fb, names.types_of(id, way));
    Some(match by {
        Affinity::None => return None,
        Affinity::Key(span) => {
            let (fb, record) = (at(fb, *span), at(&record, *span));
            let hash = quote_spanned!(*span=> |record: &#record::In, keys: &#fb::Keys| #fb::key_in(record, keys));
            quote!(.by(&#at_way, #hash))
        }
        Affinity::Field(field) => quote!(.by(&#at_way, |record: &#record::In, keys: &#fb::Keys| keys.hash(&record.#field))),
    })
}

fn rate(id: NodeId) -> Ident {
    format_ident!("rate_{}", id.0)
}

fn breaker(id: NodeId) -> Ident {
    format_ident!("breaker_{}", id.0)
}

/// The calls of a node with guards: the way, what is fed as the stage takes it, and what is lent.
pub(super) fn sink(
    names: &Names,
    (feed, meta): (&TokenStream, &TokenStream),
    path: &TokenStream,
    takes: &TokenStream,
    lends: &TokenStream,
    (id, way): (NodeId, WayIn),
) -> TokenStream {
    let (fb, by_key) = (&names.fb, by_key(names, id, way, quote!(here.ways #path)));
    quote! {
        type Path = #fb::Polled;
        fn put(&mut self, _: #fb::Env<#feed, #meta>, _: &mut #fb::At) -> bool {
            ::core::unreachable!("only a direct node is called directly")
        }
        async fn send(&mut self, x: #fb::Env<#feed, #meta>) {
            let here = &mut self.here;
            let mut tries = #fb::Tries::begin(&here.node, &mut here.ways #path, #takes) #by_key;
            while tries.ready(&here.node, &mut here.ways #path, &mut here.next).await {
                tries.call(&here.node, &mut here.ways #path, #lends, &mut here.next).await;
            }
            if tries.end(&here.node, &mut here.ways #path).await {
                #fb::rebuild(self);
            }
        }
    }
}

/// The same of a batched node: true, if the stage panicked.
pub(super) fn batch_calls(names: &Names, lends: &TokenStream) -> TokenStream {
    let fb = &names.fb;
    quote! {
        let mut tries = #fb::BatchTries::begin(&here.node, batch);
        while tries.ready(&here.node, &mut here.ways, &mut here.next).await {
            tries.call(&here.node, &mut here.ways, #lends, &mut here.next).await;
        }
        tries.end(&here.node, &mut here.ways, &mut here.next).await
    }
}

impl<'m> Names<'m> {
    /// Whether a way keeps a clone of its record for another try, as a type.
    pub(super) fn again(&self, id: NodeId, way: WayIn) -> TokenStream {
        let fb = &self.fb;
        match self.node(id).options.faults.retry {
            Some(_) if self.way_is_free(id, way) => {
                let name = again(self, id, way);
                quote!(#name)
            }
            Some(_) => quote!(#fb::KeepRecord),
            None => quote!(#fb::KeepNothing),
        }
    }

    /// Declares [`again`](Self::again), where there is something to check.
    pub(super) fn again_gate(&self, id: NodeId, way: WayIn) -> Option<TokenStream> {
        let word = self.node(id).options.faults.retry?.word;
        let (fb, record, name) = (at(&self.fb, word), at(&self.types_of(id, way), word), again(self, id, way));
        let check = quote_spanned!(word=> <#fb::Asks as #fb::Retried<#record::In>>::OK);
        let fb = &self.fb;
        Some(quote!(type #name = #fb::When<#fb::KeepRecord, { #check }>;))
    }
}

fn again(names: &Names, id: NodeId, way: WayIn) -> Ident {
    format_ident!("Again_{}_{}", names.node(id).name, way.index)
}

/// What only the compiler can check of a node's options: statements of a function that is not called.
pub(super) fn checks(names: &Names, id: NodeId) -> TokenStream {
    let (fb, faults) = (&names.fb, &names.node(id).options.faults);
    let timeout = faults.timeout.map(|said| {
        let stage = at(&names.any_stage(id), said.word);
        quote_spanned!(said.word=> let _ = <#stage as #fb::Waits>::OK;)
    });
    quote!(#timeout)
}

/// The same, of what has to be asked of a constant.
pub(super) fn asserts(names: &Names) -> TokenStream {
    let fb = &names.fb;
    let nodes = (0..names.model.nodes.len()).map(NodeId);
    let retries = nodes.filter_map(|id| {
        let faults = &names.node(id).options.faults;
        // A timeout is tried again too.
        let retry = faults.retry.filter(|_| faults.timeout.is_none())?;
        let free: Vec<_> = names.ways(id).into_iter().filter(|way| names.way_is_free(id, *way)).collect();
        let message = format!(
            "`retry` has no effect: stage `{}` returns no error that could be tried again",
            names.node(id).name
        );
        let checks = free.into_iter().map(|way| {
            let (types, word) = (names.types_of(id, way), retry.word);
            quote_spanned!(word=> ::core::assert!(<#fb::Fails<#types::Err>>::EVER || #types::SHAPE.is_any(), #message);)
        });
        Some(quote!(#(#checks)*))
    });
    let retries: Vec<_> = retries.collect();
    if retries.is_empty() {
        return TokenStream::new();
    }
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #fb::MayFail as _;
            #(#retries)*
        };
    }
}
