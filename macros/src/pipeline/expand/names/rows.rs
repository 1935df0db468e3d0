//! What the ledger calls a ring.

use super::Names;
use crate::pipeline::model::*;

impl Names<'_> {
    /// What the ledger calls a ring: its port, or the node or inlet that it leads to.
    pub(in crate::pipeline::expand) fn ring_name(&self, id: RingId) -> String {
        let ring = self.ring(id);
        if let Some(port) = ring.port {
            return self.text(&self.model.ports[port.0].name);
        }
        let Consumer::Segment { segment, intake } = ring.consumer else {
            return String::new();
        };
        let Head::Rings(intakes) = &self.model.segments[segment.0].head else {
            return String::new();
        };
        match &intakes[intake].next {
            Next::Fused { to, inlet, .. } => {
                let node = self.node(*to);
                let name = self.text(&node.name);
                match &node.inlets[*inlet].name {
                    Some(inlet) => format!("{name}.{}", self.text(inlet)),
                    None => name,
                }
            }
            _ if ring.cursor.is_some() => self.forwarded(id),
            _ => self.model.segments[segment.0].name.clone(),
        }
    }

    /// A cursor that no node stands behind: `readings.archive`, or `readings.archive_2` where there are several such.
    fn forwarded(&self, id: RingId) -> String {
        let name = |id: RingId| {
            let of = self.ring(id).cursor?;
            let from = self.model.ring_name(of);
            let to = self
                .behind(id)
                .leaves(&self.model.routes)
                .into_iter()
                .find_map(|leaf| match leaf {
                    Next::Fused { to, .. } => Some(self.text(&self.node(*to).name)),
                    Next::Ring { ring, .. } => Some(self.model.ring_name(*ring)),
                    _ => None,
                });
            Some(format!("{from}.{}", to.unwrap_or_else(|| "drop".to_owned())))
        };
        let (own, cursors) = (
            name(id),
            (0..id.0).map(RingId).filter(|other| self.ring(*other).cursor.is_some()),
        );
        let direct = |other: &RingId| matches!(self.behind(*other), Next::Fused { .. });
        let before = cursors.filter(|other| !direct(other) && name(*other) == own).count();
        match (own, before) {
            (None, _) => String::new(),
            (Some(own), 0) => own,
            (Some(own), more) => format!("{own}_{}", more + 1),
        }
    }
}
