//! How lines get to a node, past those around it.

use super::path::{Path, Point};
use super::scene::{NodeBox, Scene};

/// How lines get to a node of a unit, and away from it.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    pub node: NodeBox,
    /// Nothing of the unit is below it, or above it. Otherwise lines pass on the side, at this axis.
    pub below: Result<(), f64>,
    pub above: Result<(), f64>,
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

/// Whether lines get to a node from below and from above.
pub(super) fn gate(node: NodeBox, scene: &Scene) -> Gate {
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
