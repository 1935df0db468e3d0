//! Where everything is: the layout of the segments and the ports, with the segments' own layouts set into it.

use std::collections::BTreeMap;

use super::gate::Gate;
use super::layout::{self, Hint, Item, Link, Room, Route, Spacing};
use super::path::{Path, Point};
use super::segment::{self, Unit};
use super::{PEdge, PKind, Picture};

/// What is drawn, and where.
#[derive(Debug, Default)]
pub(super) struct Scene {
    pub width: f64,
    pub height: f64,
    pub boxes: Vec<NodeBox>,
    pub frames: Vec<Frame>,
    pub tags: Vec<Tag>,
    pub wires: Vec<Wire>,
}

/// A node: the middle of its top side, and its size.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeBox {
    pub node: usize,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A rounded frame around fused nodes: its left upper corner, and its size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// What stands on an edge: the middle of its top side.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub x: f64,
    pub y: f64,
    pub ring: Option<String>,
    pub label: Option<String>,
}

/// A line.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub path: Path,
    pub dashed: bool,
    /// It ends in an arrow head.
    pub arrow: bool,
}

impl Scene {
    /// Sets another scene into this one.
    pub(super) fn add(&mut self, mut other: Scene, by: Point) {
        other
            .boxes
            .iter_mut()
            .for_each(|node| (node.x, node.y) = (node.x + by.0, node.y + by.1));
        other
            .frames
            .iter_mut()
            .for_each(|frame| (frame.x, frame.y) = (frame.x + by.0, frame.y + by.1));
        other
            .tags
            .iter_mut()
            .for_each(|tag| (tag.x, tag.y) = (tag.x + by.0, tag.y + by.1));
        other.wires.iter_mut().for_each(|wire| wire.path.shift(by));
        self.boxes.append(&mut other.boxes);
        self.frames.append(&mut other.frames);
        self.tags.append(&mut other.tags);
        self.wires.append(&mut other.wires);
        self.width = self.width.max(by.0 + other.width);
        self.height = self.height.max(by.1 + other.height);
    }
}

/// As wide as a page of docs: parts that hang together nowhere stand side by side up to here.
const PAGE: f64 = 860.0;
const BETWEEN_PARTS: f64 = 44.0;

/// Lays out a picture: each part that hangs together by itself, in lines.
pub(super) fn scene(picture: &Picture) -> Scene {
    let mut scene = Scene::default();
    let (mut x, mut y, mut line) = (0.0, 0.0, 0.0f64);
    for units in parts(picture) {
        let part = part(picture, &units);
        if x > 0.0 && x + part.width > PAGE {
            (x, y, line) = (0.0, y + line + BETWEEN_PARTS, 0.0);
        }
        line = line.max(part.height);
        let at = (x, y);
        x += part.width + BETWEEN_PARTS;
        scene.add(part, at);
    }
    scene
}

/// The parts that hang together: each a list of units, a unit being a list of nodes (those of a segment, or one).
fn parts(picture: &Picture) -> Vec<Vec<Vec<usize>>> {
    // The smallest node that a node hangs together with, and the smallest of its unit.
    let mut root: Vec<usize> = (0..picture.nodes.len()).collect();
    let mut first_of = BTreeMap::new();
    let mut units: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, node) in picture.nodes.iter().enumerate() {
        let first = node.segment.map_or(at, |segment| *first_of.entry(segment).or_insert(at));
        units.entry(first).or_default().push(at);
        root[at] = first;
    }
    for edge in &picture.edges {
        let (a, b) = (root[edge.from], root[edge.to]);
        root.iter_mut()
            .filter(|root| **root == a.max(b))
            .for_each(|root| *root = a.min(b));
    }
    let mut parts: BTreeMap<usize, Vec<Vec<usize>>> = BTreeMap::new();
    for (first, nodes) in units {
        parts.entry(root[first]).or_default().push(nodes);
    }
    parts.into_values().collect()
}

/// Lays out one part.
fn part(picture: &Picture, units: &[Vec<usize>]) -> Scene {
    let units: Vec<Unit> = units.iter().map(|nodes| segment::unit(picture, nodes)).collect();
    let unit_of = |node: usize| units.iter().position(|unit| unit.gate(node).is_some());
    let mut tags: Vec<(Room, &PEdge)> = Vec::new();
    let mut edges: Vec<(&PEdge, Link)> = Vec::new();
    for edge in &picture.edges {
        let (Some(from), Some(to)) = (unit_of(edge.from), unit_of(edge.to)) else {
            continue;
        };
        if from == to {
            continue; // the unit has drawn it
        }
        // Several lanes that come into one node through equal rings meet in one.
        let shares =
            |known: &PEdge| known.ring.is_some() && (known.to, &known.ring, &known.label) == (edge.to, &edge.ring, &edge.label);
        let tag = tags.iter().position(|(_, known)| shares(known)).or_else(|| {
            let room = segment::tag_room(edge)?;
            tags.push((room, edge));
            Some(tags.len() - 1)
        });
        let (exit, entry) = (units[from].exit(edge.from, from), units[to].entry(edge.to, to));
        edges.push((
            edge,
            Link {
                from: exit,
                to: entry,
                tag,
                side: edge.dashed,
            },
        ));
    }
    let items: Vec<Item> = units
        .iter()
        .map(|unit| Item {
            room: unit.room,
            hint: hint(picture, unit),
        })
        .collect();
    let rooms: Vec<Room> = tags.iter().map(|(room, _)| *room).collect();
    let links: Vec<Link> = edges.iter().map(|(_, link)| *link).collect();
    let laid = layout::layout(
        &items,
        &rooms,
        &links,
        Spacing {
            aside: 26.0,
            below: 14.0,
            above: 20.0,
        },
    );
    let mut scene = Scene {
        width: laid.width,
        height: laid.height,
        ..Scene::default()
    };
    for ((_, edge), place) in tags.iter().zip(&laid.tags) {
        for &(x, y) in place.iter().flatten() {
            scene.tags.push(Tag {
                x,
                y,
                ring: edge.ring.clone(),
                label: edge.label.clone(),
            });
        }
    }
    let mut drawn = vec![[false; 2]; tags.len()];
    for ((edge, link), route) in edges.iter().zip(&laid.routes) {
        let (from, to) = (link.from.item, link.to.item);
        let exit = units[from].gate(edge.from).map(|gate| (gate, laid.items[from]));
        let entry = units[to].gate(edge.to).map(|gate| (gate, laid.items[to]));
        let (Some(exit), Some(entry)) = (exit, entry) else { continue };
        let (near, far) = wires(edge, route, exit, entry);
        scene.wires.extend(near);
        let meets = |tag: usize| std::mem::replace(&mut drawn[tag][usize::from(route.upwards)], edge.ring.is_some());
        let again = link.tag.is_some_and(meets);
        scene.wires.extend(far.filter(|_| !again));
    }
    for (unit, place) in units.into_iter().zip(laid.items) {
        scene.add(unit.scene, place);
    }
    scene
}

/// Ports stand at the borders.
fn hint(picture: &Picture, unit: &Unit) -> Hint {
    match unit.only().map(|node| picture.nodes[node].kind) {
        Some(PKind::Input) => Hint::First,
        Some(PKind::Output) => Hint::Last,
        _ => Hint::Free,
    }
}

/// The lines of an edge: up to its ring, and from there to its end; or one line to its end.
fn wires(edge: &PEdge, route: &Route, exit: (&Gate, Point), entry: (&Gate, Point)) -> (Option<Wire>, Option<Wire>) {
    let (upper, lower) = if route.upwards { (entry, exit) } else { (exit, entry) };
    let mut pieces = vec![upper.0.down_from(upper.1, route.start)];
    for bend in &route.bends {
        let last = pieces.len() - 1;
        pieces[last].sway((bend.x, bend.top));
        if bend.tag && edge.ring.is_some() {
            pieces.push(Path::from((bend.x, bend.bottom)));
        } else {
            pieces[last].line((bend.x, bend.bottom));
        }
    }
    let last = pieces.len() - 1;
    pieces[last].sway(route.end);
    let into = lower.0.down_into(lower.1, route.end);
    pieces[last].append(&into);
    if route.upwards {
        pieces = pieces.iter().rev().map(Path::reversed).collect();
    }
    let far = pieces.pop().map(|path| Wire {
        path,
        dashed: edge.dashed,
        arrow: true,
    });
    let near = pieces.pop().map(|path| Wire {
        path,
        dashed: edge.dashed,
        arrow: false,
    });
    (near, far)
}
