//! The pictures show what kind a ring is, who reads it, and who borrows from it.

use forebay::prelude::*;

use crate::tools::*;

#[stage]
fn lowers(id: u64, limit: &u64) -> u64 {
    id.min(*limit)
}

pipeline! {
    pub Pictured {
        input  records: u64 [mailbox];
        input  limits: u64 [8];
        topic  all: u64 [broadcast 16];
        topic  limit: u64 [latest = 7];
        output out: u64 [broadcast 8];
        shared seen: Seen;
        limits -> limit;
        records -> all;
        all -> first(seen);
        all -> lowers(limit) -[latest]-> pass -> out;
        first.lagged -[mailbox]-> told(seen);
    }
}

#[test]
fn the_pictures_show_the_kinds() {
    let topology = Pictured::TOPOLOGY;
    let (text, dot, mermaid, svg) = (topology.to_text(), topology.to_dot(), topology.to_mermaid(), topology.svg());
    for line in [
        "records [mailbox] ─▶ all [broadcast 16]",
        "└─▶ lowers {(limit)} ─[latest]─▶ pass ─▶ out [broadcast 8]",
        "limit.lent ─▶ lowers",
        "first.lagged ─[mailbox]─▶ told {(seen)}",
        "all                        16  broadcast  u64",
        "first.lagged → told         1  mailbox    Lagged",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    for line in [
        r#"[label="all\n[broadcast 16]", shape=cds, style=solid]"#,
        r#"[label="lent", style=dashed]"#,
        r#"[label="lagged [mailbox]", style=dashed]"#,
    ] {
        assert!(dot.contains(line), "{line}\n{dot}");
    }
    for line in [r#"[("limit<br/>[latest]")]"#, r#"-.->|"lent"|"#, r#"-->|"[latest]"|"#] {
        assert!(mermaid.contains(line), "{line}\n{mermaid}");
    }
    for line in [">broadcast 16<", ">mailbox<", ">latest<", ">lagged<", ">lent<"] {
        assert!(svg.contains(line), "{line}\n{svg}");
    }
    let kinds: Vec<_> = topology
        .nodes
        .iter()
        .filter_map(|node| node.ring.map(|ring| ring.kind))
        .collect();
    use forebay::pipeline::topology::RingKind::*;
    assert_eq!(kinds, [Mailbox, Queue, Broadcast, Latest, Broadcast]);
}
