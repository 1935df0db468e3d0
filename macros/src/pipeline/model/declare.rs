//! Names: what each stands for, and the place that makes each node.

use std::collections::btree_map::Entry;

use super::build::{Builder, Named};
use super::*;
use crate::names::nearest;
use crate::pipeline::ast::{Ast, Made, Resources};

/// Words that mean something else in a wire.
const WIRE_WORDS: [&str; 2] = ["errors", "drop"];
/// What the builder is asked for besides resources.
const BUILDER_WORDS: [&str; 4] = ["start", "start_threads", "start_on", "on_end"];

impl Builder<'_> {
    /// Ports, resources, and nodes that a clause makes.
    pub(super) fn declarations(&mut self, ast: &Ast) {
        for clause in &ast.ports {
            let id = PortId(self.ports.len());
            let producers = if clause.side == Side::Input {
                vec![Producer::Outside(id)]
            } else {
                Vec::new()
            };
            let ring = self.ring(&clause.ring, Some(id), Flow::Port(id), producers);
            self.declare(&clause.name, Named::Port(id));
            if clause.name == "control" && clause.side != Side::Topic {
                self.cx.errors.at(
                    &clause.name,
                    "a port is not called `control`: the handle has a field of this name",
                );
            }
            let (docs, name, ty) = (clause.docs.clone(), clause.name.clone(), clause.ty.clone());
            self.ports.push(Port {
                docs,
                side: clause.side,
                name,
                ty,
                ring,
            });
        }
        for clause in &ast.resources {
            self.declare(&clause.name, Named::Resource(ResourceId(self.resources.len())));
            if clause.given.is_none() {
                self.builder_method(&clause.name);
            }
            self.resources.push(Resource {
                docs: clause.docs.clone(),
                sharing: clause.sharing,
                name: clause.name.clone(),
                ty: clause.ty.clone(),
                given: clause.given.clone(),
                users: Vec::new(),
            });
        }
        for clause in &ast.nodes {
            self.declare(&clause.name, Named::Node(NodeId(self.nodes.len())));
            let (kind, resources) = match &clause.made {
                Made::Function { path, resources } => (Kind::Function { path: path.clone() }, resources.as_ref()),
                Made::State { ty, given } => {
                    if given.is_none() {
                        self.builder_method(&clause.name);
                    }
                    (
                        Kind::State {
                            ty: ty.clone(),
                            given: given.clone(),
                        },
                        None,
                    )
                }
            };
            let id = self.node(clause.name.clone(), kind);
            self.nodes[id.0].docs = clause.docs.clone();
            self.place(id, resources, clause.options.as_ref());
        }
    }

    pub(super) fn declare(&mut self, name: &Ident, named: Named) {
        if WIRE_WORDS.iter().any(|word| name == word) {
            self.cx
                .errors
                .at(name, format!("nothing is called `{name}`: the word has a meaning in wires"));
            self.cx.broken.name(name);
        }
        match self.named.entry(name.to_string()) {
            Entry::Vacant(place) => {
                place.insert(named);
            }
            Entry::Occupied(_) => {
                self.cx.errors.at(name, format!("the name `{name}` is used twice"));
                self.cx.broken.name(name);
            }
        }
    }

    /// The node borrows the resource.
    fn lend(&mut self, id: NodeId, resource: ResourceId, name: &Ident) {
        self.nodes[id.0].resources.push(Use {
            resource,
            name: name.clone(),
        });
        if !self.resources[resource.0].users.contains(&id) {
            self.resources[resource.0].users.push(id);
        }
    }

    fn builder_method(&mut self, name: &Ident) {
        if BUILDER_WORDS.iter().any(|word| name == word) {
            self.cx.errors.at(
                name,
                format!("nothing that the builder asks for is called `{name}`: the builder has a method of this name"),
            );
        }
    }

    pub(super) fn node(&mut self, name: Ident, kind: Kind) -> NodeId {
        self.nodes.push(Node {
            docs: Vec::new(),
            name,
            kind,
            resources: Vec::new(),
            options: Options::default(),
            inlets: Vec::new(),
            gives: 0,
            next: Next::End,
            segment: SegmentId::NONE,
        });
        NodeId(self.nodes.len() - 1)
    }

    /// Gives a node its resources and options.
    pub(super) fn place(&mut self, id: NodeId, resources: Option<&Resources>, options: Option<&Options>) {
        for name in resources.iter().flat_map(|resources| &resources.names) {
            match self.lookup(name) {
                Some(Named::Resource(resource)) => self.lend(id, resource, name),
                _ if self.cx.broken.has(name) => {}
                Some(Named::Port(port)) => match self.newest(port, id, name) {
                    Ok(resource) => self.lend(id, resource, name),
                    Err(message) => {
                        self.cx.errors.at(name, message);
                        self.cx.broken.name(name);
                    }
                },
                Some(Named::Node(_)) => self.cx.errors.at(name, format!("`{name}` is a node, not a resource")),
                None => {
                    let found = nearest(
                        &name.to_string(),
                        self.resources.iter().map(|resource| resource.name.to_string()),
                    );
                    let hint = match &found {
                        Some(found) => format!("; did you mean `{found}`?"),
                        None => format!(
                            "; declare it: `shared {name}: Type;` (one, `&T`) or `local {name}: Type;` (one a worker, `&mut T`)"
                        ),
                    };
                    self.cx.errors.at(name, format!("no resource is called `{name}`{hint}"));
                    found.into_iter().for_each(|found| self.cx.broken.name(found));
                }
            }
        }
        if let Some(options) = options {
            self.nodes[id.0].options = options.clone();
        }
    }
}
