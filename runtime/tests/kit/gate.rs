//! A gate in a stage.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;

use super::wait::yields;

/// Holds records until it is opened, and knows which came to it.
#[derive(Debug, Default)]
pub struct Gate {
    open: AtomicBool,
    seen: Mutex<Vec<u64>>,
}

impl Gate {
    pub fn open(&self) {
        self.open.store(true, SeqCst);
    }

    /// The numbers of what came, in their order.
    pub fn seen(&self) -> Vec<u64> {
        self.seen.lock().unwrap().clone()
    }

    /// Notes the number of a record, and waits until the gate is open.
    pub async fn pass(&self, n: u64) {
        self.seen.lock().unwrap().push(n);
        while !self.open.load(SeqCst) {
            yields(1).await;
        }
    }
}
