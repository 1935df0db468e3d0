//! An edge from a unit to itself: a cycle within a segment.

use super::PEdge;
use super::path::Path;
use super::scene::{Tag, Wire};
use super::segment::{LANE, Unit, tag_room};

/// Above and below a unit, for the line.
const MARGIN: f64 = 18.0;

impl Unit {
    /// Draws an edge from the unit to itself, round its right side.
    pub(super) fn add_loop(&mut self, edge: &PEdge) {
        self.sink(MARGIN);
        self.room.height += MARGIN;
        let (Some(from), Some(to)) = (self.gate(edge.from), self.gate(edge.to)) else {
            return;
        };
        let room = tag_room(edge).unwrap_or_default();
        let lane = self.room.right + LANE + room.left;
        let mut out = Path::default();
        let mut corners = Vec::new();
        if from.below.is_ok() {
            let (x, bottom) = (from.node.x, self.room.height - MARGIN / 2.0);
            out.start = (x, from.node.y + from.node.height);
            corners.extend([(x, bottom), (lane, bottom)]);
        } else {
            let y = from.node.y + from.node.height / 2.0;
            out.start = (from.node.x + from.node.width / 2.0, y);
            corners.push((lane, y));
        }
        let (into, end) = if to.above.is_ok() {
            (vec![(lane, MARGIN / 2.0), (to.node.x, MARGIN / 2.0)], (to.node.x, to.node.y))
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
