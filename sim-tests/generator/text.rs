//! The text of a topology.

use std::fmt::Write;

use super::choose::{admission, ring, ring_of_records};
use super::{From, Link, Node, Policy, To, Topology};

/// A module: the declaration, what the oracle knows, and how it starts.
pub(crate) fn module(topology: &Topology) -> String {
    let number = topology.number;
    let mut text = String::new();
    let _ = write!(
        text,
        "mod p{number} {{\n    use super::*;\n    pipeline! {{\n        P{number} {{\n{}        }}\n    }}\n{}{}}}\n",
        declaration(topology),
        spec(topology),
        start(topology)
    );
    text
}

fn declaration(topology: &Topology) -> String {
    let mut lines = Vec::new();
    if topology.deadline {
        lines.push("drain 5ms;".to_owned());
    }
    for (number, port) in topology.ports.iter().enumerate() {
        let way = if port.input { "input" } else { "output" };
        let (quota, limit) = admits(topology, number);
        let mut ring = port_ring(topology, number);
        for (most, option) in [(quota, "quota"), (limit, "limit")] {
            let by = if option == "quota" { " by key" } else { "" };
            if most > 0 {
                ring = ring.replace(']', &format!(", {option} {most} per 1ms{by}]"));
            }
        }
        lines.push(format!("{way} {}: {} {ring};", port.name, port.of));
    }
    lines.extend(topology.resources.iter().cloned());
    lines.extend(
        topology
            .nodes
            .iter()
            .map(|node| node.declared.clone())
            .filter(|text| !text.is_empty()),
    );
    lines.extend(topology.wires.iter().map(|wire| format!("{wire};")));
    lines.iter().map(|line| format!("            {line}\n")).collect()
}

/// The ring of a port, but for what it lets in.
fn port_ring(topology: &Topology, number: usize) -> String {
    let port = &topology.ports[number];
    // (A knob gives in the order of its sends.) What is displaced in a port was accepted: of that its caller is not told, as the oracle
    // asks where there is a wire.
    match port.of == "Rec" && !port.wired && !port.knob {
        true => ring_of_records(topology.number << 8 | number as u64, port.capacity, port.policy, port.keyed),
        false => ring(port.capacity, port.policy, port.keyed),
    }
}

/// What a port lets in within a millisecond: of each key, and of all.
fn admits(topology: &Topology, number: usize) -> (u64, u64) {
    let port = &topology.ports[number];
    match port.input {
        // Who offers waits, and so lets in whoever there is room for.
        true if !port_ring(topology, number).contains("offer") => admission(topology.number << 8 | number as u64, port.policy),
        _ => (0, 0),
    }
}

fn spec(topology: &Topology) -> String {
    let nodes: String = topology
        .nodes
        .iter()
        .map(|node| {
            let emits = node.declared.contains(" = emit(");
            let at_once = !["retry", "rate"].iter().any(|option| node.declared.contains(option));
            let mut beside = topology.nodes.iter().filter(|other| other.segment == node.segment);
            let alone = !beside.any(|other| other.declared.contains("workers"));
            let in_flight = number_of(node, "concurrency").map_or(0, |hands| hands * number_of(node, "workers").unwrap_or(1));
            format!(
                "            Node {{ name: {:?}, rings: &{:?}, batch: {}, emits: {emits}, in_flight: {in_flight}, lags: {}, mortal: {}, retry: {}, limited: {}, refuses: {}, at_once: {at_once}, alone: {alone}, clock: {} }},\n",
                node.name,
                node.rings,
                node.batches,
                node.lags && !node.queues,
                node.mortal,
                node.faults.retry,
                node.faults.limited,
                node.faults.refuses,
                node.clock
            )
        })
        .collect();
    let ports: String = topology
        .ports
        .iter()
        .enumerate()
        .map(|(number, port)| {
            let kind = match port.policy {
                Policy::Broadcast => "Broadcast",
                Policy::Latest => "Latest",
                _ => "Queue",
            };
            let (quota, limit) = admits(topology, number);
            format!(
                "Port {{ name: {:?}, input: {}, kind: Kind::{kind}, quota: {quota}, limit: {limit}, knob: {} }}, ",
                port.name, port.input, port.knob
            )
        })
        .collect();
    let links: String = topology.links.iter().map(link).collect();
    format!(
        "    pub(super) static SPEC: Spec = Spec {{\n        number: {},\n        nodes: &[\n{nodes}        ],\n        ports: &[{ports}],\n        \
         links: &[\n{links}        ],\n        deadline: {},\n        aborts: {},\n        clock: {},\n    }};\n",
        topology.number, topology.deadline, topology.aborts, topology.clock
    )
}

/// The number that a node says behind `option`.
fn number_of(node: &Node, option: &str) -> Option<u64> {
    let (_, rest) = node.declared.split_once(&format!("{option}: "))?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

fn link(link: &Link) -> String {
    let from = match link.from {
        From::In(at) => format!("In({at})"),
        From::Root(at) => format!("Root({at})"),
        From::Node(at) => format!("Node({at})"),
        From::Errors(at) => format!("Errors({at})"),
        From::ShedOf(at) => format!("ShedOf({at})"),
        From::ShedAt(at) => format!("ShedAt({at})"),
        From::LaggedOf(at) => format!("LaggedOf({at})"),
    };
    let to: String = link
        .to
        .iter()
        .map(|to| match to {
            To::Node(at) => format!("To::Node({at}), "),
            To::Out(at) => format!("To::Out({at}), "),
            To::Drop => "To::Drop, ".to_owned(),
        })
        .collect();
    format!(
        "            Link {{ from: From::{from}, route: {}, to: &[{to}] }},\n",
        link.route
    )
}

fn start(topology: &Topology) -> String {
    let number = topology.number;
    let names: String = topology.ports.iter().map(|port| format!("{}, ", port.name)).collect();
    let hands: String = topology
        .ports
        .iter()
        .enumerate()
        .map(|(at, port)| match port.input {
            true if port.knob => format!("        play.knob({at}, {}, control.clone());\n", port.name),
            true => {
                let sheds = port.policy == Policy::Shed;
                format!("        play.input({at}, {}, {sheds});\n", port.name)
            }
            false => {
                let of = match port.policy {
                    Policy::Broadcast => "broadcast",
                    Policy::Latest => "latest",
                    _ => "output",
                };
                format!("        play.{of}({at}, {});\n", port.name)
            }
        })
        .collect();
    format!(
        "    pub(super) fn start(play: &mut Play) -> Result<(), StartError> {{\n        let builder = P{number}::builder().on_end(|ledger| \
         ended(Ledger::snapshot(ledger).clone()));\n        let P{number}Handle {{ {names}control }} = builder.start_on(play.rt())?;\n{hands}        \
         play.control(control);\n        Ok(())\n    }}\n"
    )
}
