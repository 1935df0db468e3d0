//! Records that are read where they lie.

use core::slice;

use super::Consumer;

impl<T: 'static, const N: usize> Consumer<T, N> {
    /// The next record, where it lies: it stays in the ring.
    #[inline]
    pub fn peek(&mut self) -> Option<&T> {
        self.slices().0.first()
    }

    /// The records that are ready, where they lie and in order: the second slice goes on where the storage begins anew. They stay
    /// in the ring; [`skip`](Self::skip) takes out those that are done with.
    #[inline]
    pub fn slices(&mut self) -> (&[T], &[T]) {
        let ready = self.ready();
        let first = ready.min(N - self.head % N);
        // SAFETY: from `head` to `tail`, as we saw it with Acquire, all is written, and the producer leaves it alone until the ring's
        // `head` has passed it, for which we must be borrowed anew. `first` records lie up to the end of the storage at most, the
        // others from its beginning.
        unsafe {
            (
                slice::from_raw_parts(self.ring.slots.at(self.head).cast(), first),
                slice::from_raw_parts(self.ring.slots.at(0).cast(), ready - first),
            )
        }
    }

    /// Takes out up to `most` records that are ready, and drops them; says how many. They are popped: release them as any.
    pub fn skip(&mut self, most: usize) -> usize {
        self.run(most).map(drop).count()
    }
}
