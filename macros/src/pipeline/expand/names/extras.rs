//! The options of a ring that few have, in the code.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::super::faults::duration;
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
        let (more, every) = (offer.more, duration(self, &offer.every));
        Some(quote!(#more, #every))
    }

    /// What a ring with `priority` goes by.
    pub(in crate::pipeline::expand) fn ranks(&self, id: RingId) -> Option<TokenStream> {
        let ranks = self.ranks_value(id)?;
        Some(match self.generic() {
            // A constant of its own would have to name the parameters: the check comes where this is built.
            true => quote!(const { #ranks }),
            false => {
                let name = ranks_name(id);
                quote!(#name)
            }
        })
    }

    /// Declares them, where nothing depends on the parameters of the pipeline.
    pub(in crate::pipeline::expand) fn all_ranks(&self) -> TokenStream {
        if self.generic() {
            return TokenStream::new();
        }
        let fb = &self.fb;
        let ranks = (0..self.model.rings.len()).map(RingId).filter_map(|id| {
            let (name, record, value) = (ranks_name(id), self.held(id), self.ranks_value(id)?);
            Some(quote!(const #name: #fb::Ranks<#record> = #value;))
        });
        quote!(#(#ranks)*)
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

fn ranks_name(id: RingId) -> Ident {
    format_ident!("__RANKS_{}", id.0)
}
