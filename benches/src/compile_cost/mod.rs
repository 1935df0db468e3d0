//! `compile-cost`: what a stage costs to expand and to check.
//!
//! The same hundred functions are compiled three times: as they are, as stages, and as stages that one pipeline wires through
//! rings. What the second has over the first is the cost of `#[stage]`; what the third has over the second, of `pipeline!`.

mod krate;
mod rustc;

use std::error::Error;

use krate::{Shape, Workspace};
pub(crate) use rustc::as_rustc_wrapper;

use crate::stats::median;

/// How many stages are generated.
const STAGES: usize = 100;

/// Lines that `#[stage]` may write for one stage, and ms that it may take to check.
const GOALS: (f64, f64) = (30.0, 0.5);

struct Cost {
    lines: f64,
    check_ms: f64,
}

/// Measures and prints.
pub(crate) fn run(quick: bool) -> Result<(), Box<dyn Error>> {
    let workspace = Workspace::create(STAGES)?;
    let rounds = if quick { 3 } else { 9 };
    let mut times = Shape::ALL.map(|_| Vec::new());
    for shape in Shape::ALL {
        rustc::check_ms(&workspace, shape)?; // builds what they stand on
    }
    for _ in 0..rounds {
        for (shape, times) in Shape::ALL.into_iter().zip(&mut times) {
            times.push(rustc::check_ms(&workspace, shape)?);
        }
    }
    let mut costs = Vec::new();
    println!("{STAGES} stages, {rounds} rounds; {}", env!("BENCHES_RUSTC"));
    println!("  {:<40} {:>10} {:>14}", "", "lines", "check, CPU ms");
    for (shape, times) in Shape::ALL.into_iter().zip(times) {
        let cost = Cost {
            lines: rustc::expanded_lines(&workspace, shape)? as f64,
            check_ms: median(times),
        };
        println!("  {:<40} {:>10} {:>14.1}", shape.about(), cost.lines, cost.check_ms);
        costs.push(cost);
    }
    println!();
    if let [plain, stages, pipeline] = &costs[..] {
        print("stage", plain, stages, Some(GOALS));
        print("ringed-node", stages, pipeline, None);
    }
    Ok(())
}

/// What one stage adds from `less` to `more`.
fn print(unit: &str, less: &Cost, more: &Cost, goals: Option<(f64, f64)>) {
    let line = |what: &str, value: f64, goal: Option<f64>| match goal {
        Some(goal) => {
            let verdict = if value <= goal { "met" } else { "short" };
            println!("COST {what}-per-{unit} {value:.2} goal {goal} {verdict}");
        }
        None => println!("COST {what}-per-{unit} {value:.2} goal none"),
    };
    line("lines", (more.lines - less.lines) / STAGES as f64, goals.map(|goals| goals.0));
    line(
        "check-ms",
        (more.check_ms - less.check_ms) / STAGES as f64,
        goals.map(|goals| goals.1),
    );
}
