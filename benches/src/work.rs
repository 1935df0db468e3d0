//! The work that everybody does: the records, and the stages over them.

use std::hint::black_box;

/// Why a stage fails. No record of a run makes it fail; the optimiser does not know that.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bad;

/// How many stages a record passes.
pub(crate) const STAGES: usize = 5;

/// From this word on a stage fails; this very one makes it panic.
pub(crate) const PANICS: u64 = u64::MAX - 1;

/// A record that the stages work on.
pub(crate) trait Work: Copy + Default + Send + Sync + 'static {
    /// How the record is called in names of rows.
    const NAME: &'static str;
    /// The record number `i` of a run.
    fn make(i: u64) -> Self;
    /// The word that stages change.
    fn word(&mut self) -> &mut u64;
    /// What a checksum sees of it.
    fn digest(&self) -> u64;
}

/// 8 bytes.
impl Work for u64 {
    const NAME: &'static str = "u64";
    fn make(i: u64) -> Self {
        i
    }
    fn word(&mut self) -> &mut u64 {
        self
    }
    fn digest(&self) -> u64 {
        *self
    }
}

/// 64 bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wide([u64; 8]);

impl Work for Wide {
    const NAME: &'static str = "64B";
    fn make(i: u64) -> Self {
        Wide([i, 1, 2, 3, 4, 5, 6, i])
    }
    fn word(&mut self) -> &mut u64 {
        &mut self.0[0]
    }
    fn digest(&self) -> u64 {
        self.0[0] ^ self.0[7].rotate_left(32)
    }
}

/// Stage `K`, in the open: the compiler may inline it.
#[inline]
pub(crate) fn open<W: Work, const K: usize>(mut record: W) -> Result<W, Bad> {
    let word = record.word();
    if *word >= PANICS {
        return Err(fail(*word));
    }
    *word = turn(*word, K);
    Ok(record)
}

/// Out of the way of the records that there are.
#[cold]
#[inline(never)]
fn fail(word: u64) -> Bad {
    assert!(word != PANICS, "no run makes this record");
    Bad
}

/// Stage `K`, behind a pointer that the optimiser cannot see through. Everybody calls this one.
#[inline(always)]
pub(crate) fn opaque<W: Work, const K: usize>(record: W) -> Result<W, Bad> {
    #[inline(never)]
    fn hidden<W: Work, const K: usize>(record: W) -> Result<W, Bad> {
        open::<W, K>(record)
    }
    black_box(hidden::<W, K> as fn(W) -> Result<W, Bad>)(record)
}

/// A kind of stages.
pub(crate) trait Stages: 'static {
    /// Stage `K`.
    fn stage<W: Work, const K: usize>(record: W) -> Result<W, Bad>;

    /// The five by hand.
    #[inline(always)]
    fn five<W: Work>(record: W) -> Result<W, Bad> {
        Self::stage::<W, 0>(record)
            .and_then(Self::stage::<W, 1>)
            .and_then(Self::stage::<W, 2>)
            .and_then(Self::stage::<W, 3>)
            .and_then(Self::stage::<W, 4>)
    }
}

/// Stages that the optimiser does not see.
pub(crate) struct Opaque;

impl Stages for Opaque {
    #[inline(always)]
    fn stage<W: Work, const K: usize>(record: W) -> Result<W, Bad> {
        opaque::<W, K>(record)
    }
}

/// Stages that it may inline.
pub(crate) struct Open;

impl Stages for Open {
    #[inline(always)]
    fn stage<W: Work, const K: usize>(record: W) -> Result<W, Bad> {
        open::<W, K>(record)
    }
}

/// What stage `k` does to the word: no two stages commute.
#[inline]
const fn turn(word: u64, k: usize) -> u64 {
    (word ^ (0x5a5 << k)).wrapping_add(0x1001 * (k as u64 + 1))
}

/// What came out at the end: how many, and a checksum over all of them in their order.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) count: u64,
    pub(crate) sum: u64,
}

impl Seen {
    /// Takes one more record into account.
    #[inline(always)]
    pub(crate) fn add<W: Work>(&mut self, record: &W) {
        self.count += 1;
        self.sum = self.sum.rotate_left(1) ^ record.digest();
    }

    /// What must come out when `n` records went through the first `stages` stages: from the arithmetic alone, not from the stages
    /// that are measured.
    pub(crate) fn after<W: Work>(n: u64, stages: usize) -> Seen {
        let mut seen = Seen::default();
        (0..n).for_each(|i| seen.add(&right::<W>(i, stages)));
        seen
    }
}

/// What record number `i` is after the first `stages` stages.
pub(crate) fn right<W: Work>(i: u64, stages: usize) -> W {
    let mut record = W::make(i);
    let word = record.word();
    *word = (0..stages).fold(*word, turn);
    record
}

/// What looks at the records that come out.
pub(crate) trait Eye<W>: Default + Send + 'static {
    /// Looks at the next one.
    fn look(&mut self, record: &W);
    /// What it saw.
    fn seen(self) -> Seen;
}

impl<W: Work> Eye<W> for Seen {
    #[inline(always)]
    fn look(&mut self, record: &W) {
        self.add(record);
    }
    fn seen(self) -> Seen {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_stages_do_the_arithmetic() {
        for five in [Opaque::five::<Wide>, Open::five::<Wide>] {
            let mut seen = Seen::default();
            for i in 0..1000 {
                seen.add(&five(Wide::make(i)).unwrap());
            }
            assert_eq!(seen, Seen::after::<Wide>(1000, STAGES));
        }
    }

    #[test]
    fn the_checksum_sees_a_loss_a_swap_and_a_double() {
        let sum = |numbers: &[u64]| {
            let mut seen = Seen::default();
            numbers.iter().for_each(|i| seen.add(i));
            seen
        };
        let right = sum(&[1, 2, 3, 4]);
        for wrong in [&[1, 2, 4][..], &[1, 3, 2, 4], &[1, 2, 2, 3, 4], &[1, 2, 2, 4]] {
            assert_ne!(sum(wrong), right);
        }
    }
}
