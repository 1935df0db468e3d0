//! The forms of a return type.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{GenericArgument, Path, PathArguments, ReturnType, Type, TypeImplTrait, TypeParamBound};

use crate::tokens::show;

/// What a stage gives for one call.
#[derive(Debug)]
pub(crate) struct Gives {
    pub(crate) form: Form,
    /// The record; none for `()`, or where it cannot be told.
    pub(crate) out: Option<Type>,
    /// There is a `Result` around.
    pub(crate) fails: Option<Fails>,
    /// It is given when a future is ready: `async`, or `impl Future`.
    pub(crate) later: bool,
    /// That future is the compiler's own, of an `async fn`.
    pub(crate) is_async: bool,
    /// The return type, or where it would be.
    pub(crate) span: Span,
}

/// How much a stage gives for one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `()`
    None,
    /// `T`
    One,
    /// `Option<T>`
    Maybe,
    /// `impl Iterator<Item = T>`
    Items,
    /// `impl Stream<Item = T>`
    Stream,
    /// `Vec<T>` for a batch
    Batch,
}

/// The failure of a `Result`.
#[derive(Debug)]
pub(crate) enum Fails {
    /// `Result<T, E>`
    With(Type),
    /// `io::Result<T>`: the path with `()` for `T`, from which the failure is read.
    Of(Path),
}

impl Gives {
    pub(crate) fn new(ret: &ReturnType, is_async: bool, end: Span) -> Self {
        let mut gives = Gives {
            form: Form::None,
            out: None,
            fails: None,
            later: is_async,
            is_async,
            span: end,
        };
        if let ReturnType::Type(_, ty) = ret {
            gives.span = ty.span();
            gives.read(ty);
        }
        gives
    }

    fn read(&mut self, ty: &Type) {
        let ty = plain(ty);
        if !self.later
            && let Type::ImplTrait(opaque) = ty
            && let Some(output) = bound(opaque, "Future", "Output")
        {
            self.later = true;
            return self.read(&output);
        }
        if let Some((path, args)) = generic(ty, "Result") {
            let ok = args.first().map(|ok| (*ok).clone()).unwrap_or_else(unit);
            self.fails = Some(match args[..] {
                [_, error] => Fails::With(error.clone()),
                _ => Fails::Of(with_unit(path)),
            });
            return self.read_form(plain(&ok));
        }
        self.read_form(ty);
    }

    fn read_form(&mut self, ty: &Type) {
        (self.form, self.out) = match ty {
            Type::Tuple(tuple) if tuple.elems.is_empty() => (Form::None, None),
            Type::ImplTrait(opaque) => match (bound(opaque, "Iterator", "Item"), bound(opaque, "Stream", "Item")) {
                (Some(item), _) => (Form::Items, Some(item)),
                (None, Some(item)) => (Form::Stream, Some(item)),
                (None, None) => (Form::One, Some(ty.clone())),
            },
            ty => match generic(ty, "Option") {
                Some((_, args)) if args.len() == 1 => (Form::Maybe, Some(plain(args[0]).clone())),
                _ => (Form::One, Some(ty.clone())),
            },
        };
    }
}

/// The type without parentheses and without the groups that macros leave.
pub(crate) fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => plain(&inner.elem),
        Type::Group(inner) => plain(&inner.elem),
        ty => ty,
    }
}

/// The type arguments of a path whose last segment is `name`.
pub(crate) fn generic<'t>(ty: &'t Type, name: &str) -> Option<(&'t Path, Vec<&'t Type>)> {
    let Type::Path(path) = plain(ty) else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| path.qself.is_none() && last.ident == name)?;
    let args = match &last.arguments {
        PathArguments::AngleBracketed(args) => args.args.iter().filter_map(type_argument).collect(),
        _ => Vec::new(),
    };
    Some((&path.path, args))
}

fn type_argument(argument: &GenericArgument) -> Option<&Type> {
    match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// The `T` of `impl Trait<Name = T> + …`.
fn bound(opaque: &TypeImplTrait, name: &str, item: &str) -> Option<Type> {
    opaque.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last().filter(|last| last.ident == name)?;
        let PathArguments::AngleBracketed(args) = &last.arguments else {
            return None;
        };
        args.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(assoc) if assoc.ident == item => Some(plain(&assoc.ty).clone()),
            _ => None,
        })
    })
}

/// The path with `()` in place of its type argument: what is left says how it fails.
fn with_unit(path: &Path) -> Path {
    let mut path = path.clone();
    if let Some(PathArguments::AngleBracketed(args)) = path.segments.last_mut().map(|last| &mut last.arguments) {
        for argument in &mut args.args {
            if let GenericArgument::Type(ty) = argument {
                *ty = unit();
            }
        }
    }
    path
}

fn unit() -> Type {
    Type::Tuple(syn::TypeTuple {
        attrs: Vec::new(),
        paren_token: Default::default(),
        elems: Default::default(),
    })
}

impl Form {
    /// At most one record, without waiting for more.
    pub(crate) fn at_most_one(self) -> bool {
        matches!(self, Form::None | Form::One | Form::Maybe)
    }

    /// The constructor in the runtime's `make`, without its `try_`.
    pub(crate) fn constructor(self) -> &'static str {
        match self {
            Form::None => "none",
            Form::One => "one",
            Form::Maybe => "maybe",
            Form::Items => "items",
            Form::Stream => "stream",
            Form::Batch => "batch",
        }
    }
}

impl Fails {
    /// The failure for messages.
    pub(crate) fn show(&self) -> String {
        match self {
            Fails::With(error) => show(error),
            Fails::Of(path) => format!("the failure of {}", show(path)),
        }
    }
}

impl ToTokens for Fails {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Fails::With(error) => error.to_tokens(tokens),
            Fails::Of(path) => path.to_tokens(tokens),
        }
    }
}
