//! Where everything is: the layout of the segments and the ports, with the segments' own layouts set into it.

use std::collections::BTreeMap;

use super::layout::{self, Hint, Item, Link, Room, Route, Spacing};
use super::segment::{self, Gate, Unit};
use super::{PEdge, PKind, Picture};

/// A point, from the left and from the top.
pub(super) type Point = (f64, f64);

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

/// A way from point to point.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    pub start: Point,
    pub steps: Vec<Step>,
}

/// How a way goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    Line(Point),
    /// A curve that starts and ends upright.
    Sway(Point),
    /// Round a corner.
    Turn {
        corner: Point,
        to: Point,
    },
}

impl Step {
    pub(super) fn end(self) -> Point {
        match self {
            Step::Line(to) | Step::Sway(to) | Step::Turn { to, .. } => to,
        }
    }
}

impl Path {
    pub(super) fn from(start: Point) -> Path {
        Path {
            start,
            steps: Vec::new(),
        }
    }

    pub(super) fn end(&self) -> Point {
        self.steps.last().map_or(self.start, |step| step.end())
    }

    pub(super) fn line(&mut self, to: Point) {
        let at = self.end();
        if length(at, to) <= 0.05 {
            return;
        }
        // Straight on is one line.
        let before = self
            .steps
            .len()
            .checked_sub(2)
            .map_or(self.start, |before| self.steps[before].end());
        if matches!(self.steps.last(), Some(Step::Line(_))) && before.0 == at.0 && at.0 == to.0 {
            self.steps.pop();
        }
        self.steps.push(Step::Line(to));
    }

    pub(super) fn sway(&mut self, to: Point) {
        if (self.end().0 - to.0).abs() < 0.75 {
            self.line(to)
        } else {
            self.steps.push(Step::Sway(to))
        }
    }

    /// Goes straight through the corners, and rounds them.
    pub(super) fn corners(&mut self, corners: &[Point], to: Point) {
        let mut next = corners.iter().skip(1).chain([&to]);
        for corner in corners {
            let Some(after) = next.next() else { break };
            let radius = 10f64.min(length(self.end(), *corner)).min(length(*corner, *after) / 2.0);
            self.line(toward(*corner, self.end(), radius));
            self.steps.push(Step::Turn {
                corner: *corner,
                to: toward(*corner, *after, radius),
            });
        }
        self.line(to);
    }

    fn append(&mut self, path: &Path) {
        self.line(path.start);
        self.steps.extend(&path.steps);
    }

    /// The same way back.
    fn reversed(&self) -> Path {
        let mut back = Path::from(self.end());
        for (at, step) in self.steps.iter().enumerate().rev() {
            let to = if at == 0 { self.start } else { self.steps[at - 1].end() };
            back.steps.push(match *step {
                Step::Line(_) => Step::Line(to),
                Step::Sway(_) => Step::Sway(to),
                Step::Turn { corner, .. } => Step::Turn { corner, to },
            });
        }
        back
    }

    pub(super) fn shifted(mut self, by: Point) -> Path {
        self.shift(by);
        self
    }

    fn shift(&mut self, by: Point) {
        let moved = |point: Point| (point.0 + by.0, point.1 + by.1);
        self.start = moved(self.start);
        for step in &mut self.steps {
            *step = match *step {
                Step::Line(to) => Step::Line(moved(to)),
                Step::Sway(to) => Step::Sway(moved(to)),
                Step::Turn { corner, to } => Step::Turn {
                    corner: moved(corner),
                    to: moved(to),
                },
            };
        }
    }
}

fn length(a: Point, b: Point) -> f64 {
    (a.0 - b.0).abs() + (a.1 - b.1).abs()
}

fn toward(from: Point, to: Point, by: f64) -> Point {
    let whole = length(from, to).max(0.01);
    (from.0 + (to.0 - from.0) * by / whole, from.1 + (to.1 - from.1) * by / whole)
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
        if let Some((x, y)) = *place {
            scene.tags.push(Tag {
                x,
                y,
                ring: edge.ring.clone(),
                label: edge.label.clone(),
            });
        }
    }
    let mut drawn = vec![false; tags.len()];
    for ((edge, link), route) in edges.iter().zip(&laid.routes) {
        let (from, to) = (link.from.item, link.to.item);
        let exit = units[from].gate(edge.from).map(|gate| (gate, laid.items[from]));
        let entry = units[to].gate(edge.to).map(|gate| (gate, laid.items[to]));
        let (Some(exit), Some(entry)) = (exit, entry) else { continue };
        let (near, far) = wires(edge, route, exit, entry);
        scene.wires.extend(near);
        let again = link
            .tag
            .is_some_and(|tag| std::mem::replace(&mut drawn[tag], edge.ring.is_some()));
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
