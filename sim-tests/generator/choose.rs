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
    pub(super) fn policy(&mut self) -> Policy {
        self.dice
            .pick(&[Policy::Wait, Policy::Wait, Policy::Wait, Policy::Shed, Policy::DropOldest])
    }

    /// Of at least so many slots.
    pub(super) fn capacity(&mut self, least: u64) -> u64 {
        self.dice.pick(&[1, 1, 2, 2, 4, 8, 64]).max(least)
    }
}

/// `[4, shed, by key]`.
pub(crate) fn ring(capacity: u64, policy: Policy, keyed: bool) -> String {
    let policy = match policy {
        Policy::Wait => "",
        Policy::Shed => ", shed",
        Policy::DropOldest => ", drop_oldest",
    };
    let keyed = if keyed { ", by key" } else { "" };
    format!("[{capacity}{policy}{keyed}]")
}
