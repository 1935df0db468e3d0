//! What code generation relies on.

use super::super::model::*;

/// Every part of an accepted model has its counterpart.
pub(super) fn sound(model: &Model) {
    for (at, node) in model.nodes.iter().enumerate() {
        let segment = &model.segments[node.segment.0];
        assert!(segment.nodes.contains(&NodeId(at)), "{} is not in its segment", node.name);
        assert!(node.gives < node.inlets.len());
        let source = matches!(node.kind, Kind::Source { .. } | Kind::Every { .. });
        for (inlet, way) in node.inlets.iter().enumerate() {
            assert_eq!(way.feed.is_none(), source, "{} has no feed", node.name);
            let rings = way.links.iter().filter(|link| matches!(link.from, Origin::Ring(_))).count();
            assert!(
                rings == 0 || rings == way.links.len(),
                "{} has both kinds of edges",
                node.name
            );
            way.links.iter().for_each(|link| flow(model, &link.flow));
            if let Outlet::Wired { ring, lane, .. } = way.errors {
                assert_eq!(
                    model.rings[ring.0].producers[lane],
                    Producer::Errors { node: NodeId(at), inlet }
                );
            }
        }
        next(model, &node.next, Producer::Node(NodeId(at)), Origin::Node(NodeId(at)));
    }
    for (at, ring) in model.rings.iter().enumerate() {
        flow(model, &ring.flow);
        assert!(!ring.producers.is_empty(), "ring {at} has no producer");
        for (lane, producer) in ring.producers.iter().enumerate() {
            match producer {
                // Those of a cursor are told of where they are those of its ring.
                _ if ring.cursor.is_some() => {}
                Producer::Shed(from) => assert_eq!(model.rings[from.0].shed, Some((RingId(at), lane))),
                Producer::Lagged(from) => {
                    assert!(model.rings[from.0].cursor.is_some(), "ring {} has no cursor", from.0);
                    assert_eq!(model.rings[from.0].lagged, Some((RingId(at), lane)));
                }
                _ => {}
            }
        }
        match ring.consumer {
            Consumer::Nobody => panic!("nobody reads ring {at}"),
            Consumer::Cursors => assert!(ring.kind.has_cursors(), "ring {at} has no cursors"),
            Consumer::Outside(port) => assert_eq!(model.ports[port.0].ring, RingId(at)),
            Consumer::Segment { segment, intake } => match &model.segments[segment.0].head {
                Head::Rings(intakes) => assert_eq!(intakes[intake].ring, RingId(at)),
                Head::Source(_) => panic!("a source reads ring {at}"),
            },
        }
        if let Some(of) = ring.cursor {
            let of = &model.rings[of.0];
            assert!(of.kind == ring.kind && of.producers == ring.producers && of.flow == ring.flow);
            assert!(of.cursor.is_none() && of.consumer == Consumer::Cursors && of.attempts == ring.attempts);
        }
        if let Some((to, lane)) = ring.shed {
            assert_eq!(model.rings[to.0].producers[lane], Producer::Shed(RingId(at)));
            assert_ne!(ring.policy, Policy::Wait);
        }
    }
    for segment in &model.segments {
        if let Head::Rings(intakes) = &segment.head {
            for intake in intakes {
                let direct = matches!(intake.next, Next::Fused { .. });
                assert!(direct || intakes.len() == 1, "{} has several roots", segment.name);
                let origin = if direct {
                    Origin::Ring(intake.ring)
                } else {
                    Origin::Root(intake.ring)
                };
                next(model, &intake.next, Producer::Root(intake.ring), origin);
            }
        }
        // A node comes after all that call it.
        for (at, node) in segment.nodes.iter().enumerate() {
            for link in model.nodes[node.0].inlets.iter().flat_map(|inlet| &inlet.links) {
                if let Origin::Node(from) = link.from {
                    assert!(
                        segment.nodes[..at].contains(&from),
                        "{} comes too early",
                        model.nodes[node.0].name
                    );
                }
            }
        }
    }
    assert!(model.pull_checks.iter().all(|check| !check.nodes.is_empty()));
}

fn flow(model: &Model, flow: &Flow) {
    match flow {
        Flow::Shed(ring) => assert!(ring.0 < model.rings.len(), "a `.shed` without its ring"),
        Flow::Arm { route, arm } => assert!(*arm < model.routes[route.0].arms.len()),
        Flow::Port(_) | Flow::Out(_) | Flow::Failed { .. } | Flow::Lagged => {}
    }
}

fn next(model: &Model, next: &Next, producer: Producer, origin: Origin) {
    for leaf in next.leaves(&model.routes) {
        match leaf {
            Next::Ring { ring, lane, .. } => assert_eq!(model.rings[ring.0].producers[*lane], producer),
            Next::Fused { to, inlet, link, .. } => assert_eq!(model.nodes[to.0].inlets[*inlet].links[*link].from, origin),
            Next::Fan(_) | Next::Route(_) | Next::End | Next::Drop(_) => {}
        }
    }
}
