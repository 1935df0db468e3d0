//! The claim word: the position of the next push, the slots reserved beyond it, and whether the ring is closed.
//!
//! ```text
//! | tail: the rest, wraps | reserved: log2 N + 1 bits, 0 to N | closed: 1 bit |
//! ```

/// The claim word as a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim<const N: usize>(pub(super) usize);

impl<const N: usize> Claim<N> {
    pub(super) const CLOSED: usize = 1;
    pub(super) const ONE_RESERVED: usize = 2;
    const LOG: u32 = N.trailing_zeros();
    const SHIFT: u32 = Self::LOG + 2;
    pub(super) const ONE_PUSHED: usize = 1 << Self::SHIFT;
    /// Positions are taken modulo this plus one, a multiple of `N`.
    pub(super) const POSITIONS: usize = usize::MAX >> Self::SHIFT;
    const LAPS: usize = Self::POSITIONS >> Self::LOG;

    /// `N` is a capacity.
    pub(super) const VALID: () = {
        assert!(N.is_power_of_two(), "the capacity of a ring is a power of two, at least 1");
        assert!(
            N.trailing_zeros() * 2 + 2 + 8 <= usize::BITS,
            "this ring is too large for the size of an address"
        );
    };

    /// The fields do not meet, positions wrap between two laps, and so do laps between two stamps: for addresses of any size.
    const fn is_sound() -> bool {
        let last = Self::POSITIONS;
        let full = Claim::<N>(Self::CLOSED | (N * Self::ONE_RESERVED) | (last << Self::SHIFT));
        full.is_closed()
            && full.reserved() == N
            && full.tail() == last
            && last & (N - 1) == N - 1
            && Self::after(last) == 0
            && Self::distance(last, 0) == 1
            && Self::taken(last) == Self::empty(0)
            && Self::full(last) == 2 * Self::LAPS + 1
            && Self::LAPS >= 255
    }

    pub(super) const fn is_closed(self) -> bool {
        self.0 & Self::CLOSED != 0
    }

    /// The position of the next push.
    pub(super) const fn tail(self) -> usize {
        self.0 >> Self::SHIFT
    }

    /// Slots behind `tail` that are promised to somebody.
    pub(super) const fn reserved(self) -> usize {
        (self.0 & (Self::ONE_PUSHED - 1)) / Self::ONE_RESERVED
    }

    /// The first position that is neither pushed nor reserved.
    pub(super) const fn end(self) -> usize {
        self.tail().wrapping_add(self.reserved()) & Self::POSITIONS
    }

    /// How far `to` is ahead of `from`, for positions.
    pub(super) const fn distance(from: usize, to: usize) -> usize {
        to.wrapping_sub(from) & Self::POSITIONS
    }

    /// The position after `at`.
    pub(super) const fn after(at: usize) -> usize {
        at.wrapping_add(1) & Self::POSITIONS
    }

    /// The stamp of the slot of `at` when it is empty and waits for the record of `at`. Zero in the first lap.
    pub(super) const fn empty(at: usize) -> usize {
        (at >> Self::LOG) << 1
    }

    /// The stamp when the record of `at` is in.
    pub(super) const fn full(at: usize) -> usize {
        Self::empty(at) | 1
    }

    /// The stamp when the record of `at` was taken out: empty, a lap later.
    pub(super) const fn taken(at: usize) -> usize {
        (((at >> Self::LOG) + 1) & Self::LAPS) << 1
    }
}

// Checked where it is built, which for some targets is the only place.
const _: () = assert!(Claim::<1>::is_sound() && Claim::<2>::is_sound() && Claim::<2048>::is_sound());
