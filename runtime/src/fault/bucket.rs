//! So many at once, then evenly: a bucket of tokens in one number.

use std::time::Duration;

/// So many in a span: at once, as long as there are tokens in the bucket, then one whenever another is made. They are made evenly, and
/// the bucket holds as many as a span makes.
///
/// What is kept of a bucket is the time at which it is full again: nothing else, and nothing at all once that has passed. The
/// form is the "virtual scheduling" of the generic cell rate algorithm (ITU-T I.371).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    /// How long a token takes, in nanoseconds.
    each: u64,
    /// How long those take that may be missing when one is taken.
    spare: u64,
}

impl Bucket {
    pub(crate) fn new(most: u32, span: Duration) -> Self {
        let span = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
        let each = span.div_ceil(u64::from(most.max(1))).max(1);
        let spare = each.saturating_mul(u64::from(most.saturating_sub(1)));
        Bucket { each, spare }
    }

    /// When a token can be taken from a bucket that is full at `full`.
    pub(crate) fn from(self, full: u64, now: u64) -> u64 {
        full.saturating_sub(self.spare).max(now)
    }

    /// When the bucket is full again, once one is taken at `from`.
    pub(crate) fn taken(self, full: u64, from: u64) -> u64 {
        full.max(from).saturating_add(self.each)
    }

    /// The same, once one is given back.
    pub(crate) fn given_back(self, full: u64) -> u64 {
        full.saturating_sub(self.each)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_then_evenly() {
        // A third of a second is no whole number: three at once all the same.
        let bucket = Bucket::new(3, Duration::from_secs(1));
        let (mut full, mut at) = (0, Vec::new());
        for _ in 0..6 {
            let from = bucket.from(full, 1_000_000_000);
            full = bucket.taken(full, from);
            at.push(from / 1_000_000);
        }
        assert_eq!(at, [1000, 1000, 1000, 1333, 1666, 2000]);
        // A second later it is full, and holds no more than that.
        let later = 10_000_000_000;
        let at: Vec<_> = (0..4)
            .map(|_| {
                let from = bucket.from(full, later);
                full = bucket.taken(full, from);
                from / 1_000_000
            })
            .collect();
        assert_eq!(at, [10_000, 10_000, 10_000, 10_333]);
    }

    #[test]
    fn one_that_is_given_back_can_be_taken() {
        let bucket = Bucket::new(1, Duration::from_secs(1));
        let full = bucket.taken(0, 5);
        assert!(bucket.from(full, 5) > 5);
        assert_eq!(bucket.from(bucket.given_back(full), 5), 5);
    }
}
