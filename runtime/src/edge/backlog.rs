//! What is queued in a ring with `coalesce`: which keys, and the newer record that took the place of one.

use std::collections::VecDeque;
use std::hash::Hash;
use std::sync::{Arc, PoisonError};

use crate::edge::{discard, hash_of};
use crate::record::{Env, Keyed, Meta};
use crate::ring::PushError;
use crate::ring::sync::{Mutex, MutexGuard};
use crate::segment::fits::Asks;

/// The key of a record that a ring with `coalesce` may hold: it keeps a copy of it.
#[diagnostic::on_unimplemented(
    message = "a ring with `coalesce` keeps a copy of each key, and `{K}` is not `Clone + Send`",
    label = "keeps a copy of `{K}`",
    note = "derive `Clone` for the key, or let the `#[key]` be something smaller, as a number"
)]
pub trait Copied<K> {
    /// The backlog of a ring that holds so many.
    fn backlog<T: Send + Keyed<Key = K> + 'static, M: Meta>(capacity: usize) -> Arc<dyn Backlog<Env<T, M>>>;
}
#[diagnostic::do_not_recommend]
impl<K: Hash + Eq + Clone + Send + 'static> Copied<K> for Asks {
    fn backlog<T: Send + Keyed<Key = K> + 'static, M: Meta>(capacity: usize) -> Arc<dyn Backlog<Env<T, M>>> {
        Arc::new(Mutex::new(Queue::<K, Env<T, M>>::new(capacity)))
    }
}

/// The queue of a ring as keys, beside the ring itself.
///
/// Records go into the ring and out of it here and nowhere else, under one short lock: so the order of the ring is the order of what
/// is known of it. What is the user's runs under the lock only where a record is offered, and it changes nothing before it has run.
pub trait Backlog<X>: Send + Sync {
    /// Offers a record: in the place of the queued one with its key, which is then lost (true), or by `push` into the ring (false).
    /// `accepted` runs when it is in for sure, before a reader may take it. Should the user's key panic, the record stays in `x`.
    fn offer(
        &self,
        x: &mut Option<X>,
        push: &mut dyn FnMut(X) -> Result<(), PushError<X>>,
        accepted: &mut dyn FnMut(),
    ) -> Result<bool, PushError<X>>;

    /// The same by `push` alone: nothing takes its place.
    fn offer_alone(&self, x: X, push: &mut dyn FnMut(X) -> Result<(), PushError<X>>) -> Result<(), PushError<X>>;

    /// Takes the oldest out by `pop`: what comes is the newest that has taken its place.
    fn take(&self, pop: &mut dyn FnMut() -> Option<X>) -> Option<X>;
}

/// What a ring with `coalesce` goes by.
pub struct Keying<X> {
    /// The backlog of a ring that holds so many.
    pub(crate) make: fn(usize) -> Arc<dyn Backlog<X>>,
    /// The bytes for each record that the ring holds.
    entry: usize,
}

impl<X> Clone for Keying<X> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<X> Copy for Keying<X> {}

impl<X> Keying<X> {
    /// The bytes of the backlog of a ring that holds so many.
    pub const fn bytes(&self, capacity: usize) -> usize {
        self.entry * capacity
    }
}

/// By the record's `#[key]`.
pub const fn keys<T, M>() -> Keying<Env<T, M>>
where
    T: Send + Keyed + 'static,
    M: Meta,
    Asks: Copied<T::Key>,
{
    Keying {
        make: <Asks as Copied<T::Key>>::backlog::<T, M>,
        entry: size_of::<Entry<T::Key, Env<T, M>>>() + PLACES * size_of::<u64>(),
    }
}

/// A queued record.
struct Entry<K, X> {
    hash: u64,
    /// None: nothing takes its place.
    key: Option<K>,
    newer: Option<X>,
}

/// The records of a ring in their order, with an index of their keys. It has all its memory from the start.
struct Queue<K, X> {
    entries: VecDeque<Entry<K, X>>,
    /// The number of the first of them.
    first: u64,
    /// Numbers of entries plus one, each at its hash or behind it; 0 is free.
    index: Box<[u64]>,
}

/// Places of the index for each record.
const PLACES: usize = 2;

impl<K: Eq, X> Queue<K, X> {
    fn new(capacity: usize) -> Self {
        Queue {
            entries: VecDeque::with_capacity(capacity),
            first: 0,
            index: vec![0; (capacity * PLACES).next_power_of_two()].into(),
        }
    }

    fn mask(&self) -> usize {
        self.index.len() - 1
    }

    /// Where the index is looked at first: by the upper bits, since the lower ones of a multiplicative hash are weak.
    fn home(&self, hash: u64) -> usize {
        (hash >> 32) as usize & self.mask()
    }

    /// The entry number `number`.
    fn entry(&mut self, number: u64) -> &mut Entry<K, X> {
        &mut self.entries[(number - self.first) as usize]
    }

    fn find(&mut self, hash: u64, key: &K) -> Option<&mut Entry<K, X>> {
        let mut at = self.home(hash);
        loop {
            let number = self.index[at].checked_sub(1)?;
            let entry = self.entry(number);
            if entry.hash == hash && entry.key.as_ref() == Some(key) {
                return Some(self.entry(number));
            }
            at = (at + 1) & self.mask();
        }
    }

    fn push(&mut self, hash: u64, key: Option<K>) {
        let mut at = self.home(hash);
        while self.index[at] != 0 {
            at = (at + 1) & self.mask();
        }
        self.index[at] = self.first + self.entries.len() as u64 + 1;
        self.entries.push_back(Entry { hash, key, newer: None });
    }

    fn pop(&mut self) -> Option<Entry<K, X>> {
        let entry = self.entries.front()?;
        let (hash, mask) = (entry.hash, self.mask());
        let mut hole = self.home(hash);
        while self.index[hole] != self.first + 1 {
            hole = (hole + 1) & mask;
        }
        // What stands behind moves up, unless it stands at its home or between that and here.
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let Some(number) = self.index[at].checked_sub(1) else { break };
            let hash = self.entry(number).hash;
            let home = self.home(hash);
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(hole) & mask {
                self.index[hole] = self.index[at];
                hole = at;
            }
        }
        self.index[hole] = 0;
        self.first += 1;
        self.entries.pop_front()
    }
}

impl<T, M> Backlog<Env<T, M>> for Mutex<Queue<T::Key, Env<T, M>>>
where
    T: Send + Keyed<Key: Clone + Send>,
    M: Meta,
{
    fn offer(
        &self,
        x: &mut Option<Env<T, M>>,
        push: &mut dyn FnMut(Env<T, M>) -> Result<(), PushError<Env<T, M>>>,
        accepted: &mut dyn FnMut(),
    ) -> Result<bool, PushError<Env<T, M>>> {
        let Some(offered) = x.as_ref() else { return Ok(false) };
        let hash = hash_of(offered.record.key());
        let mut queue = locked(self);
        let replaced = match queue.find(hash, offered.record.key()) {
            Some(entry) => {
                accepted();
                core::mem::replace(&mut entry.newer, x.take())
            }
            None => {
                let key = offered.record.key().clone();
                let Some(x) = x.take() else { return Ok(false) };
                let Err(refused) = push(x) else {
                    queue.push(hash, Some(key));
                    return Ok(false);
                };
                drop(queue);
                // The copy is the user's: it may do what it likes, and the record is not its to lose.
                discard(key);
                return Err(refused);
            }
        };
        drop(queue);
        discard(replaced);
        Ok(true)
    }

    fn offer_alone(
        &self,
        x: Env<T, M>,
        push: &mut dyn FnMut(Env<T, M>) -> Result<(), PushError<Env<T, M>>>,
    ) -> Result<(), PushError<Env<T, M>>> {
        let mut queue = locked(self);
        push(x)?;
        queue.push(0, None);
        Ok(())
    }

    fn take(&self, pop: &mut dyn FnMut() -> Option<Env<T, M>>) -> Option<Env<T, M>> {
        let mut queue = locked(self);
        let oldest = pop()?;
        let entry = queue.pop();
        drop(queue);
        let Some(Entry { key, newer, .. }) = entry else {
            return Some(oldest);
        };
        discard(key);
        Some(match newer {
            Some(newer) => {
                discard(oldest);
                newer
            }
            None => oldest,
        })
    }
}

/// A key that has panicked has changed nothing.
fn locked<Q>(queue: &Mutex<Q>) -> MutexGuard<'_, Q> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "backlog_tests.rs"]
mod tests;
