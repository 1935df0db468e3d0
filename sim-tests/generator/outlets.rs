//! Where failures go, and what rings refuse.

use super::choose::ring;
use super::{From, Policy, To, Topology};

impl Topology {
    /// What rings refuse, for some of them.
    pub(super) fn shed_wires(&mut self) {
        for at in 0..self.nodes.len() {
            if self.nodes[at].sheds && self.dice.chance(60) {
                let name = self.nodes[at].name.clone();
                self.refused(&name, From::ShedOf(at));
            }
        }
        for at in 0..self.ports.len() {
            if self.ports[at].policy == Policy::Shed && self.dice.chance(60) {
                self.ports[at].wired = true;
                let name = self.ports[at].name.clone();
                self.refused(&name, From::ShedAt(at));
            }
        }
    }

    fn refused(&mut self, of: &str, from: From) {
        self.told(&format!("{of}.shed"), "refused", from);
    }

    /// What readers have missed, for some of them.
    pub(super) fn lag_wires(&mut self) {
        for at in 0..self.nodes.len() {
            if self.nodes[at].lags && self.dice.chance(70) {
                let outlet = format!("{}.lagged", self.nodes[at].name);
                self.told(&outlet, "lagged", From::LaggedOf(at));
            }
        }
    }

    /// `outlet` leads to a node of its own.
    fn told(&mut self, outlet: &str, stage: &str, from: From) {
        let (capacity, policy) = (self.capacity(1), self.policy());
        // A lag is kept where there is no room for it, so `shed` is refused.
        let policy = match (from, policy) {
            (From::LaggedOf(_), Policy::Shed) => Policy::Wait,
            _ => policy,
        };
        let node = self.plain(stage, false, &[]);
        self.nodes[node].takes_rec = false;
        self.ring_before(node, policy);
        let name = &self.nodes[node].name;
        self.wires
            .push(format!("{outlet} -{}-> {name}", ring(capacity, policy, false)));
        self.link(from, false, vec![To::Node(node)]);
    }

    /// Where failures go.
    pub(super) fn failures(&mut self) {
        let all = self.dice.below(3);
        let mut named = Vec::new();
        let mut grave: Option<usize> = None;
        for at in 0..self.nodes.len() {
            if !self.nodes[at].fallible || all > 0 && self.dice.chance(50) {
                continue;
            }
            named.push(at);
            let name = self.nodes[at].name.clone();
            let outlets: Vec<String> = match self.nodes[at].inlets {
                [] => vec![format!("{name}.errors")],
                inlets => inlets.iter().map(|inlet| format!("{name}.{inlet}.errors")).collect(),
            };
            let (capacity, policy) = (self.capacity(1), self.policy());
            if self.nodes[at].batch {
                let node = self.plain("dead_batch", false, &[]);
                self.bury(node, &outlets, capacity, policy, at);
                continue;
            }
            let simple = self.nodes[at].inlets.is_empty();
            let way = self.dice.below(6);
            if way != 0 && self.dice.chance(10) {
                self.say(at, "keep: nothing");
            }
            match way {
                0 => {
                    for outlet in &outlets {
                        self.wires.push(format!("{outlet} -> drop"));
                    }
                }
                1 if simple => {
                    let of = format!("Failed<Rec, {}>", self.nodes[at].error);
                    let port = self.output(&of, policy);
                    self.wires.push(format!("{} -> {}", outlets[0], self.ports[port].name));
                    self.link(From::Errors(at), false, vec![To::Out(port)]);
                }
                2 if simple && !self.nodes[at].rings.is_empty() => self.retry(at, capacity, policy),
                3 if grave.is_some() && self.nodes[at].error == "Bad" => {
                    let node = grave.unwrap_or(0);
                    self.bury(node, &outlets, capacity, policy, at);
                }
                _ => {
                    let node = self.plain("dead", false, &[]);
                    if self.nodes[at].error == "Bad" {
                        grave = Some(node);
                    }
                    self.bury(node, &outlets, capacity, policy, at);
                }
            }
        }
        // It has to take something: a node that is not wired by name.
        let some = (0..self.nodes.len()).any(|at| !named.contains(&at) && !self.nodes[at].clock);
        match all {
            1 if some => self.wires.push("errors -> drop".to_owned()),
            2 if some => {
                let (capacity, policy) = (self.capacity(1), self.policy());
                let note = self.plain("note", false, &[]);
                let name = self.nodes[note].name.clone();
                self.ring_before(note, policy);
                self.wires.push(format!("errors -{}-> {name}", ring(capacity, policy, false)));
                for at in 0..note {
                    if named.contains(&at) {
                        continue;
                    }
                    self.link(From::Errors(at), false, vec![To::Node(note)]);
                    let keeps = self.nodes[at].takes_rec && !self.nodes[at].declared.contains("spring(");
                    if keeps && self.dice.chance(20) {
                        self.say(at, "keep: record");
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn bury(&mut self, node: usize, outlets: &[String], capacity: u64, policy: Policy, of: usize) {
        let name = self.nodes[node].name.clone();
        self.nodes[node].takes_rec = false;
        self.ring_before(node, policy);
        for outlet in outlets {
            self.wires
                .push(format!("{outlet} -{}-> {name}", ring(capacity, policy, false)));
        }
        self.link(From::Errors(of), false, vec![To::Node(node)]);
    }

    /// What failed goes round again: over a ring that does not wait.
    pub(super) fn retry(&mut self, at: usize, capacity: u64, policy: Policy) {
        let again = self.plain("again", false, &[]);
        let (name, to) = (self.nodes[again].name.clone(), self.nodes[at].name.clone());
        self.nodes[again].takes_rec = false;
        let back = self.dice.pick(&[Policy::Shed, Policy::DropOldest]);
        self.wires.push(format!(
            "{to}.errors -{}-> {name} -{}-> {to}",
            ring(capacity, policy, false),
            ring(capacity.max(self.nodes[at].batches), back, self.nodes[at].keyed)
        ));
        self.ring_before(again, policy);
        self.ring_before(at, back);
        self.link(From::Errors(at), false, vec![To::Node(again)]);
        self.link(From::Node(again), false, vec![To::Node(at)]);
    }
}
