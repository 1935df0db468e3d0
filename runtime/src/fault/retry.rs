//! `retry: 3, backoff: 10ms..1s`.

use core::marker::PhantomData;
use std::convert::Infallible;
use std::time::Duration;

use crate::edge::Cause;

/// Whether another try may help, said by the error of a stage.
///
/// A node with the option `retry` asks it of each error. An error type that does not implement it is always tried again: implement it where
/// some errors are the record's own fault, and would come again.
///
/// In a pipeline with parameters the compiler has to know it from the declaration: `where M::Error: Retryable`.
///
/// ```
/// use forebay::prelude::*;
///
/// #[derive(Debug)]
/// enum AskError {
///     Overloaded,
///     PromptTooLong,
/// }
///
/// impl Retryable for AskError {
///     fn is_retryable(&self) -> bool {
///         matches!(self, AskError::Overloaded)
///     }
/// }
/// # assert!(AskError::Overloaded.is_retryable() && !AskError::PromptTooLong.is_retryable());
/// ```
pub trait Retryable {
    /// True where another try may go better. By default it may.
    fn is_retryable(&self) -> bool {
        true
    }
}

/// What an error type says of another try, told by method resolution: what an inherent `impl` says goes before what a trait says.
#[derive(Debug)]
pub struct Judge<E>(PhantomData<E>);

impl<E: Retryable> Judge<E> {
    /// What the type says.
    pub const ASKS: fn(&E) -> bool = E::is_retryable;
}

/// A type that says nothing of it: another try may help.
pub trait Lenient<E> {
    /// It may.
    const ASKS: fn(&E) -> bool = |_| true;
}

impl<E> Lenient<E> for Judge<E> {}

/// Whether a stage fails by itself, told the same way.
#[derive(Debug)]
pub struct Fails<E>(PhantomData<E>);

impl Fails<Infallible> {
    /// It does not.
    pub const EVER: bool = false;
}

/// A stage that returns a `Result`.
pub trait MayFail {
    /// It may.
    const EVER: bool = true;
}

impl<E> MayFail for Fails<E> {}

/// How often a record is tried, and how long it waits in between.
pub(crate) struct Retry<E> {
    /// How many more tries there are after the first.
    pub(crate) more: u32,
    pub(crate) asks: fn(&E) -> bool,
    pub(crate) backoff: Option<Backoff>,
}

impl<E> Retry<E> {
    /// Another try may help: an error that says so, or a timeout. What panicked would panic again.
    pub(crate) fn helps(&self, cause: &Cause<E>) -> bool {
        match cause {
            Cause::Error(error) => (self.asks)(error),
            Cause::Timeout => true,
            _ => false,
        }
    }

    /// The wait before the `tries`th more try, from 1.
    pub(crate) fn wait(&mut self, tries: u32) -> Duration {
        self.backoff.as_mut().map_or(Duration::ZERO, |backoff| backoff.wait(tries))
    }
}

/// Exponential backoff with full jitter: before the n-th more try, any time between nothing and `first * 2^(n-1)`, at most `most`.
///
/// The form, and why the jitter is full, is from Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    most: Duration,
    random: u64,
}

impl Backoff {
    /// `random` is another one in each worker and each process: the point of it is that they do not all come back at once.
    pub(crate) fn new(first: Duration, most: Duration, random: u64) -> Self {
        Backoff { first, most, random }
    }

    /// The longest wait before the `tries`th more try.
    fn limit(&self, tries: u32) -> Duration {
        let factor = 1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX);
        self.first.saturating_mul(factor).min(self.most)
    }

    /// The wait before the `tries`th more try, from 1.
    pub(crate) fn wait(&mut self, tries: u32) -> Duration {
        let limit = self.limit(tries).as_nanos() as u64;
        // SplitMix64 (Steele, Lea, Flood 2014); the high half of a product spreads it over the range.
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        Duration::from_nanos(((u128::from(z) * (u128::from(limit) + 1)) >> 64) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_are_bounded() {
        let mut backoff = Backoff::new(Duration::from_millis(10), Duration::from_secs(1), 7);
        let limits: Vec<_> = (1..=9).map(|tries| backoff.limit(tries).as_millis()).collect();
        assert_eq!(limits, [10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
        assert_eq!(backoff.limit(u32::MAX), Duration::from_secs(1));
        for tries in [1, 4, 40] {
            let limit = backoff.limit(tries);
            let waits: Vec<_> = (0..1000).map(|_| backoff.wait(tries)).collect();
            assert!(waits.iter().all(|wait| *wait <= limit));
            // Full jitter: over the whole range, half of it below the middle.
            let below = waits.iter().filter(|wait| **wait < limit / 2).count();
            assert!((350..650).contains(&below), "{below} of 1000 in the lower half");
            assert!(waits.iter().any(|wait| *wait < limit / 10) && waits.iter().any(|wait| *wait > limit / 10 * 9));
        }
    }

    struct Says(bool);
    impl Retryable for Says {
        fn is_retryable(&self) -> bool {
            self.0
        }
    }
    struct Silent;

    #[test]
    fn an_error_is_asked_if_it_answers() {
        #[allow(unused_imports)]
        use super::{Lenient as _, MayFail as _};
        assert!(Judge::<Says>::ASKS(&Says(true)) && !Judge::<Says>::ASKS(&Says(false)));
        assert!(Judge::<Silent>::ASKS(&Silent));
        assert_eq!((Fails::<Silent>::EVER, Fails::<Infallible>::EVER), (true, false));
    }
}
