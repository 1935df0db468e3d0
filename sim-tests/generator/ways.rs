//! Where records go: nodes, groups, routes, ends, cycles, outlets.

use super::choose::ring;
use super::{From, Link, Node, Policy, Port, To, Topology};

/// What stands before the next arrow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    /// An input, which holds a ring of its own.
    Port(usize),
    /// A node.
    Node(usize),
    /// An arm of a `match` behind a node, or behind an input: what follows is a stage or a port that takes `Rec`.
    Branch { node: Option<usize>, arm: bool },
}

impl Head {
    fn node(self) -> Option<usize> {
        match self {
            Head::Port(_) => None,
            Head::Node(node) => Some(node),
            Head::Branch { node, .. } => node,
        }
    }
}

/// What an arrow leads into.
struct Into {
    /// Its ring has so many slots at least.
    least: u64,
    keyed: bool,
    /// It has one worker.
    alone: bool,
}

impl Into {
    const ONE: Into = Into {
        least: 1,
        keyed: false,
        alone: true,
    };
}

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

impl Topology {
    pub(super) fn begin(&mut self) {
        let inputs = self.dice.pick(&[1, 1, 1, 2]);
        for _ in 0..inputs {
            self.from_input();
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
        self.failures();
    }

    fn input(&mut self) -> usize {
        let (capacity, policy) = (self.capacity(1), self.policy());
        let name = format!("in{}", self.ports.len());
        self.port(Port {
            name,
            input: true,
            of: "Rec",
            capacity,
            policy,
            keyed: false,
            wired: false,
        })
    }

    fn output(&mut self, of: &'static str, policy: Policy) -> usize {
        let capacity = self.capacity(1);
        let name = format!("out{}", self.ports.len());
        self.port(Port {
            name,
            input: false,
            of,
            capacity,
            policy,
            keyed: false,
            wired: false,
        })
    }

    fn port(&mut self, port: Port) -> usize {
        self.ports.push(port);
        self.ports.len() - 1
    }

    fn from_input(&mut self) {
        let port = self.input();
        let text = self.ports[port].name.clone() + &self.onward(Head::Port(port), 4);
        self.wires.push(text);
    }

    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.left = self.left.saturating_sub(1);
        self.nodes.len() - 1
    }

    /// A node of a stage function, with a place of its own.
    fn plain(&mut self, stage: &str, fallible: bool, options: &[String]) -> usize {
        let number = self.nodes.len();
        // A source lends what it borrows once, so nobody else may have it.
        let kind = if stage == "spring" {
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

    fn link(&mut self, from: From, route: bool, to: Vec<To>) {
        if let From::Node(node) | From::Errors(node) = from {
            self.leads.extend(to.iter().filter_map(|to| match to {
                To::Node(to) => Some((node, *to)),
                _ => None,
            }));
        }
        self.links.push(Link { from, route, to });
    }

    /// Whether records of `from` may come to `to`.
    fn reaches(&self, from: usize, to: usize) -> bool {
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

    /// All that follows `head`, its first arrow among it.
    fn onward(&mut self, head: Head, depth: usize) -> String {
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

    fn group(&mut self, head: Head, depth: usize) -> (String, Vec<To>, bool) {
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

    fn route(&mut self, head: Head, depth: usize) -> (String, Vec<To>, bool) {
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
    fn tail(&mut self, head: Head, depth: usize, not: &[To]) -> (String, To) {
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

    fn end(&mut self, head: Head) -> (String, To) {
        let arm = matches!(head, Head::Branch { arm: true, .. });
        let branch = matches!(head, Head::Branch { .. });
        match self.dice.below(5) {
            0 if !arm && !branch => (" -> drop".to_owned(), To::Drop),
            0 | 1 => {
                let stage = self.dice.pick(&["sink", "slow_sink"]);
                let (arrow, ring) = self.arrow(false, Into::ONE);
                let sink = self.plain(stage, false, &[]);
                self.enter(sink, head, ring);
                (format!("{arrow}{}", self.nodes[sink].name), To::Node(sink))
            }
            _ => {
                let policy = self.policy();
                let policy = if self.dice.chance(8) { Policy::Mailbox } else { policy };
                let port = self.output("Rec", policy);
                (format!(" -> {}", self.ports[port].name), To::Out(port))
            }
        }
    }

    /// An arrow into a node: a ring, or a call.
    fn arrow(&mut self, ringed: bool, into: Into) -> (String, Option<Policy>) {
        if !ringed && self.dice.chance(50) {
            return (" -> ".to_owned(), None);
        }
        let capacity = self.capacity(into.least);
        let policy = match into.keyed || into.least > 1 {
            true => self.policy(),
            false => self.kind(into.alone),
        };
        (format!(" -{}-> ", ring(capacity, policy, into.keyed)), Some(policy))
    }

    /// `node` comes behind `head`.
    fn enter(&mut self, node: usize, head: Head, ringed: Option<Policy>) {
        match (head, ringed) {
            (Head::Port(port), _) => {
                let name = self.ports[port].name.clone();
                self.nodes[node].rings.push(name);
            }
            (_, Some(policy)) => {
                let name = self.nodes[node].name.clone();
                if !self.nodes[node].rings.contains(&name) {
                    self.nodes[node].rings.push(name);
                }
                self.nodes[node].sheds |= policy == Policy::Shed;
            }
            (head, None) => {
                // An input with a group behind it is a segment of its own.
                self.nodes[node].segment = head.node().map_or(usize::MAX, |from| self.nodes[from].segment);
                return;
            }
        }
        self.segments += 1;
        self.nodes[node].segment = self.segments;
    }

    fn new_node(&mut self, head: Head, depth: usize) -> (String, To) {
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
                let node = self.state("Both", &format!("Both::at({number})"), &[]);
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
                options.push(format!("batch: {least}"));
                let options = self.more(options);
                let node = self.plain("batch", true, &options);
                self.nodes[node].batch = true;
                self.nodes[node].batches = least;
                node
            }
            _ => {
                let (stage, fallible) = self.dice.pick(&STAGES);
                if ringed && SYNC.contains(&stage) && self.dice.chance(15) {
                    options.push("blocking".to_owned());
                }
                let options = self.more(options);
                self.plain(stage, fallible, &options)
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
    fn more(&mut self, mut options: Vec<String>) -> Vec<String> {
        if self.dice.chance(8) {
            let then = self.dice.pick(&["drain", "abort"]);
            self.aborts |= then == "abort";
            options.push(format!("restart: 2 in 1s else {then}"));
        }
        options
    }

    fn with_options(&mut self, ty: &str, value: &str, options: Vec<String>, rebuilds: bool) -> usize {
        let mut options = self.more(options);
        if rebuilds && self.dice.chance(30) {
            options.push("on_panic: rebuild".to_owned());
        }
        self.state(ty, value, &options)
    }

    /// A node of an `impl` stage.
    fn state(&mut self, ty: &str, value: &str, options: &[String]) -> usize {
        let name = format!("n{}", self.nodes.len());
        let declared = format!("node {name}: {ty}{} = {value};", braced(options));
        let mut node = Node::new(name, declared);
        node.fallible = true;
        self.add(node)
    }

    fn first_inlet(&mut self, join: usize, head: Head) -> (String, To) {
        self.inlet(join, "left", head)
    }

    fn second_inlet(&mut self, head: Head) -> (String, To) {
        let join = self.half.take().unwrap_or(0);
        if head.node().is_some_and(|from| self.reaches(join, from)) {
            self.half = Some(join);
            return self.end(head);
        }
        self.inlet(join, "right", head)
    }

    fn inlet(&mut self, join: usize, inlet: &str, head: Head) -> (String, To) {
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

    /// Fan-in: a node that is there already, over a ring, or by a call within the segment.
    fn meet(&mut self, head: Head, not: &[To]) -> Option<(String, To)> {
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
        Some(self.into_ring(at))
    }

    /// Another ring before a node that has one.
    fn into_ring(&mut self, at: usize) -> (String, To) {
        let node = &self.nodes[at];
        let (least, keyed, alone) = (node.batches, node.keyed, !node.declared.contains("workers"));
        let (arrow, policy) = self.arrow(true, Into { least, keyed, alone });
        let name = self.nodes[at].name.clone();
        self.nodes[at].sheds |= policy == Some(Policy::Shed);
        if !self.nodes[at].rings.contains(&name) {
            self.nodes[at].rings.push(name.clone());
        }
        (format!("{arrow}{name}"), To::Node(at))
    }

    /// A way back: through a filter that ends the cycle in time, over a ring that does not wait, or to a pulled node.
    fn back(&mut self, head: Head, _depth: usize) -> Option<(String, To)> {
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
        self.nodes[to].sheds |= policy == Policy::Shed;
        if !self.nodes[to].rings.contains(&name) {
            self.nodes[to].rings.push(name.clone());
        }
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

    /// What rings refuse, for some of them.
    fn shed_wires(&mut self) {
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
        let (capacity, policy) = (self.capacity(1), self.policy());
        let node = self.plain("refused", false, &[]);
        self.nodes[node].takes_rec = false;
        let name = self.nodes[node].name.clone();
        self.nodes[node].rings.push(name.clone());
        self.wires
            .push(format!("{of}.shed -{}-> {name}", ring(capacity, policy, false)));
        self.link(from, false, vec![To::Node(node)]);
    }

    /// Where failures go.
    fn failures(&mut self) {
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
            match self.dice.below(6) {
                0 => {
                    for outlet in &outlets {
                        self.wires.push(format!("{outlet} -> drop"));
                    }
                }
                1 if simple => {
                    let port = self.output("Failed<Rec, Bad>", policy);
                    self.wires.push(format!("{} -> {}", outlets[0], self.ports[port].name));
                    self.link(From::Errors(at), false, vec![To::Out(port)]);
                }
                2 if simple && !self.nodes[at].rings.is_empty() => self.retry(at, capacity, policy),
                3 if grave.is_some() => {
                    let node = grave.unwrap_or(0);
                    self.bury(node, &outlets, capacity, policy, at);
                }
                _ => {
                    let node = self.plain("dead", false, &[]);
                    grave = Some(node);
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
                self.nodes[note].rings.push(name.clone());
                self.wires.push(format!("errors -{}-> {name}", ring(capacity, policy, false)));
                for at in 0..note {
                    if !named.contains(&at) {
                        self.link(From::Errors(at), false, vec![To::Node(note)]);
                    }
                }
            }
            _ => {}
        }
    }

    fn bury(&mut self, node: usize, outlets: &[String], capacity: u64, policy: Policy, of: usize) {
        let name = self.nodes[node].name.clone();
        self.nodes[node].takes_rec = false;
        if !self.nodes[node].rings.contains(&name) {
            self.nodes[node].rings.push(name.clone());
        }
        for outlet in outlets {
            self.wires
                .push(format!("{outlet} -{}-> {name}", ring(capacity, policy, false)));
        }
        self.link(From::Errors(of), false, vec![To::Node(node)]);
    }

    /// What failed goes round again: over a ring that does not wait.
    fn retry(&mut self, at: usize, capacity: u64, policy: Policy) {
        let again = self.plain("again", false, &[]);
        let (name, to) = (self.nodes[again].name.clone(), self.nodes[at].name.clone());
        self.nodes[again].takes_rec = false;
        self.nodes[again].rings.push(name.clone());
        self.wires.push(format!(
            "{to}.errors -{}-> {name} -{}-> {to}",
            ring(capacity, policy, false),
            ring(
                capacity.max(self.nodes[at].batches),
                self.dice.pick(&[Policy::Shed, Policy::DropOldest]),
                self.nodes[at].keyed
            )
        ));
        if !self.nodes[at].rings.contains(&to) {
            self.nodes[at].rings.push(to);
        }
        self.link(From::Errors(at), false, vec![To::Node(again)]);
        self.link(From::Node(again), false, vec![To::Node(at)]);
    }
}

impl Node {
    fn new(name: String, declared: String) -> Self {
        Node {
            name,
            declared,
            fallible: false,
            batch: false,
            mortal: false,
            clock: false,
            inlets: &[],
            rings: Vec::new(),
            batches: 1,
            keyed: false,
            sheds: false,
            segment: 0,
            takes_rec: true,
            keeps: true,
            pulled: false,
        }
    }
}

fn braced(options: &[String]) -> String {
    match options {
        [] => String::new(),
        options => format!(" {{ {} }}", options.join(", ")),
    }
}
