//! What happens in one run: load, faults, readers and the end, from one seed.

use std::time::Duration;

use forebay::testing::Dice;

use crate::spec::{Kind, Spec};

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything is sent, and the inputs are dropped.
    Finish,
    /// After so many events.
    Drain(u64),
    /// After so many events.
    Abort(u64),
    /// All handles are dropped after so many events; readers go on.
    LetGo(u64),
    /// The runtime ends after so many events.
    Gone(u64),
}

/// What a reader does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Reads as fast as it can.
    Eager,
    /// Takes a break before each record.
    Slow,
    /// Reads so many and leaves.
    Leaves(u64),
    /// Reads so many and stays, until the end.
    Stalls(u64),
}

/// A run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// From which it was made.
    pub seed: u64,
    /// For each producer.
    pub records: u64,
    /// For each input.
    pub producers: u64,
    /// One call in so many fails; 0: none.
    pub errors: u64,
    /// One call in so many panics; 0: none.
    pub panics: u64,
    /// One clone in so many panics; 0: none.
    pub clones: u64,
    /// The longest break.
    pub pause: Duration,
    /// A break of producers: none, or sometimes.
    pub eager: bool,
    /// One for each output, in turn.
    pub readers: Vec<Reader>,
    /// How it ends.
    pub ending: Ending,
}

impl Plan {
    /// Of this seed, for a topology.
    pub fn new(seed: u64, spec: &Spec) -> Self {
        let mut dice = Dice::new(seed ^ 0x0f0f_1234);
        let records = dice.pick(&[1, 6, 20, 20, 50]);
        let after = dice.below(records * 8);
        let ending = match dice.below(10) {
            0..=3 if !spec.clock => Ending::Finish,
            0..=4 => Ending::Drain(after),
            5 => Ending::Drain(u64::MAX),
            6 | 7 => Ending::Abort(after),
            8 => Ending::LetGo(after),
            _ => Ending::Gone(after),
        };
        // Who never reads is got rid of by a deadline, or by an abort.
        let may_stall =
            matches!(ending, Ending::Abort(_) | Ending::Gone(_)) || spec.deadline && matches!(ending, Ending::Drain(_));
        let readers = (0..4)
            .map(|_| match dice.below(8) {
                0 => Reader::Leaves(dice.below(8)),
                1 if may_stall => Reader::Stalls(dice.below(8)),
                2 | 3 => Reader::Slow,
                _ => Reader::Eager,
            })
            .collect();
        // A reader of an output that overwrites clones for itself: that it panics is its own affair.
        let overwrites = spec.ports.iter().any(|port| port.kind != Kind::Queue);
        let clones = dice.pick(&[0, 0, 0, 9, 60]);
        Plan {
            seed,
            records,
            producers: 1 + dice.below(3),
            errors: dice.pick(&[0, 3, 10, 60]),
            panics: dice.pick(&[0, 0, 5, 20, 100]),
            clones: if overwrites { 0 } else { clones },
            pause: dice.pick(&[Duration::from_nanos(1), Duration::from_micros(30), Duration::from_millis(3)]),
            eager: dice.below(2) == 0,
            readers,
            ending,
        }
    }

    /// The dice of one record at one node: the same, whatever else happens.
    pub fn fate(&self, node: usize, id: u64) -> Dice {
        let mut dice = Dice::new(self.seed ^ id.rotate_left(24) ^ (node as u64).rotate_left(48));
        dice.fork()
    }
}
