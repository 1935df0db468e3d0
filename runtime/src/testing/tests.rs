use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use super::*;
use crate::rt::Rt;

/// Lets others run.
async fn turn() {
    let mut done = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut done, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The order in which four tasks take their turns.
fn order(seed: u64) -> Vec<u64> {
    let (sim, log) = (Sim::new(seed), Arc::new(Mutex::new(Vec::new())));
    for task in 0..4 {
        let log = log.clone();
        sim.rt().task("t", async move {
            for _ in 0..4 {
                log.lock().unwrap().push(task);
                turn().await;
            }
        });
    }
    sim.rest().unwrap();
    log.lock().unwrap().clone()
}

#[test]
fn a_seed_repeats_its_order_and_others_have_others() {
    let orders: std::collections::BTreeSet<_> = (0..20).map(order).collect();
    assert!(orders.len() > 15, "{orders:?}");
    (0..20).for_each(|seed| assert_eq!(order(seed), order(seed)));
}

#[test]
fn time_goes_on_where_nobody_can_run() {
    let sim = Sim::new(1);
    let rt = sim.rt();
    let day = Duration::from_secs(86_400);
    sim.run(async {
        let start = rt.now();
        rt.sleep(day).await;
        assert!(rt.now() - start >= day);
    })
    .unwrap();
    assert!(sim.elapsed() < day * 2);
    assert!(sim.steps_taken() < 100);
}

#[test]
fn timers_wake_in_their_order_and_a_dropped_one_does_not() {
    for seed in 0..50 {
        let (sim, log) = (Sim::new(seed), Arc::new(Mutex::new(Vec::new())));
        for at in [30, 10, 20] {
            let (rt, log) = (sim.rt(), log.clone());
            sim.rt().task("sleeper", async move {
                rt.sleep(Duration::from_millis(at)).await;
                log.lock().unwrap().push(at);
            });
        }
        let rt = sim.rt();
        sim.run(async {
            let mut long = Box::pin(rt.sleep(Duration::from_secs(1)));
            poll_fn(|cx| {
                assert!(long.as_mut().poll(cx).is_pending());
                Poll::Ready(())
            })
            .await;
        })
        .unwrap();
        sim.rest().unwrap();
        assert_eq!(*log.lock().unwrap(), [10, 20, 30]);
        assert!(sim.elapsed() < Duration::from_secs(1));
    }
}

#[test]
fn who_waits_for_ever_is_named() {
    let sim = Sim::new(7);
    sim.rt().task("a stone", std::future::pending());
    let stuck = sim.rest().unwrap_err();
    assert_eq!((&stuck.reason, stuck.seed), (&StuckReason::Deadlock, 7));
    assert_eq!(stuck.tasks, ["a stone"]);
    let stuck = sim.run(std::future::pending::<()>()).unwrap_err();
    assert_eq!(stuck.tasks, ["run", "a stone"]);
    assert!(stuck.to_string().contains("seed 7"), "{stuck}");
}

#[test]
fn what_has_no_end_meets_the_bound() {
    let sim = Sim::new(3).steps(1000);
    sim.rt().task("a wheel", async {
        loop {
            turn().await;
        }
    });
    assert_eq!(sim.rest().unwrap_err().reason, StuckReason::Steps);
}

#[test]
fn a_panic_of_a_task_ends_the_run() {
    let sim = Sim::new(3);
    sim.rt().task("glass", async { panic!("broken") });
    assert_eq!(sim.rest().unwrap_err().reason, StuckReason::Panicked("broken".to_owned()));
    sim.rest().unwrap();
}

#[test]
fn a_simulation_that_is_dropped_drops_its_tasks_and_refuses_more() {
    struct Falls(Arc<Mutex<Vec<u64>>>, u64);
    impl Drop for Falls {
        fn drop(&mut self) {
            self.0.lock().unwrap().push(self.1);
        }
    }
    let fallen = Arc::new(Mutex::new(Vec::new()));
    let sim = Sim::new(0);
    for task in 0..3 {
        let falls = Falls(fallen.clone(), task);
        sim.rt().task("t", async move {
            let _falls = falls;
            std::future::pending::<()>().await;
        });
    }
    let rt = sim.rt();
    drop(sim);
    fallen.lock().unwrap().sort_unstable();
    assert_eq!(*fallen.lock().unwrap(), [0, 1, 2]);
    let falls = Falls(fallen.clone(), 3);
    assert!(rt.spawn("late", async move { drop(falls) }).is_err());
    assert_eq!(fallen.lock().unwrap().len(), 4);
}
