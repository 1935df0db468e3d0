//! What a node holds beside its `Here`: its resources, or its state; how a call borrows it, and what a panic has made anew.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Index;

use crate::pipeline::expand::names::Names;
use crate::pipeline::model::{Kind, Node, NodeId, ResourceId, Sharing};

/// What a node holds beside its `Here`: its resources, or its state.
pub(super) fn fields(names: &Names, id: NodeId) -> TokenStream {
    let (fb, node) = (&names.fb, names.node(id));
    if let Kind::State { .. } = &node.kind {
        let ty = names.state(id);
        return quote!(stage: #fb::Local<#ty>,);
    }
    if node.options.concurrency.is_some() {
        // They are with its hands.
        return TokenStream::new();
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
pub(in crate::pipeline::expand) fn field(name: &Ident) -> Ident {
    match name.to_string().as_str() {
        "here" | "of" => quote::format_ident!("{}_", name),
        _ => name.clone(),
    }
}

/// What the node borrows, as a tuple of references; each at the user's word for it.
pub(super) fn borrowed(names: &Names, node: &Node) -> TokenStream {
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

/// The same for one call after the other.
pub(super) struct Held {
    /// What the calls hand to one another.
    pub(super) held: TokenStream,
    /// What is lent of it, `held`.
    pub(super) lent: TokenStream,
    /// It is only looked at, so each call may have it.
    pub(super) shared: bool,
}

pub(super) fn held(names: &Names, node: &Node) -> Held {
    if let Kind::State { .. } = node.kind {
        let (held, lent) = (quote!(&mut self.stage), quote!((held.get(),)));
        return Held {
            held,
            lent,
            shared: false,
        };
    }
    let sharing = |resource: ResourceId| names.model.resources[resource.0].sharing;
    let shared = node.resources.iter().all(|used| sharing(used.resource) == Sharing::Shared);
    let resources = node.resources.iter().enumerate().map(|(index, used)| {
        let resource = &names.model.resources[used.resource.0];
        let (mut name, mut index) = (field(&resource.name), Index::from(index));
        let span = Span::call_site().located_at(used.name.span());
        name.set_span(span);
        index.span = span;
        match resource.sharing {
            Sharing::Shared => (quote_spanned!(span=> &*self.#name), quote_spanned!(span=> held.#index)),
            Sharing::Local => (
                quote_spanned!(span=> &mut self.#name),
                quote_spanned!(span=> held.#index.get()),
            ),
            Sharing::Latest(_) => (
                quote_spanned!(span=> &mut self.#name),
                quote_spanned!(span=> &*held.#index.get()),
            ),
        }
    });
    let (held, lent): (Vec<_>, Vec<_>) = resources.unzip();
    Held {
        held: quote!((#(#held,)*)),
        lent: quote!((#(#lent,)*)),
        shared,
    }
}

/// What is built anew after a panic: the locals, and the state if the declaration says so.
pub(super) fn rebuild(names: &Names, id: NodeId) -> Option<TokenStream> {
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
