//! The heads of the generated `impl`s: parameters and bounds, and the lifetimes of what is borrowed.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{GenericParam, Lifetime, TypeParamBound, WherePredicate};

use super::model::{Call, Function, Impl, Kind, names};
use crate::tokens::{lifetimes, mentions, with_lifetime};

/// The head of one `impl`.
pub(crate) struct Header {
    list: Vec<TokenStream>,
    /// `<…>`
    pub(crate) params: TokenStream,
    /// `<…>` without the parameter that stands for whatever is fed.
    pub(crate) own_params: TokenStream,
    /// `where …`
    pub(crate) bounds: TokenStream,
    /// What is fed: anything, unless the record has parameters itself.
    pub(crate) feed: TokenStream,
    /// It is anything.
    pub(crate) any: bool,
}

/// The resources of a call.
pub(crate) struct Borrowed {
    /// The tuple of their types, with lifetimes.
    pub(crate) types: TokenStream,
    /// The pattern that takes the tuple apart.
    pub(crate) bind: TokenStream,
    /// The names that it binds.
    pub(crate) names: Vec<Ident>,
    lifetimes: Vec<Lifetime>,
    list: Vec<TokenStream>,
}

impl Borrowed {
    pub(crate) fn new(call: &Call) -> Self {
        let mut borrowed = Borrowed {
            types: quote!(()),
            bind: quote!(()),
            names: Vec::new(),
            lifetimes: Vec::new(),
            list: Vec::new(),
        };
        for (index, param) in call.resources().enumerate() {
            let Kind::Resource { ty, lifetime, mutable } = &param.kind else {
                continue;
            };
            let fresh = Lifetime::new(&format!("'__r{index}"), Span::call_site());
            let named = lifetime.clone().filter(|lifetime| lifetime.ident != "_");
            let nested = Lifetime::new(&format!("'__n{index}"), Span::call_site());
            let lifetime = named.unwrap_or(fresh);
            let ty = with_lifetime(ty.to_token_stream(), &nested);
            borrowed.list.push(quote!(&#lifetime #mutable #ty));
            borrowed.names.push(Ident::new(&format!("__r{index}"), Span::mixed_site()));
            for name in std::iter::once(lifetime.ident).chain(lifetimes(&ty)) {
                let known = borrowed.lifetimes.iter().any(|known| known.ident == name);
                if !known && name != "static" {
                    borrowed.lifetimes.push(Lifetime {
                        apostrophe: Span::call_site(),
                        ident: name,
                    });
                }
            }
        }
        if !borrowed.list.is_empty() {
            let (list, names) = (&borrowed.list, &borrowed.names);
            (borrowed.types, borrowed.bind) = (quote!((#(#list,)*)), quote!((#(#names,)*)));
        }
        borrowed
    }
}

impl Header {
    fn new(list: Vec<TokenStream>, bounds: Vec<TokenStream>, feed: Option<TokenStream>) -> Self {
        let own_params = angle(&list);
        let mut all = list.clone();
        let any = feed.is_none();
        let feed = feed.unwrap_or_else(|| {
            all.push(quote!(__Feed));
            quote!(__Feed)
        });
        let bounds = if bounds.is_empty() {
            quote!()
        } else {
            quote!(where #(#bounds,)*)
        };
        Header {
            list: all.clone(),
            params: angle(&all),
            own_params,
            bounds,
            feed,
            any,
        }
    }

    /// Of `Types` and `Takes` for a function: what the record makes known.
    pub(crate) fn types(stage: &Function) -> Self {
        let known = |name: &Ident| stage.known.contains(name);
        let unknown: Vec<&Ident> = names(&stage.generics).filter(|name| !known(name)).collect();
        let params = stage.generics.params.iter().filter(|param| name(param).is_some_and(known));
        let list = params.clone().map(|param| without(param, &unknown)).collect();
        let mut bounds: Vec<TokenStream> = params.filter_map(travels).collect();
        let known: Vec<&Ident> = stage.known.iter().collect();
        let predicates = stage.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        let own = predicates.filter(|it| mentions(it, &known) && !mentions(it, &unknown) && lifetimes(it).iter().all(is_static));
        bounds.extend(own.map(ToTokens::to_token_stream));
        Header::new(list, bounds, stage.feed())
    }

    /// Of `Stage` or `BatchStage` for a function: everything.
    pub(crate) fn stage(stage: &Function, borrowed: &Borrowed) -> Self {
        let (list, bounds) = everything(stage, borrowed);
        Header::new(list, bounds, stage.feed())
    }

    /// Of `Source` for a function: everything, and nothing is fed.
    pub(crate) fn source(stage: &Function, borrowed: &Borrowed) -> Self {
        let (list, bounds) = everything(stage, borrowed);
        Header::new(list, bounds, Some(quote!()))
    }

    /// Of a trait without parameters, for a type without them.
    pub(crate) fn plain() -> Self {
        Header::new(Vec::new(), Vec::new(), Some(quote!()))
    }

    /// Of the traits of an `impl` stage.
    pub(crate) fn of_impl(stage: &Impl, fed: bool) -> Self {
        let list = stage.generics.params.iter().map(ToTokens::to_token_stream).collect();
        let mut bounds: Vec<TokenStream> = stage.generics.params.iter().filter_map(travels).collect();
        bounds.extend(
            stage
                .generics
                .where_clause
                .iter()
                .flat_map(|clause| &clause.predicates)
                .map(ToTokens::to_token_stream),
        );
        Header::new(list, bounds, if fed { None } else { Some(quote!()) })
    }

    /// The parameters, one by one.
    pub(crate) fn list(&self) -> &[TokenStream] {
        &self.list
    }

    /// `<…>` with a lifetime before the rest.
    pub(crate) fn params_with(&self, lifetime: &TokenStream) -> TokenStream {
        let list = &self.list;
        quote!(<#lifetime, #(#list),*>)
    }
}

impl Function {
    /// The record, if its parameters are what the feed makes known.
    fn feed(&self) -> Option<TokenStream> {
        if self.known.is_empty() {
            None
        } else {
            self.call.record().map(ToTokens::to_token_stream)
        }
    }
}

/// The parameters and bounds of a function, and the lifetimes of what it borrows.
fn everything(stage: &Function, borrowed: &Borrowed) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let lifetimes = borrowed.lifetimes.iter().map(ToTokens::to_token_stream);
    let typed = || stage.generics.params.iter().filter(|param| name(param).is_some());
    let list = lifetimes.chain(typed().map(|param| without(param, &[]))).collect();
    let mut bounds: Vec<TokenStream> = typed()
        .filter(|param| name(param).is_some_and(|name| stage.known.contains(name)))
        .filter_map(travels)
        .collect();
    let predicates = stage.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    bounds.extend(
        predicates
            .filter(|predicate| !is_of_lifetimes(predicate))
            .map(ToTokens::to_token_stream),
    );
    // What comes from a resource is borrowed by a call that may move between threads.
    let unknown: Vec<&Ident> = names(&stage.generics).filter(|name| !stage.known.contains(name)).collect();
    let shared = borrowed.list.iter().filter(|ty| mentions(ty, &unknown));
    bounds.extend(shared.map(|ty| quote!(#ty: ::core::marker::Send)));
    (list, bounds)
}

/// The name of a type or constant parameter.
fn name(param: &GenericParam) -> Option<&Ident> {
    match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    }
}

/// The parameter, without the bounds that mention one of `unknown`, and without a default.
fn without(param: &GenericParam, unknown: &[&Ident]) -> TokenStream {
    match param {
        GenericParam::Type(param) => {
            let name = &param.ident;
            let bounds = param
                .bounds
                .iter()
                .filter(|bound| !mentions(bound, unknown) && !is_borrow(bound));
            quote!(#name: #(#bounds)+*)
        }
        GenericParam::Const(param) => {
            let (name, ty) = (&param.ident, &param.ty);
            quote!(const #name: #ty)
        }
        GenericParam::Lifetime(param) => param.to_token_stream(),
    }
}

/// A bound on a type by a lifetime of the function's: what is borrowed says so itself.
fn is_borrow(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Lifetime(lifetime) if lifetime.ident != "static")
}

fn is_of_lifetimes(predicate: &WherePredicate) -> bool {
    matches!(predicate, WherePredicate::Lifetime(_))
}

fn is_static(lifetime: &Ident) -> bool {
    lifetime == "static"
}

/// What travels in a record can.
fn travels(param: &GenericParam) -> Option<TokenStream> {
    let GenericParam::Type(param) = param else { return None };
    let name = format_ident!("{}", param.ident);
    Some(quote!(#name: ::core::marker::Send + 'static))
}

fn angle(list: &[TokenStream]) -> TokenStream {
    if list.is_empty() { quote!() } else { quote!(<#(#list),*>) }
}
