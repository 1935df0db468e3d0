//! How schedules are tried, and twins.

use core::any::type_name;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};

use super::super::sync::{Twin, begin};

/// How many preemptions of the priorities the second scheduler plants.
const DEPTH: usize = 4;
/// Schedules that a twin has to show its fault in.
const TWIN_SCHEDULES: usize = 1000;
/// Where those start: the fault is found always or never.
const TWIN_SEED: u64 = 1;

/// The number in an environment variable.
fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

fn run(scheduler: impl Scheduler + 'static, twin: Option<Twin>, scenario: &Arc<impl Fn() + Send + Sync + 'static>) -> usize {
    let mut config = Config::new();
    config.max_steps = MaxSteps::FailAfter(20_000_000);
    config.stack_size = 0x20000;
    if twin.is_some() {
        config.failure_persistence = FailurePersistence::None;
    }
    let scenario = scenario.clone();
    Runner::new(scheduler, config).run(move || {
        begin(twin);
        scenario();
    })
}

/// Tries `scenario` in many schedules, half of them random, half with random priorities that change a few times: it must hold. Then
/// its twins, which must not.
///
/// `FOREBAY_SCHEDULES` says how many schedules, of scenarios that are as long as `weight` short ones; `FOREBAY_SEED` where they
/// start.
pub(crate) fn holds<S: Fn() + Send + Sync + 'static>(weight: usize, twins: &[Twin], scenario: S) {
    let half = (number("FOREBAY_SCHEDULES", 200) as usize / 2 / weight).max(1);
    let seed = number("FOREBAY_SEED", 1);
    let scenario = Arc::new(scenario);
    let random = run(RandomScheduler::new_from_seed(seed, half), None, &scenario);
    let priorities = run(PctScheduler::new_from_seed(seed, DEPTH, half), None, &scenario);
    assert_eq!((random, priorities), (half, half));
    assert!(!twins.is_empty(), "a scenario without a twin proves nothing");
    for twin in twins {
        let twin_run = catch_unwind(AssertUnwindSafe(|| {
            run(
                RandomScheduler::new_from_seed(TWIN_SEED, TWIN_SCHEDULES),
                Some(*twin),
                &scenario,
            );
            run(
                PctScheduler::new_from_seed(TWIN_SEED, DEPTH, TWIN_SCHEDULES),
                Some(*twin),
                &scenario,
            )
        }));
        assert!(twin_run.is_err(), "no schedule shows {twin:?}");
    }
    let name = type_name::<S>();
    let name = name
        .split_once("::")
        .map_or(name, |(_crate, rest)| rest)
        .replace("::{{closure}}", "");
    println!(
        "PROOF shuttle | {name} | {} schedules | {} twins failed",
        random + priorities,
        twins.len()
    );
}
