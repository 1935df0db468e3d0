//! A group of tasks, and those who wake them, under the model checker; see `ring::model`.

use std::future::poll_fn;
use std::sync::OnceLock;

use loom::future::block_on;
use loom::thread::spawn;

use super::*;
use crate::ring::model::holds;
use crate::ring::sync::AtomicUsize;

/// A member that waits for so many news, and the news.
fn waits(news: usize) -> (Member, Arc<AtomicUsize>) {
    let told = Arc::new(AtomicUsize::new(0));
    let seen = told.clone();
    let done = move |_: &mut Context<'_>| match seen.load(Relaxed) >= news {
        true => Poll::Ready(()),
        false => Poll::Pending,
    };
    (Box::pin(poll_fn(done)), told)
}

fn tell(news: &Arc<AtomicUsize>, call: &Waker) -> loom::thread::JoinHandle<()> {
    let (news, call) = (news.clone(), call.clone());
    spawn(move || {
        news.fetch_add(1, Relaxed);
        call.wake();
    })
}

const TWINS: [&str; 3] = ["exchange rt/joined.rs", "torn rt/joined.rs", "lock rt/joined.rs"];

/// Two wake one: the second finds the bit that the first has set.
#[test]
fn a_member_that_two_wake_sees_the_news_of_both() {
    holds(3, 100, &TWINS, || {
        let (member, news) = waits(2);
        let group = Joined::new(vec![member]);
        let threads = [(); 2].map(|()| tell(&news, &group.seats[0].waker));
        let group = spawn(move || block_on(group));
        group.join().unwrap();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

/// Each wakes another: only one of them wakes the group.
#[test]
fn members_that_are_woken_at_once_are_all_polled() {
    holds(3, 100, &TWINS, || {
        let (members, news): (Vec<_>, Vec<_>) = [waits(1), waits(1)].into_iter().unzip();
        let group = Joined::new(members);
        let threads = [0, 1].map(|member| tell(&news[member], &group.seats[member].waker));
        let group = spawn(move || block_on(group));
        group.join().unwrap();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

/// One is woken from elsewhere and wakes the other, which is woken from elsewhere too.
#[test]
fn a_member_that_another_wakes_sees_the_news_of_both() {
    holds(3, 100, &TWINS, || {
        let ((first, news), (second, more)) = (waits(1), waits(2));
        let next = Arc::new(OnceLock::<Waker>::new());
        let (calls, told, mut first) = (next.clone(), more.clone(), first);
        let first = Box::pin(poll_fn(move |cx| {
            core::task::ready!(first.as_mut().poll(cx));
            told.fetch_add(1, Relaxed);
            calls.get().into_iter().for_each(Waker::wake_by_ref);
            Poll::Ready(())
        }));
        let group = Joined::new(vec![first, second]);
        let _ = next.set(group.seats[1].waker.clone());
        let threads = [tell(&news, &group.seats[0].waker), tell(&more, &group.seats[1].waker)];
        let group = spawn(move || block_on(group));
        group.join().unwrap();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}
