//! What the tests here share: a record of what was seen, and doors that are opened by hand.

use std::sync::Mutex;

use forebay::prelude::*;
use tokio::sync::Semaphore;

/// What stages saw, by name, in order.
#[derive(Debug, Default)]
pub struct Seen(Mutex<Vec<(&'static str, u64)>>);

impl Seen {
    pub fn note(&self, at: &'static str, id: u64) {
        self.0.lock().unwrap().push((at, id));
    }

    pub fn at(&self, at: &str) -> Vec<u64> {
        let seen = self.0.lock().unwrap();
        seen.iter().filter(|(there, _)| *there == at).map(|(_, id)| *id).collect()
    }
}

/// Lets one record through for each permit.
#[derive(Debug)]
pub struct Door(Semaphore);

impl Door {
    pub fn shut() -> Self {
        Door(Semaphore::new(0))
    }

    pub async fn pass(&self) {
        self.0.acquire().await.unwrap().forget();
    }

    pub fn open(&self, records: usize) {
        self.0.add_permits(records);
    }
}

/// Counts up, so that a test can wait for an event.
#[derive(Debug, Default)]
pub struct Count(tokio::sync::watch::Sender<u64>);

impl Count {
    pub fn add(&self, n: u64) {
        self.0.send_modify(|count| *count += n);
    }

    pub async fn reaches(&self, n: u64) {
        self.0.subscribe().wait_for(|count| *count >= n).await.unwrap();
    }
}

#[stage]
pub fn pass(id: u64) -> u64 {
    id
}

/// Every record, by two readers of its own and one behind a group.
#[stage]
pub fn first(id: u64, seen: &Seen) {
    seen.note("first", id);
}
#[stage]
pub fn second(id: u64, seen: &Seen) {
    seen.note("second", id);
}
#[stage]
pub fn third(id: u64, seen: &Seen) {
    seen.note("third", id);
}
