//! How long chunks and polls are.

use std::time::{Duration, Instant};

use crate::rt::look;

/// With the chunk in which it has taken so many records a poll ends, and the task lets others run. (To cut that chunk short costs a
/// ring of eight 3 %.)
pub(crate) const POLL_RECORDS: u64 = 256;
/// With the chunk in which it has taken so long it ends too.
pub(crate) const POLL_TIME: Duration = Duration::from_micros(100);
/// The next chunk is twice as long as the last, up to what fits into this. It is one record after a chunk that took twice as
/// much, or after a single record that took as much.
const CHUNK_TIME: Duration = Duration::from_micros(20);
/// A time that may hold more than the work is worth a second look, up to here.
const GAP_TIME: Duration = Duration::from_millis(1);

/// Chunks double while they are quick: a slow stage publishes every record, a fast one hundreds at once.
pub(super) struct Tempo {
    /// How long the next chunk may be.
    chunk: u64,
    /// So many records fit into a chunk's time, by the last look at the clock that says.
    fit: u64,
    /// So many may share the next look.
    share: u64,
    /// Work of this poll: as many records, or all that it may have if it has taken long enough.
    spent: u64,
    /// When it began, as far as is known.
    since: Option<Instant>,
    /// The last look at the clock, before the chunks that are not timed yet.
    mark: Option<Instant>,
    /// Nothing but work has happened since then.
    exact: bool,
    /// Records in chunks that are not timed yet.
    untimed: u64,
    /// The chunks before the last look were quick.
    quick: bool,
}

impl Tempo {
    pub(super) fn new() -> Self {
        Tempo {
            chunk: 1,
            fit: 1,
            share: 1,
            spent: 0,
            since: None,
            mark: None,
            exact: false,
            untimed: 0,
            quick: false,
        }
    }

    /// A chunk begins; how many records it may have.
    #[inline]
    pub(super) fn begin(&mut self) -> usize {
        self.begin_by(look)
    }

    #[inline]
    fn begin_by(&mut self, look: impl FnOnce() -> Instant) -> usize {
        if self.mark.is_none() {
            self.mark = Some(look());
            self.exact = true;
        }
        self.chunk as usize
    }

    /// It has ended, with `taken` records. True where it was quick, as far as is known.
    #[inline]
    pub(super) fn end(&mut self, taken: u64) -> bool {
        self.end_by(look, taken)
    }

    #[inline]
    fn end_by(&mut self, look: impl FnOnce() -> Instant, taken: u64) -> bool {
        self.spent += taken.max(1);
        self.untimed += taken.max(1);
        // The clock costs more than ten records do: small chunks share a look, if all of them fit into the time of one.
        if self.untimed >= self.share {
            self.time(look());
        }
        self.chunk = if self.quick { (self.chunk * 2).min(self.fit) } else { 1 };
        self.quick
    }

    /// Times the chunks since the last look at the clock.
    fn time(&mut self, now: Instant) {
        let mark = self.mark.unwrap_or(now);
        let took = now - mark;
        let records = core::mem::take(&mut self.untimed);
        // A few records do not speak for hundreds.
        let fit = (CHUNK_TIME.as_nanos() as u64 * records / (took.as_nanos() as u64).max(1)).min(records * 4);
        let least = if self.exact { 1 } else { self.fit };
        self.fit = fit.min(POLL_RECORDS).max(least);
        // A long time may have been spent elsewhere. What was made to fit takes a little more or less, but for a single record.
        let known = self.exact || took < CHUNK_TIME;
        let steady = known && took < CHUNK_TIME * if records > 1 { 2 } else { 1 };
        self.quick = steady || (!known && took < GAP_TIME);
        // Otherwise the next chunk is timed by itself.
        self.share = if steady { self.fit } else { 1 };
        let since = *self.since.get_or_insert(if self.exact { mark } else { now });
        if now - since > POLL_TIME {
            self.spent = POLL_RECORDS;
        }
        self.mark = steady.then_some(now);
    }

    /// It is enough for one poll.
    #[inline]
    pub(super) fn is_over(&self) -> bool {
        self.spent >= POLL_RECORDS
    }

    /// A poll ends here.
    #[inline]
    pub(super) fn rest(&mut self) {
        (self.spent, self.since) = (0, None);
        self.exact = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a chunk costs besides its records.
    const CHUNK: Duration = Duration::from_nanos(60);

    /// Takes so many records that are there already, each as long as `pace` says of its number: how many a chunk had on average, and the
    /// longest poll in records and in time.
    fn busy(records: u64, pace: impl Fn(u64) -> Duration) -> (f64, u64, Duration) {
        let (mut tempo, mut now, mut chunks, mut taken) = (Tempo::new(), Instant::now(), 0_u32, 0);
        let (mut most, mut longest) = (0, Duration::ZERO);
        while taken < records {
            let (before, began) = (taken, now);
            while !tempo.is_over() {
                let chunk = tempo.begin_by(|| now) as u64;
                now += CHUNK + (taken..taken + chunk).map(&pace).sum::<Duration>();
                taken += chunk;
                chunks += 1;
                tempo.end_by(|| now, chunk);
            }
            tempo.rest();
            (most, longest) = (most.max(taken - before), longest.max(now - began));
        }
        (taken as f64 / f64::from(chunks), most, longest)
    }

    #[test]
    fn chunks_are_as_long_as_fits_and_polls_no_longer_than_they_may() {
        for (ns, least) in [
            (1, 60.0),
            (50, 60.0),
            (80, 60.0),
            (100, 60.0),
            (200, 40.0),
            (1_000, 10.0),
            (5_000, 2.0),
            (12_000, 1.0),
        ] {
            let (mean, most, longest) = busy(100_000, |_| Duration::from_nanos(ns));
            assert!(mean >= least, "{ns} ns a record: {mean} a chunk");
            assert!(most < 2 * POLL_RECORDS, "{ns} ns a record: {most} in a poll");
            assert!(
                longest <= POLL_TIME + 2 * CHUNK_TIME,
                "{ns} ns a record: a poll of {longest:?}"
            );
        }
    }

    /// Then slots are given back at once, and who waits for one is woken.
    #[test]
    fn a_record_that_takes_longer_than_a_chunk_may_is_slow() {
        for (us, slow) in [(1, false), (8, false), (15, false), (25, true), (1_000, true)] {
            let (mut tempo, mut now) = (Tempo::new(), Instant::now());
            for _ in 0..100 {
                let chunk = tempo.begin_by(|| now) as u64;
                now += Duration::from_micros(us) * chunk as u32;
                assert_eq!(!tempo.end_by(|| now, chunk), slow, "{us} µs a record");
                if tempo.is_over() {
                    tempo.rest();
                }
            }
        }
    }

    #[test]
    fn a_stage_that_becomes_slow_is_found_out_once() {
        let (_, _, longest) = busy(10_000, |number| {
            Duration::from_nanos(if number < 5_000 { 100 } else { 10_000 })
        });
        assert!(
            longest <= Duration::from_micros(10) * 2 * POLL_RECORDS as u32,
            "a poll of {longest:?}"
        );
        let (_, _, longest) = busy(10_000, |number| Duration::from_nanos(if number == 0 { 100 } else { 10_000 }));
        assert!(longest <= POLL_TIME + 2 * CHUNK_TIME, "a poll of {longest:?}");
    }
}
