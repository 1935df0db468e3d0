use std::borrow::Cow;

use std::any::type_name;

use super::*;

struct Prompt;
struct Oops<T>(std::marker::PhantomData<T>);

const fn stage(name: &'static str, segment: usize, workers: usize, options: &'static str) -> Node {
    let (takes, gives): (Option<TypeName>, Option<TypeName>) = (Some(type_name::<Prompt>), Some(type_name::<Prompt>));
    Node {
        name,
        kind: Kind::Stage,
        segment: Some(segment),
        workers,
        options,
        takes,
        gives,
        ring: None,
    }
}

const fn port(name: &'static str, kind: Kind, capacity: usize, options: &'static str) -> Node {
    let record: Option<TypeName> = Some(type_name::<Prompt>);
    let (takes, gives) = if matches!(kind, Kind::Input) {
        (None, record)
    } else {
        (record, None)
    };
    let ring = Some(Ring::queue(capacity, options));
    Node {
        name,
        kind,
        segment: None,
        workers: 0,
        options: "",
        takes,
        gives,
        ring,
    }
}

const fn edge(from: usize, to: usize, label: &'static str, outlet: bool, capacity: usize, options: &'static str) -> Edge {
    let ring = if capacity == 0 {
        None
    } else {
        Some(Ring::queue(capacity, options))
    };
    Edge {
        from,
        to,
        label,
        outlet,
        ring,
        record: Some(type_name::<Oops<Prompt>>),
    }
}

const TOPOLOGY: Topology = Topology {
    name: "Orchestrator",
    docs: " Answers questions from a corpus.\n\n Slowly.",
    nodes: Cow::Borrowed(&[
        port("requests", Kind::Input, 512, "shed"),
        stage("rag", 0, 1, "(index)"),
        stage("infer", 1, 4, "(model) { timeout: 500ms }"),
        stage("redact", 1, 4, ""),
        port("answers", Kind::Output, 256, ""),
        stage("dead_letters", 2, 1, ""),
        Node {
            name: "drop",
            kind: Kind::Drop,
            segment: None,
            workers: 0,
            options: "",
            takes: None,
            gives: None,
            ring: None,
        },
    ]),
    edges: Cow::Borrowed(&[
        edge(0, 1, "", false, 0, ""),
        edge(1, 2, "", false, 1024, "by key"),
        edge(2, 3, "", false, 0, ""),
        edge(3, 4, "Some(\"x\")", false, 0, ""),
        edge(3, 6, "_", false, 0, ""),
        edge(2, 5, "errors", true, 128, ""),
    ]),
    budget: Some(8 << 20),
    ring_bytes: 98_400,
    sketch: "requests ─▶ rag\n   …",
    svg: "<svg></svg>",
};

#[test]
fn the_text_shows_the_sketch_the_nodes_and_the_rings() {
    assert_eq!(
        TOPOLOGY.to_text(),
        "\
Orchestrator: Answers questions from a corpus.

  requests ─▶ rag
     …

  node          kind    segment  workers  record    options
  ────────────────────────────────────────────────────────────────────────────
  requests      input                     → Prompt
  rag           stage         0        1  Prompt    (index)
  infer         stage         1        4  Prompt    (model) { timeout: 500ms }
  redact        stage         1        4  Prompt
  answers       output                    Prompt →
  dead_letters  stage         2        1  Prompt
  drop          drop

  ring                         capacity  options  record
  ────────────────────────────────────────────────────────────
  requests                          512  shed     Prompt
  answers                           256           Prompt
  rag → infer                      1024  by key   Oops<Prompt>
  infer.errors → dead_letters       128           Oops<Prompt>

  all rings together: 96.1 KiB of a budget of 8 MiB
"
    );
    assert_eq!(TOPOLOGY.to_string(), TOPOLOGY.to_text());
}

#[test]
fn dot_frames_the_segments_of_several_nodes() {
    assert_eq!(
        TOPOLOGY.to_dot(),
        r#"digraph "Orchestrator" {
  rankdir=LR;
  node [shape=box, style=rounded, fontname="monospace"];
  edge [fontname="monospace", fontsize=10];
  n0 [label="requests\n[512, shed]", shape=cds, style=solid];
  n1 [label="rag"];
  n4 [label="answers\n[256]", shape=cds, style=solid];
  n5 [label="dead_letters"];
  n6 [label="drop", shape=plaintext];
  subgraph cluster_1 {
    style="rounded,dashed";
    n2 [label="infer\n×4"];
    n3 [label="redact\n×4"];
  }
  n0 -> n1 [label="", style=solid];
  n1 -> n2 [label="[1024, by key]", style=solid];
  n2 -> n3 [label="", style=solid];
  n3 -> n4 [label="Some(\"x\")", style=solid];
  n3 -> n6 [label="_", style=solid];
  n2 -> n5 [label="errors [128]", style=dashed];
}
"#
    );
}

#[test]
fn mermaid_escapes_what_people_write() {
    assert_eq!(
        TOPOLOGY.to_mermaid(),
        r#"flowchart LR
  n0[("requests<br/>[512, shed]")]
  n1["rag"]
  n4[("answers<br/>[256]")]
  n5["dead_letters"]
  n6["drop"]
  subgraph s1["segment infer"]
    n2["infer<br/>×4"]
    n3["redact<br/>×4"]
  end
  n0 --> n1
  n1 -->|"[1024, by key]"| n2
  n2 --> n3
  n3 -->|"Some(#quot;x#quot;)"| n4
  n3 -->|"_"| n6
  n2 -.->|"errors [128]"| n5
"#
    );
}

#[test]
fn the_svg_is_that_of_the_macro() {
    assert_eq!(TOPOLOGY.svg(), "<svg></svg>");
}
