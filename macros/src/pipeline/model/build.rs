//! From what is written to the graph: names first, then wires, then what follows from the whole.

use std::collections::BTreeMap;

use proc_macro2::Span;

use super::*;
use crate::pipeline::ast::{Ast, Context, RingText};

/// The graph of a declaration. What is wrong with names and places is reported here; the rest is for the checks.
pub(crate) fn build(ast: Ast, cx: &mut Context) -> Model {
    let mut builder = Builder {
        cx,
        named: BTreeMap::new(),
        ports: Vec::new(),
        resources: Vec::new(),
        nodes: Vec::new(),
        rings: Vec::new(),
        reads: Vec::new(),
        routes: Vec::new(),
        clocks: Vec::new(),
        sheds: Vec::new(),
        lagged: Vec::new(),
        handler: None,
    };
    builder.declarations(&ast);
    builder.occurrences(&ast);
    builder.wires(&ast);
    builder.connect_sheds();
    builder.connect_lagged();
    builder.connect_errors();
    builder.finish_cursors();
    let mut model = builder.finish(ast);
    feeds::choose(&mut model);
    components::find(&mut model);
    entries::find(&mut model);
    waits::find(&mut model);
    model
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Port(PortId),
    Resource(ResourceId),
    Node(NodeId),
}

/// A model in the making.
pub(super) struct Builder<'c> {
    pub(super) cx: &'c mut Context,
    pub(super) named: BTreeMap<String, Named>,
    pub(super) ports: Vec<Port>,
    pub(super) resources: Vec<Resource>,
    pub(super) nodes: Vec<Node>,
    pub(super) rings: Vec<Ring>,
    /// For each ring, what stands behind it.
    pub(super) reads: Vec<Option<Next>>,
    pub(super) routes: Vec<Route>,
    /// The nodes of the `every` wires, in their order.
    pub(super) clocks: Vec<NodeId>,
    /// The `.shed` wires.
    pub(super) sheds: Vec<SideWire>,
    /// The `.lagged` wires.
    pub(super) lagged: Vec<SideWire>,
    /// The wire of `errors` for all.
    pub(super) handler: Option<Handler>,
}

/// A wire that begins with `.shed` or `.lagged`: its rings are known when all wires are read.
#[derive(Clone, Copy)]
pub(super) struct SideWire {
    /// Whose it is.
    pub(super) of: SideOf,
    pub(super) span: Span,
    /// The lane that takes what is shed, or what is told of a lag.
    pub(super) lane: Option<(RingId, usize)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SideOf {
    Port(PortId),
    Node { node: NodeId, inlet: usize },
}

/// Where `errors` for all leads.
#[expect(clippy::large_enum_variant, reason = "made once, in one call of a macro")]
pub(super) enum Handler {
    Drop {
        word: Span,
    },
    Node {
        node: NodeId,
        ring: RingText,
        span: Span,
        word: Span,
    },
}

impl Builder<'_> {
    /// A new ring, that nothing reads yet.
    pub(super) fn ring(&mut self, text: &RingText, port: Option<PortId>, flow: Flow, producers: Vec<Producer>) -> RingId {
        self.rings.push(Ring {
            port,
            kind: text.kind,
            first: text.first.clone(),
            cursor: None,
            capacity: capacity(text),
            policy: text.policy,
            affinity: text.affinity.clone(),
            admission: text.admission.clone(),
            extras: text.extras.clone(),
            flow,
            producers,
            consumer: Consumer::Nobody,
            shed: None,
            lagged: None,
            attempts: false,
            entered: false,
            span: text.span,
        });
        self.reads.push(None);
        RingId(self.rings.len() - 1)
    }

    pub(super) fn lookup(&self, name: impl ToString) -> Option<Named> {
        self.named.get(&name.to_string()).copied()
    }

    /// Reports something that leaves a hole in the graph.
    pub(super) fn hole(&mut self, span: Span, message: impl std::fmt::Display) {
        self.cx.errors.at(span, message);
        self.cx.broken.graph = true;
    }

    /// The same about a name, unless something was said of it before.
    pub(super) fn hole_about(&mut self, name: &Ident, message: impl std::fmt::Display) {
        match self.cx.broken.has(name) {
            true => self.cx.broken.graph = true,
            false => self.hole(name.span(), message),
        }
    }

    fn finish(self, ast: Ast) -> Model {
        let mut model = Model {
            docs: ast.docs,
            vis: ast.vis,
            name: ast.name,
            generics: ast.generics,
            budget: ast.budget,
            drain: ast.drain,
            ports: self.ports,
            resources: self.resources,
            nodes: self.nodes,
            rings: self.rings,
            routes: self.routes,
            segments: Vec::new(),
            components: Vec::new(),
            pull_checks: Vec::new(),
        };
        segments::cut(&mut model, self.reads);
        model
    }
}

/// A capacity as a number where it is one.
fn capacity(text: &RingText) -> Capacity {
    match &text.capacity {
        None if matches!(text.kind, RingKind::Latest | RingKind::Mailbox) => Capacity::Lit {
            value: 1,
            span: text.span,
        },
        // Broken, and reported: any capacity that is right.
        None => Capacity::Lit {
            value: 1 << 20,
            span: text.span,
        },
        Some(Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Int(int), ..
        })) if int.base10_parse::<u64>().is_ok() => Capacity::Lit {
            value: int.base10_parse().unwrap_or(1),
            span: int.span(),
        },
        Some(expr) => Capacity::Expr(expr.clone()),
    }
}
