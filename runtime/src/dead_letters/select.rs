//! Which letters are meant.

use std::collections::BTreeSet;

use super::{Letter, LetterId, State};

/// Which letters are meant: all, or those that everything said here is true of.
#[derive(Debug, Clone, Default)]
pub struct Select {
    ids: Option<BTreeSet<LetterId>>,
    state: Option<State>,
    node: Option<String>,
    record: Option<String>,
    limit: Option<usize>,
    pub(super) after: Option<LetterId>,
    pub(super) forced: bool,
}

impl Select {
    /// Every letter.
    pub fn all() -> Self {
        Select::default()
    }

    /// These letters. Those that the store does not have are not missed.
    pub fn ids(ids: impl IntoIterator<Item = LetterId>) -> Self {
        Select {
            ids: Some(ids.into_iter().collect()),
            ..Select::default()
        }
    }

    /// In this state.
    pub fn state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    /// Which failed last at this node.
    pub fn node(mut self, node: &str) -> Self {
        self.node = Some(node.to_owned());
        self
    }

    /// Whose record was stored under this name of its type. A replay takes those of its own type; where that was renamed or moved, say here
    /// how it was called.
    pub fn record(mut self, name: &str) -> Self {
        self.record = Some(name.to_owned());
        self
    }

    /// So many of them, the oldest.
    pub fn first(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Stored after this one. With [`first`](Self::first) it is the next page.
    pub fn after(mut self, id: LetterId) -> Self {
        self.after = Some(id);
        self
    }

    /// For a replay: those that were set aside too.
    pub fn forced(mut self) -> Self {
        self.forced = true;
        self
    }

    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(usize::MAX)
    }

    /// Another name than the type's own is meant.
    pub(super) fn names_record(&self) -> bool {
        self.record.is_some()
    }

    pub(super) fn takes(&self, letter: &Letter) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.contains(&letter.id))
            && self.after.is_none_or(|after| letter.id > after)
            && self.state.is_none_or(|state| letter.state == state)
            && self.node.as_ref().is_none_or(|node| letter.node == *node)
            && self.record.as_ref().is_none_or(|record| letter.record == *record)
    }
}
