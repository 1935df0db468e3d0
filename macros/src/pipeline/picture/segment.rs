//! One unit of the picture: a port, a node, or the fused nodes of a segment in their frame.

use super::layout::{self, Anchor, Hint, Item, Link, Room, Spacing};
use super::scene::{Frame, NodeBox, Path, Point, Scene, Tag, Wire};
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
const LANE: f64 = 13.0;

/// A unit, drawn around its axis: x is 0 there, y is 0 at its top.
#[derive(Debug)]
pub(super) struct Unit {
    pub room: Room,
    pub scene: Scene,
    gates: Vec<Gate>,
}

/// How lines get to a node of a unit, and away from it.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    node: NodeBox,
    /// Nothing of the unit is below it, or above it. Otherwise lines pass on the side, at this axis.
    below: Result<(), f64>,
    above: Result<(), f64>,
}

impl Gate {
    /// The way out of the node downwards to `to`, below the unit that stands at `place`.
    pub(super) fn down_from(&self, place: Point, to: Point) -> Path {
        let (x, y) = (place.0 + self.node.x, place.1 + self.node.y);
        let mut path = Path::from((to.0, y + self.node.height));
        if self.below.is_err() {
            let side = (x + self.node.width / 2.0, y + self.node.height / 2.0);
            path = Path::from(side);
            path.corners(&[(to.0, side.1)], to);
        } else {
            path.line(to);
        }
        path
    }

    /// The way into the node downwards from `from`, above the unit that stands at `place`.
    pub(super) fn down_into(&self, place: Point, from: Point) -> Path {
        let (x, y) = (place.0 + self.node.x, place.1 + self.node.y);
        let mut path = Path::from(from);
        if self.above.is_err() {
            let side = (x - self.node.width / 2.0, y + self.node.height / 2.0);
            path.corners(&[(from.0, side.1)], side);
        } else {
            path.line((from.0, y));
        }
        path
    }
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
    let (mut scene, frame) = if let [only] = *nodes {
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
    let mut gates: Vec<Gate> = scene.boxes.iter().map(|node| gate(*node, &scene)).collect();
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
    let loops = picture
        .edges
        .iter()
        .filter(|edge| nodes.contains(&edge.from) && nodes.contains(&edge.to));
    for edge in loops.filter(|edge| nodes.len() == 1 || edge.ring.is_some() || edge.from == edge.to) {
        unit.add_loop(edge);
    }
    scene = std::mem::take(&mut unit.scene);
    unit.scene = Scene {
        width: unit.room.right,
        height: unit.room.height,
        ..scene
    };
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
        if let Some((x, y)) = *place {
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

/// Whether lines get to a node from below and from above.
fn gate(node: NodeBox, scene: &Scene) -> Gate {
    let beside = |x: f64, half: f64| (x - node.x).abs() < half + node.width / 2.0;
    let covers = |hit: &dyn Fn(f64) -> bool| {
        scene
            .boxes
            .iter()
            .any(|other| hit(other.y) && beside(other.x, other.width / 2.0))
    };
    let below = covers(&|y| y > node.y);
    let above = covers(&|y| y < node.y);
    let free = |covered: bool| if covered { Err(0.0) } else { Ok(()) };
    Gate {
        node,
        below: free(below),
        above: free(above),
    }
}

impl Unit {
    /// Draws an edge from the unit to itself, round its right side.
    fn add_loop(&mut self, edge: &PEdge) {
        let (Some(from), Some(to)) = (self.gate(edge.from).cloned(), self.gate(edge.to).cloned()) else {
            return;
        };
        let margin = 18.0;
        self.sink(margin);
        let (from, to) = (from.sunk(margin), to.sunk(margin));
        self.room.height += margin;
        let room = tag_room(edge).unwrap_or_default();
        let lane = self.room.right + LANE + room.left;
        let mut out = Path::default();
        let mut corners = Vec::new();
        if from.below.is_ok() {
            let (x, bottom) = (from.node.x, self.room.height - margin / 2.0);
            out.start = (x, from.node.y + from.node.height);
            corners.extend([(x, bottom), (lane, bottom)]);
        } else {
            let y = from.node.y + from.node.height / 2.0;
            out.start = (from.node.x + from.node.width / 2.0, y);
            corners.push((lane, y));
        }
        let (into, end) = if to.above.is_ok() {
            (vec![(lane, margin / 2.0), (to.node.x, margin / 2.0)], (to.node.x, to.node.y))
        } else {
            let y = to.node.y + to.node.height / 2.0;
            (vec![(lane, y)], (to.node.x + to.node.width / 2.0, y))
        };
        let middle = (corners[corners.len() - 1].1 + into[0].1) / 2.0;
        let (top, bottom) = (middle - room.height / 2.0, middle + room.height / 2.0);
        if edge.ring.is_some() {
            out.corners(&corners, (lane, bottom));
            self.scene.wires.push(Wire {
                path: out,
                dashed: edge.dashed,
                arrow: false,
            });
            out = Path::from((lane, top));
            corners.clear();
        }
        corners.extend(into);
        out.corners(&corners, end);
        self.scene.wires.push(Wire {
            path: out,
            dashed: edge.dashed,
            arrow: true,
        });
        if edge.ring.is_some() || edge.label.is_some() {
            self.scene.tags.push(Tag {
                x: lane,
                y: top,
                ring: edge.ring.clone(),
                label: edge.label.clone(),
            });
        }
        self.room.right = lane + room.right;
    }

    /// Makes room above.
    fn sink(&mut self, by: f64) {
        let drawn = std::mem::take(&mut self.scene);
        self.scene.add(drawn, (0.0, by));
        self.room.height += by;
        self.gates.iter_mut().for_each(|gate| gate.node.y += by);
    }
}

impl Gate {
    fn sunk(mut self, by: f64) -> Gate {
        self.node.y += by;
        self
    }
}
