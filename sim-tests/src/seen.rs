//! What became of each record at a node, from the calls of its stage.

use std::collections::HashMap;

use crate::log::{Called, Ended, NodeLog};
use crate::rec::failure;
use crate::spec::Node;

/// What a node's stage did with records. A record that is tried again is one record.
#[derive(Debug, Default)]
pub struct Seen {
    /// The records that its stage was called with; 0 where none is known.
    pub took: Vec<u64>,
    /// Those that came to their end, by a success or a failure of the stage.
    pub ended: Vec<u64>,
    /// Calls that came to their end.
    pub finished: u64,
    /// Those among them that an `Option` ended without a record.
    pub filtered: u64,
    /// The failures of the stage, by [`failure`]; 0 for a call that was made for no record.
    pub failed: Vec<u64>,
    /// The records whose call was dropped midway.
    pub midway: Vec<u64>,
    /// Calls that were made for no record.
    pub own: u64,
    /// Calls with a record that had failed before.
    pub again: u64,
    /// Records that were tried again though a try before had given something.
    pub given_again: Vec<u64>,
}

impl Seen {
    /// At the node with this number.
    pub fn of(at: usize, node: &Node, log: &NodeLog) -> Self {
        let mut seen = Seen::default();
        // The last call of each record, and how many it had.
        let mut last: HashMap<u64, (&Called, u64)> = HashMap::new();
        for call in &log.calls {
            if call.own {
                seen.own += 1;
                seen.ends(at, call);
                continue;
            }
            if let Some((before, tries)) = last.get_mut(&call.id)
                && call.id != 0
                && *tries <= node.retry
                && matches!(before.end, None | Some(Ended::Failed))
            {
                if before.gave {
                    seen.given_again.push(call.id);
                }
                (*before, *tries) = (call, *tries + 1);
                seen.again += 1;
                continue;
            }
            (0..call.times).for_each(|_| seen.took.push(call.id));
            if node.retry == 0 || call.id == 0 {
                seen.ends(at, call);
            } else if let Some((before, _)) = last.insert(call.id, (call, 1)) {
                seen.ends(at, before);
            }
        }
        last.into_values().for_each(|(call, _)| seen.ends(at, call));
        seen
    }

    fn ends(&mut self, at: usize, call: &Called) {
        match call.end {
            Some(Ended::Finished) => self.finished += 1,
            Some(Ended::Filtered) => (self.finished, self.filtered) = (self.finished + 1, self.filtered + 1),
            Some(Ended::Failed) => self.failed.push(failure(call.id, at)),
            None => self.midway.push(call.id),
        }
        if call.end.is_some() {
            self.ended.push(call.id);
        }
    }
}
