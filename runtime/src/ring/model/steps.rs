//! Every step on its own: is there a model that needs it?

use std::collections::BTreeMap;
use std::process::Command;

use super::explore::{STEP, run};

/// Steps that no model needs, and why they are there all the same.
const SPARED: [(&str, &str); 0] = [];

/// All models, by name.
fn models() -> Vec<String> {
    let program = Command::new(std::env::current_exe().unwrap())
        .args(["ring::model::", "--list"])
        .output()
        .unwrap();
    let list = String::from_utf8(program.stdout).unwrap();
    let tests = list.lines().filter_map(|line| line.strip_suffix(": test"));
    tests.filter(|test| !test.contains("::steps::")).map(str::to_owned).collect()
}

/// Weakens each load, store, exchange and fence of the rings by itself. Some model that takes the step must fail.
///
/// Takes minutes: `-- --ignored --show-output`.
#[test]
#[ignore = "takes minutes"]
fn each_is_needed() {
    let mut takers = BTreeMap::<String, Vec<String>>::new();
    for model in models() {
        let output = run(&model, "");
        assert!(output.status.success(), "{model}");
        let said = String::from_utf8(output.stdout).unwrap();
        for step in said.lines().filter_map(|line| line.strip_prefix(STEP)) {
            takers.entry(step.to_owned()).or_default().push(model.clone());
        }
    }
    let mut spared = Vec::new();
    let (mut needed, mut runs) = (0, 0);
    for (step, models) in &takers {
        let seen = models.iter().find(|model| {
            runs += 1;
            !run(model, step).status.success()
        });
        match seen {
            Some(model) => {
                needed += 1;
                println!("{step}: {model}");
            }
            None => {
                println!("{step}: none of {}", models.len());
                spared.push(step.clone());
            }
        }
    }
    println!(
        "PROOF steps | each step made weaker | {} steps, {runs} models | {needed} needed",
        takers.len()
    );
    println!("{spared:#?} {SPARED:?}");
}
