//! The faults of a running pipeline.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::Control;
use crate::fault::Alarm;
use crate::pipeline::Lifeline;
use crate::pipeline::ledger::Ledger;
use crate::rt::Rt;
use crate::testing::fault::{Blow, Fault};

/// The faults of a pipeline; one for all its nodes.
#[derive(Default)]
pub(crate) struct Kit {
    plans: Mutex<Plans>,
    alarm: OnceLock<Box<dyn Fn() -> Alarm + Send + Sync>>,
    /// Counts what may let a stalled call go on.
    cleared: AtomicU64,
}

#[derive(Default)]
struct Plans {
    /// By the name of a node, `ask`, or that of its method, `window.tick`.
    faults: HashMap<String, Vec<Fault>>,
    random: u64,
}

impl Kit {
    fn lock(&self) -> MutexGuard<'_, Plans> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pipeline starts, on this runtime.
    pub(crate) fn starts<R: Rt>(&self, rt: &R) {
        let rt = rt.clone();
        let _ = self.alarm.set(Box::new(move || Alarm::new(&rt)));
    }

    pub(crate) fn alarm(&self) -> Option<Alarm> {
        self.alarm.get().map(|alarm| alarm())
    }

    pub(crate) fn cleared(&self) -> u64 {
        self.cleared.load(Relaxed)
    }

    /// What is done to the next call of this node, or of that method of it.
    pub(crate) fn next(&self, node: &str, method: Option<&str>) -> Option<Blow> {
        let plans = &mut *self.lock();
        let faults = match method {
            None => plans.faults.get_mut(node),
            Some(method) => plans.faults.get_mut(&format!("{node}.{method}")),
        }?;
        let mut struck = None;
        // Every fault sees every call; the first of them that strikes is the one.
        for fault in faults {
            plans.random = mix(plans.random);
            if struck.is_none() && fault.strikes(plans.random) {
                struck = Some(fault.blow.clone());
            }
        }
        struck
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014), its output taken for its next state: any seed is as good as another.
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The methods of a stage that are called for no record.
const METHODS: [&str; 4] = ["tick", "finish", "closed", "next"];
/// The variable that gives the seed of a test anew.
const SEED: &str = "FOREBAY_SEED";
/// How often a condition is looked at before it is given up: for seconds, and a pipeline that idles jumps over its waits.
const LOOKS: u32 = 20_000;

/// Strikes the nodes of a running pipeline, and watches its ledger.
///
/// The calls that `one_in` draws follow from the seed, as long as the calls of the pipeline come in one order (one thread, one
/// worker at the nodes in question). A test that panics while it holds this prints the seed.
pub struct Testing<L: Ledger + 'static> {
    control: Control<L>,
    lifeline: Arc<Lifeline>,
    seed: u64,
}

impl<L: Ledger> Testing<L> {
    /// With a seed of its own, or that of the variable `FOREBAY_SEED`.
    pub fn new(control: &Control<L>) -> Self {
        let given = std::env::var(SEED).ok().and_then(|seed| seed.parse().ok());
        let drawn = || std::collections::hash_map::RandomState::new().build_hasher().finish();
        Testing::seeded(control, given.unwrap_or_else(drawn))
    }

    /// With this seed.
    pub fn seeded(control: &Control<L>, seed: u64) -> Self {
        let lifeline = control.lifeline().clone();
        lifeline.kit.lock().random = seed;
        Testing {
            control: control.clone(),
            lifeline,
            seed,
        }
    }

    /// The seed that repeats this run.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// From now on calls of this node are struck: those of a function, of `process` and of inlets, each try and each batch for itself. The
    /// calls for no record are named by their method: `window.tick`, `window.finish`, `matcher.closed`, `frontier.next`; one that the stage does
    /// not have, or that is never called, is never struck. Sources are not. Several faults at one place: the first that strikes a call is the
    /// one.
    ///
    /// # Panics
    /// When the pipeline has no node of that name, or there is no such method.
    pub fn inject(&self, node: &str, fault: Fault) -> &Self {
        let (name, method) = node
            .split_once('.')
            .map_or((node, None), |(name, method)| (name, Some(method)));
        let known = self.control.ledger().node(name).is_some();
        assert!(known, "the pipeline has no node `{name}`");
        if let Some(method) = method {
            assert!(
                METHODS.contains(&method),
                "no stage is called by `{method}`; there are: {}",
                METHODS.join(", ")
            );
        }
        self.lifeline
            .kit
            .lock()
            .faults
            .entry(node.to_owned())
            .or_default()
            .push(fault);
        self
    }

    /// No call of this node, or of that method of it, is struck any more; what stalls there goes on.
    pub fn clear(&self, node: &str) -> &Self {
        self.lifeline.kit.lock().faults.remove(node);
        self.lifeline.kit.cleared.fetch_add(1, Relaxed);
        self.lifeline.wake();
        self
    }

    /// Resolves when the ledger is as `is` wants it, with that ledger.
    ///
    /// It lets everything else run first, then time goes on by a millisecond: on a paused clock nothing is slept.
    ///
    /// # Panics
    /// When that does not come for long: it prints the ledger.
    pub async fn until(&self, is: impl Fn(&L) -> bool) -> L {
        for look in 0..LOOKS {
            let ledger = self.control.ledger();
            if is(&ledger) {
                return ledger;
            }
            match self.lifeline.kit.alarm().filter(|_| look % 64 == 63) {
                Some(mut alarm) => {
                    alarm.set(alarm.now() + Duration::from_millis(1));
                    core::future::poll_fn(|cx| alarm.poll(cx)).await;
                }
                None => crate::segment::rest().await,
            }
        }
        panic!("it never came to that:\n{}", self.control.ledger());
    }

    /// Checks that every record is accounted for.
    ///
    /// # Panics
    /// When it is not: it names the equation, and prints the ledger.
    pub fn balanced(&self, ledger: &L) {
        if let Err(error) = ledger.check() {
            panic!("{error}\n{ledger}");
        }
    }
}

impl<L: Ledger> Drop for Testing<L> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{SEED}={} repeats this run", self.seed);
        }
    }
}
