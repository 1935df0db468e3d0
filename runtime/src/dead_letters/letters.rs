//! Letters one by one.

use core::fmt;

use redb::OwnedRange;

use super::{Letter, LetterId, Select, StoreError};

/// The letters that are meant, the oldest first, each read when it is asked for: what [`DeadLetters::letters`](super::DeadLetters::letters)
/// gives.
///
/// It sees the store as it was when this was made, whatever is stored and removed meanwhile; until it is dropped, the disk keeps that too.
/// After an error there is no more.
#[must_use = "letters are read as they are asked for"]
pub struct Letters {
    stored: OwnedRange<u64, &'static [u8]>,
    select: Select,
    left: usize,
}

impl Letters {
    pub(super) fn new(stored: OwnedRange<u64, &'static [u8]>, select: &Select) -> Self {
        Letters {
            stored,
            left: select.limit(),
            select: select.clone(),
        }
    }

    /// The same, of those that `takes` takes too. It does not look at more than it has to.
    pub(super) fn next_of(&mut self, mut takes: impl FnMut(&Letter) -> bool) -> Option<Result<Letter, StoreError>> {
        while self.left > 0 {
            let read = self.stored.next()?.map_err(StoreError::from);
            let letter = read.and_then(|(_, stored)| serde_json::from_slice(stored.value()).map_err(StoreError::Unreadable));
            match letter {
                Ok(letter) if self.select.takes(&letter) && takes(&letter) => {
                    self.left -= 1;
                    return Some(Ok(letter));
                }
                Ok(_) => {}
                Err(error) => {
                    self.left = 0;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl Iterator for Letters {
    type Item = Result<Letter, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_of(|_| true)
    }
}

impl fmt::Debug for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letters")
            .field("select", &self.select)
            .finish_non_exhaustive()
    }
}

/// The ids of which a selection has any.
pub(super) fn ids(select: &Select) -> impl core::ops::RangeBounds<u64> + use<> {
    use core::ops::Bound::{Excluded, Unbounded};
    (select.after.map_or(Unbounded, |LetterId(id)| Excluded(id)), Unbounded)
}
