//! The time of a runtime, for what is not generic over it.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::Rt;

/// The time of a runtime, for what is not generic over it: one call through a table, beside the look at the clock.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    /// That of this runtime.
    pub fn new<R: Rt>(rt: &R) -> Self {
        let rt = rt.clone();
        Clock(Arc::new(move || rt.now()))
    }

    /// The time.
    pub fn now(&self) -> Instant {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
