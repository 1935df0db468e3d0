//! Options against faults.

use super::{Faults, Topology};

/// What such an option has to know of a stage.
#[derive(Clone, Copy)]
pub(super) struct Stage {
    /// It returns a `Result`.
    pub fallible: bool,
    /// It may wait.
    pub waits: bool,
}

impl Topology {
    /// Some of the options against faults, sometimes: behind `options`.
    pub(super) fn guard(&mut self, stage: Stage, mut options: Vec<String>) -> (Vec<String>, Faults) {
        let mut faults = Faults::default();
        if !self.dice.chance(if stage.waits { 60 } else { 35 }) {
            return (options, faults);
        }
        let timeout = stage.waits && self.dice.chance(60);
        if timeout {
            faults.limited = true;
            options.push(format!("timeout: {}", self.dice.pick(&["1ms", "1ms", "2ms"])));
        }
        if (stage.fallible || timeout) && self.dice.chance(50) {
            faults.retry = self.dice.pick(&[1, 2, 5]);
            options.push(format!("retry: {}", faults.retry));
            if self.dice.chance(50) {
                options.push(format!("backoff: {}", self.dice.pick(&["1ms..1ms", "1ms..4ms"])));
            }
        }
        if self.dice.chance(30) {
            faults.refuses = true;
            options.push(format!("breaker: {}", self.dice.pick(&["1 in 1ms", "2 in 2ms", "3 in 20ms"])));
        }
        if self.dice.chance(25) {
            (faults.limited, faults.refuses) = (true, true);
            options.push(format!("deadline: {}", self.dice.pick(&["1ms", "3ms", "10ms"])));
        }
        if self.dice.chance(20) {
            options.push(format!("rate: {}", self.dice.pick(&["1 per 1ms", "3 per 1ms", "7 per 2ms"])));
        }
        (options, faults)
    }

    /// It is a node with these options.
    pub(super) fn guarded(&mut self, node: usize, faults: Faults) {
        let node = &mut self.nodes[node];
        node.faults = faults;
        if !node.fallible && (faults.limited || faults.refuses) {
            (node.fallible, node.error) = (true, "std::convert::Infallible");
        }
    }

    /// Another option, behind those that a node has.
    pub(super) fn say(&mut self, node: usize, option: &str) {
        let declared = &mut self.nodes[node].declared;
        *declared = if declared.contains(" }") {
            declared.replacen(" }", &format!(", {option} }}"), 1)
        } else if declared.contains("::at(") {
            declared.replacen(" = ", &format!(" {{ {option} }} = "), 1)
        } else {
            declared.replacen(';', &format!(" {{ {option} }};"), 1)
        };
    }
}
