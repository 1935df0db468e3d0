//! The places in wires at which a node is named: which of them makes it, and whether they agree.

use quote::ToTokens;

use super::build::{Builder, Named};
use super::*;
use crate::names::nearest;
use crate::pipeline::ast::{Ast, Head, Made, Stage, Step, Target};

/// What is known of a node while its places are read.
#[derive(Default)]
struct Draft {
    /// A `node` clause makes it.
    declared: bool,
    /// It has resources or options, or stands mid-wire: that is its place.
    placed: bool,
    resources: bool,
    options: bool,
    /// It has a way out.
    out: bool,
    /// Something leads to it.
    fed: bool,
    /// Some place is more than its bare name.
    more: bool,
}

/// A place of a stage in a wire.
#[derive(Clone, Copy)]
struct Place {
    fed: bool,
    out: bool,
}

/// What is known of all names while the places are read.
#[derive(Default)]
struct Seen {
    drafts: Vec<Draft>,
    /// Ports that begin a wire, and that end one.
    read: Vec<PortId>,
    fed: Vec<PortId>,
}

impl Builder<'_> {
    /// Makes the nodes that wires name, with their resources, options and inlets.
    pub(super) fn occurrences(&mut self, ast: &Ast) {
        let mut seen = Seen::default();
        for clause in &ast.nodes {
            let resources = matches!(&clause.made, Made::Function { resources: Some(_), .. });
            seen.drafts.push(Draft {
                declared: true,
                resources,
                options: clause.options.is_some(),
                ..Draft::default()
            });
        }
        for wire in &ast.wires {
            match &wire.head {
                Head::Stage(stage) => self.occurrence(
                    stage,
                    Place {
                        fed: false,
                        out: !wire.steps.is_empty(),
                    },
                    &mut seen,
                ),
                Head::Every { period, word } => {
                    let period = period.unwrap_or(Time {
                        value: std::time::Duration::from_secs(1),
                        number: 1,
                        unit: "s",
                        span: *word,
                    });
                    self.clock(period, *word);
                    seen.drafts.push(Draft {
                        out: true,
                        ..Draft::default()
                    });
                }
                Head::Errors { .. } | Head::Outlet { .. } => {}
            }
            self.steps_seen(&wire.steps, &mut seen);
        }
        self.misspelt(&seen);
        for (node, draft) in self.nodes.iter_mut().zip(&seen.drafts) {
            if node.inlets.is_empty() {
                node.inlets.push(InletUse::new(None));
            }
            if let (Kind::Function { path }, false) = (&node.kind, draft.fed) {
                node.kind = Kind::Source { path: path.clone() };
            }
        }
    }

    fn clock(&mut self, period: Time, word: Span) {
        let base = format!("every_{period}");
        let mut text = base.clone();
        let mut number = 1;
        while self.named.contains_key(&text) {
            number += 1;
            text = format!("{base}_{number}");
        }
        let id = self.node(Ident::new(&text, word), Kind::Every { period });
        self.named.insert(text, Named::Node(id));
        self.clocks.push(id);
    }

    fn steps_seen(&mut self, steps: &[Step], seen: &mut Seen) {
        for (at, step) in steps.iter().enumerate() {
            match &step.target {
                Target::Stage(stage) => self.occurrence(
                    stage,
                    Place {
                        fed: true,
                        out: at + 1 < steps.len(),
                    },
                    seen,
                ),
                Target::Inlet { node, inlet } => self.inlet_seen(node, inlet, seen),
                Target::Drop(_) => {}
                Target::Group { branches, .. } => branches.iter().for_each(|steps| self.steps_seen(steps, seen)),
                Target::Route { arms, .. } => arms.iter().for_each(|arm| self.steps_seen(&arm.steps, seen)),
            }
        }
    }

    fn inlet_seen(&mut self, name: &Ident, inlet: &Ident, seen: &mut Seen) {
        match self.lookup(name) {
            Some(Named::Node(id)) if !matches!(self.nodes[id.0].kind, Kind::State { .. }) => {
                self.hole(inlet.span(), format!("`{name}` is a function, so it has no inlets"));
                self.cx.broken.name(inlet);
                seen.drafts[id.0].fed = true;
            }
            Some(Named::Node(id)) => {
                seen.drafts[id.0].fed = true;
                let inlets = &mut self.nodes[id.0].inlets;
                if !inlets.iter().any(|known| known.name.as_ref() == Some(inlet)) {
                    inlets.push(InletUse::new(Some(inlet.clone())));
                }
            }
            _ if self.cx.broken.has(name) => self.cx.broken.graph = true,
            Some(_) => self.hole(name.span(), format!("`{name}` is not a node, so it has no inlets")),
            None => {
                let hint = crate::names::hint(&name.to_string(), self.nodes.iter().map(|node| node.name.to_string()));
                self.hole(
                    name.span(),
                    format!("no node is called `{name}`; declare it: `node {name}: Type;`{hint}"),
                );
            }
        }
    }

    fn occurrence(&mut self, stage: &Stage, place: Place, seen: &mut Seen) {
        let name = stage.name();
        if stage.path.get_ident().is_some() && name == "errors" {
            self.hole(
                name.span(),
                format!("no stage is called `{name}` in a wire: the word has a meaning there"),
            );
            self.cx.broken.name(name);
            return;
        }
        let id = match self.lookup(name) {
            Some(Named::Port(port)) => {
                if stage.bare().is_some() {
                    let list = if place.fed { &mut seen.fed } else { &mut seen.read };
                    list.push(port);
                } else if !self.cx.broken.has(name) {
                    self.hole(
                        name.span(),
                        format!("`{name}` is a port: it is named alone, without resources, options or a path"),
                    );
                }
                return;
            }
            Some(Named::Resource(_)) => {
                let message = format!("`{name}` is a resource: it stands in the parentheses of a stage, `stage({name})`");
                if !self.cx.broken.has(name) {
                    self.hole(name.span(), message);
                }
                return;
            }
            Some(Named::Node(id)) => id,
            None => {
                let id = self.node(
                    name.clone(),
                    Kind::Function {
                        path: stage.path.clone(),
                    },
                );
                self.named.insert(name.to_string(), Named::Node(id));
                seen.drafts.push(Draft::default());
                id
            }
        };
        self.agree(id, stage, place, seen);
    }

    /// Joins a place of a node with those before it: nothing is joined by accident.
    fn agree(&mut self, id: NodeId, stage: &Stage, place: Place, seen: &mut Seen) {
        let (name, draft) = (stage.name(), &mut seen.drafts[id.0]);
        let node = &mut self.nodes[id.0];
        let more = stage.resources.is_some() || stage.options.is_some();
        let mut clash = None;
        if stage.path.get_ident().is_none() {
            match &mut node.kind {
                Kind::Function { path } if !draft.declared => {
                    if path.get_ident().is_some() {
                        *path = stage.path.clone();
                        draft.more = true;
                    } else if path.to_token_stream().to_string() != stage.path.to_token_stream().to_string() {
                        clash = Some("is the name of two stages here");
                    }
                }
                _ => clash = Some("is the name of two stages here"),
            }
        }
        let twice = stage.resources.is_some() && draft.resources || stage.options.is_some() && draft.options;
        if draft.out && place.out {
            clash = Some("already goes on elsewhere: a node has one way out");
        } else if twice || !draft.declared && draft.placed && more {
            clash = Some("has its resources and options elsewhere, once");
        } else if !draft.declared && draft.placed && place.fed && place.out {
            clash = Some("has its place elsewhere");
        }
        if let Some(clash) = clash {
            let message = format!(
                "`{name}` {clash}. End this wire with the bare name `{name}`, or make another node: `node {name}_b = {};`",
                path_text(&stage.path)
            );
            if !self.cx.broken.has(name) {
                self.hole(name.span(), message);
            }
            self.cx.broken.graph = true;
            return;
        }
        draft.fed |= place.fed;
        draft.out |= place.out;
        draft.more |= more;
        draft.resources |= stage.resources.is_some();
        draft.options |= stage.options.is_some();
        if !draft.declared && (more || place.fed && place.out) {
            draft.placed = true;
            node.name = name.clone();
        }
        if more {
            self.place(id, stage.resources.as_ref(), stage.options.as_ref());
        }
    }

    /// Bare names at the ends of wires that are nearly those of ports that lack just that.
    fn misspelt(&mut self, seen: &Seen) {
        for (at, draft) in seen.drafts.iter().enumerate() {
            let name = self.nodes[at].name.clone();
            let clock = matches!(self.nodes[at].kind, Kind::Every { .. });
            if draft.declared || draft.more || clock || (draft.fed && draft.out) || self.cx.broken.has(&name) {
                continue;
            }
            let ports = self.ports.iter().enumerate().filter(|(port, found)| match draft.fed {
                true => found.side != Side::Input && !seen.fed.contains(&PortId(*port)),
                false => found.side != Side::Output && !seen.read.contains(&PortId(*port)),
            });
            let nodes = self
                .nodes
                .iter()
                .zip(&seen.drafts)
                .filter(|(_, other)| !draft.fed && other.declared && !other.out);
            let candidates: Vec<_> = ports
                .map(|(_, port)| port.name.to_string())
                .chain(nodes.map(|(node, _)| node.name.to_string()))
                .collect();
            let Some(found) = nearest(&name.to_string(), candidates) else {
                continue;
            };
            let (what, lacks) = match (self.lookup(&found), draft.fed) {
                (Some(Named::Node(_)), _) => ("node", "goes nowhere"),
                (_, true) => ("port", "has nothing that feeds it"),
                (_, false) => ("port", "has nothing that reads it"),
            };
            self.cx.errors.at(
                &name,
                format!("no port or node is called `{name}`, and the {what} `{found}` {lacks}; did you mean `{found}`?"),
            );
            self.cx.broken.name(&name);
            self.cx.broken.name(&found);
            if let Some(target) = self.lookup(&found) {
                self.named.insert(name.to_string(), target);
            }
        }
    }
}

/// A path as the user writes it.
fn path_text(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
