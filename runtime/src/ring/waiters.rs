//! Any number of sleepers: an intrusive list behind a short lock, and a count that says whether to bother.
//!
//! The handshake is that of `wait`: a sleeper enlists, fences, and looks again; the other side changes something, fences,
//! and looks at the count. While nobody sleeps no lock is taken.

use core::cell::UnsafeCell;
use core::marker::PhantomPinned;
use core::ptr::NonNull;
use core::task::Waker;

#[cfg(not(feature = "alloc"))]
use super::stool::Bench;
use super::sync::{AtomicUsize, Lock, Ordering::*, Owned, const_new, handshake};
use super::wait::{discard, rouse};

/// What has become of a sleeper.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sleep {
    /// It is not in the list, and nothing is meant for it.
    None,
    /// It is in the list.
    Enlisted,
    /// It was taken out of the list to be woken, and so many of what it waits for are its own, to use or to pass on.
    Called(usize),
}

impl Sleep {
    /// As a seat keeps it.
    const fn encode(self) -> usize {
        match self {
            Sleep::None => 0,
            Sleep::Enlisted => 1,
            Sleep::Called(share) => 1 + share,
        }
    }

    const fn decode(state: usize) -> Self {
        match state {
            0 => Sleep::None,
            1 => Sleep::Enlisted,
            called => Sleep::Called(called - 1),
        }
    }
}

/// A sleeper's place in the list. It must stay where it is, and lives until it has left.
pub(super) struct Seat {
    /// A [`Sleep`]. Only the sleeper leaves `None` and `Called`, only who holds the lock leaves `Enlisted`: so who calls it says so
    /// last, and does not come back to the seat.
    state: AtomicUsize,
    /// Touched only under the lock of the list.
    links: UnsafeCell<Links>,
    owned: Owned,
    _pinned: PhantomPinned,
}

struct Links {
    /// How many of what it waits for it could use.
    most: usize,
    waker: Option<Waker>,
    before: Option<NonNull<Seat>>,
    after: Option<NonNull<Seat>>,
}

// SAFETY: `links` is touched only under the lock of the list; everything in it may change threads.
unsafe impl Send for Seat {}
// SAFETY: as above.
unsafe impl Sync for Seat {}

impl Seat {
    const_new! {
        pub(super) fn new() -> Self {
            let links = Links {
                most: 0,
                waker: None,
                before: None,
                after: None,
            };
            Seat {
                state: AtomicUsize::new(Sleep::None.encode()),
                links: UnsafeCell::new(links),
                owned: Owned::new(),
                _pinned: PhantomPinned,
            }
        }
    }

    /// What has become of its sleeper. Acquire: who called it is done with it, and with what it was called for.
    pub(super) fn sleep(&self) -> Sleep {
        Sleep::decode(self.state.load(Acquire))
    }

    /// Release: what came before is done for who sees this without the lock.
    fn set(&self, sleep: Sleep) {
        self.state.store(sleep.encode(), Release);
    }

    /// Its sleeper has found that it was called: the seat is its own again, without the lock. Else `None`.
    fn answer(&self) -> Option<Sleep> {
        let called = self.sleep();
        if !matches!(called, Sleep::Called(_)) {
            return None;
        }
        self.state.store(Sleep::None.encode(), Relaxed);
        Some(called)
    }

    /// # Safety
    /// The caller holds the lock of the list, and lets go of what this returns before the next call.
    #[expect(clippy::mut_from_ref, reason = "the lock is what makes it unique")]
    unsafe fn links(&self) -> &mut Links {
        self.owned.touch();
        // SAFETY: the lock makes us the only one, as the caller promises.
        unsafe { &mut *self.links.get() }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        // Who called it has been here without the lock being taken since.
        self.owned.touch();
    }
}

struct List {
    first: Option<NonNull<Seat>>,
    last: Option<NonNull<Seat>>,
}

// SAFETY: the list is what its seats are: links under a lock.
unsafe impl Send for List {}

/// The sleepers, first come first woken.
pub(super) struct Waiters {
    /// Written under the lock, read by anybody.
    count: AtomicUsize,
    list: Lock<List>,
    #[cfg(not(feature = "alloc"))]
    bench: Bench,
}

impl Waiters {
    const_new! {
        pub(super) fn new() -> Self {
            Waiters {
                count: AtomicUsize::new(0),
                list: Lock::new(List { first: None, last: None }),
                #[cfg(not(feature = "alloc"))]
                bench: Bench::new(),
            }
        }
    }

    /// Somebody sleeps: a relaxed look. After a [`handshake`] it does not miss who enlisted before.
    #[inline(always)]
    pub(super) fn is_waiting(&self) -> bool {
        self.count.load(Relaxed) != 0
    }

    /// Runs `act` under the lock. Nothing there can panic halfway; wakers are cloned, dropped and woken outside.
    fn with<R>(&self, act: impl FnOnce(&mut List) -> R) -> R {
        self.list.with(act)
    }

    /// Where ends that wait find a place.
    #[cfg(not(feature = "alloc"))]
    pub(super) fn bench(&self) -> &Bench {
        &self.bench
    }

    /// Goes to the end of the list, for up to `most` of what it waits for. `Enlisted`: it is there, so look again before you sleep.
    /// `Called`: it had been called before, and has left; nothing else was done.
    ///
    /// # Safety
    /// `seat` stays where it is, and is used with this list only, until it has [left](Self::leave).
    pub(super) unsafe fn enlist(&self, seat: &Seat, waker: &Waker, most: usize) -> Sleep {
        if let Some(called) = seat.answer() {
            return called;
        }
        let mut waker = Some(waker.clone());
        let called = self.with(|list| {
            // Called or not is for sure under the lock.
            if let Some(called) = seat.answer() {
                return Some(called);
            }
            // SAFETY: we hold the lock.
            let links = unsafe { seat.links() };
            core::mem::swap(&mut links.waker, &mut waker);
            if seat.sleep() == Sleep::None {
                links.most = most;
                links.before = list.last;
                links.after = None;
                let place = Some(NonNull::from(seat));
                match list.last {
                    // SAFETY: a seat in the list is alive, and we hold the lock.
                    Some(last) => unsafe { last.as_ref().links().after = place },
                    None => list.first = place,
                }
                list.last = place;
                seat.set(Sleep::Enlisted);
                self.count.store(self.count.load(Relaxed) + 1, Relaxed);
            }
            None
        });
        if called.is_none() {
            handshake();
        }
        discard(waker);
        called.unwrap_or(Sleep::Enlisted)
    }

    /// Is in the list no more. `Called` means that a wake-up was meant for it: use it or pass it on.
    ///
    /// # Safety
    /// `seat` is used with this list only.
    pub(super) unsafe fn leave(&self, seat: &Seat) -> Sleep {
        match seat.sleep() {
            Sleep::None => return Sleep::None,
            Sleep::Enlisted => {}
            Sleep::Called(_) => return seat.answer().unwrap_or(Sleep::None),
        }
        let (sleep, waker) = self.with(|list| {
            if let Some(called) = seat.answer() {
                return (called, None);
            }
            self.unlink(list, seat);
            seat.set(Sleep::None);
            // SAFETY: we hold the lock.
            (Sleep::Enlisted, unsafe { seat.links() }.waker.take())
        });
        discard(waker);
        sleep
    }

    /// Takes `seat`, which is in the list, out of it.
    fn unlink(&self, list: &mut List, seat: &Seat) {
        // SAFETY: we hold the lock (`list`); neighbours in the list are alive, and not `seat`.
        unsafe {
            let (before, after) = (seat.links().before.take(), seat.links().after.take());
            match before {
                Some(before) => before.as_ref().links().after = after,
                None => list.first = after,
            }
            match after {
                Some(after) => after.as_ref().links().before = before,
                None => list.last = before,
            }
        }
        self.count.store(self.count.load(Relaxed) - 1, Relaxed);
    }

    /// Calls the first of the list, if there is one, with as many of the most that it could use as `share` says, under the lock; none:
    /// it stays. Says whether it was called.
    pub(super) fn wake_if(&self, share: impl FnOnce(usize) -> usize) -> bool {
        let waker = self.with(|list| {
            // SAFETY: a seat in the list is alive while we hold the lock and it is in the list.
            let first = unsafe { list.first?.as_ref() };
            // SAFETY: we hold the lock.
            let share = share(unsafe { first.links() }.most);
            if share == 0 {
                return None;
            }
            self.unlink(list, first);
            // SAFETY: we hold the lock.
            let waker = unsafe { first.links() }.waker.take();
            // Last: from here on it may be gone.
            first.set(Sleep::Called(share));
            waker
        });
        // Outside the lock: the woken one may need it at once.
        waker.map(rouse).is_some()
    }

    /// Wakes the first `most` sleepers.
    #[cold]
    pub(super) fn wake(&self, most: usize) {
        // No more than there are now: who comes back meanwhile has looked again by itself.
        for _ in 0..most.min(self.count.load(Relaxed)) {
            if !self.wake_if(|_| 1) {
                break;
            }
        }
    }

    /// Wakes all.
    #[cold]
    pub(super) fn wake_all(&self) {
        self.wake(usize::MAX);
    }
}
