//! What an input lets in.

use super::{Affinity, Said};
use crate::units::Time;

/// What a ring that is written from outside lets in.
#[derive(Debug, Clone)]
pub(crate) struct Admission {
    /// `quota 8 per 1s by key`
    pub quota: Option<Said<(u32, Time)>>,
    /// Of the quota. With a quota never `None`.
    pub by: Affinity,
    /// `limit 1000 per 1s`
    pub limit: Option<Said<(u32, Time)>>,
}

impl Admission {
    /// Whatever comes.
    pub(crate) const ALL: Admission = Admission {
        quota: None,
        by: Affinity::None,
        limit: None,
    };

    /// What is said: each option with its name.
    pub(crate) fn said(&self) -> impl Iterator<Item = (&'static str, &Said<(u32, Time)>)> {
        let (quota, limit) = (self.quota.iter(), self.limit.iter());
        quota.map(|said| ("quota", said)).chain(limit.map(|said| ("limit", said)))
    }

    /// For the topology, as written.
    pub(crate) fn words(&self) -> Vec<String> {
        let words = self.said().map(|(option, said)| {
            let by = if option == "quota" { self.by.words() } else { String::new() };
            format!("{option} {} per {}{by}", said.value.0, said.value.1)
        });
        words.collect()
    }
}
