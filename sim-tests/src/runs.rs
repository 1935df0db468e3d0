//! Many runs of many topologies.

use std::collections::BTreeMap;
use std::panic;
use std::sync::{Mutex, Once};
use std::time::{Duration, Instant};

use forebay::StartError;
use forebay::testing::Sim;

use crate::oracle;
use crate::plan::{Ending, Plan};
use crate::play::Play;
use crate::spec::Spec;
use crate::world::{self, Twin};

/// What planned panics say.
pub const PLANNED: &str = "a planned panic";

/// A topology that can be run.
pub struct Case {
    /// What the oracle knows of it.
    pub spec: &'static Spec,
    /// Starts it and hands over its ports.
    pub start: fn(&mut Play) -> Result<(), StartError>,
}

/// What one run was.
#[derive(Debug, Default, Clone)]
pub struct Figures {
    /// Records that the inputs accepted.
    pub accepted: u64,
    /// Records that stages took.
    pub took: u64,
    /// Polls of tasks.
    pub steps: u64,
    /// Clones that panicked.
    pub broken: u64,
    /// Records that readers were told to have missed.
    pub missed: u64,
    /// Tries that a `quota` or a `limit` did not let in.
    pub turned_away: u64,
    /// Calls that saw a value which was set while the topology ran.
    pub newer: u64,
    /// Why records failed, as far as somebody was told.
    pub causes: BTreeMap<&'static str, u64>,
}

impl Figures {
    fn add(&mut self, other: Figures) {
        self.accepted += other.accepted;
        self.took += other.took;
        self.steps += other.steps;
        self.broken += other.broken;
        self.missed += other.missed;
        self.turned_away += other.turned_away;
        self.newer += other.newer;
        for (cause, count) in other.causes {
            *self.causes.entry(cause).or_default() += count;
        }
    }
}

/// Runs a topology from a seed: the oracle's verdict.
pub fn run(case: &Case, seed: u64, twin: Twin) -> Result<Figures, String> {
    let spec = case.spec;
    let plan = Plan::new(seed, spec);
    let sim = Sim::new(seed).steps(3_000_000);
    world::begin(plan.clone(), sim.rt(), twin, spec.nodes.len(), spec.ports.len());
    let mut play = Play::new(sim.rt(), plan.clone());
    (case.start)(&mut play).map_err(|error| error.to_string())?;
    let played = sim.run(play.to_the_end()).and_then(|()| match plan.ending {
        Ending::Gone(_) => Ok(()),
        _ => {
            play.release();
            sim.rest()
        }
    });
    let steps = sim.steps_taken();
    drop(sim);
    let last = play.ledger();
    drop(play);
    let (log, alive) = world::end();
    played.map_err(|stuck| {
        format!(
            "{stuck}\n{plan:?}\n{}",
            last.as_ref().map(|l| l.to_string()).unwrap_or_default()
        )
    })?;
    let [told] = &*log.ends else {
        return Err(format!("`on_end` was told {} times\n{plan:?}", log.ends.len()));
    };
    let ledger = last.unwrap_or_else(|| told.clone());
    // With a deadline a drain may become an abort.
    let cuts = matches!(plan.ending, Ending::Abort(_) | Ending::Gone(_)) || spec.deadline || spec.aborts;
    let early = matches!(plan.ending, Ending::LetGo(_));
    oracle::check(spec, &log, &ledger, oracle::End { cuts, early }).map_err(|wrong| format!("{wrong}\n{plan:?}\n{ledger}"))?;
    if alive != 0 {
        return Err(format!("{alive} records are still in memory\n{plan:?}"));
    }
    Ok(Figures {
        accepted: log.ports.iter().map(|port| port.accepted.len() as u64).sum(),
        took: log.nodes.iter().map(|node| node.calls.len() as u64).sum(),
        steps,
        broken: log.broken.len() as u64,
        missed: log.nodes.iter().map(|node| node.missed).sum(),
        turned_away: ledger.rings.iter().map(|ring| ring.counts.quota + ring.counts.limit).sum(),
        newer: log
            .nodes
            .iter()
            .flat_map(|node| &node.newest)
            .filter(|seen| seen.value > 0)
            .count() as u64,
        causes: log.causes,
    })
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// Runs all topologies of a shard, each from as many seeds as `FOREBAY_SEEDS` says, or `seeds`. `FOREBAY_TOPOLOGY` and
/// `FOREBAY_SEED` repeat one.
pub fn all(cases: &[Case], seeds: u64) {
    quiet();
    let (only, seed) = (number("FOREBAY_TOPOLOGY"), number("FOREBAY_SEED"));
    let first = number("FOREBAY_FIRST_SEED").unwrap_or(0);
    let seeds = number("FOREBAY_SEEDS").unwrap_or(seeds);
    let (mut sum, mut runs, mut wrong) = (Figures::default(), 0, Vec::new());
    for case in cases.iter().filter(|case| only.is_none_or(|only| only == case.spec.number)) {
        let range = seed.map_or(first..first + seeds, |seed| seed..seed + 1);
        for seed in range {
            let number = case.spec.number;
            let _watched = Watched::new(number, seed);
            runs += 1;
            match run(case, seed.wrapping_mul(1000).wrapping_add(number), Twin::None) {
                Ok(figures) => sum.add(figures),
                Err(text) => {
                    wrong.push(format!("FOREBAY_TOPOLOGY={number} FOREBAY_SEED={seed}: {text}"));
                    break;
                }
            }
        }
    }
    println!(
        "SIM {} topologies, {runs} seeds: {} records accepted, {} calls of stages, {} clones panicked, {} told as missed, {} turned away, {} saw a newer value, {} steps; failures told of: {:?}",
        cases.len(),
        sum.accepted,
        sum.took,
        sum.broken,
        sum.missed,
        sum.turned_away,
        sum.newer,
        sum.steps,
        sum.causes
    );
    assert!(
        wrong.is_empty(),
        "{} topologies have failed:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
    // What the first shard never did, which always runs, it has not tested.
    let first = cases.first().is_some_and(|case| case.spec.number == 0);
    if first && only.is_none() && seed.is_none() && seeds >= 10 {
        for cause in ["error", "panic", "timeout", "late", "breaker open", "worker dead"] {
            assert!(sum.causes.contains_key(cause), "no record has failed for that: {cause}");
        }
        assert!(sum.broken > 0, "no clone has panicked");
        assert!(sum.missed > 0, "nobody was told of a lag");
        assert!(sum.turned_away > 0, "no input has turned a record away");
        assert!(sum.newer > 0, "nobody saw a value that was set");
    }
}

/// Twins that lose or double one record are found out, in every topology.
pub fn twins(cases: &[Case]) {
    quiet();
    for case in cases {
        let mut found = [0, 0];
        for seed in 0..40 {
            for (at, twin) in [Twin::Loses(1 + seed % 23), Twin::Doubles(1 + seed % 23)]
                .into_iter()
                .enumerate()
            {
                let _watched = Watched::new(case.spec.number, seed);
                let seed = seed * 1000 + case.spec.number;
                if run(case, seed, Twin::None).is_ok() && run(case, seed, twin).is_err() {
                    found[at] += 1;
                }
            }
            if found[0] >= 3 && found[1] >= 3 {
                break;
            }
        }
        assert!(
            found[0] >= 3 && found[1] >= 3,
            "topology {}: {found:?} twins found out",
            case.spec.number
        );
    }
}

/// Planned panics are not printed.
fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let text = info.payload().downcast_ref::<String>();
            if text.is_none_or(|text| text != PLANNED)
                && info.payload().downcast_ref::<&str>().is_none_or(|text| *text != PLANNED)
            {
                before(info);
            }
        }));
    });
}

/// What runs, and since when.
static RUNNING: Mutex<Vec<(Instant, u64, u64)>> = Mutex::new(Vec::new());

/// A run. One that spins inside a single poll ends the process, and says which it was.
struct Watched(u64, u64);

impl Watched {
    fn new(topology: u64, seed: u64) -> Self {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| drop(std::thread::spawn(watch)));
        RUNNING.lock().unwrap().push((Instant::now(), topology, seed));
        Watched(topology, seed)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let mut running = RUNNING.lock().unwrap();
        let at = running.iter().position(|run| (run.1, run.2) == (self.0, self.1));
        if let Some(at) = at {
            running.swap_remove(at);
        }
    }
}

fn watch() {
    loop {
        std::thread::sleep(Duration::from_secs(1));
        for (since, topology, seed) in RUNNING.lock().unwrap().iter() {
            if since.elapsed() > Duration::from_secs(60) {
                eprintln!("FOREBAY_TOPOLOGY={topology} FOREBAY_SEED={seed} has not come to an end in a minute");
                std::process::exit(101);
            }
        }
    }
}
