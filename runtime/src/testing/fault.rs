//! What is done to a call, and to which.

use core::any::Any;
use std::sync::Arc;
use std::time::Duration;

/// What is done to a call.
#[derive(Clone)]
pub(crate) enum Blow {
    Panic,
    Error(Arc<dyn Fn() -> Box<dyn Any + Send> + Send + Sync>),
    Delay(Duration),
    Stall,
}

/// To which calls.
#[derive(Clone, Copy)]
enum Calls {
    All,
    Each(u64),
    OneIn(u64),
}

/// A fault for calls of a node: to every one of them, unless it says otherwise.
#[derive(Clone)]
pub struct Fault {
    pub(crate) blow: Blow,
    calls: Calls,
    left: u64,
    seen: u64,
}

impl Fault {
    fn new(blow: Blow) -> Self {
        Fault {
            blow,
            calls: Calls::All,
            left: u64::MAX,
            seen: 0,
        }
    }

    /// The call panics, before the stage has run.
    pub fn panic() -> Self {
        Fault::new(Blow::Panic)
    }

    /// The call fails with what `error` gives, and the stage is not called.
    ///
    /// `E` is the error type of the stage: with another one the call panics, and says which is wanted.
    pub fn error<E: Send + 'static>(error: impl Fn() -> E + Send + Sync + 'static) -> Self {
        Fault::new(Blow::Error(Arc::new(move || Box::new(error()))))
    }

    /// The call waits so long, by the clock of the runtime. For async stages, and for what is called for no record: a call of a sync one with
    /// a record, which cannot wait, panics and says so (unless something async is fused behind it; then what it gives comes later).
    pub fn delay(by: Duration) -> Self {
        Fault::new(Blow::Delay(by))
    }

    /// The call waits until the fault is [cleared](super::Testing::clear). For async stages, as a [delay](Self::delay).
    pub fn stall() -> Self {
        Fault::new(Blow::Stall)
    }

    /// Only to each `n`th call: the `n`th, the `2n`th and so on.
    ///
    /// # Panics
    /// When `n` is zero.
    pub fn each(mut self, n: u64) -> Self {
        assert!(n > 0, "each zeroth call is none");
        self.calls = Calls::Each(n);
        self
    }

    /// Only to one call in `n`, drawn by the seed.
    ///
    /// # Panics
    /// When `n` is zero.
    pub fn one_in(mut self, n: u64) -> Self {
        assert!(n > 0, "one call in zero is none");
        self.calls = Calls::OneIn(n);
        self
    }

    /// So often, and then no more.
    pub fn times(mut self, times: u64) -> Self {
        self.left = times;
        self
    }

    /// The next call: whether it is struck. `random` is drawn for each.
    pub(crate) fn strikes(&mut self, random: u64) -> bool {
        self.seen += 1;
        let struck = match self.calls {
            Calls::All => true,
            Calls::Each(n) => self.seen.is_multiple_of(n),
            Calls::OneIn(n) => random.is_multiple_of(n),
        };
        if !struck || self.left == 0 {
            return false;
        }
        self.left -= 1;
        true
    }
}
