//! Nodes of every kind.

use super::choose::ring;
use super::faults::Stage;
use super::ways::{Head, Into};
use super::{Policy, To, Topology};

/// Stages that are called with a record and give what they give: name, fallible.
const STAGES: [(&str, bool); 12] = [
    ("map", false),
    ("try_map", true),
    ("filter", false),
    ("try_filter", true),
    ("wait", false),
    ("try_wait", true),
    ("try_wait_filter", true),
    ("many", false),
    ("try_many", true),
    ("flow", false),
    ("emit", true),
    ("map", false),
];
/// Those that hold their thread may be `blocking`.
const SYNC: [&str; 6] = ["map", "try_map", "filter", "try_filter", "many", "try_many"];

/// Those that may wait: they are async, or give a stream.
pub(super) const WAIT: [&str; 5] = ["wait", "try_wait", "try_wait_filter", "flow", "emit"];
/// Of these, those that give at most one record: several may be in flight.
const ANSWER: [&str; 3] = ["wait", "try_wait", "try_wait_filter"];

impl Topology {
    pub(super) fn new_node(&mut self, head: Head, depth: usize) -> (String, To) {
        let port = match head {
            Head::Port(port) => Some(port),
            _ => None,
        };
        let ringed = port.is_some() || self.dice.chance(60);
        let many = ringed && self.dice.chance(30);
        let keyed = many && self.dice.chance(40);
        let kind = self.dice.below(20);
        let mut least = 1;
        let mut options = Vec::new();
        if many {
            options.push(format!("workers: {}", self.dice.pick(&[2, 3, 4])));
        }
        let number = self.nodes.len();
        let arm = matches!(head, Head::Branch { arm: true, .. });
        let node = match kind {
            // A join is fed over rings; its first inlet here, the second one elsewhere.
            0 | 1 if ringed && self.half.is_none() && !arm => {
                let (options, faults) = self.guard(
                    Stage {
                        fallible: true,
                        waits: false,
                    },
                    Vec::new(),
                );
                let node = self.state("Both", &format!("Both::at({number})"), &options);
                self.guarded(node, faults);
                self.nodes[node].inlets = &["left", "right"];
                let (arrow, to) = self.first_inlet(node, head);
                self.half = Some(node);
                let rest = self.onward(Head::Node(node), depth.saturating_sub(1));
                let name = self.nodes[node].name.clone();
                self.wires.push(format!("{name}{rest}"));
                return (arrow, to);
            }
            2 | 3 => self.with_options("Window", &format!("Window::at({number})"), options, true),
            4 => {
                options.push(format!("tick: {}", self.dice.pick(&["1ms", "20ms"])));
                self.with_options("Clocked", &format!("Clocked::at({number})"), options, true)
            }
            5 | 6 if ringed => {
                let back = self.dice.pick(&[0, 0, 3]);
                let node = self.with_options("Delay", &format!("Delay::at({number}, {back})"), options, true);
                self.nodes[node].pulled = true;
                node
            }
            7 | 8 if ringed => {
                least = self.dice.pick(&[2, 4]);
                let within = if self.dice.chance(40) { " within 1ms" } else { "" };
                options.push(format!("batch: {least}{within}"));
                let options = self.more(options);
                let (options, faults) = self.guard(
                    Stage {
                        fallible: true,
                        waits: true,
                    },
                    options,
                );
                let node = self.plain("batch", true, &options);
                self.guarded(node, faults);
                self.nodes[node].batch = true;
                self.nodes[node].batches = least;
                node
            }
            _ => {
                let (stage, fallible) = self.dice.pick(&STAGES);
                // (Nobody says `pin`: in a simulation it does what `blocking` does.)
                if ringed && SYNC.contains(&stage) && self.dice.chance(15) {
                    options.push("blocking".to_owned());
                }
                if ringed && ANSWER.contains(&stage) && self.dice.chance(50) {
                    let order = self.dice.pick(&["", " ordered"]);
                    options.push(format!("concurrency: {}{order}", self.dice.pick(&[2, 3, 5])));
                }
                let options = self.more(options);
                let waits = WAIT.contains(&stage);
                let (options, faults) = self.guard(Stage { fallible, waits }, options);
                let node = self.plain(stage, fallible, &options);
                self.guarded(node, faults);
                node
            }
        };
        self.nodes[node].keyed = keyed;
        self.nodes[node].mortal = self.nodes[node].declared.contains("restart");
        let arrow = match port {
            Some(port) => {
                if !keyed && least == 1 && self.dice.chance(10) {
                    self.ports[port].policy = Policy::Mailbox;
                }
                self.ports[port].keyed = keyed;
                self.ports[port].capacity = self.ports[port].capacity.max(least);
                self.enter(node, head, None);
                " -> ".to_owned()
            }
            None if ringed => {
                let alone = !many;
                let (arrow, policy) = self.arrow(true, Into { least, keyed, alone });
                self.enter(node, head, policy);
                arrow
            }
            None => {
                self.enter(node, head, None);
                " -> ".to_owned()
            }
        };
        let name = self.nodes[node].name.clone();
        // What leads here is known before what follows: a way back may want to know it.
        if let Some(from) = head.node() {
            self.leads.push((from, node));
        }
        let rest = self.onward(Head::Node(node), depth.saturating_sub(1));
        if arm {
            // An arm ends at its first stage where a `match` or `drop` would follow; a wire of its own says the rest.
            self.wires.push(format!("{name}{rest}"));
            return (format!("{arrow}{name}"), To::Node(node));
        }
        (format!("{arrow}{name}{rest}"), To::Node(node))
    }

    /// Options that any node may have.
    pub(super) fn more(&mut self, mut options: Vec<String>) -> Vec<String> {
        if self.dice.chance(8) {
            let then = self.dice.pick(&["drain", "abort"]);
            self.aborts |= then == "abort";
            options.push(format!("restart: 2 in 1s else {then}"));
        }
        options
    }

    pub(super) fn with_options(&mut self, ty: &str, value: &str, options: Vec<String>, rebuilds: bool) -> usize {
        let mut options = self.more(options);
        if rebuilds && self.dice.chance(30) {
            options.push("on_panic: rebuild".to_owned());
        }
        let (options, faults) = self.guard(
            Stage {
                fallible: true,
                waits: false,
            },
            options,
        );
        let node = self.state(ty, value, &options);
        self.guarded(node, faults);
        node
    }

    pub(super) fn first_inlet(&mut self, join: usize, head: Head) -> (String, To) {
        self.inlet(join, "left", head)
    }

    pub(super) fn second_inlet(&mut self, head: Head) -> (String, To) {
        let join = self.half.take().unwrap_or(0);
        if head.node().is_some_and(|from| self.reaches(join, from)) {
            self.half = Some(join);
            return self.end(head);
        }
        self.inlet(join, "right", head)
    }

    pub(super) fn inlet(&mut self, join: usize, inlet: &str, head: Head) -> (String, To) {
        let name = self.nodes[join].name.clone();
        if self.nodes[join].segment == 0 {
            self.segments += 1;
            self.nodes[join].segment = self.segments;
        }
        if let Some(from) = head.node() {
            self.leads.push((from, join));
        }
        let arrow = match head {
            Head::Port(port) => {
                let ring = self.ports[port].name.clone();
                self.nodes[join].rings.push(ring);
                " -> ".to_owned()
            }
            _ => {
                // What an inlet sheds has no name of its own here.
                let capacity = self.capacity(1);
                let policy = self
                    .dice
                    .pick(&[Policy::Wait, Policy::DropOldest, Policy::Broadcast, Policy::Mailbox]);
                self.nodes[join].rings.push(format!("{name}.{inlet}"));
                format!(" -{}-> ", ring(capacity, policy, false))
            }
        };
        (format!("{arrow}{name}.{inlet}"), To::Node(join))
    }
}
