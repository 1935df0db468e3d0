//! One unit of the picture: a port, a node, or the fused nodes of a segment in their frame.

use super::gate::{self, Gate};
use super::layout::{self, Anchor, Hint, Item, Link, Room, Spacing};
use super::path::Path;
use super::scene::{Frame, NodeBox, Scene, Tag, Wire};
use super::{PEdge, PKind, PNode, Picture, clip};

/// The width of a character of a name, and of the smaller texts: they are monospaced.
const NAME: f64 = 7.8;
const SMALL: f64 = 6.3;
/// The size of the box of a ring, and the gap to its text.
pub(super) const RING: (f64, f64) = (20.0, 29.0);
pub(super) const RING_GAP: f64 = 7.0;
/// From a frame to what is in it.
const PAD: f64 = 14.0;
/// Lines keep off the corners of a node.
pub(super) const CORNER: f64 = 13.0;
/// Between lines that run beside a unit.
pub(super) const LANE: f64 = 13.0;

/// A unit, drawn around its axis: x is 0 there, y is 0 at its top.
#[derive(Debug)]
pub(super) struct Unit {
    pub room: Room,
    pub scene: Scene,
    pub gates: Vec<Gate>,
}

impl Unit {
    pub(super) fn gate(&self, node: usize) -> Option<&Gate> {
        self.gates.iter().find(|gate| gate.node.node == node)
    }

    /// The node of a unit of one.
    pub(super) fn only(&self) -> Option<usize> {
        match &self.gates[..] {
            [only] => Some(only.node.node),
            _ => None,
        }
    }

    /// Where edges leave a node of this unit, which is number `item`.
    pub(super) fn exit(&self, node: usize, item: usize) -> Anchor {
        self.anchor(node, item, |gate| gate.below)
    }

    /// Where edges come into a node of this unit, which is number `item`.
    pub(super) fn entry(&self, node: usize, item: usize) -> Anchor {
        self.anchor(node, item, |gate| gate.above)
    }

    fn anchor(&self, node: usize, item: usize, way: impl Fn(&Gate) -> Result<(), f64>) -> Anchor {
        let (middle, spread) = self.gate(node).map_or((0.0, 0.0), |gate| match way(gate) {
            Ok(()) => (gate.node.x, (gate.node.width / 2.0 - CORNER).max(0.0)),
            Err(side) => (side, 0.0),
        });
        Anchor {
            item,
            mark: node,
            middle,
            spread,
        }
    }
}

/// The room of what stands on an edge, if anything does.
pub(super) fn tag_room(edge: &PEdge) -> Option<Room> {
    let text = [&edge.ring, &edge.label]
        .into_iter()
        .flatten()
        .map(|text| text.chars().count())
        .max()?;
    let text = text as f64 * SMALL;
    Some(match edge.ring {
        Some(_) => Room {
            left: RING.0 / 2.0,
            right: RING.0 / 2.0 + RING_GAP + text,
            height: RING.1,
        },
        None => Room {
            left: 4.0,
            right: RING_GAP + text,
            height: 14.0,
        },
    })
}

/// The size of a node.
fn size(node: &PNode) -> (f64, f64) {
    match node.kind {
        PKind::Fork => (10.0, 10.0),
        PKind::Drop => (18.0, 18.0),
        _ => {
            let name = node.name.chars().count() as f64 * NAME;
            let note = clip(&node.note, NOTE).chars().count() as f64 * SMALL;
            let slant = match node.kind {
                PKind::Stage => 0.0,
                PKind::Topic => 26.0,
                _ => 12.0,
            };
            (
                (name.max(note) + 26.0 + slant).max(70.0),
                if node.note.is_empty() { 32.0 } else { 44.0 },
            )
        }
    }
}

/// The longest note that is shown whole.
pub(super) const NOTE: usize = 34;

/// Lays out the nodes of a unit.
pub(super) fn unit(picture: &Picture, nodes: &[usize]) -> Unit {
    let (scene, frame) = if let [only] = *nodes {
        let (width, height) = size(&picture.nodes[only]);
        let node = NodeBox {
            node: only,
            x: 0.0,
            y: 0.0,
            width,
            height,
        };
        let frame = Frame {
            x: -width / 2.0,
            y: 0.0,
            width,
            height,
        };
        (
            Scene {
                boxes: vec![node],
                ..Scene::default()
            },
            frame,
        )
    } else {
        fused(picture, nodes)
    };
    let mut gates: Vec<Gate> = scene.boxes.iter().map(|node| gate::gate(*node, &scene)).collect();
    let mut room = Room {
        left: -frame.x,
        right: frame.x + frame.width,
        height: frame.height,
    };
    let outside = |at: usize| !nodes.contains(&at);
    for gate in &mut gates {
        let node = gate.node.node;
        if gate.below.is_err() && picture.edges.iter().any(|edge| edge.from == node && outside(edge.to)) {
            room.right += LANE;
            gate.below = Err(room.right);
        }
        if gate.above.is_err() && picture.edges.iter().any(|edge| edge.to == node && outside(edge.from)) {
            room.left += LANE;
            gate.above = Err(-room.left);
        }
    }
    let mut unit = Unit { room, scene, gates };
    let own = picture
        .edges
        .iter()
        .filter(|edge| nodes.contains(&edge.from) && nodes.contains(&edge.to));
    for edge in own.filter(|edge| edge.ring.is_some() || edge.from == edge.to) {
        unit.add_loop(edge);
    }
    (unit.scene.width, unit.scene.height) = (unit.room.right, unit.room.height);
    unit
}

/// Lays out fused nodes, in a frame.
fn fused(picture: &Picture, nodes: &[usize]) -> (Scene, Frame) {
    let place = |node: usize| nodes.iter().position(|known| *known == node);
    let items: Vec<Item> = nodes
        .iter()
        .map(|node| {
            let (width, height) = size(&picture.nodes[*node]);
            Item {
                room: Room {
                    left: width / 2.0,
                    right: width / 2.0,
                    height,
                },
                hint: Hint::Free,
            }
        })
        .collect();
    let mut tags: Vec<(Room, &PEdge)> = Vec::new();
    let mut links: Vec<(&PEdge, Link)> = Vec::new();
    for edge in picture
        .edges
        .iter()
        .filter(|edge| edge.ring.is_none() && edge.from != edge.to)
    {
        let (Some(from), Some(to)) = (place(edge.from), place(edge.to)) else {
            continue;
        };
        let tag = tag_room(edge).map(|room| {
            tags.push((room, edge));
            tags.len() - 1
        });
        let anchor = |item: usize| Anchor {
            item,
            mark: 0,
            middle: 0.0,
            spread: (items[item].room.right - CORNER).max(0.0),
        };
        links.push((
            edge,
            Link {
                from: anchor(from),
                to: anchor(to),
                tag,
                side: edge.dashed,
            },
        ));
    }
    let rooms: Vec<Room> = tags.iter().map(|(room, _)| *room).collect();
    let joins: Vec<Link> = links.iter().map(|(_, link)| *link).collect();
    let laid = layout::layout(
        &items,
        &rooms,
        &joins,
        Spacing {
            aside: 18.0,
            below: 8.0,
            above: 14.0,
        },
    );
    // From the layout's corner to the axis in the middle of the frame.
    let by = (-laid.width / 2.0, PAD);
    let frame = Frame {
        x: by.0 - PAD,
        y: 0.0,
        width: laid.width + 2.0 * PAD,
        height: laid.height + 2.0 * PAD,
    };
    let mut scene = Scene {
        frames: vec![frame],
        ..Scene::default()
    };
    for ((node, item), place) in nodes.iter().zip(&items).zip(&laid.items) {
        let (width, height) = (item.room.left + item.room.right, item.room.height);
        scene.boxes.push(NodeBox {
            node: *node,
            x: place.0 + by.0,
            y: place.1 + by.1,
            width,
            height,
        });
    }
    for ((_, edge), place) in tags.iter().zip(&laid.tags) {
        for &(x, y) in place.iter().flatten() {
            scene.tags.push(Tag {
                x: x + by.0,
                y: y + by.1,
                ring: None,
                label: edge.label.clone(),
            });
        }
    }
    for ((edge, link), route) in links.iter().zip(&laid.routes) {
        let (from, to) = (link.from.item, link.to.item);
        let mut path = Path::from((route.start.0, laid.items[from].1 + items[from].room.height));
        path.line(route.start);
        for bend in &route.bends {
            path.sway((bend.x, bend.top));
            path.line((bend.x, bend.bottom));
        }
        path.sway(route.end);
        path.line((route.end.0, laid.items[to].1));
        scene.wires.push(Wire {
            path: path.shifted(by),
            dashed: edge.dashed,
            arrow: true,
        });
    }
    (scene, frame)
}
