//! What pictures look like, and that nothing in them overlaps.

mod samples;

use std::collections::BTreeSet;

use self::samples::{edges, maze, node, orchestrator, picture, stage};
use super::scene::{NodeBox, Scene, scene};
use super::*;

#[test]
fn the_sketch_has_a_line_a_wire() {
    assert_eq!(
        orchestrator().text(),
        "\
requests [512, shed] ─▶ rag ─[512]─▶ assemble ─[QUEUE, by key]─▶ infer {×4, timeout 500ms, retry 3}
    ─[512]─▶ redact ─▶ answers [256]
every 30s ─▶ beat ─▶ window {tick 1s} ─▶ mean {tick 1s} ─▶ report
infer.errors ─[128]─▶ dead_letters
rag.errors ─[128]─▶ note_failure
requests.shed ─[64]─▶ count_shed
"
    );
}

#[test]
fn the_sketch_shows_branches_as_a_tree() {
    assert_eq!(
        maze().text(),
        "\
tickets [256] ─▶ parse ─▶ classify
  ├─ Ticket::Urgent(t) ─[64]─▶ page
  │    ├─[512 by key]─▶ store {×2 (db)} ─▶ done [1024]
  │    └─▶ news [broadcast 1024] ─▶ fan
  │         ├─▶ left
  │         └─▶ right ─▶ done
  ├─ Ticket::Normal(t) if t.stale ─▶ triage ─ order ─[128]─▶ matcher ─▶ trade
  │    ├─[512 by key]─▶ store
  │    └─[32]─▶ audit ─▶ done
  └─ _ ─▶ drop
prices [64, drop_oldest] ─ price ─▶ matcher
store.errors ─[16]─▶ retry ─[16, shed]─▶ store
audit.errors ─[16]─▶ retry
parse.errors ─[16]─▶ retry
crawl {pulled} ─▶ links ─[1024, shed]─▶ crawl
"
    );
}

#[test]
fn ports_stand_at_the_borders_and_the_main_way_is_straight() {
    let picture = orchestrator();
    let scene = scene(&picture);
    let find = |name: &str| {
        *scene
            .boxes
            .iter()
            .find(|drawn| picture.nodes[drawn.node].name == name)
            .unwrap()
    };
    let way = ["requests", "rag", "assemble", "infer", "redact", "answers"].map(find);
    for pair in way.windows(2) {
        assert_eq!(pair[0].x, pair[1].x);
        assert!(pair[0].y + pair[0].height < pair[1].y);
    }
    assert_eq!(way[0].y, 0.0);
    assert_eq!(way[5].y + way[5].height, scene.height);
}

#[test]
fn a_frame_holds_the_nodes_of_its_segment_and_no_other() {
    for picture in [orchestrator(), maze()] {
        check(&picture);
    }
}

#[test]
fn lanes_into_one_node_meet_in_one_ring() {
    let nodes = vec![stage("a", 0), stage("b", 1), stage("sink", 2)];
    let scene = scene(&picture(
        "Lanes",
        nodes,
        &[("a.errors", "[16]", "sink"), ("b.errors", "[16]", "sink")],
    ));
    assert_eq!(scene.tags.len(), 1);
    assert_eq!(scene.wires.iter().filter(|wire| wire.arrow).count(), 1);
    assert_eq!(scene.wires.len(), 3);
}

#[test]
fn the_svg_survives_markdown() {
    for picture in [orchestrator(), maze(), Picture::default()] {
        let svg = picture.svg();
        let first = svg.lines().next().unwrap();
        assert!(
            first.starts_with("<svg ") && first.ends_with('>') && first.matches('>').count() == 1,
            "{first}"
        );
        assert!(svg.lines().all(|line| !line.trim().is_empty()));
        assert!(!svg.contains("NaN") && !svg.contains("inf "), "{svg}");
        balanced(&svg);
    }
}

#[test]
fn the_docs_are_a_hidden_sketch_and_the_svg() {
    let (picture, fence) = (orchestrator(), "`".repeat(3));
    let docs = picture.docs();
    let sketch = format!("\n<div style=\"display:none\">\n\n{fence}text\nrequests [512, shed] ");
    assert!(docs.starts_with(&sketch), "{docs}");
    assert!(docs.contains(&format!(
        "count_shed\n{fence}\n\n</div>\n\n<div style=\"overflow-x:auto\">\n<svg "
    )));
    assert!(docs.ends_with("</svg>\n</div>\n"));
}

#[test]
fn what_people_write_is_escaped() {
    let nodes = vec![node("a<b>", PKind::Stage, Some(0), "\"&\""), stage("c", 1)];
    let svg = picture("T<U>", nodes, &[("a<b>", "Some(x) if x > 1 && y < 2[8]", "c")]).svg();
    assert!(svg.contains("a&lt;b&gt;") && svg.contains("&quot;&amp;&quot;") && svg.contains("x &gt; 1 &amp;&amp; y &lt; 2"));
    balanced(&svg);
}

#[test]
fn ids_are_those_of_one_picture() {
    let ids = |picture: Picture| -> BTreeSet<String> {
        picture
            .svg()
            .split("id=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(orchestrator()), ids(orchestrator()));
    assert!(ids(orchestrator()).is_disjoint(&ids(maze())));
}

/// Pictures that no one would write: whatever the macro hands over is drawn, and nothing lies on anything else.
#[test]
fn any_graph_is_drawn() {
    let mut state = 7u64;
    let mut below = |most: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    for _ in 0..300 {
        let count = 1 + below(14) as usize;
        let kinds = [
            PKind::Stage,
            PKind::Stage,
            PKind::Input,
            PKind::Output,
            PKind::Topic,
            PKind::Fork,
            PKind::Drop,
        ];
        let nodes: Vec<PNode> = (0..count)
            .map(|at| {
                let kind = kinds[below(7) as usize];
                let segment = (kind == PKind::Stage).then(|| below(6) as usize);
                node(
                    &"n".repeat(1 + below(60) as usize),
                    kind,
                    segment,
                    &"x".repeat(below(50) as usize * (at % 2)),
                )
            })
            .collect();
        let edges: Vec<PEdge> = (0..below(24))
            .map(|_| {
                let (from, to) = (below(count as u64) as usize, below(count as u64) as usize);
                let fused = nodes[from].segment.is_some() && nodes[from].segment == nodes[to].segment && from < to;
                let ring = (!fused && below(3) > 0).then(|| "512 by key".to_owned());
                let label = (below(3) == 0).then(|| "label".repeat(below(20) as usize));
                PEdge {
                    from,
                    to,
                    ring,
                    label,
                    dashed: below(3) == 0,
                }
            })
            .collect();
        let picture = Picture {
            title: "Any".to_owned(),
            nodes,
            edges,
        };
        check(&picture);
        balanced(&picture.svg());
        let text = picture.text();
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
}

#[test]
fn a_long_pipeline_stays_narrow() {
    let names: Vec<String> = (0..200).map(|at| format!("stage_{at}")).collect();
    let nodes: Vec<PNode> = names.iter().enumerate().map(|(at, name)| stage(name, at)).collect();
    let wires: Vec<(&str, &str, &str)> = names.windows(2).map(|pair| (&*pair[0], "[512]", &*pair[1])).collect();
    let picture = Picture {
        title: "Long".to_owned(),
        edges: edges(&nodes, &wires),
        nodes,
    };
    assert!(scene(&picture).width < 200.0);
    assert!(picture.text().lines().all(|line| line.chars().count() <= 100));
}

/// What holds of every scene.
fn check(picture: &Picture) {
    let scene = scene(picture);
    assert_eq!(scene.boxes.len(), picture.nodes.len());
    for (at, a) in scene.boxes.iter().enumerate() {
        assert!(inside(&scene, a), "{picture:#?}");
        for b in &scene.boxes[at + 1..] {
            let apart = (a.x - b.x).abs() > (a.width + b.width) / 2.0 || a.y + a.height < b.y || b.y + b.height < a.y;
            assert!(apart, "{a:?} lies on {b:?}: {picture:#?}");
        }
    }
    for frame in &scene.frames {
        let holds = |node: &&NodeBox| {
            let (x, y) = (node.x, node.y + node.height / 2.0);
            x > frame.x && x < frame.x + frame.width && y > frame.y && y < frame.y + frame.height
        };
        let held: Vec<&NodeBox> = scene.boxes.iter().filter(holds).collect();
        let segments: BTreeSet<_> = held.iter().map(|held| picture.nodes[held.node].segment).collect();
        assert_eq!(segments.len(), 1, "{picture:#?}");
        let members = picture.nodes.iter().filter(|node| segments.contains(&node.segment)).count();
        assert_eq!(held.len(), members, "{picture:#?}");
    }
    // Every edge ends in a head, but for those that share the last piece; upwards and downwards are not shared.
    let ends: BTreeSet<_> = picture
        .edges
        .iter()
        .enumerate()
        .map(|(at, edge)| {
            let alone = edge.ring.is_none() || segment_of(picture, edge.from) == segment_of(picture, edge.to);
            (edge.to, edge.ring.clone(), edge.label.clone(), alone.then_some(at))
        })
        .collect();
    let heads = scene.wires.iter().filter(|wire| wire.arrow).count();
    assert!(
        (ends.len()..=picture.edges.len()).contains(&heads),
        "{heads} heads: {picture:#?}"
    );
}

/// A node alone is a segment of its own.
fn segment_of(picture: &Picture, node: usize) -> (bool, usize) {
    picture.nodes[node].segment.map_or((false, node), |segment| (true, segment))
}

fn inside(scene: &Scene, node: &NodeBox) -> bool {
    let (half, slack) = (node.width / 2.0, 0.01);
    node.x - half >= -slack
        && node.x + half <= scene.width + slack
        && node.y >= 0.0
        && node.y + node.height <= scene.height + slack
}

/// Every element is closed, in order.
fn balanced(svg: &str) {
    let mut open = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap();
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
    }
    assert!(open.is_empty(), "{open:?}");
}

/// Writes the pictures where the variable says, to look at.
#[test]
fn pictures_to_look_at() {
    if let Some(folder) = std::env::var_os("FOREBAY_PICTURES") {
        for picture in [orchestrator(), maze()] {
            let file = std::path::Path::new(&folder).join(&picture.title);
            std::fs::write(file.with_extension("svg"), picture.svg()).unwrap();
            std::fs::write(file.with_extension("md"), picture.docs()).unwrap();
        }
    }
}
