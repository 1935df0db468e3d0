//! What `#[stage]` writes beside the user's item. Nothing here can fail.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Type, Visibility};

use super::ast::Args;
use super::form::{Fails, Form};
use super::generics::{Borrowed, Header};
use super::model::{Call, Function, Impl, Shape, Way};
use crate::root::Root;
use crate::tokens::show;

/// The stage traits for a function.
pub(crate) fn function(stage: &Function, args: &Args) -> TokenStream {
    let (root, name, call) = (&args.root, &stage.call.name, &stage.call);
    let (span, conditions) = (name.span(), &stage.conditions);
    let brace = brace_struct(conditions, &stage.vis, name);
    let borrowed = Borrowed::new(call);
    let (resources, bind) = (&borrowed.types, &borrowed.bind);
    let record = local("record");
    let invoke = |emit: Option<&Ident>| {
        let names = borrowed.names.iter().chain(emit);
        match stage.shape {
            Shape::Source => quote!(#name(#(#names),*)),
            Shape::Stage | Shape::Batched => quote!(#name(#record, #(#names),*)),
        }
    };
    let work = work_type(root, span);
    let (out, err) = (out_type(root, call.out()), err_type(root, call.gives.fails.as_ref()));
    let markers = markers(
        root,
        conditions,
        &Header::plain(),
        name,
        call.waits(),
        !call.waits() || args.runtime_free.is_some(),
    );
    let answers = call
        .answers()
        .then(|| quote!(#(#conditions)* impl #root::stage::Answers for #name {}));
    let alias = alias_probe(root, conditions, &[call], &stage.generics.params);

    if stage.shape == Shape::Source {
        let (header, body) = (Header::source(stage, &borrowed), body(root, call, invoke));
        let (params, bounds) = (&header.params, &header.bounds);
        return quote! {
            #brace
            #(#conditions)* impl #params #root::stage::Source<#resources> for #name #bounds {
                type Out = #out;
                type Err = #err;
                fn open(#bind: #resources) -> #work { #body }
            }
            #markers
            #alias
        };
    }

    let (types, stages) = (Header::types(stage), Header::stage(stage, &borrowed));
    let feed = &types.feed;
    let types = types_impls(root, conditions, &types, name, None, call, &out, &err);
    let (params, bounds) = (&stages.params, &stages.bounds);
    let behaviour = match stage.shape {
        Shape::Batched => {
            let answer = batch_body(root, call, invoke(None));
            quote_spanned! {span=>
                #(#conditions)* impl #params #root::stage::BatchStage<#feed, #resources> for #name #bounds {
                    fn start(#record: #root::stage::Batch<Self::In>, #bind: #resources)
                        -> impl ::core::future::Future<Output = ::core::result::Result<#root::stage::make::Vec<Self::Out>, Self::Err>>
                            + ::core::marker::Send
                    { #answer }
                }
            }
        }
        _ => {
            let method = stage_method(root, call, &record, quote!(#bind: #resources), invoke);
            quote! {
                #(#conditions)* impl #params #root::stage::Stage<#feed, #resources> for #name #bounds { #method }
            }
        }
    };
    quote! { #brace #types #behaviour #markers #answers #alias }
}

/// The stage traits for an `impl`.
pub(crate) fn implementation(stage: &Impl, args: &Args) -> TokenStream {
    let (root, ty, conditions) = (&args.root, &stage.ty, &stage.conditions);
    let out = out_type(root, stage.calls().find_map(Call::out));
    let err = err_type(root, stage.calls().find_map(|call| call.gives.fails.as_ref()));
    let header = Header::of_impl(stage, true);
    let ways = stage.ways.iter().map(|way| way_impls(root, stage, &header, way, &out, &err));

    let plain = Header::of_impl(stage, false);
    let (params, bounds) = (&plain.params, &plain.bounds);
    let life = ["finish", "closed", "next"]
        .iter()
        .filter_map(|name| stage.life(name))
        .map(|call| {
            let (name, work, inlet) = (&call.name, work_type(root, call.name.span()), local("inlet"));
            let flag = format_ident!(
                "{}",
                if name == "finish" {
                    "FINISHES"
                } else if name == "next" {
                    "PULLED"
                } else {
                    "CLOSES"
                }
            );
            let (param, arg) = if name == "closed" {
                (quote!(, #inlet: #root::stage::Inlet), quote!(, #inlet))
            } else {
                Default::default()
            };
            let body = body(root, call, |_| quote!(Self::#name(self #arg)));
            quote! {
                const #flag: bool = true;
                fn #name(&mut self #param) -> #work { #body }
            }
        });
    let held = stage.life("next").and(stage.held.as_ref()).map(|_| {
        quote!(
            fn held(&self) -> usize {
                Self::held(self)
            }
        )
    });
    let tick = stage.life("tick").map(|call| {
        let (work, body) = (
            work_type(root, call.name.span()),
            body(root, call, |_| quote!(Self::tick(self))),
        );
        quote! {
            #(#conditions)* impl #params #root::stage::Ticks for #ty #bounds {
                fn tick(&mut self) -> #work { #body }
            }
        }
    });
    let ticks = stage.life("tick").map(|_| {
        quote!(
            const TICKS: bool = true;
        )
    });
    let inlet_names: Vec<_> = stage
        .ways
        .iter()
        .filter_map(|way| Some(way.inlet.as_ref()?.to_string()))
        .collect();
    let inlet_names = (!inlet_names.is_empty()).then(|| quote!(const INLETS: &'static [&'static str] = &[#(#inlet_names),*];));
    let inlets = inlets(root, stage);
    let free = args.runtime_free.is_some() || !stage.calls().any(Call::waits);
    let markers = markers(
        root,
        conditions,
        &plain,
        ty,
        stage.ways.iter().any(|way| way.call.waits()),
        free,
    );
    let alias = alias_probe(root, conditions, &stage.calls().collect::<Vec<_>>(), &stage.generics.params);
    quote! {
        #(#ways)*
        #(#conditions)* impl #params #root::stage::Life for #ty #bounds {
            type Out = #out;
            type Err = #err;
            #ticks
            #inlet_names
            #(#life)*
            #held
        }
        #tick
        #inlets
        #markers
        #alias
    }
}

/// `Joins`, for a stage with inlets: a constant for each, so that the compiler knows the near name for a misspelt one.
pub(super) fn inlets(root: &Root, stage: &Impl) -> Option<TokenStream> {
    let (ty, conditions) = (&stage.ty, &stage.conditions);
    let header = Header::of_impl(stage, false);
    let (params, bounds) = (&header.params, &header.bounds);
    let inlets = stage.ways.iter().filter_map(|way| way.inlet.as_ref());
    let (names, numbers): (Vec<_>, Vec<_>) = inlets.map(|name| (name, super::inlet::number(name))).unzip();
    (!names.is_empty()).then(|| {
        quote! {
            #(#conditions)* const _: () = {
                pub struct Inlets;
                #[allow(non_upper_case_globals, dead_code)]
                impl Inlets { #(pub const #names: u64 = #numbers;)* }
                impl #params #root::stage::Joins for #ty #bounds { type Inlets = Inlets; }
            };
        }
    })
}

/// `Types`, `Takes` and `Stage` for `process` or for one inlet.
fn way_impls(root: &Root, stage: &Impl, header: &Header, way: &Way, out: &TokenStream, err: &TokenStream) -> TokenStream {
    let (ty, conditions, call) = (&stage.ty, &stage.conditions, &way.call);
    let at = way.inlet.as_ref().map(super::inlet::number);
    let types = types_impls(root, conditions, header, ty, at, call, out, err);
    let (feed, at) = (&header.feed, at.map(|at| quote!(, #at)));
    let (params, bounds) = (header.params_with(&quote!('__this)), &header.bounds);
    let (record, this, name) = (local("record"), local("this"), &call.name);
    let invoke = |emit: Option<&Ident>| {
        let emit = emit.into_iter();
        quote!(Self::#name(#this, #record #(, #emit)*))
    };
    let method = stage_method(root, call, &record, quote!((#this,): (&'__this mut Self,)), invoke);
    quote! {
        #types
        #(#conditions)* impl #params #root::stage::Stage<#feed, (&'__this mut Self,) #at> for #ty #bounds { #method }
    }
}

/// `Types` and `Takes`.
#[allow(clippy::too_many_arguments)]
fn types_impls(
    root: &Root,
    conditions: &[Attribute],
    header: &Header,
    name: &impl ToTokens,
    at: Option<u64>,
    call: &Call,
    out: &TokenStream,
    err: &TokenStream,
) -> TokenStream {
    let (record, scratch) = (call.record(), scratch_type(root, call));
    // The future of an `async fn` that has panicked drops nothing, so a guard around many of them will do.
    let path = match (
        call.direct(),
        call.gives.is_async && call.gives.form.at_most_one() && call.emits().is_none(),
    ) {
        (true, _) => quote!(Direct),
        (false, true) => quote!(Awaited),
        (false, false) => quote!(Polled),
    };
    let filters = matches!(call.gives.form, Form::Maybe).then(|| {
        quote!(
            const FILTERS: bool = true;
        )
    });
    let resources: Vec<String> = call.resources().map(|param| show(&param.ty)).collect();
    let called = match call.gives.form {
        Form::Batch => Some(quote!(batches)),
        _ if !resources.is_empty() => Some(quote!(one)),
        _ => None,
    };
    let shape = called.map(|called| quote!(const SHAPE: #root::stage::Shape = #root::stage::Shape::#called(&[#(#resources),*]);));
    let Header {
        params, bounds, feed, ..
    } = header;
    let fixed = header.any.then(|| {
        let (params, at) = (&header.own_params, at.map(|at| quote!(<#at>)));
        quote!(#(#conditions)* impl #params #root::stage::Fixed #at for #name #bounds { type In = #record; })
    });
    let (take_params, at) = (&header.own_params, at.map(|at| quote!(, #at)));
    let gives = match header.any {
        true => quote! {
            #(#conditions)* impl #params #root::stage::Gives<#feed #at> for #name #bounds {
                type Out = #out;
            }
        },
        false => quote! {
            #(#conditions)* impl<__At: #root::stage::Fed> #root::stage::Gives<__At #at> for #name
            where
                Self: #root::stage::Types<__At::Record #at>,
            {
                type Out = <Self as #root::stage::Types<__At::Record #at>>::Out;
            }
        },
    };
    quote! {
        #gives
        #(#conditions)* impl #params #root::stage::Types<#feed #at> for #name #bounds {
            type In = #record;
            type Out = #out;
            type Err = #err;
            type Scratch = #scratch;
            type Path = #root::stage::#path;
            #shape
            #filters
        }
        #(#conditions)* impl #take_params #root::stage::Takes<#record #at> for #name #bounds {}
        #fixed
    }
}

/// `now` of a direct stage, or `start`.
fn stage_method(
    root: &Root,
    call: &Call,
    record: &Ident,
    resources: TokenStream,
    invoke: impl Fn(Option<&Ident>) -> TokenStream,
) -> TokenStream {
    let scratch = local("scratch");
    let work = work_type(root, call.name.span());
    if call.direct() {
        let body = direct_body(root, call, invoke(None));
        return quote! {
            fn now(#record: Self::In, #resources, _: &mut Self::Scratch) -> #root::stage::Given<Self::Out, Self::Err> { #body }
        };
    }
    let unused = if call.emits().is_some() { quote!(#scratch) } else { quote!(_) };
    let body = body(root, call, invoke);
    quote! {
        fn start(#record: Self::In, #resources, #unused: &mut Self::Scratch) -> #work { #body }
    }
}

/// What a direct call gives.
fn direct_body(root: &Root, call: &Call, invoke: TokenStream) -> TokenStream {
    let make = constructor(call);
    quote!(#root::stage::make::#make(#invoke))
}

/// The `Work` of a call. `invoke` is given the name of the `Emit`, where there is one.
fn body(root: &Root, call: &Call, invoke: impl Fn(Option<&Ident>) -> TokenStream) -> TokenStream {
    let make = constructor(call);
    if call.emits().is_some() {
        let (scratch, out) = (local("scratch"), local("out"));
        let invoke = invoke(Some(&out));
        return quote!(#root::stage::make::emitting(#scratch, |#out| #invoke, #root::stage::make::#make));
    }
    let invoke = invoke(None);
    match (call.gives.later, call.gives.form.at_most_one()) {
        (false, true) => {
            let given = direct_body(root, call, invoke);
            quote!(#root::stage::make::given(#given))
        }
        (false, false) => quote!(#root::stage::make::#make(#invoke)),
        (true, true) => quote!(#root::stage::make::answer(#invoke, #root::stage::make::#make)),
        (true, false) => quote!(#root::stage::make::later(#invoke, #root::stage::make::#make)),
    }
}

/// The future of a batched call: a sync function runs when it is polled, as that is guarded.
fn batch_body(root: &Root, call: &Call, invoke: TokenStream) -> TokenStream {
    let make = constructor(call);
    match call.gives.later {
        true => quote!(#root::stage::make::#make(#invoke)),
        false => quote!(#root::stage::make::#make(#root::stage::make::called(move || #invoke))),
    }
}

/// The name in `make` of what takes such a return value.
fn constructor(call: &Call) -> Ident {
    let name = call.gives.form.constructor();
    let prefix = if call.gives.fails.is_some() { "try_" } else { "" };
    Ident::new(&format!("{prefix}{name}"), Span::call_site())
}

/// The brace struct that carries the traits of a function: it lives in the type namespace under the function's name.
pub(crate) fn brace_struct(conditions: &[Attribute], vis: &Visibility, name: &Ident) -> TokenStream {
    quote! {
        #(#conditions)* #[doc(hidden)] #[allow(non_camel_case_types, dead_code)] #vis struct #name {}
    }
}

/// Whether it needs a runtime, and whether it waits.
fn markers(root: &Root, conditions: &[Attribute], header: &Header, name: &impl ToTokens, waits: bool, free: bool) -> TokenStream {
    let (params, bounds) = (&header.params, &header.bounds);
    let kind = if waits { quote!(Waits) } else { quote!(Blocks) };
    let free = free.then(|| quote!(#(#conditions)* impl #params #root::stage::RuntimeFree for #name #bounds {}));
    quote! {
        #(#conditions)* impl #params #root::stage::#kind for #name #bounds {}
        #free
    }
}

/// Refuses an alias of `Result` or `Option`, which looks like a record.
fn alias_probe<'p>(
    root: &Root,
    conditions: &[Attribute],
    calls: &[&Call],
    params: impl IntoIterator<Item = &'p syn::GenericParam>,
) -> TokenStream {
    let params: Vec<_> = params.into_iter().collect();
    let mut seen: Vec<String> = Vec::new();
    let types = calls
        .iter()
        .filter_map(|call| call.gives.out.as_ref())
        .filter(|ty| super::alias::may_be(ty, &params));
    let probes = types.filter(|ty| {
        let text = ty.to_token_stream().to_string();
        let new = !seen.contains(&text);
        seen.push(text);
        new
    });
    let probes: Vec<TokenStream> = probes
        .map(|ty| {
            let span = ty.span();
            let root = root.at(span);
            quote_spanned!(span=> #root::stage::make::no_alias(#root::stage::make::Shape::<#ty>::ALIAS);)
        })
        .collect();
    if probes.is_empty() {
        return TokenStream::new();
    }
    quote! {
        #(#conditions)* const _: () = { use #root::stage::make::Plain as _; #(#probes)* };
    }
}

fn work_type(root: &Root, span: Span) -> TokenStream {
    let root = root.at(span);
    quote_spanned!(span=> impl #root::stage::Work<Out = Self::Out, Err = Self::Err> + ::core::marker::Send)
}

fn scratch_type(root: &Root, call: &Call) -> TokenStream {
    call.emits()
        .map_or(quote!(()), |record| quote!(#root::stage::EmitCell<#record>))
}

fn out_type(root: &Root, out: Option<&Type>) -> TokenStream {
    out.map_or(quote!(#root::stage::Nothing), ToTokens::to_token_stream)
}

/// The failure's type, as generated code names it.
pub(crate) fn err_type(root: &Root, fails: Option<&Fails>) -> TokenStream {
    match fails {
        None => quote!(::core::convert::Infallible),
        Some(Fails::With(error)) => error.to_token_stream(),
        Some(Fails::Of(path)) => {
            let root = root.at(path.span());
            quote_spanned!(path.span()=> <#path as #root::stage::make::Fallible>::Err)
        }
    }
}

/// A name that cannot meet one of the user's, not even one of a constant.
fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}
