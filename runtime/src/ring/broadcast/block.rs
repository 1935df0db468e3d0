//! Blocks: what a reader pins, and what the producer takes as a whole.

use super::super::sync::{AtomicU8, AtomicUsize, CHECKED, Ordering::*, filled};

/// How many blocks there are in a ring, a power of two.
pub(super) const BLOCKS: usize = if CHECKED { 2 } else { 16 };

/// The low bits of a block's word count its pins; the others say which block of the stream lies in it.
const PIN_BITS: u32 = usize::BITS / 4;
/// A reader pins one block at a time, so this many readers are too many.
pub(super) const PINS: usize = 1 << PIN_BITS;

/// The blocks of a ring. The stream is cut into blocks too, numbered from 0; the last [`BLOCKS`] of them lie here, each at its
/// home, its number modulo [`BLOCKS`], unless that was pinned when its time came.
pub(super) struct Blocks([Block; BLOCKS]);

/// 64 bytes: neighbours are used at different times.
#[repr(C)]
struct Block {
    /// `| number + 1, its low bits | pins |`. Zero: no block of the stream yet.
    word: AtomicUsize,
    /// How many places hold a record, counted from the first. The producer's own.
    filled: AtomicUsize,
    /// How far from home the block of the stream lies whose home this is. Written by the producer.
    away: AtomicU8,
    _room: [u8; 64 - 2 * size_of::<usize>() - 1],
}

impl Blocks {
    super::super::sync::const_new! {
        pub(super) fn new() -> Self {
            Blocks(filled!(Block {
                word: AtomicUsize::new(0),
                filled: AtomicUsize::new(0),
                away: AtomicU8::new(0),
                _room: [0; 64 - 2 * size_of::<usize>() - 1],
            }))
        }
    }

    /// What the word says when the block `number` of the stream lies there and nobody has pinned it.
    const fn stamp(number: usize) -> usize {
        number.wrapping_add(1) << PIN_BITS
    }

    /// Where the block whose home is `home` lies.
    fn place(&self, home: usize) -> usize {
        (home + usize::from(self.0[home].away.load(Relaxed))) % BLOCKS
    }

    fn move_to(&self, home: usize, place: usize) {
        let away = (place + BLOCKS - home) % BLOCKS;
        self.0[home].away.store(away as u8, Relaxed);
    }

    /// Finds room for the block `number` of the stream: where the oldest lay, or the oldest that nobody has pinned. What lay
    /// there is lost. `None`: readers have pinned them all. It never waits.
    ///
    /// It looks at them twice: a reader that goes on from block to block might be met in each, but will not come back to the first.
    ///
    /// Only the producer calls this.
    pub(super) fn claim(&self, number: usize) -> Option<usize> {
        let home = number % BLOCKS;
        for older in 0..2 * BLOCKS {
            let victim = (home + older) % BLOCKS;
            let place = self.place(victim);
            let word = &self.0[place].word;
            // Nobody else writes the number; of the pins only the exchange knows. Acquire: what those who had pinned it did comes
            // before what we write there.
            let free = word.load(Relaxed) & !(PINS - 1);
            if word.compare_exchange(free, Self::stamp(number), Acquire, Relaxed).is_ok() {
                // They change homes: the pinned one is where the victim will be looked for, and not be found.
                let pinned = self.place(home);
                self.move_to(home, place);
                if victim != home {
                    self.move_to(victim, pinned);
                }
                return Some(place);
            }
        }
        None
    }

    /// Pins the block `number` of the stream, and says where it lies. `None`: it is not there any more, or never was.
    ///
    /// The caller knows that it was published, and has no other pin.
    pub(super) fn pin(&self, number: usize) -> Option<usize> {
        let place = self.place(number % BLOCKS);
        let word = &self.0[place].word;
        let there = |word: usize| word & !(PINS - 1) == Self::stamp(number);
        if !there(word.load(Relaxed)) {
            return None;
        }
        // This and the exchange in `claim` have one order: either that fails, or we see its stamp. Relaxed, since what we read there
        // was written before `tail`, and is not written again before we have let go.
        if there(word.fetch_add(1, Relaxed)) {
            return Some(place);
        }
        word.fetch_sub(1, Relaxed);
        None
    }

    /// Lets go of a block. Release: what we did with it is over.
    pub(super) fn unpin(&self, place: usize) {
        self.0[place].word.fetch_sub(1, Release);
    }

    /// How many places of a block hold a record. Only the producer asks, or who owns the ring alone.
    pub(super) fn filled(&self, place: usize) -> usize {
        self.0[place].filled.load(Relaxed)
    }

    /// Only the producer says so.
    pub(super) fn set_filled(&self, place: usize, filled: usize) {
        self.0[place].filled.store(filled, Relaxed);
    }
}
