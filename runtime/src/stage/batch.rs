//! Records that a stage takes together.

use alloc::vec::{self, Vec};
use core::ops::{Deref, DerefMut};

/// Records that a stage takes together: a slice, and an iterator by value.
///
/// The node option `batch: 32 within 5ms` says how many they are at most. In a test a stage can be called with
/// `Batch::from(vec![…])`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Batch<T> {
    records: Vec<T>,
}

impl<T> Batch<T> {
    #[doc(hidden)]
    pub const fn from_vec(records: Vec<T>) -> Self {
        Batch { records }
    }

    /// The records, in order.
    pub fn into_vec(self) -> Vec<T> {
        self.records
    }
}

impl<T> From<Vec<T>> for Batch<T> {
    fn from(records: Vec<T>) -> Self {
        Batch { records }
    }
}

impl<T> Deref for Batch<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.records
    }
}

impl<T> DerefMut for Batch<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.records
    }
}

impl<T> IntoIterator for Batch<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;
    fn into_iter(self) -> vec::IntoIter<T> {
        self.records.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Batch<T> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;
    fn into_iter(self) -> core::slice::Iter<'a, T> {
        self.records.iter()
    }
}
