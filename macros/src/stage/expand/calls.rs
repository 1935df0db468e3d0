//! How the user's own function is called, and what becomes of what it returns: `make` of the runtime knows each form.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::local;
use crate::root::Root;
use crate::stage::model::Call;

/// `now` of a direct stage, or `start`.
pub(super) fn stage_method(
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
    let answer = call
        .answers()
        .then(|| quote!(fn answer(#record: Self::In, #resources) -> #work { #body }));
    quote! {
        #answer
        fn start(#record: Self::In, #resources, #unused: &mut Self::Scratch) -> #work { #body }
    }
}

/// What a direct call gives.
fn direct_body(root: &Root, call: &Call, invoke: TokenStream) -> TokenStream {
    let make = constructor(call);
    quote!(#root::stage::make::#make(#invoke))
}

/// The `Work` of a call. `invoke` is given the name of the `Emit`, where there is one.
pub(super) fn body(root: &Root, call: &Call, invoke: impl Fn(Option<&Ident>) -> TokenStream) -> TokenStream {
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
pub(super) fn batch_body(root: &Root, call: &Call, invoke: TokenStream) -> TokenStream {
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

pub(super) fn work_type(root: &Root, span: Span) -> TokenStream {
    let root = root.at(span);
    quote_spanned!(span=> impl #root::stage::Work<Out = Self::Out, Err = Self::Err> + ::core::marker::Send)
}
