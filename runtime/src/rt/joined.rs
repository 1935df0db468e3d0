//! Several tasks as one: where all of a runtime's tasks share one thread, those of a pipeline need not go through its scheduler.
//!
//! A task of the group is woken by a bit, where a runtime would queue it. The group asks the runtime for a poll only when it slept.

use std::cell::Cell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::ptr;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::ring::sync::Ordering::{AcqRel, Relaxed};
use crate::ring::sync::{AtomicU64, Mutex, per_thread};

/// A task of a group.
pub(crate) type Member = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The most tasks of a group; what is more makes another one.
pub(crate) const MEMBERS: usize = 63;
/// Set while the group is polled, or about to be.
const AWAKE: u64 = 1 << MEMBERS;
/// So many polls of its members are one poll of the group, or one that took as long as a poll may.
const POLLS: u32 = 16;

/// Tasks that are polled in turn, as one. One that panics ends; the others go on.
pub(crate) struct Joined {
    seats: Box<[Seat]>,
    bell: Arc<Bell>,
    /// The waker of the group that the bell has.
    registered: Option<Waker>,
    /// The member that was polled last.
    last: u32,
    left: usize,
}

/// Where a task of a group has its place.
struct Seat {
    /// `None`: has ended.
    member: Option<Member>,
    waker: Waker,
}

/// Who is to be polled.
struct Bell {
    /// A bit for each member that was rung for while the group is polled, by who runs within that poll: only that thread comes here.
    inside: AtomicU64,
    /// A bit for each that was rung for from elsewhere, and [`AWAKE`].
    rung: AtomicU64,
    group: Mutex<Option<Waker>>,
}

per_thread! {
    /// The bell of the group that this thread polls.
    static POLLED: Cell<*const Bell> = Cell::new(ptr::null());
}

/// This thread polls a group.
struct Inside(*const Bell);

impl Inside {
    fn of(bell: &Bell) -> Self {
        Inside(POLLED.with(|polled| polled.replace(bell)))
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        POLLED.with(|polled| polled.set(self.0));
    }
}

/// Wakes one member.
struct Call {
    bell: Arc<Bell>,
    bit: u64,
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    #[inline]
    fn wake_by_ref(self: &Arc<Self>) {
        let bell = &*self.bell;
        if POLLED.with(|polled| ptr::eq(polled.get(), bell)) {
            bell.inside.store(bell.inside.load(Relaxed) | self.bit, Relaxed);
        } else if bell.rung.fetch_or(self.bit, AcqRel) == 0 {
            // Only who rings first while the group sleeps wakes it.
            bell.wake();
        }
    }
}

impl Bell {
    #[cold]
    fn wake(&self) {
        let group = self.group.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(waker) = group {
            waker.wake();
        }
    }

    /// Takes note of who was rung for from elsewhere; all that have been rung for.
    #[inline]
    fn listen(&self) -> u64 {
        let inside = self.inside.load(Relaxed);
        if self.rung.load(Relaxed) == AWAKE {
            return inside;
        }
        let all = inside | self.rung.swap(AWAKE, AcqRel) & !AWAKE;
        self.inside.store(all, Relaxed);
        all
    }

    /// Sleeps, unless somebody has rung since: from here on the first who rings wakes the group.
    fn sleep(&self) -> bool {
        self.rung.compare_exchange(AWAKE, 0, AcqRel, Relaxed).is_ok()
    }
}

impl Joined {
    /// All of `members`, at most [`MEMBERS`], each to be polled a first time.
    pub(crate) fn new(members: Vec<Member>) -> Self {
        assert!(members.len() <= MEMBERS);
        let bell = Arc::new(Bell {
            inside: AtomicU64::new((1 << members.len()) - 1),
            rung: AtomicU64::new(AWAKE),
            group: Mutex::new(None),
        });
        let left = members.len();
        let seat = |(place, member)| {
            let (bell, bit) = (bell.clone(), 1_u64 << place);
            Seat {
                member: Some(member),
                waker: Waker::from(Arc::new(Call { bell, bit })),
            }
        };
        Joined {
            seats: members.into_iter().enumerate().map(seat).collect(),
            bell,
            registered: None,
            last: MEMBERS as u32,
            left,
        }
    }

    /// The bell knows whom to wake.
    fn register(&mut self, waker: &Waker) {
        if !self.registered.as_ref().is_some_and(|known| known.will_wake(waker)) {
            self.registered = Some(waker.clone());
            let earlier = self
                .bell
                .group
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .replace(waker.clone());
            drop(earlier);
        }
    }

    /// Polls those who were rung for, until nobody is, or it is enough for one poll: then true.
    ///
    /// The next in a row has its turn before those before it: records flow that way, and all have their turn.
    fn round(&mut self) -> bool {
        let bell = &*self.bell;
        // Who rings from elsewhere is heard at the beginning of a poll, however busy those inside are.
        let mut rung = bell.listen();
        for _ in 0..POLLS {
            if rung == 0 {
                return false;
            }
            let next = (self.last + 1) % u64::BITS;
            let place = (next + rung.rotate_right(next).trailing_zeros()) % u64::BITS;
            let bit = 1 << place;
            self.last = place;
            bell.inside.store(rung & !bit, Relaxed);
            let Seat { member, waker } = &mut self.seats[place as usize];
            if let Some(task) = member {
                let mut cx = Context::from_waker(waker);
                let polled = catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(&mut cx)));
                if !matches!(polled, Ok(Poll::Pending)) {
                    self.left -= 1;
                    let ended = member.take();
                    // Like the panic itself, one in its drop is this task's own.
                    let _ = catch_unwind(AssertUnwindSafe(|| drop(ended)));
                }
            }
            // It has rung for itself: it has had enough of one poll, and so has the group. Others of this thread have their turn.
            rung = bell.inside.load(Relaxed);
            if rung & bit != 0 {
                return true;
            }
            if rung == 0 {
                rung = bell.listen();
            }
        }
        true
    }
}

impl Future for Joined {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.register(cx.waker());
        let _inside = Inside::of(&self.bell);
        loop {
            if self.round() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            if self.left == 0 {
                return Poll::Ready(());
            }
            if self.bell.sleep() {
                return Poll::Pending;
            }
        }
    }
}

#[cfg(test)]
#[path = "joined_tests.rs"]
mod tests;

#[cfg(all(test, forebay_loom))]
#[path = "joined_model.rs"]
mod model;
