use std::fmt;

use super::*;

/// requests -[ring]-> rag -> { infer, audit }; infer -> match { answers, drop }; rag.errors -> dead; requests.shed -> count_shed.
fn balanced() -> Snapshot {
    let ring = |name, offered, taken, shed, queued| RingEntry {
        name,
        counts: RingLedger {
            offered,
            taken,
            shed,
            queued,
            ..RingLedger::default()
        },
    };
    let node = |name, taken, finished, failed, emitted| NodeEntry {
        name,
        counts: NodeLedger {
            taken,
            finished,
            failed,
            emitted,
            attempts: taken,
            ..NodeLedger::default()
        },
    };
    let mut snapshot = Snapshot {
        pipeline: "Orchestrator",
        rings: vec![
            ring("requests", 12, 10, 2, 0),
            ring("infer", 9, 9, 0, 0),
            ring("answers", 6, 4, 0, 2),
        ],
        nodes: vec![
            node("rag", 10, 9, 1, 9),
            node("infer", 9, 8, 1, 8),
            node("audit", 9, 9, 0, 0),
            node("dead", 1, 1, 0, 0),
            node("count_shed", 1, 1, 0, 0),
        ],
        links: vec![
            LinkEntry {
                from: "requests",
                ring: true,
                rule: LinkRule::Each,
                targets: vec![("rag", 10)],
            },
            LinkEntry {
                from: "rag",
                ring: false,
                rule: LinkRule::Each,
                targets: vec![("infer", 9), ("audit", 9)],
            },
            LinkEntry {
                from: "infer",
                ring: false,
                rule: LinkRule::Route { dropped: 2 },
                targets: vec![("answers", 6)],
            },
            LinkEntry {
                from: "rag",
                ring: false,
                rule: LinkRule::Failures,
                targets: vec![("dead", 1)],
            },
            LinkEntry {
                from: "requests",
                ring: true,
                rule: LinkRule::Shed { refused: 1 },
                targets: vec![("count_shed", 1)],
            },
        ],
    };
    snapshot.nodes[1].counts.unwired = 1;
    snapshot.nodes[1].counts.dropped = 2;
    snapshot
}

fn ring(snapshot: &mut Snapshot, at: usize) -> &mut RingLedger {
    &mut snapshot.rings[at].counts
}

fn node(snapshot: &mut Snapshot, at: usize) -> &mut NodeLedger {
    &mut snapshot.nodes[at].counts
}

/// Breaks the balanced ledger and gives the lines of the error, without the head.
fn broken_by(change: impl FnOnce(&mut Snapshot)) -> Vec<String> {
    let mut snapshot = balanced();
    change(&mut snapshot);
    let text = snapshot.check().unwrap_err().to_string();
    assert!(
        text.starts_with("the ledger of `Orchestrator` does not account for every record\n"),
        "{text}"
    );
    text.lines().skip(1).map(|line| line.trim_start().to_owned()).collect()
}

#[test]
fn a_balanced_ledger_checks() {
    balanced().check().unwrap();
    balanced().check_live().unwrap();
    Snapshot {
        pipeline: "Empty",
        rings: vec![],
        nodes: vec![],
        links: vec![],
    }
    .check()
    .unwrap();
}

#[test]
fn a_ring_that_lost_a_record_is_named() {
    let line = "ring requests: offered = taken + shed + lost + cut + queued does not hold: 13 = 10 + 2 + 0 + 0 + 0";
    assert_eq!(broken_by(|s| ring(s, 0).offered += 1), [line]);
}

#[test]
fn every_count_of_a_ring_counts() {
    let ends: [fn(&mut RingLedger) -> &mut u64; 3] = [|r| &mut r.lost, |r| &mut r.cut, |r| &mut r.queued];
    for end in ends {
        assert_eq!(broken_by(|s| *end(ring(s, 1)) += 1).len(), 1);
    }
}

#[test]
fn a_node_that_lost_a_record_is_named() {
    let line = "node audit: taken = finished + failed + cut + in_work does not hold: 10 = 9 + 0 + 0 + 0";
    assert_eq!(broken_by(|s| node(s, 2).taken += 1), [line]);
}

#[test]
fn every_count_of_a_node_counts() {
    let ends: [fn(&mut NodeLedger) -> &mut u64; 3] = [|n| &mut n.finished, |n| &mut n.cut, |n| &mut n.in_work];
    for end in ends {
        assert_eq!(broken_by(|s| *end(node(s, 2)) += 1).len(), 1);
    }
}

#[test]
fn a_branch_that_got_too_little_is_named() {
    let line = "link rag -> audit: emitted = offered(audit) does not hold: 9 = 8";
    assert_eq!(broken_by(|s| s.links[1].targets[1].1 -= 1), [line]);
}

#[test]
fn what_leaves_a_port_is_what_was_taken() {
    let line = "link requests -> rag: taken = offered(rag) does not hold: 10 = 11";
    assert_eq!(broken_by(|s| s.links[0].targets[0].1 += 1), [line]);
}

#[test]
fn a_route_that_lost_a_record_is_named() {
    let line = "link infer -> answers: emitted = offered(answers) + dropped does not hold: 8 = 5 + 2";
    assert_eq!(broken_by(|s| s.links[2].targets[0].1 -= 1), [line]);
    let line = "link infer -> drop: emitted = dropped does not hold: 8 = 7";
    let rule = LinkRule::Route { dropped: 7 };
    assert_eq!(
        broken_by(|s| s.links[2] = LinkEntry {
            from: "infer",
            ring: false,
            rule,
            targets: vec![]
        }),
        [line]
    );
}

#[test]
fn a_failure_that_went_nowhere_is_named() {
    let line = "failures of rag: failed = offered(dead) + unwired does not hold: 1 = 0 + 0";
    assert_eq!(broken_by(|s| s.links[3].targets[0].1 = 0), [line]);
    let line = "failures of infer: failed = unwired does not hold: 1 = 0";
    assert_eq!(broken_by(|s| node(s, 1).unwired = 0), [line]);
}

#[test]
fn failures_are_summed_over_the_inlets_of_a_node() {
    let mut snapshot = balanced();
    snapshot.links.push(LinkEntry {
        from: "infer",
        ring: false,
        rule: LinkRule::Failures,
        targets: vec![("dead", 1)],
    });
    node(&mut snapshot, 1).unwired = 0;
    snapshot.check().unwrap();
}

#[test]
fn a_shed_record_that_the_wire_lost_is_named() {
    let line = "link requests -> count_shed: shed = offered(count_shed) + refused does not hold: 2 = 0 + 1";
    assert_eq!(broken_by(|s| s.links[4].targets[0].1 = 0), [line]);
}

#[test]
fn every_broken_equation_is_reported() {
    let lines = broken_by(|s| {
        ring(s, 0).cut += 1;
        node(s, 0).finished += 1;
        s.links[2].targets[0].1 += 1;
    });
    assert_eq!(lines.len(), 3, "{lines:?}");
}

#[test]
fn live_equations_hold_within_work_in_progress_and_name_what_does_not() {
    let mut snapshot = balanced();
    ring(&mut snapshot, 0).offered += 5;
    node(&mut snapshot, 0).taken += 5;
    snapshot.check_live().unwrap();
    snapshot.check().unwrap_err();
    ring(&mut snapshot, 1).taken += 1;
    node(&mut snapshot, 2).failed += 1;
    let text = snapshot.check_live().unwrap_err().to_string();
    assert!(
        text.contains("\n  ring infer: taken <= offered does not hold: 10 <= 9"),
        "{text}"
    );
    assert!(
        text.contains("\n  node audit: finished + failed + cut <= taken does not hold: 9 + 1 + 0 <= 9"),
        "{text}"
    );
}

#[test]
fn the_table_is_aligned() {
    let mut snapshot = balanced();
    snapshot.nodes.truncate(2);
    assert_eq!(
        snapshot.to_string(),
        "\
Orchestrator

  ring      offered  taken  shed  lost  cut  queued
  ─────────────────────────────────────────────────
  requests       12     10     2     ·    ·       ·
  infer           9      9     ·     ·    ·       ·
  answers         6      4     ·     ·    ·       2

  node      taken  finished  failed  cut  in work  emitted  dropped  attempts  rebuilt  unwired
  ─────────────────────────────────────────────────────────────────────────────────────────────
  rag          10         9       1    ·        ·        9        ·        10        ·        ·
  infer         9         8       1    ·        ·        8        2         9        ·        1"
    );
}

/// What `pipeline!` generates.
#[derive(Clone)]
struct OrchestratorLedger {
    requests: RingLedger,
    infer: FedLedger,
    rag: NodeLedger,
    snapshot: Snapshot,
}

impl Ledger for OrchestratorLedger {
    fn from_snapshot(snapshot: Snapshot) -> Self {
        OrchestratorLedger {
            requests: snapshot.ring_field("requests"),
            infer: snapshot.fed_field("infer"),
            rag: snapshot.node_field("rag"),
            snapshot,
        }
    }

    fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }
}

impl fmt::Display for OrchestratorLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.snapshot.fmt(f)
    }
}

#[test]
fn a_ledger_has_its_counts_as_fields_and_by_name() {
    let ledger = OrchestratorLedger::from_snapshot(balanced());
    ledger.check().unwrap();
    ledger.check_live().unwrap();
    assert_eq!(
        (
            ledger.requests.offered,
            ledger.infer.finished,
            ledger.infer.input.taken,
            ledger.rag.failed
        ),
        (12, 8, 9, 1)
    );
    assert_eq!(ledger.node("infer"), Some(*ledger.infer));
    assert_eq!(ledger.ring("requests"), Some(ledger.requests));
    assert_eq!((ledger.node("requests"), ledger.ring("rag")), (None, None));
    assert_eq!(ledger.to_string(), balanced().to_string());
}

#[test]
fn it_serializes_by_name() {
    let json = serde_json::to_value(balanced()).unwrap();
    assert_eq!(json["pipeline"], "Orchestrator");
    assert_eq!(json["rings"]["requests"]["shed"], 2);
    assert_eq!(json["nodes"]["infer"]["finished"], 8);
    assert_eq!(json["links"][2]["rule"]["route"]["dropped"], 2);
    let fed = FedLedger::new(
        NodeLedger {
            taken: 3,
            ..NodeLedger::default()
        },
        RingLedger {
            offered: 4,
            ..RingLedger::default()
        },
    );
    let json = serde_json::to_value(fed).unwrap();
    assert_eq!((&json["taken"], &json["input"]["offered"]), (&3.into(), &4.into()));
}
