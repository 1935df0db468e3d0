//! A topic whose newest value stages borrow.

use super::choose::Dice;
use super::{Policy, Port, Topology};

/// Stages of which there are some that borrow it too.
const BY: [&str; 3] = ["map", "wait", "try_wait"];

impl Topology {
    /// Some stages borrow the newest value of a topic. It has dice of its own, so that nothing else in the topology depends on it.
    pub(super) fn lend(&mut self) {
        let mut dice = Dice(self.number.wrapping_mul(0x8cb9_2ba7_2f3d_8dd7));
        let mut lent = false;
        for (at, node) in self.nodes.iter_mut().enumerate() {
            // Several calls at once borrow nothing that changes.
            if node.declared.contains("concurrency") || dice.chance(50) {
                continue;
            }
            for stage in BY {
                let by = node
                    .declared
                    .replace(&format!(" = {stage}(s{at})"), &format!(" = {stage}_by(s{at}, newest)"));
                lent |= by != node.declared;
                node.declared = by;
            }
        }
        if !lent {
            return;
        }
        let capacity = dice.pick(&[1, 2, 8]);
        self.port(Port {
            name: "knob".to_owned(),
            input: true,
            of: "Rec".to_owned(),
            capacity,
            policy: Policy::Wait,
            keyed: false,
            wired: false,
            knob: true,
        });
        self.resources
            .push("topic newest: Rec [latest = Rec::new(0, 0, 0)];".to_owned());
        self.wires.push("knob -> newest".to_owned());
    }
}
