//! Chance, and the choices that are made everywhere.

use super::{Policy, Topology};

/// SplitMix64 (Steele, Lea, Flood).
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// So many times of a hundred.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

impl Topology {
    /// Of a ring that may choose a worker by key, or be read in batches.
    pub(super) fn policy(&mut self) -> Policy {
        self.dice
            .pick(&[Policy::Wait, Policy::Wait, Policy::Wait, Policy::Shed, Policy::DropOldest])
    }

    /// Of a ring where a kind may stand that takes no options; of which every reader sees every record where `alone`.
    pub(super) fn kind(&mut self, alone: bool) -> Policy {
        match self.dice.below(12) {
            0 => Policy::Mailbox,
            1 if alone => Policy::Broadcast,
            2 if alone => Policy::Latest,
            _ => self.policy(),
        }
    }

    /// Of at least so many slots.
    pub(super) fn capacity(&mut self, least: u64) -> u64 {
        self.dice.pick(&[1, 1, 2, 2, 4, 8, 64]).max(least)
    }
}

/// A ring of records: now and then with an option that few rings have. `at` tells one ring from another, so that nothing else in the
/// topology depends on it.
pub(crate) fn ring_of_records(at: u64, capacity: u64, policy: Policy, keyed: bool) -> String {
    let (text, mut dice) = (ring(capacity, policy, keyed), Dice(at.wrapping_mul(0x2545_f491_4f6c_dd1d)));
    let extra = dice.pick(&["", "", ", priority", ", priority weighted 3:2:1", ", coalesce by key"]);
    match policy {
        Policy::Wait => text.replace(']', &format!("{extra}]")),
        Policy::Shed => {
            let full = dice.pick(&["shed", "shed", "offer 1 every 1ms", "offer 2 every 1ms"]);
            text.replace(']', &format!("{extra}]")).replace("shed", full)
        }
        _ => text,
    }
}

/// What an input that sheds lets in within a millisecond: of each key, and of all; 0: as many as come. `at` tells one input from another.
pub(crate) fn admission(at: u64, policy: Policy) -> (u64, u64) {
    let mut dice = Dice(at.wrapping_mul(0x9e6c_63d0_876a_3f6b));
    let (quota, limit) = (dice.pick(&[0, 1, 2, 4]), dice.pick(&[0, 1, 4, 8]));
    if policy == Policy::Shed { (quota, limit) } else { (0, 0) }
}

/// `[4, shed, by key]`, `[broadcast 4]`.
pub(crate) fn ring(capacity: u64, policy: Policy, keyed: bool) -> String {
    let keyed = if keyed { ", by key" } else { "" };
    match policy {
        Policy::Wait => format!("[{capacity}{keyed}]"),
        Policy::Shed => format!("[{capacity}, shed{keyed}]"),
        Policy::DropOldest => format!("[{capacity}, drop_oldest{keyed}]"),
        Policy::Mailbox => "[mailbox]".to_owned(),
        Policy::Broadcast => format!("[broadcast {capacity}]"),
        Policy::Latest => "[latest]".to_owned(),
    }
}
