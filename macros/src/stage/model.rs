//! What a stage is: its record, its resources, what it gives, and for an `impl` its methods.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{
    Attribute, FnArg, GenericParam, Generics, Ident, Lifetime, Path, Receiver, Safety, Signature, Token, Type, TypeParam,
    Visibility,
};

use super::ast;
use super::form::{Form, Gives, generic, plain};
use crate::tokens::mentions;

/// A function stage.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) generics: Generics,
    pub(crate) call: Call,
    pub(crate) shape: Shape,
    /// The generic parameters that the record makes known; the others come from resources.
    pub(crate) known: Vec<Ident>,
}

/// An `impl` stage.
#[derive(Debug)]
pub(crate) struct Impl {
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) of: Option<Path>,
    pub(crate) generics: Generics,
    pub(crate) ty: Type,
    /// `process`, or the inlets.
    pub(crate) ways: Vec<Way>,
    /// `tick`, `finish`, `next`, `closed`: those that are there.
    pub(crate) life: Vec<Call>,
    /// `held`.
    pub(crate) held: Option<Call>,
}

/// A way into an `impl` stage.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) call: Call,
    /// Its name, where it is an inlet.
    pub(crate) inlet: Option<Ident>,
}

/// One function of the user's.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) name: Ident,
    pub(crate) unsafety: Option<Span>,
    pub(crate) receiver: Option<Receiver>,
    pub(crate) params: Vec<Param>,
    pub(crate) gives: Gives,
    /// Its own parameters, where it is a method.
    pub(crate) generics: Generics,
}

/// One parameter.
#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) kind: Kind,
    /// As written.
    pub(crate) ty: Type,
}

/// What a parameter is for, by its type.
#[derive(Debug)]
pub(crate) enum Kind {
    /// `T`
    Value,
    /// `Batch<T>`
    Batch(Type),
    /// `&T` or `&mut T`
    Resource {
        ty: Type,
        lifetime: Option<Lifetime>,
        mutable: Option<Token![mut]>,
    },
    /// `&mut Emit<T>`
    Emit(Type),
}

/// Which of the runtime's traits a function stage implements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// No record in: a `Source`.
    Source,
    /// `Batch<T>` in: a `BatchStage`.
    Batched,
    /// One record in: a `Stage`.
    Stage,
}

/// The methods of an `impl` stage beside the ways in.
pub(crate) const LIFE: &[&str] = &["tick", "finish", "next", "closed"];

impl Function {
    pub(crate) fn new(function: ast::Function) -> Self {
        let mut sig = function.sig;
        name_opaque_parameters(&mut sig);
        let call = Call::new(&sig);
        let shape = match call
            .params
            .iter()
            .find(|param| !matches!(param.kind, Kind::Resource { .. } | Kind::Emit(_)))
        {
            Some(Param {
                kind: Kind::Batch(_), ..
            }) => Shape::Batched,
            Some(_) => Shape::Stage,
            None if call.gives.form == Form::Stream => Shape::Source,
            None => Shape::Stage,
        };
        let record = call.record();
        let known = names(&sig.generics)
            .filter(|name| record.is_some_and(|record| mentions(record, &[name])))
            .cloned();
        Function {
            conditions: ast::conditions(&function.attrs),
            vis: function.vis,
            known: known.collect(),
            generics: sig.generics,
            call,
            shape,
        }
    }
}

impl Impl {
    pub(crate) fn new(block: ast::Impl) -> Self {
        let mut stage = Impl {
            conditions: ast::conditions(&block.attrs),
            of: block.of,
            generics: block.generics,
            ty: block.ty,
            ways: Vec::new(),
            life: Vec::new(),
            held: None,
        };
        for method in block.methods {
            let call = Call::new(&method.sig);
            let inlet = ast::helper(&method.attrs, "inlet").map(|_| call.name.clone());
            if inlet.is_some() || call.name == "process" {
                stage.ways.push(Way { call, inlet });
            } else if LIFE.iter().any(|name| call.name == name) {
                stage.life.push(call);
            } else if call.name == "held" {
                stage.held = Some(call);
            }
        }
        stage
    }

    /// The method of that name beside the ways in.
    pub(crate) fn life(&self, name: &str) -> Option<&Call> {
        self.life.iter().find(|call| call.name == name)
    }

    /// Every method that gives something.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &Call> {
        self.ways.iter().map(|way| &way.call).chain(&self.life)
    }
}

impl Call {
    fn new(sig: &Signature) -> Self {
        let mut receiver = None;
        let mut params = Vec::new();
        for input in &sig.inputs {
            match input {
                FnArg::Receiver(this) => receiver = Some(this.clone()),
                FnArg::Typed(param) => params.push(Param::new(plain(&param.ty).clone())),
            }
        }
        let mut gives = Gives::new(&sig.output, sig.asyncness.is_some(), sig.ident.span());
        if let Some(Kind::Batch(_)) = params.first().map(|param| &param.kind)
            && let Some((_, args)) = gives.out.as_ref().and_then(|out| generic(out, "Vec"))
            && let [out] = args[..]
        {
            gives.out = Some(out.clone());
            gives.form = Form::Batch;
        }
        let unsafety = match sig.safety {
            Safety::Unsafe(token) => Some(token.span),
            _ => None,
        };
        Call {
            name: sig.ident.clone(),
            unsafety,
            receiver,
            params,
            gives,
            generics: sig.generics.clone(),
        }
    }

    /// The record it takes.
    pub(crate) fn record(&self) -> Option<&Type> {
        self.params.iter().find_map(|param| match &param.kind {
            Kind::Value => Some(&param.ty),
            Kind::Batch(record) => Some(record),
            Kind::Resource { .. } | Kind::Emit(_) => None,
        })
    }

    /// The record it gives: what it returns, or what it emits.
    pub(crate) fn out(&self) -> Option<&Type> {
        self.emits().or(self.gives.out.as_ref())
    }

    /// What its `Emit` takes.
    pub(crate) fn emits(&self) -> Option<&Type> {
        self.params.iter().find_map(|param| match &param.kind {
            Kind::Emit(record) => Some(record),
            _ => None,
        })
    }

    /// The resources it borrows.
    pub(crate) fn resources(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|param| matches!(param.kind, Kind::Resource { .. }))
    }

    /// It is sync and gives at most one record.
    pub(crate) fn direct(&self) -> bool {
        !self.waits() && self.gives.form.at_most_one()
    }

    /// It may wait, and gives at most one record.
    pub(crate) fn answers(&self) -> bool {
        self.gives.later && self.gives.form.at_most_one() && self.emits().is_none()
    }

    /// It may wait for something.
    pub(crate) fn waits(&self) -> bool {
        self.gives.later || self.gives.form == Form::Stream
    }
}

impl Param {
    fn new(ty: Type) -> Self {
        let kind = match &ty {
            Type::Reference(reference) => {
                let elem = plain(&reference.elem);
                match (generic(elem, "Emit"), reference.mutability) {
                    (Some((_, args)), Some(_)) if args.len() == 1 => Kind::Emit(args[0].clone()),
                    (_, mutable) => Kind::Resource {
                        ty: elem.clone(),
                        lifetime: reference.lifetime.clone(),
                        mutable,
                    },
                }
            }
            ty => match generic(ty, "Batch") {
                Some((_, args)) if args.len() == 1 => Kind::Batch(args[0].clone()),
                _ => Kind::Value,
            },
        };
        Param { kind, ty }
    }
}

/// The names of type and constant parameters.
pub(crate) fn names(generics: &Generics) -> impl Iterator<Item = &Ident> {
    generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    })
}

/// Gives each `impl Trait` in parameter position a name, as generated code needs one.
fn name_opaque_parameters(sig: &mut Signature) {
    for (index, input) in sig.inputs.iter_mut().enumerate() {
        let FnArg::Typed(param) = input else { continue };
        let ty = match &mut *param.ty {
            Type::Reference(reference) => &mut *reference.elem,
            ty => ty,
        };
        if let Type::ImplTrait(opaque) = ty {
            let name = Ident::new(&format!("__Impl{index}"), opaque.span());
            let param = TypeParam {
                colon_token: Some(Token![:](opaque.impl_token.span)),
                bounds: opaque.bounds.clone(),
                ..TypeParam::from(name.clone())
            };
            sig.generics.params.push(GenericParam::Type(param));
            *ty = Type::Path(syn::TypePath {
                attrs: Vec::new(),
                qself: None,
                path: name.into(),
            });
        }
    }
}
