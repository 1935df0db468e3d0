use std::future::{pending, poll_fn};
use std::panic::catch_unwind;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use super::*;

const MOMENT: Duration = Duration::from_millis(2);
const LONG: Duration = Duration::from_secs(3600);

/// Pending until woken once: hands its waker to `to` and looks at its flag.
async fn woken_through(to: mpsc::Sender<Waker>) {
    let mut asked = false;
    poll_fn(|cx| {
        if asked {
            return Poll::Ready(());
        }
        asked = true;
        to.send(cx.waker().clone()).unwrap();
        Poll::Pending
    })
    .await;
}

#[test]
fn a_future_is_woken_from_another_thread() {
    let (wakers, handed) = mpsc::channel::<Waker>();
    let waking = thread::spawn(move || handed.recv().unwrap().wake());
    block_on(woken_through(wakers));
    waking.join().unwrap();
}

#[test]
fn a_wake_up_during_the_poll_is_not_lost() {
    let mut polls = 0;
    block_on(poll_fn(|cx| {
        polls += 1;
        cx.waker().wake_by_ref();
        if polls == 1000 { Poll::Ready(()) } else { Poll::Pending }
    }));
}

#[test]
fn an_inner_call_does_not_swallow_the_wake_up_of_the_outer_one() {
    let mut polls = 0;
    block_on(poll_fn(|cx| {
        polls += 1;
        if polls == 2 {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        // The inner call waits, and takes the notice that was meant for the outer one.
        let mut inner = 0;
        block_on(poll_fn(|_| {
            inner += 1;
            if inner == 2 { Poll::Ready(()) } else { Poll::Pending }
        }));
        Poll::Pending
    }));
}

#[test]
fn a_panic_leaves_the_thread_fit_to_block_again() {
    catch_unwind(|| block_on(async { panic!("boom") })).unwrap_err();
    assert!(!park::is_blocking_on());
    block_on(async {});
}

#[test]
fn sleeps_end_in_the_order_of_their_instants() {
    let rt = ThreadRt;
    let start = rt.now();
    let mut order = Vec::new();
    let mut sleeps: Vec<(usize, Pin<Box<ThreadSleep>>)> = [3, 1, 2]
        .map(|n| (n, Box::pin(rt.sleep_until(start + MOMENT * n as u32))))
        .into();
    block_on(poll_fn(|cx| {
        // A machine that is busy may find several at once.
        let before = order.len();
        sleeps.retain_mut(|(n, sleep)| {
            let ended = sleep.as_mut().poll(cx).is_ready();
            if ended {
                assert!(rt.now() >= start + MOMENT * *n as u32);
                order.push(*n);
            }
            !ended
        });
        order[before..].sort_unstable();
        if sleeps.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    }));
    assert_eq!(order, [1, 2, 3]);
    assert!(!timers::any());
}

#[test]
fn a_sleep_that_has_passed_does_not_wait() {
    block_on(ThreadRt.sleep_until(ThreadRt.now()));
}

#[test]
fn a_dropped_sleep_forgets_its_timer() {
    block_on(async {
        let mut sleep = Box::pin(ThreadRt.sleep_until(ThreadRt.now() + LONG));
        poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx).is_pending())).await;
        assert!(timers::any());
        drop(sleep);
        assert!(!timers::any());
    });
}

/// Passes its wake-ups on, and counts them: a waker that is not the thread's own.
struct Through {
    inner: Waker,
    woken: AtomicUsize,
}

impl Wake for Through {
    fn wake(self: Arc<Self>) {
        self.woken.fetch_add(1, SeqCst);
        self.inner.wake_by_ref();
    }
}

#[test]
fn a_busy_task_does_not_hold_up_the_timers_of_others() {
    let mut sleep = pin!(ThreadRt.sleep_until(ThreadRt.now() + MOMENT));
    let mut through = None;
    // Polls the sleep once, under another waker, and is then busy for ever: only the timer's wake-up can end it.
    block_on(poll_fn(|cx| {
        let through = through.get_or_insert_with(|| {
            let through = Arc::new(Through {
                inner: cx.waker().clone(),
                woken: AtomicUsize::new(0),
            });
            assert!(
                sleep
                    .as_mut()
                    .poll(&mut Context::from_waker(&through.clone().into()))
                    .is_pending()
            );
            through
        });
        cx.waker().wake_by_ref();
        if through.woken.load(SeqCst) > 0 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }));
}

#[test]
fn a_thread_sleep_elsewhere_is_served_by_a_thread_of_its_own() {
    let rt = tokio_rt();
    rt.block_on(async {
        let start = ThreadRt.now();
        let (late, soon) = (ThreadRt.sleep_until(start + MOMENT * 3), ThreadRt.sleep_until(start + MOMENT));
        let mut never = Box::pin(ThreadRt.sleep_until(start + LONG));
        assert!(never.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(never);
        ::tokio::join!(late, soon);
        assert!(ThreadRt.now() >= start + MOMENT * 3);
    });
}

#[test]
fn a_tokio_sleep_is_made_outside_of_its_runtime() {
    let rt = tokio_rt();
    let on = TokioRt::from(rt.handle().clone());
    thread::spawn(move || {
        let start = on.now();
        block_on(on.sleep_until(start + MOMENT));
        assert!(on.now() >= start + MOMENT);
    })
    .join()
    .unwrap();
}

/// With a thread that drives its timers.
fn tokio_rt() -> ::tokio::runtime::Runtime {
    let mut builder = ::tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

#[test]
fn every_task_of_threads_has_a_named_thread() {
    let (names, named) = mpsc::channel();
    for name in ["rag", "infer"] {
        let names = names.clone();
        ThreadRt
            .spawn(name, async move {
                names.send(thread::current().name().map(str::to_owned)).unwrap()
            })
            .unwrap();
    }
    let mut seen: Vec<_> = named.iter().take(2).flatten().collect();
    seen.sort();
    assert_eq!(seen, ["infer", "rag"]);
}

#[test]
fn without_a_runtime_there_is_none() {
    assert_eq!(TokioRt::ambient().unwrap_err(), NoRuntime);
    assert!(NoRuntime.to_string().contains("start_threads"));
}

#[test]
fn tokio_runs_tasks_and_keeps_time() {
    ::tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(async {
            let rt = TokioRt::ambient().unwrap();
            let (ended, end) = ::tokio::sync::oneshot::channel();
            let at = rt.now() + MOMENT;
            let inside = rt.clone();
            rt.spawn("task", async move {
                inside.sleep_until(at).await;
                ended.send(inside.now()).unwrap();
            })
            .unwrap();
            assert!(end.await.unwrap() >= at);
        });
}

#[test]
fn a_blocking_task_of_tokio_has_its_own_thread_and_the_runtimes_clock() {
    ::tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(async {
            let rt = TokioRt::ambient().unwrap();
            let (ended, end) = ::tokio::sync::oneshot::channel();
            let inside = rt.clone();
            rt.spawn_blocking("blocks", async move {
                inside.sleep_until(inside.now() + MOMENT).await;
                ended.send(thread::current().name().map(str::to_owned)).unwrap();
            })
            .unwrap();
            assert_eq!(end.await.unwrap().as_deref(), Some("blocks"));
        });
}

#[test]
fn a_runtime_that_ends_drops_its_tasks_and_not_those_that_block() {
    let (dropped, drops) = mpsc::channel::<()>();
    let (wakers, handed) = mpsc::channel();
    let (ended, end) = mpsc::channel();
    let runtime = ::tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let rt = TokioRt::from(runtime.handle().clone());
    rt.spawn("task", async move {
        let _dropped = dropped;
        pending::<()>().await;
    })
    .unwrap();
    rt.spawn_blocking("blocks", async move {
        woken_through(wakers).await;
        ended.send(()).unwrap();
    })
    .unwrap();
    let waker = handed.recv().unwrap();
    drop(runtime);
    drops.recv().unwrap_err();
    waker.wake();
    end.recv().unwrap();
}

#[test]
fn timers_that_are_due_together_are_woken_in_the_order_of_their_instants() {
    struct Notes(u64, Arc<Mutex<Vec<u64>>>);
    impl Wake for Notes {
        fn wake(self: Arc<Self>) {
            self.1.lock().unwrap().push(self.0);
        }
    }
    let (past, woken) = (Instant::now(), Arc::<Mutex<Vec<u64>>>::default());
    for n in [3, 1, 2] {
        let waker = Waker::from(Arc::new(Notes(n, woken.clone())));
        let at = past + Duration::from_nanos(n);
        timers::set(timers::new_id(), at, &waker);
    }
    while timers::fire().is_some() {}
    assert_eq!(*woken.lock().unwrap(), [1, 2, 3]);
}
