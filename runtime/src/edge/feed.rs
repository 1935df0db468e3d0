//! What an edge asks of the end that it writes, beside what any ring's end does.

use crate::ring::{PushError, Writer, broadcast, latest, mailbox, mpmc, spsc};

/// The end of a ring, or of several behind a key or a rank, that an edge writes.
pub trait Feed<T>: Writer<T> {
    /// A push may put its record in the place of another one that waits, which is lost: see [`take_replaced`](Self::take_replaced).
    const REPLACES: bool = false;

    /// Pushes a record that the last push gave back as `Full`. The user's own code, which chose its place, is not asked again, or a panic of
    /// it is caught: nobody guards this.
    #[inline]
    fn push_again(&mut self, record: T) -> Result<(), PushError<T>> {
        self.push(record)
    }

    /// Pushes a record that the last push gave back as `Full`, in the place of one that matters less: that one goes to `displaced`.
    /// `Full` where there is none; in most rings there never is.
    #[inline]
    fn displace(&mut self, record: T, displaced: impl FnMut(T)) -> Result<(), PushError<T>> {
        let _ = displaced;
        Err(PushError::Full(record))
    }

    /// How many records were lost since this was last asked, because this end has put others in their place. Only where it
    /// [`REPLACES`](Self::REPLACES).
    fn take_replaced(&mut self) -> usize {
        0
    }
}

impl<T: Send + 'static, const N: usize> Feed<T> for spsc::Producer<T, N> {}
impl<T: Send + 'static, const N: usize> Feed<T> for mpmc::Sender<T, N> {}
impl<T: Send + 'static> Feed<T> for mailbox::Sender<T> {}
impl<T: Clone + Send + Sync + 'static, const N: usize> Feed<T> for broadcast::Producer<T, N> {}
impl<T: Clone + Send + Sync + 'static, const SLOTS: usize> Feed<T> for latest::Sender<T, SLOTS> {}
