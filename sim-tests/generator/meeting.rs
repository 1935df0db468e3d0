//! Ways that meet: fan-in, and cycles.

use super::choose::ring;
use super::ways::{Head, Into};
use super::{From, Policy, To, Topology};

impl Topology {
    /// Fan-in: a node that is there already, over a ring, or by a call within the segment.
    pub(super) fn meet(&mut self, head: Head, not: &[To]) -> Option<(String, To)> {
        let from = head.node()?;
        let segment = self.nodes[from].segment;
        let mut ways = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let open = node.takes_rec && node.inlets.is_empty() && !not.contains(&To::Node(at)) && at != from;
            if !open
                || self.reaches(at, from)
                || self
                    .links
                    .iter()
                    .any(|link| link.from == From::Node(from) && link.to.contains(&To::Node(at)))
            {
                continue;
            }
            if !node.rings.is_empty() {
                ways.push((at, true));
            } else if node.segment == segment && segment != usize::MAX && at > from {
                ways.push((at, false));
            }
        }
        if ways.is_empty() {
            return None;
        }
        let (at, ringed) = self.dice.pick(&ways);
        self.leads.push((from, at));
        if !ringed {
            return Some((format!(" -> {}", self.nodes[at].name), To::Node(at)));
        }
        Some(self.over_ring(at))
    }

    /// Another ring before a node that has one.
    pub(super) fn over_ring(&mut self, at: usize) -> (String, To) {
        let node = &self.nodes[at];
        let (least, keyed, alone) = (node.batches, node.keyed, !node.declared.contains("workers"));
        let (arrow, policy) = self.arrow(true, Into { least, keyed, alone });
        let name = self.nodes[at].name.clone();
        if let Some(policy) = policy {
            self.ring_before(at, policy);
        }
        (format!("{arrow}{name}"), To::Node(at))
    }

    /// A way back: through a filter that ends the cycle in time, over a ring that does not wait, or to a pulled node.
    pub(super) fn back(&mut self, head: Head, _depth: usize) -> Option<(String, To)> {
        let from = head.node()?;
        let ways: Vec<usize> = (0..self.nodes.len())
            .filter(|at| {
                let node = &self.nodes[*at];
                node.takes_rec && node.inlets.is_empty() && !node.rings.is_empty() && self.reaches(*at, from)
            })
            .collect();
        if ways.is_empty() {
            return None;
        }
        let to = self.dice.pick(&ways);
        let lap = self.plain("lap", false, &[]);
        let (arrow, ringed) = self.arrow(false, Into::ONE);
        // A ring before the filter that waits is part of the cycle; that the last one does not is enough.
        self.enter(lap, head, ringed);
        self.leads.push((from, lap));
        let (capacity, keyed) = (self.capacity(self.nodes[to].batches), self.nodes[to].keyed);
        let policy = match self.nodes[to].pulled {
            true => self.dice.pick(&[Policy::Wait, Policy::Shed]),
            false => self.dice.pick(&[Policy::Shed, Policy::DropOldest]),
        };
        let name = self.nodes[to].name.clone();
        self.ring_before(to, policy);
        self.link(From::Node(lap), false, vec![To::Node(to)]);
        let lap_name = &self.nodes[lap].name;
        let text = format!("{arrow}{lap_name} -{}-> {name}", ring(capacity, policy, keyed));
        if matches!(head, Head::Branch { arm: true, .. }) {
            let (first, rest) = text.split_at(arrow.len() + lap_name.len());
            self.wires.push(format!("{lap_name}{rest}"));
            return Some((first.to_owned(), To::Node(lap)));
        }
        Some((text, To::Node(lap)))
    }

    /// On a cycle a pulled stage keeps nothing back: the cycle would never end.
    pub(super) fn keep_nothing_back(&mut self) {
        for at in 0..self.nodes.len() {
            let after: Vec<usize> = self.leads.iter().filter(|(from, _)| *from == at).map(|(_, to)| *to).collect();
            if self.nodes[at].pulled && after.iter().any(|after| self.reaches(*after, at)) {
                let node = &mut self.nodes[at];
                node.declared = node
                    .declared
                    .replace(&format!("Delay::at({at}, 3)"), &format!("Delay::at({at}, 0)"));
            }
        }
    }
}
