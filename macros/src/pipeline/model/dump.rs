//! A model as text, for tests.

use std::fmt::Write;

use quote::ToTokens;

use super::*;

impl Model {
    /// Ports, nodes with what they lead to, rings with who feeds and reads them, segments, cycles.
    pub(crate) fn dump(&self) -> String {
        let mut text = String::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let _ = writeln!(text, "node {}", self.node_text(at, node));
        }
        for (at, ring) in self.rings.iter().enumerate() {
            let _ = writeln!(text, "ring {at} {}", self.ring_text(ring));
        }
        for (at, route) in self.routes.iter().enumerate() {
            let _ = writeln!(text, "route {at} on {}", self.flow_text(&route.flow));
            for arm in &route.arms {
                let guard = arm
                    .guard
                    .as_ref()
                    .map(|guard| format!(" if {}", plain(guard)))
                    .unwrap_or_default();
                let value = arm.value.as_ref().map(plain).unwrap_or_else(|| "-".to_owned());
                let _ = writeln!(
                    text,
                    "  {}{guard} => {value} -> {}",
                    plain(&arm.pat),
                    self.next_text(&arm.next)
                );
            }
        }
        for segment in &self.segments {
            let head = match &segment.head {
                Head::Source(node) => format!("source {}", self.nodes[node.0].name),
                Head::Rings(intakes) => {
                    let one = |intake: &Intake| format!("{} -> {}", intake.ring.0, self.next_text(&intake.next));
                    intakes.iter().map(one).collect::<Vec<_>>().join(", ")
                }
            };
            let nodes: Vec<_> = segment.nodes.iter().map(|node| self.nodes[node.0].name.to_string()).collect();
            let _ = write!(text, "segment {} [{head}] {}", segment.name, nodes.join(" "));
            if let Some(workers) = &segment.workers {
                let _ = write!(text, " x{}", plain(workers));
            }
            let (blocking, pinned) = (segment.blocking.then_some(" blocking"), segment.pinned.then_some(" pinned"));
            let _ = writeln!(text, "{}{}", blocking.unwrap_or_default(), pinned.unwrap_or_default());
        }
        for component in &self.components {
            let names: Vec<_> = component
                .segments
                .iter()
                .map(|segment| self.segments[segment.0].name.as_str())
                .collect();
            let rings: Vec<_> = component.rings.iter().map(|ring| ring.0).collect();
            let entries: Vec<_> = component.entries.iter().map(|(ring, lane)| (ring.0, lane)).collect();
            let retried = if component.retried { " retried" } else { "" };
            let _ = writeln!(text, "cycle {} rings {rings:?} entries {entries:?}{retried}", names.join(" "));
        }
        for check in &self.pull_checks {
            let names: Vec<_> = check.nodes.iter().map(|node| self.nodes[node.0].name.to_string()).collect();
            let _ = writeln!(text, "pull {{{}}} {}", names.join(" "), check.cycle);
        }
        text
    }

    fn node_text(&self, at: usize, node: &Node) -> String {
        let kind = match &node.kind {
            Kind::Function { path } => plain(path),
            Kind::Source { path } => format!("source {}", plain(path)),
            Kind::State { ty, given } => {
                format!(
                    "state {}{}",
                    plain(ty),
                    given.as_ref().map(|expr| format!(" = {}", plain(expr))).unwrap_or_default()
                )
            }
            Kind::Every { period } => format!("every {period}"),
        };
        let resources: Vec<_> = node.resources.iter().map(|used| used.name.to_string()).collect();
        let resources = if resources.is_empty() {
            String::new()
        } else {
            format!("({})", resources.join(", "))
        };
        let mut text = format!("{at} {}: {kind}{resources} -> {}", node.name, self.next_text(&node.next));
        for inlet in &node.inlets {
            let name = inlet.name.as_ref().map(|name| format!(".{name}")).unwrap_or_default();
            let mut marks = String::new();
            if let Some(link) = inlet.feed.and_then(|feed| inlet.links.get(feed)) {
                let _ = write!(marks, " takes {}", self.flow_text(&link.flow));
            }
            if inlet.mixed {
                marks.push_str(" mixed");
            }
            if inlet
                .links
                .iter()
                .filter(|link| !matches!(link.from, Origin::Ring(_)))
                .count()
                > 1
            {
                marks.push_str(" joint");
            }
            if inlet.keeps {
                marks.push_str(" keeps");
            }
            match inlet.errors {
                Outlet::Unwired => {}
                Outlet::Dropped => marks.push_str(" errors drop"),
                Outlet::Wired { ring, lane, .. } => {
                    let _ = write!(marks, " errors {}.{lane}", ring.0);
                }
            }
            if !marks.is_empty() {
                let _ = write!(text, "\n  in{name}{marks}");
            }
        }
        text
    }

    fn ring_text(&self, ring: &Ring) -> String {
        let mut capacity = match &ring.capacity {
            Capacity::Lit { value, .. } => value.to_string(),
            Capacity::Expr(expr) => plain(expr),
        };
        let policy = match (ring.kind, ring.policy) {
            (RingKind::Queue, Policy::Shed) => ", shed",
            (RingKind::Queue, Policy::DropOldest) => ", drop_oldest",
            _ => "",
        };
        if let Some(kind) = ring.kind.word() {
            let first = ring.first.as_ref().map(|first| format!(" = {}", plain(first)));
            capacity = format!("{kind} {capacity}{}", first.unwrap_or_default());
        }
        if let Some(of) = ring.cursor {
            capacity = format!("{} {capacity}", of.0);
        }
        let affinity = match &ring.affinity {
            Affinity::None => String::new(),
            Affinity::Key(_) => ", by key".to_owned(),
            Affinity::Field(field) => format!(", by {field}"),
        };
        let admission: String = ring.admission.words().iter().map(|words| format!(", {words}")).collect();
        let extras: String = ring.extras.words().iter().map(|words| format!(", {words}")).collect();
        let producers: Vec<_> = ring.producers.iter().map(|producer| self.producer_text(*producer)).collect();
        let consumer = match ring.consumer {
            Consumer::Nobody => "nobody".to_owned(),
            Consumer::Cursors => "cursors".to_owned(),
            Consumer::Outside(_) => "outside".to_owned(),
            Consumer::Segment { segment, .. } => self.segments[segment.0].name.clone(),
        };
        let port = ring
            .port
            .map(|port| format!("{} ", self.ports[port.0].name))
            .unwrap_or_default();
        let shed = ring
            .shed
            .map(|(ring, lane)| format!(" shed {}.{lane}", ring.0))
            .unwrap_or_default();
        let lagged = ring
            .lagged
            .map(|(ring, lane)| format!(" lagged {}.{lane}", ring.0))
            .unwrap_or_default();
        let attempts = if ring.attempts { " attempts" } else { "" };
        format!(
            "{port}[{capacity}{policy}{affinity}{extras}{admission}] of {}: {} => {consumer}{shed}{lagged}{attempts}",
            self.flow_text(&ring.flow),
            producers.join(", ")
        )
    }

    fn producer_text(&self, producer: Producer) -> String {
        match producer {
            Producer::Outside(_) => "outside".to_owned(),
            Producer::Node(node) => self.nodes[node.0].name.to_string(),
            Producer::Root(ring) => format!("ring {}", ring.0),
            Producer::Errors { node, inlet } => format!("{}.errors", self.inlet_text(node, inlet)),
            Producer::Shed(ring) => format!("ring {} shed", ring.0),
            Producer::Lagged(ring) => format!("ring {} lagged", ring.0),
        }
    }

    fn inlet_text(&self, node: NodeId, inlet: usize) -> String {
        let found = &self.nodes[node.0];
        let name = found.inlets[inlet]
            .name
            .as_ref()
            .map(|name| format!(".{name}"))
            .unwrap_or_default();
        format!("{}{name}", found.name)
    }

    fn flow_text(&self, flow: &Flow) -> String {
        match flow {
            Flow::Port(port) => plain(&self.ports[port.0].ty),
            Flow::Out(node) => format!("out of {}", self.nodes[node.0].name),
            Flow::Failed { node, inlet } => format!("failed of {}", self.inlet_text(*node, *inlet)),
            Flow::Shed(ring) => format!("shed of ring {}", ring.0),
            Flow::Lagged => "lagged".to_owned(),
            Flow::Arm { route, arm } => format!("arm {}.{arm}", route.0),
        }
    }

    fn next_text(&self, next: &Next) -> String {
        match next {
            Next::End => "end".to_owned(),
            Next::Drop(_) => "drop".to_owned(),
            Next::Fused { to, inlet, link, .. } => format!("{}#{link}", self.inlet_text(*to, *inlet)),
            Next::Ring { ring, lane, .. } => format!("{}.{lane}", ring.0),
            Next::Fan(all) => {
                let all: Vec<_> = all.iter().map(|next| self.next_text(next)).collect();
                format!("{{{}}}", all.join(", "))
            }
            Next::Route(route) => format!("route {}", route.0),
        }
    }
}

fn plain(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}
