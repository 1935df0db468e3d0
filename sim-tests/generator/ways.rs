//! Where records go: lines, groups, routes, ends.

use super::choose::ring_of_records;
use super::faults::Stage;
use super::{From, Node, Policy, To, Topology};

/// What stands before the next arrow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// An input, which holds a ring of its own.
    Port(usize),
    /// A node.
    Node(usize),
    /// An arm of a `match` behind a node, or behind an input: what follows is a stage or a port that takes `Rec`.
    Branch { node: Option<usize>, arm: bool },
}

impl Head {
    pub(super) fn node(self) -> Option<usize> {
        match self {
            Head::Port(_) => None,
            Head::Node(node) => Some(node),
            Head::Branch { node, .. } => node,
        }
    }
}
/// What an arrow leads into.
pub(super) struct Into {
    /// Its ring has so many slots at least.
    pub(super) least: u64,
    pub(super) keyed: bool,
    /// It has one worker.
    pub(super) alone: bool,
}

impl Into {
    pub(super) const ONE: Into = Into {
        least: 1,
        keyed: false,
        alone: true,
    };
}

impl Topology {
    pub(super) fn begin(&mut self) {
        let inputs = self.dice.pick(&[1, 1, 1, 2]);
        for _ in 0..inputs {
            self.begin_input();
        }
        match self.dice.below(8) {
            0 => {
                let source = self.plain("spring", false, &[]);
                let text = self.nodes[source].name.clone() + &self.onward(Head::Node(source), 3);
                self.wires.push(text);
            }
            1 => {
                self.clock = true;
                let clock = self.add(Node::new("every_1ms".to_owned(), String::new()));
                self.nodes[clock].clock = true;
                self.segments += 1;
                self.nodes[clock].segment = self.segments;
                let beat = self.plain("beat", false, &[]);
                self.nodes[beat].takes_rec = false;
                self.nodes[beat].segment = self.segments;
                self.link(From::Node(clock), false, vec![To::Node(beat)]);
                let name = self.nodes[beat].name.clone();
                let text = format!("every 1ms -> {name}{}", self.onward(Head::Node(beat), 3));
                self.wires.push(text);
            }
            _ => {}
        }
        if let Some(join) = self.half.take() {
            let port = self.input();
            let name = &self.nodes[join].name;
            self.wires.push(format!("{} -> {name}.right", self.ports[port].name));
            let ring = self.ports[port].name.clone();
            self.nodes[join].rings.push(ring);
            self.link(From::In(port), false, vec![To::Node(join)]);
        }
        self.shed_wires();
        self.lag_wires();
        self.failures();
        self.keep_nothing_back();
        self.lend();
    }

    pub(super) fn begin_input(&mut self) {
        let port = self.input();
        let text = self.ports[port].name.clone() + &self.onward(Head::Port(port), 4);
        self.wires.push(text);
    }

    /// All that follows `head`, its first arrow among it.
    pub(super) fn onward(&mut self, head: Head, depth: usize) -> String {
        let (text, to, route) = match self.dice.below(12) {
            0 | 1 if depth > 0 && self.left > 1 => self.group(head, depth),
            2 if depth > 0 && self.left > 1 => self.route(head, depth),
            _ => {
                let (text, to) = self.tail(head, depth, &[]);
                (text, vec![to], false)
            }
        };
        let many = to.len() > 1;
        let from = match head {
            Head::Port(port) if many || route => From::Root(port),
            Head::Port(port) => From::In(port),
            Head::Node(node) => From::Node(node),
            Head::Branch { .. } => return text,
        };
        self.link(from, route, to);
        text
    }

    pub(super) fn group(&mut self, head: Head, depth: usize) -> (String, Vec<To>, bool) {
        let (mut branches, mut to) = (Vec::new(), Vec::new());
        for _ in 0..2 + self.dice.below(2) {
            let (text, end) = self.tail(
                Head::Branch {
                    node: head.node(),
                    arm: false,
                },
                depth - 1,
                &to,
            );
            branches.push(text.trim().to_owned());
            to.push(end);
        }
        (format!(" -> {{ {} }}", branches.join(", ")), to, false)
    }

    pub(super) fn route(&mut self, head: Head, depth: usize) -> (String, Vec<To>, bool) {
        let arms = 2 + self.dice.below(2);
        let drops = self.dice.chance(30);
        let (mut text, mut to) = (Vec::new(), Vec::new());
        for at in 0..arms {
            let last = at + 1 == arms;
            let guard = if last {
                String::new()
            } else {
                format!(" if arm(&r, {arms}) == {at}")
            };
            if last && drops {
                text.push("_ => drop".to_owned());
                to.push(To::Drop);
                continue;
            }
            let (way, end) = self.tail(
                Head::Branch {
                    node: head.node(),
                    arm: true,
                },
                depth - 1,
                &[],
            );
            text.push(format!("r{guard} => r{way}"));
            to.push(end);
        }
        (format!(" -> match {{ {} }}", text.join(", ")), to, true)
    }

    /// One way on, to a place that is not among `not`.
    pub(super) fn tail(&mut self, head: Head, depth: usize, not: &[To]) -> (String, To) {
        let port = matches!(head, Head::Port(_));
        let new = port || self.left > 0 && depth > 0;
        match self.dice.below(10) {
            0 | 1 if !port => {
                if let Some(way) = self.meet(head, not) {
                    return way;
                }
                self.end(head)
            }
            2 if !port && self.left > 0 => match self.back(head, depth) {
                Some(way) => way,
                None => self.new_node(head, depth),
            },
            3 if !port && self.half.is_some() => self.second_inlet(head),
            _ if new => self.new_node(head, depth),
            _ => self.end(head),
        }
    }

    pub(super) fn end(&mut self, head: Head) -> (String, To) {
        let arm = matches!(head, Head::Branch { arm: true, .. });
        let branch = matches!(head, Head::Branch { .. });
        match self.dice.below(5) {
            0 if !arm && !branch => (" -> drop".to_owned(), To::Drop),
            0 | 1 => {
                let stage = self.dice.pick(&["sink", "slow_sink"]);
                let (arrow, ring) = self.arrow(false, Into::ONE);
                let waits = stage == "slow_sink";
                let (options, faults) = self.guard(Stage { fallible: false, waits }, Vec::new());
                let sink = self.plain(stage, false, &options);
                self.guarded(sink, faults);
                self.enter(sink, head, ring);
                (format!("{arrow}{}", self.nodes[sink].name), To::Node(sink))
            }
            _ => {
                let policy = self.policy();
                let policy = match self.dice.below(12) {
                    0 => Policy::Mailbox,
                    1 => Policy::Broadcast,
                    2 => Policy::Latest,
                    _ => policy,
                };
                let port = self.output("Rec", policy);
                (format!(" -> {}", self.ports[port].name), To::Out(port))
            }
        }
    }

    /// An arrow into a node: a ring, or a call.
    pub(super) fn arrow(&mut self, ringed: bool, into: Into) -> (String, Option<Policy>) {
        if !ringed && self.dice.chance(50) {
            return (" -> ".to_owned(), None);
        }
        let capacity = self.capacity(into.least);
        let policy = match into.keyed || into.least > 1 {
            true => self.policy(),
            false => self.kind(into.alone),
        };
        let at = self.number << 32 | (self.nodes.len() as u64) << 16 | self.wires.len() as u64;
        let ring = ring_of_records(at, capacity, policy, into.keyed);
        (format!(" -{ring}-> "), Some(policy))
    }

    /// `node` comes behind `head`.
    pub(super) fn enter(&mut self, node: usize, head: Head, ringed: Option<Policy>) {
        match (head, ringed) {
            (Head::Port(port), _) => {
                let name = self.ports[port].name.clone();
                self.nodes[node].rings.push(name);
            }
            (_, Some(policy)) => self.ring_before(node, policy),
            (head, None) => {
                // An input with a group behind it is a segment of its own.
                self.nodes[node].segment = head.node().map_or(usize::MAX, |from| self.nodes[from].segment);
                return;
            }
        }
        self.segments += 1;
        self.nodes[node].segment = self.segments;
    }
}
