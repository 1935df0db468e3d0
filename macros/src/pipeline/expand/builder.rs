//! The builder: `start` does not exist until every resource is given.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{GenericParam, Type};

use super::names::Names;
use super::surface::{handle, handle_args, ledger};
use crate::pipeline::model::{Kind, Sharing};

/// `OrchestratorBuilder`.
pub(super) fn name(names: &Names) -> Ident {
    format_ident!("{}Builder", names.model.name)
}

/// What the builder asks for.
struct Asked<'m> {
    name: &'m Ident,
    ty: &'m Type,
    shared: bool,
    docs: &'m [syn::Attribute],
}

fn asked<'m>(names: &Names<'m>) -> Vec<Asked<'m>> {
    let resources = names
        .model
        .resources
        .iter()
        .filter(|resource| resource.given.is_none() && !matches!(resource.sharing, Sharing::Latest(_)))
        .map(|resource| Asked {
            name: &resource.name,
            ty: &resource.ty,
            shared: resource.sharing == Sharing::Shared,
            docs: &resource.docs,
        });
    let states = names.model.nodes.iter().filter_map(|node| match &node.kind {
        Kind::State { ty, given: None } => Some(Asked {
            name: &node.name,
            ty,
            shared: false,
            docs: &node.docs,
        }),
        _ => None,
    });
    resources.chain(states).collect()
}

/// What holds a resource once it is given.
fn held(names: &Names, asked: &Asked) -> TokenStream {
    let (fb, ty) = (&names.fb, asked.ty);
    match asked.shared {
        true => quote!(#fb::Arc<#ty>),
        false => quote!(#fb::Factory<#ty>),
    }
}

fn slot(asked: &Asked) -> Ident {
    let words = asked.name.unraw().to_string();
    let camel = words.split('_').flat_map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(letters)
            .collect::<Vec<_>>()
    });
    format_ident!("Given{}", camel.collect::<String>())
}

/// The pipeline's parameters, without defaults.
fn params(names: &Names) -> Vec<TokenStream> {
    let params = names.model.generics.params.iter().cloned();
    params
        .map(|mut param| {
            match &mut param {
                GenericParam::Type(ty) => ty.default = None,
                GenericParam::Const(value) => value.default = None,
                GenericParam::Lifetime(_) => {}
            }
            param.to_token_stream()
        })
        .collect()
}

/// The pipeline's parameters, as arguments.
fn args(names: &Names) -> Vec<TokenStream> {
    let params = names.model.generics.params.iter();
    params
        .map(|param| match param {
            GenericParam::Type(ty) => ty.ident.to_token_stream(),
            GenericParam::Const(value) => value.ident.to_token_stream(),
            GenericParam::Lifetime(lifetime) => lifetime.lifetime.to_token_stream(),
        })
        .collect()
}

/// The header of an `impl` in which every resource is given: parameters, arguments, bounds.
pub(super) fn given(names: &Names) -> (TokenStream, TokenStream, TokenStream) {
    let fb = &names.fb;
    let asked = asked(names);
    let (params, args) = (params(names), args(names));
    let slots: Vec<_> = asked.iter().map(slot).collect();
    let predicates = names.model.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let bounds = asked.iter().zip(&slots).map(|(asked, slot)| {
        let (name, held) = (asked.name, held(names, asked));
        quote!(#slot: #fb::Given<__resources::#name, Value = #held>)
    });
    (
        quote!(<#(#params,)* #(#slots),*>),
        quote!(<#(#args,)* #(#slots),*>),
        quote!(where #(#predicates,)* #(#bounds,)*),
    )
}

/// The builder as users see it.
pub(super) fn builder(names: &Names) -> TokenStream {
    let (fb, model, builder) = (&names.fb, names.model, name(names));
    let (vis, pipeline, ledger) = (&model.vis, &model.name, ledger(names));
    let asked = asked(names);
    let (params, this) = (params(names), names.this());
    let slots: Vec<_> = asked.iter().map(slot).collect();
    let fields: Vec<_> = asked.iter().map(|asked| asked.name).collect();
    let bounds = &model.generics.where_clause;
    let rings = super::surface::rings_type(names);
    let doc = format!("Builds a [`{pipeline}`]: one method a resource, then `start`.");
    let begin = begin(names);
    quote! {
        #[doc = #doc]
        #[must_use = "a builder does nothing before `start`"]
        #vis struct #builder<#(#params,)* #(#slots = #fb::Missing),*> #bounds {
            #(#fields: #slots,)*
            __begin: #fb::Begin<#ledger, #rings>,
            __of: #fb::PhantomData<fn() -> #this>,
        }
        #begin
    }
}

/// Its methods: the setters, `start`, `start_threads` and `start_on`.
pub(super) fn methods(names: &Names) -> TokenStream {
    let (fb, builder, this, topology) = (&names.fb, name(names), names.this(), super::topology::topology(names));
    let (pipeline_params, _, pipeline_bounds) = names.model.generics.split_for_impl();
    let asked = asked(names);
    let fields: Vec<_> = asked.iter().map(|asked| asked.name).collect();
    let missing = asked.iter().map(|_| quote!(#fb::Missing));
    let setters = (0..asked.len()).map(|index| setter(names, &asked, index));
    let start = start(names);
    let (params, args, bounds) = (params(names), args(names), &names.model.generics.where_clause);
    let slots: Vec<_> = asked.iter().map(slot).collect();
    quote! {
        mod __resources {
            #(pub struct #fields;)*
        }
        impl #pipeline_params #fb::Pipeline for #this #pipeline_bounds {
            type Builder = #builder<#(#args,)* #(#missing),*>;
            const TOPOLOGY: #fb::topology::Topology = #topology;
            fn builder() -> Self::Builder {
                #builder { #(#fields: #fb::Missing,)* __begin: #fb::Begin::new(), __of: #fb::PhantomData }
            }
        }
        impl<#(#params,)* #(#slots),*> #builder<#(#args,)* #(#slots),*> #bounds {
            #(#setters)*
            #start
        }
    }
}

/// `builder()` and `TOPOLOGY`: with the declared defaults where a user writes no arguments, and for any others by the trait.
fn begin(names: &Names) -> TokenStream {
    let (fb, model) = (&names.fb, names.model);
    let (params, _, bounds) = model.generics.split_for_impl();
    let (this, name, vis) = (names.this(), &model.name, &model.vis);
    let defaults = model.generics.params.iter().any(|param| match param {
        GenericParam::Type(ty) => ty.default.is_some(),
        GenericParam::Const(value) => value.default.is_some(),
        GenericParam::Lifetime(_) => false,
    });
    let inherent = if defaults {
        let free = model.generics.params.iter().filter(|param| default(param).is_none()).cloned();
        let values = model.generics.params.iter().map(|param| match (default(param), param) {
            (Some(value), _) => value,
            (None, GenericParam::Type(ty)) => ty.ident.to_token_stream(),
            (None, GenericParam::Const(value)) => value.ident.to_token_stream(),
            (None, GenericParam::Lifetime(lifetime)) => lifetime.lifetime.to_token_stream(),
        });
        // What is said of a parameter is said of its default.
        let defaults: Vec<_> = model.generics.params.iter().filter_map(named_default).collect();
        let (free, bounds) = (
            with_defaults(quote!(#(#free),*), &defaults),
            with_defaults(quote!(#bounds), &defaults),
        );
        quote!(impl<#free> #name<#(#values),*> #bounds)
    } else {
        quote!(impl #params #this #bounds)
    };
    quote! {
        #inherent {
            /// What it is made of.
            #vis const TOPOLOGY: #fb::topology::Topology = <Self as #fb::Pipeline>::TOPOLOGY;
            /// Starts to build one.
            #vis fn builder() -> <Self as #fb::Pipeline>::Builder {
                <Self as #fb::Pipeline>::builder()
            }
        }
    }
}

/// The default of a parameter.
pub(super) fn default(param: &GenericParam) -> Option<TokenStream> {
    match param {
        GenericParam::Type(ty) => ty.default.as_ref().map(|(_, ty)| ty.to_token_stream()),
        GenericParam::Const(value) => value.default.as_ref().map(|(_, value)| value.to_token_stream()),
        GenericParam::Lifetime(_) => None,
    }
}

fn named_default(param: &GenericParam) -> Option<(&Ident, TokenStream)> {
    let name = match param {
        GenericParam::Type(ty) => &ty.ident,
        GenericParam::Const(value) => &value.ident,
        GenericParam::Lifetime(_) => return None,
    };
    Some((name, default(param)?))
}

/// The tokens with the defaults in place of the parameters that have them.
fn with_defaults(tokens: TokenStream, defaults: &[(&Ident, TokenStream)]) -> TokenStream {
    let tokens = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(ident) => match defaults.iter().find(|(name, _)| **name == ident) {
            Some((_, value)) => value.clone(),
            None => ident.into_token_stream(),
        },
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), with_defaults(group.stream(), defaults));
            inner.set_span(group.span());
            inner.into_token_stream()
        }
        token => token.into_token_stream(),
    });
    tokens.collect()
}

/// The methods that give one resource. It can be given once.
fn setter(names: &Names, asked: &[Asked], index: usize) -> TokenStream {
    let (fb, model, builder) = (&names.fb, names.model, name(names));
    let (vis, this) = (&model.vis, &asked[index]);
    let args = args(names);
    let others: Vec<_> = asked
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != index)
        .map(|(_, other)| other)
        .collect();
    let fields: Vec<_> = others.iter().map(|other| other.name).collect();
    let with = |value: TokenStream| {
        asked
            .iter()
            .enumerate()
            .map(|(other, asked)| {
                if other == index {
                    value.clone()
                } else {
                    slot(asked).to_token_stream()
                }
            })
            .collect::<Vec<_>>()
    };
    let (held, own) = (held(names, this), slot(this));
    let after = with(quote!(#fb::Present<#held>));
    let (name, ty, docs) = (this.name, this.ty, this.docs);
    let once = quote!(where #own: #fb::NotGiven<__resources::#name>);
    let given =
        quote!(#builder { #name: #fb::Present(value), #(#fields: self.#fields,)* __begin: self.__begin, __of: #fb::PhantomData });
    let result = quote!(#builder<#(#args,)* #(#after),*>);
    if this.shared {
        let doc = format!(
            "Gives `{}`: one value, which all its stages see. An `Arc` lets the caller keep it too.",
            names.text(name)
        );
        quote! {
            #(#docs)*
            #[doc = #doc]
            #vis fn #name(self, value: impl ::core::convert::Into<#held>) -> #result #once {
                let value = value.into();
                #given
            }
        }
    } else {
        let (doc, fails) = (
            format!(
                "Gives what makes `{}`: called for each worker, and again when it is rebuilt.",
                names.text(name)
            ),
            format!(
                "[`{}`](Self::{}), where making it can fail.",
                names.text(name),
                names.text(name)
            ),
        );
        let tried = format_ident!("try_{}", name);
        quote! {
            #(#docs)*
            #[doc = #doc]
            #vis fn #name(self, make: impl ::core::ops::Fn(#fb::WorkerId) -> #ty + ::core::marker::Send + ::core::marker::Sync + 'static) -> #result #once {
                let value: #held = #fb::Arc::new(move |worker| ::core::result::Result::Ok(make(worker)));
                #given
            }
            #[doc = #fails]
            #vis fn #tried<FailsWith: ::core::convert::Into<#fb::BoxError>>(
                self,
                make: impl ::core::ops::Fn(#fb::WorkerId) -> ::core::result::Result<#ty, FailsWith> + ::core::marker::Send + ::core::marker::Sync + 'static,
            ) -> #result #once {
                let value: #held = #fb::Arc::new(move |worker| make(worker).map_err(::core::convert::Into::into));
                #given
            }
        }
    }
}

fn start(names: &Names) -> TokenStream {
    let (fb, model) = (&names.fb, names.model);
    let (vis, ledger) = (&model.vis, ledger(names));
    let (handle, handle_args) = (handle(names), handle_args(names));
    let asked = asked(names);
    let slots: Vec<_> = asked.iter().map(slot).collect();
    let given: Vec<_> = asked
        .iter()
        .zip(&slots)
        .map(|(asked, slot)| {
            let (name, held) = (asked.name, held(names, asked));
            quote!(#slot: #fb::Given<__resources::#name, Value = #held>)
        })
        .collect();
    let this = names.this();
    let in_static = (!names.generic()).then(|| {
        quote! {
            /// Its rings live in `home`, a `static`, and not on the heap. Only one pipeline can be started there.
            #vis fn in_static(mut self, home: &'static #this) -> Self {
                self.__begin.home = ::core::option::Option::Some(&home.rings);
                self
            }
        }
    });
    let free = model
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| !matches!(node.kind, Kind::Every { .. }))
        .map(|(id, _)| {
            let stage = names.any_stage(crate::pipeline::model::NodeId(id));
            quote!(for<'asked> #fb::Free<'asked, #stage>: #fb::RuntimeFree)
        });
    quote! {
            /// Calls `f` with the final ledger when the pipeline has ended, however that came.
            #vis fn on_end(mut self, f: impl ::core::ops::FnOnce(&#ledger) + ::core::marker::Send + 'static) -> Self {
                self.__begin.on_end = ::core::option::Option::Some(::std::boxed::Box::new(f));
                self
            }
            #in_static
            /// Starts it on the tokio runtime around the caller: a task for each segment.
            #vis fn start(self) -> ::core::result::Result<#handle #handle_args, #fb::StartError>
            where #(#given,)*
            {
                self.__launch(#fb::TokioRt::ambient()?)
            }
            /// Starts it without a runtime: a thread for each segment.
            #vis fn start_threads(self) -> ::core::result::Result<#handle #handle_args, #fb::StartError>
            where #(#given,)* #(#free,)*
            {
                self.__launch(#fb::ThreadRt)
            }
            /// Starts it on `rt`: the tokio runtime of a handle, threads, a simulation. Stages that wait for tokio need it around them.
            #vis fn start_on(self, rt: impl #fb::Rt) -> ::core::result::Result<#handle #handle_args, #fb::StartError>
            where #(#given,)*
            {
                self.__launch(rt)
            }
    }
}
