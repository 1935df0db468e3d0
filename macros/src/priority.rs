//! `#[derive(Priority)]`: the variants of an enum as levels, the first one first.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, Path};

use crate::diag::Errors;
use crate::options::{self, Known};
use crate::root::Root;

const KNOWN: &[Known] = &[("crate", "::forebay")];

/// All phases. What is refused gets levels all the same, so that it stays one error.
pub(crate) fn priority(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Some(input) = errors.keep(syn::parse2::<DeriveInput>(item)) else {
        return quote!(#errors);
    };
    let root = root(&input, &mut errors);
    let variants = variants(&input, &mut errors);
    let (name, (params, args, bounds)) = (&input.ident, input.generics.split_for_impl());
    let levels = variants.len().max(2);
    let arms = variants.iter().enumerate().map(|(level, variant)| {
        let rest = match variant.fields {
            Fields::Unit => quote!(),
            _ => quote!({ .. }),
        };
        let variant = &variant.ident;
        quote!(Self::#variant #rest => #level)
    });
    let level = match variants.is_empty() {
        true => quote!(0),
        false => quote!(match self { #(#arms),* }),
    };
    quote! {
        #errors
        impl #params #root::record::Priority for #name #args #bounds {
            const LEVELS: usize = #levels;
            #[inline]
            fn level(&self) -> usize {
                #level
            }
        }
    }
}

/// `#[priority(crate = path)]`
fn root(input: &DeriveInput, errors: &mut Errors) -> Root {
    let mut root = Root::default();
    for attr in input.attrs.iter().filter(|attr| attr.path().is_ident("priority")) {
        let Ok(list) = attr.meta.require_list() else {
            errors.at(attr, "it is written `#[priority(crate = path)]`");
            continue;
        };
        for option in options::parse(list.tokens.clone(), KNOWN, errors) {
            root = option.value::<Path>("::forebay", errors).map(Root::from).unwrap_or_default();
        }
    }
    root
}

fn variants<'i>(input: &'i DeriveInput, errors: &mut Errors) -> Vec<&'i syn::Variant> {
    let Data::Enum(data) = &input.data else {
        errors.at(
            &input.ident,
            "`Priority` is derived for an enum, whose variants are the levels: write `impl forebay::record::Priority` for anything else",
        );
        return Vec::new();
    };
    let variants: Vec<_> = data.variants.iter().collect();
    if let Some(variant) = variants.iter().find(|variant| !variant.fields.is_empty()) {
        errors.at(&variant.ident, "a level holds nothing: variants of a priority have no fields");
    }
    if variants.len() < 2 {
        errors.at(&input.ident, "a priority has at least two levels, or it chooses nothing");
    }
    if let Some(variant) = variants.get(16) {
        errors.at(
            &variant.ident,
            "a priority has at most 16 levels: a ring with `priority` has a lane for each",
        );
    }
    variants
}

#[cfg(test)]
mod tests {
    use crate::diag::messages;
    use crate::prefixes::prefixes;
    use proc_macro2::TokenStream;

    fn errors(item: &str) -> Vec<String> {
        let item: TokenStream = item.parse().expect("tokens");
        messages(super::priority(item))
    }

    #[track_caller]
    fn refused(item: &str, words: &str) {
        let errors = errors(item);
        assert!(errors.len() == 1 && errors[0].contains(words), "{errors:#?}");
    }

    #[test]
    fn what_is_no_priority() {
        refused("struct S;", "for an enum");
        refused("enum E { A, B(u8) }", "no fields");
        refused("enum E { A }", "at least two levels");
        refused("enum E {}", "at least two levels");
        let many: Vec<_> = (0..17).map(|n| format!("V{n}")).collect();
        refused(&format!("enum E {{ {} }}", many.join(",")), "at most 16");
        refused("#[priority(root = a)] enum E { A, B }", "`root` is not an option");
        refused("#[priority] enum E { A, B }", "`#[priority(crate = path)]`");
    }

    #[test]
    fn the_first_variant_goes_first() {
        let written = super::priority("#[priority(crate = a::b)] enum E { A, B, C }".parse().expect("tokens")).to_string();
        assert!(written.contains("a :: b :: record :: Priority for E"), "{written}");
        assert!(
            written.contains("Self :: A => 0usize , Self :: B => 1usize , Self :: C => 2usize"),
            "{written}"
        );
        assert!(written.contains("LEVELS : usize = 3usize"), "{written}");
    }

    #[test]
    fn every_prefix_is_taken_calmly() {
        for prefix in prefixes("#[priority(crate = a::b)] pub enum E<T> where T: Copy { A, B { x: u8 }, C = 3 }") {
            super::priority(prefix);
        }
    }
}
