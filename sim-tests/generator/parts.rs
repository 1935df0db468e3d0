//! What a topology is made of: ports, nodes, links.

use super::{Faults, From, Link, Node, Policy, Port, To, Topology};

impl Topology {
    pub(super) fn input(&mut self) -> usize {
        let (capacity, policy) = (self.capacity(1), self.policy());
        let name = format!("in{}", self.ports.len());
        self.port(Port {
            name,
            input: true,
            of: "Rec".to_owned(),
            capacity,
            policy,
            keyed: false,
            wired: false,
            knob: false,
        })
    }

    pub(super) fn output(&mut self, of: &str, policy: Policy) -> usize {
        let capacity = self.capacity(1);
        let name = format!("out{}", self.ports.len());
        self.port(Port {
            name,
            input: false,
            of: of.to_owned(),
            capacity,
            policy,
            keyed: false,
            wired: false,
            knob: false,
        })
    }

    pub(super) fn port(&mut self, port: Port) -> usize {
        self.ports.push(port);
        self.ports.len() - 1
    }

    pub(super) fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.left = self.left.saturating_sub(1);
        self.nodes.len() - 1
    }

    /// A node of a stage function, with a place of its own.
    pub(super) fn plain(&mut self, stage: &str, fallible: bool, options: &[String]) -> usize {
        let number = self.nodes.len();
        // A source lends what it borrows once, so nobody else may have it; and several calls at once borrow it together.
        let kind = if stage == "spring" || options.iter().any(|option| option.starts_with("concurrency")) {
            "shared"
        } else {
            self.dice.pick(&["shared", "local"])
        };
        self.resources.push(format!("{kind} s{number}: Spot = Spot::at({number});"));
        let options = braced(options);
        let mut node = Node::new(format!("n{number}"), format!("node n{number} = {stage}(s{number}){options};"));
        node.fallible = fallible;
        self.add(node)
    }

    /// A node of an `impl` stage.
    pub(super) fn state(&mut self, ty: &str, value: &str, options: &[String]) -> usize {
        let name = format!("n{}", self.nodes.len());
        let declared = format!("node {name}: {ty}{} = {value};", braced(options));
        let mut node = Node::new(name, declared);
        node.fallible = true;
        self.add(node)
    }

    pub(super) fn link(&mut self, from: From, route: bool, to: Vec<To>) {
        if let From::Node(node) | From::Errors(node) = from {
            self.leads.extend(to.iter().filter_map(|to| match to {
                To::Node(to) => Some((node, *to)),
                _ => None,
            }));
        }
        self.links.push(Link { from, route, to });
    }

    /// A ring leads to `node`, which the ledger calls by its name.
    pub(super) fn ring_before(&mut self, node: usize, policy: Policy) {
        let node = &mut self.nodes[node];
        if !node.rings.contains(&node.name) {
            node.rings.push(node.name.clone());
        }
        node.sheds |= policy == Policy::Shed;
        match policy {
            Policy::Broadcast | Policy::Latest => node.lags = true,
            _ => node.queues = true,
        }
    }

    /// Whether records of `from` may come to `to`.
    pub(super) fn reaches(&self, from: usize, to: usize) -> bool {
        let (mut seen, mut next) = (vec![from], vec![from]);
        while let Some(node) = next.pop() {
            if node == to {
                return true;
            }
            for (_, after) in self.leads.iter().filter(|(before, _)| *before == node) {
                if !seen.contains(after) {
                    seen.push(*after);
                    next.push(*after);
                }
            }
        }
        false
    }
}

impl Node {
    pub(super) fn new(name: String, declared: String) -> Self {
        Node {
            name,
            declared,
            fallible: false,
            error: "Bad",
            faults: Faults::default(),
            batch: false,
            mortal: false,
            clock: false,
            inlets: &[],
            rings: Vec::new(),
            batches: 1,
            keyed: false,
            sheds: false,
            lags: false,
            queues: false,
            segment: 0,
            takes_rec: true,
            pulled: false,
        }
    }
}

/// ` { workers: 2 }`.
pub(super) fn braced(options: &[String]) -> String {
    match options {
        [] => String::new(),
        options => format!(" {{ {} }}", options.join(", ")),
    }
}
