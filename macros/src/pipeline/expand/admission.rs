//! What an input lets in.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::names::{Names, at};
use crate::pipeline::model::*;

/// What a port lets in, where it says so.
pub(super) fn admission(names: &Names, id: RingId, clock: &Ident) -> Option<TokenStream> {
    let (fb, ring) = (&names.fb, names.ring(id));
    let said = &ring.admission;
    said.said().next()?;
    let quota = said.quota.map(|said| {
        let (most, span, hash) = (said.value.0, names.duration(&said.value.1), hash(names, ring));
        quote!(.quota(#most, #span, #hash))
    });
    let limit = said.limit.map(|said| {
        let (most, span) = (said.value.0, names.duration(&said.value.1));
        quote!(.limit(#most, #span))
    });
    Some(quote!(#fb::Admission::new(#clock.clone()) #quota #limit))
}

/// The hash of a record's key in a table of keys.
fn hash(names: &Names, ring: &Ring) -> Option<TokenStream> {
    let (fb, record) = (&names.fb, names.flow(&ring.flow));
    Some(match &ring.admission.by {
        Affinity::None => return None,
        Affinity::Key(span) => {
            let (fb, record) = (at(fb, *span), at(&record, *span));
            quote_spanned!(*span=> #fb::key_in::<#record>)
        }
        Affinity::Field(field) => quote!(|record: &#record, keys: &#fb::Keys| keys.hash(&record.#field)),
    })
}
