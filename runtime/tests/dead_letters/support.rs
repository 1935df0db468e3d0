//! What the tests store and where.

use std::collections::HashMap;
use std::fmt;

use forebay::dead_letters::{DeadLetters, LetterId, Options};
use forebay::{Cause, Failed};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

/// A record with something of everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub id: u64,
    pub text: String,
    pub price: f64,
    pub notes: HashMap<String, Vec<Option<i64>>>,
}

impl Order {
    pub fn new(id: u64) -> Order {
        let notes = (0..20).map(|n| (format!("note \"{n}\""), vec![Some(n), None, Some(i64::MIN)]));
        Order {
            id,
            text: format!("order\n{id}"),
            price: 0.1 + id as f64 / 3.0,
            notes: notes.collect(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Refused(pub &'static str);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused: {}", self.0)
    }
}

/// `record` has failed at `charge`, at its first try.
pub fn failed<T>(record: T) -> Failed<T, Refused> {
    Failed::new("charge", Some(record), Cause::Error(Refused("no money")), 1)
}

/// A store in a folder of its own.
pub struct Place {
    pub store: DeadLetters,
    options: Options,
    folder: TempDir,
}

impl Place {
    pub fn new() -> Place {
        Place::with(DeadLetters::options())
    }

    pub fn with(options: Options) -> Place {
        let folder = tempfile::tempdir().unwrap();
        let store = options.clone().open(folder.path().join("letters")).unwrap();
        Place { store, options, folder }
    }

    /// Closes and opens it.
    pub fn reopened(self) -> Place {
        let Place { store, options, folder } = self;
        drop(store);
        let store = options.clone().open(folder.path().join("letters")).unwrap();
        Place { store, options, folder }
    }

    pub fn ids(&self) -> Vec<u64> {
        let list = self.store.list(&Default::default()).unwrap();
        list.iter().map(|letter| letter.id.0).collect()
    }
}

pub fn ids<const N: usize>(ids: [u64; N]) -> [LetterId; N] {
    ids.map(LetterId)
}
