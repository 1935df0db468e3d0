//! Several tasks as one: where all of a runtime's tasks share one thread, those of a pipeline need not go through its scheduler.
//!
//! A task of the group is woken by a bit, where a runtime would queue it. The group asks the runtime for a poll only when it slept.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::ring::sync::Ordering::{AcqRel, Relaxed};
use crate::ring::sync::{AtomicU64, Mutex};

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
    /// `None`: has ended.
    members: Box<[Option<Member>]>,
    wakers: Box<[Waker]>,
    bell: Arc<Bell>,
    /// The waker of the group that the bell has.
    registered: Option<Waker>,
    /// Who is to be polled before the bell is looked at again.
    todo: u64,
    left: usize,
}

/// Who is to be polled.
struct Bell {
    /// A bit for each member, and [`AWAKE`].
    rung: AtomicU64,
    group: Mutex<Option<Waker>>,
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

    fn wake_by_ref(self: &Arc<Self>) {
        // Only who rings first while the group sleeps wakes it.
        if self.bell.rung.fetch_or(self.bit, AcqRel) == 0 {
            self.bell.wake();
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
}

impl Joined {
    /// All of `members`, at most [`MEMBERS`], each to be polled a first time.
    pub(crate) fn new(members: Vec<Member>) -> Self {
        assert!(members.len() <= MEMBERS);
        let bell = Arc::new(Bell {
            rung: AtomicU64::new(AWAKE),
            group: Mutex::new(None),
        });
        let call = |member| {
            let (bell, bit) = (bell.clone(), 1_u64 << member);
            Waker::from(Arc::new(Call { bell, bit }))
        };
        Joined {
            wakers: (0..members.len()).map(call).collect(),
            todo: (1 << members.len()) - 1,
            left: members.len(),
            members: members.into_iter().map(Some).collect(),
            bell,
            registered: None,
        }
    }

    /// Polls one member.
    fn poll_member(&mut self, member: usize) {
        let Some(task) = &mut self.members[member] else { return };
        let mut cx = Context::from_waker(&self.wakers[member]);
        let polled = catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(&mut cx)));
        if !matches!(polled, Ok(Poll::Pending)) {
            self.left -= 1;
            let ended = self.members[member].take();
            // Like the panic itself, one in its drop is this task's own.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(ended)));
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
}

impl Future for Joined {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.register(cx.waker());
        let mut polls = 0;
        loop {
            if self.todo == 0 {
                self.todo = self.bell.rung.swap(AWAKE, AcqRel) & !AWAKE;
            }
            if self.todo == 0 {
                if self.left == 0 {
                    return Poll::Ready(());
                }
                // Sleeps, unless somebody has rung since: from here on the first who rings wakes the group.
                if self.bell.rung.compare_exchange(AWAKE, 0, AcqRel, Relaxed).is_ok() {
                    return Poll::Pending;
                }
                continue;
            }
            let member = self.todo.trailing_zeros() as usize;
            self.todo &= self.todo - 1;
            self.poll_member(member);
            polls += 1;
            // It has rung for itself: it has had enough of one poll, and so has the group. Others of this thread have their turn.
            let enough = self.bell.rung.load(Relaxed) & (1 << member) != 0;
            if enough || polls == POLLS {
                cx.waker().wake_by_ref();
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
