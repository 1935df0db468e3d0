//! Aliases of `Result` and `Option`: a macro cannot see through them, so the compiler is asked.

use proc_macro2::Span;
use syn::{GenericParam, Ident, Type};

use super::form::plain;
use crate::tokens::{lifetimes, mentions};

/// Names that nobody gives to such an alias.
const PLAIN: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "Arc",
    "Box", "Bytes", "Duration", "HashMap", "Instant", "Rc", "String", "Vec",
];

/// Whether `ty` may be an alias that the compiler can look into: a path, known here in full.
pub(crate) fn may_be(ty: &Type, params: &[&GenericParam]) -> bool {
    let Type::Path(path) = plain(ty) else { return false };
    let Some(last) = path.path.segments.last().filter(|_| path.qself.is_none()) else {
        return false;
    };
    let params = params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    });
    let params: Vec<&Ident> = params.collect();
    !PLAIN.iter().any(|name| last.ident == name) && !mentions(ty, &params) && !is_self(ty) && lifetimes(ty).is_empty()
}

/// Whether `ty` mentions `Self`.
pub(crate) fn is_self(ty: &Type) -> bool {
    mentions(ty, &[&Ident::new("Self", Span::call_site())])
}
