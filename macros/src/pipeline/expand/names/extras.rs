//! The options of a ring that few have, in the code.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use super::{Names, at};
use crate::pipeline::model::*;

impl Names<'_> {
    /// Workers share a ring by key: there is one for each.
    pub(in crate::pipeline::expand) fn keyed(&self, id: RingId) -> bool {
        self.readers(id).is_some() && !matches!(self.ring(id).affinity, Affinity::None)
    }

    /// How often a ring with `offer` is tried again, and when.
    pub(in crate::pipeline::expand) fn tries(&self, id: RingId) -> Option<TokenStream> {
        let offer = self.ring(id).extras.offer?;
        let (more, every) = (offer.more, self.duration(&offer.every));
        Some(quote!(#more, #every))
    }

    /// What a ring with `priority` goes by.
    pub(in crate::pipeline::expand) fn ranks(&self, id: RingId) -> Option<TokenStream> {
        self.ranks_value(id).map(|ranks| self.named("RANKS", id, ranks))
    }

    /// What a ring with `coalesce` goes by.
    pub(in crate::pipeline::expand) fn keys(&self, id: RingId) -> Option<TokenStream> {
        self.keys_value(id).map(|keys| self.named("KEYS", id, keys))
    }

    /// A constant by its name, so that what is wrong with it is said once. Where it may depend on the parameters of the pipeline it has
    /// none, and the check comes where the pipeline is built.
    fn named(&self, what: &str, id: RingId, value: TokenStream) -> TokenStream {
        match self.generic() {
            true => quote!(const { #value }),
            false => constant(what, id).to_token_stream(),
        }
    }

    /// Declares those constants.
    pub(in crate::pipeline::expand) fn extras(&self) -> TokenStream {
        let fb = &self.fb;
        let constants = (0..self.model.rings.len()).map(RingId).map(|id| {
            let (record, meta) = (self.held(id), self.ring_meta(id));
            let (ranks, keys) = (constant("RANKS", id), constant("KEYS", id));
            let ranks = self
                .ranks_value(id)
                .map(|value| quote!(const #ranks: #fb::Ranks<#record> = #value;));
            let keys = self
                .keys_value(id)
                .map(|value| quote!(const #keys: #fb::Keying<#fb::Env<#record, #meta>> = #value;));
            quote!(#ranks #keys)
        });
        quote!(#(#constants)*)
    }

    fn keys_value(&self, id: RingId) -> Option<TokenStream> {
        let span = self.ring(id).extras.coalesce?;
        let (fb, record, meta) = (at(&self.fb, span), at(&self.held(id), span), at(&self.ring_meta(id), span));
        Some(quote_spanned!(span=> #fb::keys::<#record, #meta>()))
    }

    fn ranks_value(&self, id: RingId) -> Option<TokenStream> {
        let ring = self.ring(id);
        let Ranking { span, weights } = ring.extras.priority.as_ref()?;
        let (fb, record) = (at(&self.fb, *span), at(&self.held(id), *span));
        let ranks = quote_spanned!(*span=> #fb::ranks::<#record>());
        let weighted = weights.as_ref().map(|(weights, span)| {
            let weights = weights.iter().map(|weight| Literal::u32_unsuffixed(*weight));
            quote_spanned!(*span=> .weighted(&[#(#weights),*]))
        });
        let sharing = ring.policy.sheds().then(|| quote!(.sharing()));
        Some(quote!(#ranks #weighted #sharing))
    }
}

fn constant(what: &str, id: RingId) -> Ident {
    format_ident!("__{}_{}", what, id.0)
}
