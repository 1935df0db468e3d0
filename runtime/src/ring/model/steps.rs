//! Every step on its own: is there a model that needs it?

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;

use super::explore::{RUNS, STEP, run};

/// Models that need more runs are left out, but where a step has no others. (By a clock it would depend on what else the machine does.)
const MOST: usize = 40_000;

/// All models, by name; or those whose names have `FOREBAY_MODELS` in them.
fn models() -> Vec<String> {
    let wanted = std::env::var("FOREBAY_MODELS").unwrap_or_default();
    let program = Command::new(std::env::current_exe().unwrap())
        .args(["model::", "--list"])
        .output()
        .unwrap();
    let list = String::from_utf8(program.stdout).unwrap();
    let tests = list.lines().filter_map(|line| line.strip_suffix(": test"));
    tests
        .filter(|test| !test.contains("::steps::") && test.contains(&wanted))
        .map(str::to_owned)
        .collect()
}

/// The models that take each step, the quickest first; of the long ones the quickest, where there are only such.
fn takers() -> BTreeMap<String, Vec<String>> {
    let mut explored: Vec<_> = models()
        .into_iter()
        .map(|model| {
            let output = run(&model, "");
            assert!(output.status.success(), "{model}");
            let said = String::from_utf8(output.stdout).unwrap();
            let runs = said.lines().find_map(|line| line.strip_prefix(RUNS)?.parse::<usize>().ok());
            (runs.expect("a model says how often it ran"), model, said)
        })
        .collect();
    explored.sort();
    let mut takers = BTreeMap::<String, Vec<String>>::new();
    for (runs, model, said) in explored {
        println!("{model}: {runs} runs");
        for step in said.lines().filter_map(|line| line.strip_prefix(STEP)) {
            let models = takers.entry(step.to_owned()).or_default();
            if runs <= MOST || models.is_empty() {
                models.push(model.clone());
            }
        }
    }
    takers
}

/// Weakens each load, store, exchange and fence by itself, and says which model fails by it. Most must be needed; a
/// few are covered by a fence beside them.
#[test]
#[ignore = "takes minutes: `.ci/prove steps`"]
fn each_is_needed() {
    let takers = takers();
    let steps = takers.len();
    let rest = Mutex::new(takers.into_iter());
    let seen = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some((step, models)) = rest.lock().unwrap().next() else {
                        return;
                    };
                    let model = models.iter().find(|model| !run(model, &step).status.success());
                    println!("{step}: {}", model.map_or("no model", |model| model));
                    seen.lock().unwrap().insert(step, model.is_some());
                }
            });
        }
    });
    let seen = seen.into_inner().unwrap();
    let needed = seen.values().filter(|needed| **needed).count();
    assert!(needed * 2 > steps, "the models see {needed} of {steps} steps");
    println!("PROOF steps | model | {steps} steps | {needed} needed by a model");
}
