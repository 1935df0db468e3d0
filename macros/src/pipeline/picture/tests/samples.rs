//! Pictures to test with.

use super::super::*;

pub(super) fn node(name: &str, kind: PKind, segment: Option<usize>, note: &str) -> PNode {
    PNode {
        name: name.to_owned(),
        kind,
        segment,
        note: note.to_owned(),
    }
}

pub(super) fn stage(name: &str, segment: usize) -> PNode {
    node(name, PKind::Stage, Some(segment), "")
}

/// `from -> to`, `from -[512]-> to`, `from -label-> to`, `from.errors -[128]-> to` between the nodes called so.
pub(super) fn edges(nodes: &[PNode], wires: &[(&str, &str, &str)]) -> Vec<PEdge> {
    let place = |name: &str| nodes.iter().position(|node| node.name == name).unwrap();
    wires
        .iter()
        .map(|(from, over, to)| {
            let (from, outlet) = from
                .split_once('.')
                .map_or((*from, None), |(from, outlet)| (from, Some(outlet)));
            let (label, ring) = over.split_once('[').unwrap_or((over, ""));
            let label = outlet.or(Some(label)).filter(|label| !label.is_empty()).map(str::to_owned);
            let ring = Some(ring.trim_end_matches(']'))
                .filter(|ring| !ring.is_empty())
                .map(str::to_owned);
            PEdge {
                from: place(from),
                to: place(to),
                ring,
                label,
                dashed: outlet.is_some(),
            }
        })
        .collect()
}

pub(super) fn picture(title: &str, nodes: Vec<PNode>, wires: &[(&str, &str, &str)]) -> Picture {
    let edges = edges(&nodes, wires);
    Picture {
        title: title.to_owned(),
        nodes,
        edges,
    }
}

pub(super) fn orchestrator() -> Picture {
    let nodes = vec![
        node("requests", PKind::Input, None, "512, shed"),
        node("answers", PKind::Output, None, "256"),
        stage("rag", 0),
        stage("assemble", 1),
        node("infer", PKind::Stage, Some(2), "×4, timeout 500ms, retry 3"),
        stage("redact", 3),
        stage("dead_letters", 4),
        stage("note_failure", 5),
        stage("count_shed", 6),
        node("every 30s", PKind::Source, Some(7), ""),
        stage("beat", 7),
        node("window", PKind::Stage, Some(7), "tick 1s"),
        node("mean", PKind::Stage, Some(7), "tick 1s"),
        stage("report", 7),
    ];
    let wires = [
        ("requests", "", "rag"),
        ("rag", "[512]", "assemble"),
        ("assemble", "[QUEUE, by key]", "infer"),
        ("infer", "[512]", "redact"),
        ("redact", "", "answers"),
        ("infer.errors", "[128]", "dead_letters"),
        ("rag.errors", "[128]", "note_failure"),
        ("requests.shed", "[64]", "count_shed"),
        ("every 30s", "", "beat"),
        ("beat", "", "window"),
        ("window", "", "mean"),
        ("mean", "", "report"),
    ];
    picture("Orchestrator", nodes, &wires)
}

/// Everything at once: groups, routes, joins, fused outlets, cycles, loops, fan-in.
pub(super) fn maze() -> Picture {
    let nodes = vec![
        node("tickets", PKind::Input, None, "256"),
        node("prices", PKind::Input, None, "64, drop_oldest"),
        stage("parse", 0),
        stage("classify", 0),
        stage("page", 1),
        stage("triage", 0),
        node("drop", PKind::Drop, None, ""),
        node("matcher", PKind::Stage, Some(2), ""),
        stage("trade", 2),
        node("store", PKind::Stage, Some(3), "×2 (db)"),
        stage("audit", 4),
        node("retry", PKind::Stage, Some(5), ""),
        node("crawl", PKind::Stage, Some(6), "pulled"),
        stage("links", 6),
        node("done", PKind::Output, None, "1024"),
        node("fan", PKind::Fork, Some(7), ""),
        stage("left", 7),
        stage("right", 7),
        node("news", PKind::Topic, None, "broadcast 1024"),
    ];
    picture(
        "Maze",
        nodes,
        &[
            ("tickets", "", "parse"),
            ("parse", "", "classify"),
            ("classify", "Ticket::Urgent(t)[64]", "page"),
            ("classify", "Ticket::Normal(t) if t.stale", "triage"),
            ("classify", "_", "drop"),
            ("triage", "order[128]", "matcher"),
            ("prices", "price", "matcher"),
            ("matcher", "", "trade"),
            ("trade", "[512 by key]", "store"),
            ("page", "[512 by key]", "store"),
            ("trade", "[32]", "audit"),
            ("store", "", "done"),
            ("audit", "", "done"),
            ("store.errors", "[16]", "retry"),
            ("audit.errors", "[16]", "retry"),
            ("parse.errors", "[16]", "retry"),
            ("retry", "[16, shed]", "store"),
            ("page", "", "news"),
            ("news", "", "fan"),
            ("fan", "", "left"),
            ("fan", "", "right"),
            ("right", "", "done"),
            ("crawl", "", "links"),
            ("links", "[1024, shed]", "crawl"),
        ],
    )
}
