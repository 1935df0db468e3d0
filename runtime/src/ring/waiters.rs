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
    /// It was taken out of the list to be woken: whatever the wake-up stands for is its own, to use or to pass on.
    Called,
}

/// A sleeper's place in the list. It must stay where it is, and lives until it has left.
pub(super) struct Seat {
    /// Touched only under the lock of the list.
    links: UnsafeCell<Links>,
    owned: Owned,
    _pinned: PhantomPinned,
}

struct Links {
    sleep: Sleep,
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
                sleep: Sleep::None,
                waker: None,
                before: None,
                after: None,
            };
            Seat {
                links: UnsafeCell::new(links),
                owned: Owned::new(),
                _pinned: PhantomPinned,
            }
        }
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

struct List {
    first: Option<NonNull<Seat>>,
    last: Option<NonNull<Seat>>,
}

// SAFETY: the list is what its seats are: links under a lock.
unsafe impl Send for List {}

/// The sleepers, first come first woken.
pub(super) struct Waiters {
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

    /// Goes to the end of the list. `Enlisted`: it is there, so look again at what you wait for before you sleep. `Called`: it
    /// had been called before, and has left; nothing else was done.
    ///
    /// # Safety
    /// `seat` stays where it is, and is used with this list only, until it has [left](Self::leave).
    pub(super) unsafe fn enlist(&self, seat: &Seat, waker: &Waker) -> Sleep {
        let mut waker = Some(waker.clone());
        let sleep = self.with(|list| {
            // SAFETY: we hold the lock.
            let links = unsafe { seat.links() };
            match links.sleep {
                Sleep::None => {
                    links.sleep = Sleep::Enlisted;
                    links.waker = waker.take();
                    links.before = list.last;
                    links.after = None;
                    let place = Some(NonNull::from(seat));
                    match list.last {
                        // SAFETY: a seat in the list is alive, and we hold the lock.
                        Some(last) => unsafe { last.as_ref().links().after = place },
                        None => list.first = place,
                    }
                    list.last = place;
                    self.count.fetch_add(1, Relaxed);
                    Sleep::Enlisted
                }
                Sleep::Enlisted => {
                    core::mem::swap(&mut links.waker, &mut waker);
                    Sleep::Enlisted
                }
                Sleep::Called => core::mem::replace(&mut links.sleep, Sleep::None),
            }
        });
        handshake();
        discard(waker);
        sleep
    }

    /// Still waits for its turn.
    ///
    /// # Safety
    /// `seat` is used with this list only.
    pub(super) unsafe fn is_enlisted(&self, seat: &Seat) -> bool {
        // SAFETY: we hold the lock.
        self.with(|_| unsafe { seat.links() }.sleep == Sleep::Enlisted)
    }

    /// Is in the list no more. `Called` means that a wake-up was meant for it: use it or pass it on.
    ///
    /// # Safety
    /// `seat` is used with this list only.
    pub(super) unsafe fn leave(&self, seat: &Seat) -> Sleep {
        let (sleep, waker) = self.with(|list| {
            // SAFETY: we hold the lock.
            let sleep = unsafe { seat.links() }.sleep;
            if sleep == Sleep::Enlisted {
                self.unlink(list, seat);
            }
            // SAFETY: we hold the lock.
            let links = unsafe { seat.links() };
            links.sleep = Sleep::None;
            (sleep, links.waker.take())
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
        self.count.fetch_sub(1, Relaxed);
    }

    /// Calls the first of the list, if there is one and then `may` agrees, under the lock. Says whether it did.
    pub(super) fn wake_if(&self, may: impl FnOnce() -> bool) -> bool {
        let waker = self.with(|list| {
            let first = list.first.filter(|_| may())?;
            // SAFETY: a seat in the list is alive while we hold the lock.
            let first = unsafe { first.as_ref() };
            self.unlink(list, first);
            // SAFETY: we hold the lock.
            let links = unsafe { first.links() };
            links.sleep = Sleep::Called;
            links.waker.take()
        });
        // Outside the lock: the woken one may need it at once.
        waker.map(rouse).is_some()
    }

    /// Wakes the first `most` sleepers.
    #[cold]
    pub(super) fn wake(&self, most: usize) {
        // No more than there are now: who comes back meanwhile has looked again by itself.
        for _ in 0..most.min(self.count.load(Relaxed)) {
            if !self.wake_if(|| true) {
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
