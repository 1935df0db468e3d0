//! What the user wrote, with its spans: the grammar of `pipeline!`.

mod admission;
mod clause;
mod context;
mod faults;
mod options;
mod parse;
mod ring;
mod ring_options;
mod wire;

use proc_macro2::Span;
use syn::{Attribute, Expr, Generics, Ident, Pat, Path, Type, Visibility};

pub(crate) use context::Context;
pub(crate) use parse::pipeline;

use super::model::{Admission, Affinity, Extras, Options, Policy, RingKind, Sharing, Side};
use crate::units::{Size, Time};

/// A declaration of a pipeline.
#[derive(Debug)]
pub(crate) struct Ast {
    pub docs: Vec<Attribute>,
    pub vis: Visibility,
    pub name: Ident,
    pub generics: Generics,
    pub budget: Option<Size>,
    pub drain: Option<Time>,
    pub ports: Vec<PortClause>,
    pub resources: Vec<ResourceClause>,
    pub nodes: Vec<NodeClause>,
    pub wires: Vec<Wire>,
}

/// `input requests: PromptRequest [512, shed];`
#[derive(Debug)]
pub(crate) struct PortClause {
    pub docs: Vec<Attribute>,
    pub side: Side,
    pub name: Ident,
    pub ty: Type,
    pub ring: RingText,
}

/// `shared template: Template = Template::default();`
#[derive(Debug)]
pub(crate) struct ResourceClause {
    pub docs: Vec<Attribute>,
    pub sharing: Sharing,
    pub name: Ident,
    pub ty: Type,
    pub given: Option<Expr>,
}

/// `node redact_b = redact { workers: 2 };`, `node mean: Mean { tick: 1s } = Mean::over(60);`
#[derive(Debug)]
pub(crate) struct NodeClause {
    pub docs: Vec<Attribute>,
    pub name: Ident,
    pub made: Made,
    pub options: Option<Options>,
}

/// What a `node` clause makes a node of.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once, in one call of a macro")]
pub(crate) enum Made {
    Function { path: Path, resources: Option<Resources> },
    State { ty: Type, given: Option<Expr> },
}

/// `requests -> rag(index) -[512]-> answers;`
#[derive(Debug)]
pub(crate) struct Wire {
    pub head: Head,
    pub steps: Vec<Step>,
}

/// What a wire starts with.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once, in one call of a macro")]
pub(crate) enum Head {
    /// A port, a node, or a stage that is a source.
    Stage(Stage),
    /// `every 30s`; the word's span. Without a period: broken, and reported.
    Every { period: Option<Time>, word: Span },
    /// `errors`, for all.
    Errors { word: Ident },
    /// `infer.errors`, `matcher.order.errors`, `requests.shed`, `alert.lagged`.
    Outlet {
        of: Ident,
        inlet: Option<Ident>,
        outlet: Outlet,
        word: Ident,
    },
}

/// A side way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outlet {
    Errors,
    Shed,
    Lagged,
}

/// An arrow, and what it leads to.
#[derive(Debug)]
pub(crate) struct Step {
    pub arrow: Arrow,
    pub target: Target,
}

/// `->` or `-[512]->`.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once, in one call of a macro")]
pub(crate) enum Arrow {
    /// The span of the arrow; of what follows where a group leaves it out.
    Fused(Span),
    Ring(RingText),
}

/// What an arrow leads to. Only a stage may be followed by another step.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once, in one call of a macro")]
pub(crate) enum Target {
    /// A port, a node, or a stage.
    Stage(Stage),
    /// `matcher.order`
    Inlet { node: Ident, inlet: Ident },
    /// `drop`
    Drop(Span),
    /// `{ a, -[64]-> b }`: the steps of each branch.
    Group { span: Span, branches: Vec<Vec<Step>> },
    /// `match { … }`; the word's span.
    Route { word: Span, arms: Vec<ArmText> },
}

/// `Ticket::Normal(t) if t.stale => t -> triage`
#[derive(Debug)]
pub(crate) struct ArmText {
    pub pat: Pat,
    pub guard: Option<Expr>,
    /// `None` for `=> drop`.
    pub value: Option<Expr>,
    /// Empty for `=> drop`.
    pub steps: Vec<Step>,
    pub span: Span,
}

/// `parse::parse(index) { workers: 4 }`: a stage; or a port or node, by its bare name.
#[derive(Debug)]
pub(crate) struct Stage {
    pub path: Path,
    pub resources: Option<Resources>,
    pub options: Option<Options>,
}

impl Stage {
    /// What the node is called: the last word of the path.
    pub(crate) fn name(&self) -> &Ident {
        // A path has at least one segment: the parser makes no other.
        &self.path.segments[self.path.segments.len() - 1].ident
    }

    /// The name, if there is nothing else.
    pub(crate) fn bare(&self) -> Option<&Ident> {
        let alone = self.resources.is_none() && self.options.is_none();
        self.path.get_ident().filter(|_| alone)
    }
}

/// `(index, model)`
#[derive(Debug)]
pub(crate) struct Resources {
    pub names: Vec<Ident>,
}

/// `[512, shed, by key]`, `[broadcast 1024]`, `[latest = expr]`
#[derive(Debug, Clone)]
pub(crate) struct RingText {
    pub kind: RingKind,
    /// `None`: broken, and reported; or of a kind that has none.
    pub capacity: Option<Expr>,
    /// The first value of a `latest`.
    pub first: Option<Expr>,
    pub policy: Policy,
    pub affinity: Affinity,
    /// What is let in.
    pub admission: Admission,
    pub extras: Extras,
    pub span: Span,
}
