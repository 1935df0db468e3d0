//! What a segment knows of its pipeline.

use std::sync::Arc;
use std::time::Duration;

use crate::pipeline::{Component, Lifeline};
use crate::rt::Rt;

/// What a segment knows of its pipeline.
pub struct Plan<R: Rt> {
    /// Where it runs.
    pub rt: R,
    /// The life of the pipeline.
    pub lifeline: Arc<Lifeline>,
    /// The cycle that it is on.
    pub component: Option<Arc<Component>>,
    /// The nodes that tick, and how often.
    pub clocks: Vec<(usize, Duration)>,
    /// Publish every record: the stage blocks its thread for long.
    pub eager: bool,
    /// The first node is pulled: asked for records when downstream has room.
    pub pulled: bool,
}

impl<R: Rt> Plan<R> {
    /// Of a segment that is on no cycle, and whose first node is neither pulled nor holds its thread.
    pub fn new(rt: &R, lifeline: &Arc<Lifeline>) -> Self {
        Plan {
            rt: rt.clone(),
            lifeline: lifeline.clone(),
            component: None,
            clocks: Vec::new(),
            eager: false,
            pulled: false,
        }
    }

    /// On a cycle.
    pub fn within(mut self, component: Arc<Component>) -> Self {
        self.component = Some(component);
        self
    }

    /// With nodes that tick.
    pub fn clocks(mut self, clocks: Vec<(usize, Duration)>) -> Self {
        self.clocks = clocks;
        self
    }

    /// Publishes every record.
    pub fn eager(mut self) -> Self {
        self.eager = true;
        self
    }

    /// The first node may be pulled.
    pub fn pulled(mut self, pulled: bool) -> Self {
        self.pulled = pulled;
        self
    }
}
