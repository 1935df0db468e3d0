//! One sleeper, and who wakes it: a Dekker handshake around a place for a waker.
//!
//! The sleeper registers, fences, and looks again before it sleeps. The other side changes something, fences, and looks
//! whether anybody sleeps. The two fences are totally ordered, so at least one of the two sees the other.
//!
//! The waker stays in its place and is called there. Only another waker takes its place, by the same handshake: the sleeper says
//! that it does not wait, fences, and looks whether anybody is calling.

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::task::Waker;

use super::sync::{AtomicU8, AtomicUsize, Ordering::*, Owned, const_new, handshake, shielded};

/// Where one task waits. All zero bytes when nobody ever did.
pub(super) struct Wait {
    /// 1: it waits, and the place holds its waker.
    waiting: AtomicU8,
    /// So many are looking whether it waits, and then call its waker where it lies.
    callers: AtomicUsize,
    /// The sleeper's own note: the place holds a waker.
    held: UnsafeCell<bool>,
    waker: UnsafeCell<MaybeUninit<Waker>>,
    owned: Owned,
}

// SAFETY: `held` is the sleeper's. The waker is written by the sleeper while it does not wait and nobody calls, and otherwise only read.
unsafe impl Sync for Wait {}
// SAFETY: a waker may go to another thread.
unsafe impl Send for Wait {}

impl Wait {
    const_new! {
        pub(super) fn new() -> Self {
            Wait {
                waiting: AtomicU8::new(0),
                callers: AtomicUsize::new(0),
                held: UnsafeCell::new(false),
                waker: UnsafeCell::new(MaybeUninit::uninit()),
                owned: Owned::new(),
            }
        }
    }

    /// Registers `waker`; afterwards the sleeper must look again at what it waits for. `false`: there was another waker, which is
    /// being called at this moment, and nothing is registered; look again, and if there is nothing, poll once more.
    ///
    /// # Safety
    /// Only the one sleeper of this place calls this.
    #[inline]
    pub(super) unsafe fn register(&self, waker: &Waker) -> bool {
        // SAFETY: as the caller promises. If the place holds a waker, only we may write it.
        let known = unsafe { *self.held.get() && (*self.waker.get()).assume_init_ref().will_wake(waker) };
        if known && self.is_waiting() {
            // It has been waiting all the time, since a fence: who has changed something and not seen it did so before that. Or it is
            // being called, and comes again.
            return true;
        }
        // SAFETY: as the caller promises.
        if !known && !unsafe { self.replace(Some(waker.clone())) } {
            return false;
        }
        self.waiting.store(1, Release);
        handshake();
        true
    }

    /// Puts another waker into the place, or none. `false`: somebody may be calling the one that is there, which stays.
    ///
    /// # Safety
    /// Only the one sleeper of this place calls this.
    #[cold]
    unsafe fn replace(&self, waker: Option<Waker>) -> bool {
        // Who looks from now on sees that nobody waits; or we see it look.
        self.waiting.store(0, Relaxed);
        handshake();
        if self.callers.load(Acquire) != 0 {
            return false;
        }
        self.owned.touch();
        // SAFETY: nobody calls, and nobody will, as nobody waits: the place is ours. It holds a waker exactly if `held` says so.
        let old = unsafe {
            let old = (*self.held.get()).then(|| (*self.waker.get()).assume_init_read());
            *self.held.get() = waker.is_some();
            if let Some(waker) = waker {
                (*self.waker.get()).write(waker);
            }
            old
        };
        discard(old);
        true
    }

    /// Does not wait any more. The waker stays where it is.
    ///
    /// # Safety
    /// Only the one sleeper of this place calls this.
    #[inline(always)]
    pub(super) unsafe fn unregister(&self) {
        self.waiting.store(0, Relaxed);
    }

    /// The sleeper goes for good, and takes its waker along. If that is being called at this moment it goes with the place.
    ///
    /// # Safety
    /// Only the one sleeper of this place calls this.
    pub(super) unsafe fn leave(&self) {
        // SAFETY: as the caller promises.
        unsafe { self.replace(None) };
    }

    /// Somebody sleeps: a relaxed look. After a [`handshake`] it does not miss who slept before.
    #[inline(always)]
    pub(super) fn is_waiting(&self) -> bool {
        self.waiting.load(Relaxed) != 0
    }

    /// Wakes the sleeper, if it waits: a [`handshake`] and a look.
    ///
    /// # Safety
    /// Nobody else wakes it at the same time.
    #[cold]
    #[inline(never)]
    pub(super) unsafe fn wake(&self) {
        self.callers.store(1, Relaxed);
        self.call();
        self.callers.store(0, Release);
    }

    /// The same; others may do so at the same time.
    #[cold]
    #[inline(never)]
    pub(super) fn wake_among_others(&self) {
        self.callers.fetch_add(1, Relaxed);
        self.call();
        self.callers.fetch_sub(1, Release);
    }

    /// After the caller has been counted.
    #[inline(always)]
    fn call(&self) {
        handshake();
        if self.waiting.load(Acquire) != 0 {
            // Whoever waits anew meanwhile is called too.
            self.waiting.store(0, Relaxed);
            self.owned.look();
            // SAFETY: it waited after the place had been filled, which Acquire shows us whole; and the sleeper leaves the place alone
            // as long as we are counted: its look at the count came after our fence, or our look at `waiting` after its fence.
            shielded(|| unsafe { (*self.waker.get()).assume_init_ref() }.wake_by_ref());
        }
    }
}

/// Wakes somebody. What a waker does is not ours: should it panic, we go on, and so does who is to be woken after it.
pub(crate) fn rouse(waker: Waker) {
    shielded(|| waker.wake());
}

/// Drops what nobody needs any more, a record or a waker. What that does is not ours either.
#[inline]
pub(super) fn discard<T>(x: T) {
    if core::mem::needs_drop::<T>() {
        shielded(|| drop(x));
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        // SAFETY: nobody else is left; the sleeper is us.
        unsafe { self.leave() };
    }
}
