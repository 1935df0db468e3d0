//! Records that are written where they lie.

use core::mem::MaybeUninit;

use super::Producer;

/// The place of the next record: what [`Producer::place`] gives. Dropped, nothing was pushed.
#[must_use = "nothing is pushed yet"]
pub struct Place<'a, T: 'static, const N: usize> {
    producer: &'a mut Producer<T, N>,
}

impl<T: 'static, const N: usize> Producer<T, N> {
    /// The place where the next record will lie, if there is room: to write a large one there, and copy it never.
    ///
    /// ```
    /// use forebay::ring::spsc::{Spsc, split};
    ///
    /// let (mut producer, mut consumer) = split(Spsc::<[u8; 4096], 8>::boxed()).expect("it is new");
    /// let mut place = producer.place().expect("there is room");
    /// place.uninit().write([0; 4096])[0] = 7;
    /// // SAFETY: it was written just now.
    /// unsafe { place.commit() };
    /// producer.publish();
    /// assert_eq!(consumer.peek().map(|frame| frame[0]), Some(7));
    /// assert_eq!(consumer.skip(1), 1);
    /// ```
    #[inline]
    pub fn place(&mut self) -> Option<Place<'_, T, N>> {
        (self.room() != 0).then_some(Place { producer: self })
    }
}

impl<T: 'static, const N: usize> Place<'_, T, N> {
    /// The place. What was in it is anything.
    #[inline]
    pub fn uninit(&mut self) -> &mut MaybeUninit<T> {
        let producer = &mut *self.producer;
        // SAFETY: there is room, so the place at `tail` was given back by the consumer, which we saw with Acquire, and the consumer
        // does not look at it before `tail` passes it. We have the one producer by `&mut`.
        unsafe { &mut *producer.ring.slots.at(producer.tail) }
    }

    /// Pushes a record into the place.
    #[inline]
    pub fn write(mut self, record: T) {
        self.uninit().write(record);
        // SAFETY: just written.
        unsafe { self.commit() }
    }

    /// Pushes what was written to the place; to be published as any record.
    ///
    /// # Safety
    ///
    /// The place holds a valid record.
    #[inline]
    pub unsafe fn commit(self) {
        self.producer.tail = self.producer.tail.wrapping_add(1);
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Place<'_, T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Place").finish_non_exhaustive()
    }
}
