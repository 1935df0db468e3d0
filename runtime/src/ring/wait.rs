//! One sleeper, any number of wakers-up: a Dekker handshake around a slot for a waker.
//!
//! The sleeper registers, fences, and looks again before it sleeps. The other side changes something, fences, and looks
//! whether anybody sleeps. The two fences are totally ordered, so at least one of the two sees the other.

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::task::Waker;

use super::sync::{AtomicU8, Ordering::*, Owned, const_new, handshake, shielded};

/// Nobody sleeps; the slot is empty and the sleeper's.
const IDLE: u8 = 0;
/// The slot holds a waker that anybody may come and take.
const WAITING: u8 = 1;
/// Somebody takes the waker out, right now.
const WAKING: u8 = 2;

/// Where one task waits. All zero bytes when nobody does.
pub(super) struct Wait {
    state: AtomicU8,
    waker: UnsafeCell<MaybeUninit<Waker>>,
    /// The sleeper's own note: which waker it put in last. While the slot holds that, no other has its name.
    name: UnsafeCell<Name>,
    owned: Owned,
}

/// Tells wakers apart. All zero for none: no table is there.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Name(usize, usize);

impl Name {
    fn of(waker: &Waker) -> Self {
        Name(waker.data().addr(), core::ptr::from_ref(waker.vtable()).addr())
    }
}

// SAFETY: the waker is touched only by who moved `state` away from WAITING, or by the sleeper while it is IDLE; the name by the sleeper.
unsafe impl Sync for Wait {}
// SAFETY: a waker may go to another thread.
unsafe impl Send for Wait {}

impl Wait {
    const_new! {
        pub(super) fn new() -> Self {
            Wait {
                state: AtomicU8::new(IDLE),
                waker: UnsafeCell::new(MaybeUninit::uninit()),
                name: UnsafeCell::new(Name(0, 0)),
                owned: Owned::new(),
            }
        }
    }

    /// Puts `waker` in; afterwards the sleeper must look again at what it waits for. `false`: somebody is waking the last
    /// registration at this moment, and this one was not taken; look again, and if there is nothing, poll once more.
    ///
    /// # Safety
    /// Only the one sleeper of this slot calls this.
    pub(super) unsafe fn register(&self, waker: &Waker) -> bool {
        // SAFETY: as the caller promises.
        let name = unsafe { &mut *self.name.get() };
        if *name == Name::of(waker) && self.is_waiting() {
            // It has been there all the time, since a fence: who has changed something and not seen it did so before that.
            return true;
        }
        let taken_back = match self.state.load(Acquire) {
            IDLE => false,
            WAITING if self.state.compare_exchange(WAITING, IDLE, Acquire, Relaxed).is_ok() => true,
            // Taken a moment ago, by somebody who may still be inside.
            _ if self.state.load(Acquire) == IDLE => false,
            _ => return false,
        };
        let slot = self.waker.get();
        self.owned.touch();
        // SAFETY: the state is IDLE and only the sleeper leaves IDLE, so the slot is ours; it holds a waker exactly if we
        // took the slot back from WAITING.
        let old = unsafe {
            if !taken_back {
                (*slot).write(waker.clone());
                None
            } else if !(*slot).assume_init_ref().will_wake(waker) {
                Some(core::mem::replace((*slot).assume_init_mut(), waker.clone()))
            } else {
                None
            }
        };
        *name = Name::of(waker);
        self.state.store(WAITING, Release);
        handshake();
        discard(old);
        true
    }

    /// Takes the registration back, if nobody has woken it.
    ///
    /// # Safety
    /// Only the one sleeper of this slot calls this.
    pub(super) unsafe fn unregister(&self) {
        if self.is_waiting() && self.state.compare_exchange(WAITING, IDLE, Acquire, Relaxed).is_ok() {
            self.owned.touch();
            // SAFETY: it was WAITING, so there is a waker; the exchange made it ours.
            discard(unsafe { (*self.waker.get()).assume_init_read() });
        }
    }

    /// Somebody sleeps: a relaxed look. After a [`handshake`] it does not miss who slept before.
    #[inline(always)]
    pub(super) fn is_waiting(&self) -> bool {
        self.state.load(Relaxed) == WAITING
    }

    /// Wakes the sleeper.
    #[cold]
    #[inline(never)]
    pub(super) fn wake(&self) {
        if self.state.compare_exchange(WAITING, WAKING, Acquire, Relaxed).is_ok() {
            self.owned.touch();
            // SAFETY: it was WAITING, so there is a waker; nobody else touches the slot while it is WAKING.
            let waker = unsafe { (*self.waker.get()).assume_init_read() };
            // The slot is free before the sleeper runs, or it would find us in it and spin.
            self.state.store(IDLE, Release);
            rouse(waker);
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
        unsafe { self.unregister() };
    }
}
