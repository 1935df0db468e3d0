//! `report`: the groups, who is in them, and what this project has to reach.

use std::error::Error;

use tokio::runtime::{Builder, Runtime};

use crate::forebay_rows::{self, Ringed};
use crate::harness::{Clock, Effort, Group, Measured, Outcome};
use crate::peers::{direct, kanal, tokio as mpsc};
use crate::table::{self, Target};
use crate::work::{Bad, STAGES, Seen, Wide, Work, five_opaque, five_open};

const CAPACITIES: [usize; 3] = [8, 64, 1024];

/// Measures every group whose name contains `filter`, and in it the contenders whose name contains `only`.
pub(crate) fn run(quick: bool, filter: &str, only: &str) -> Result<(), Box<dyn Error>> {
    let effort = if quick { Effort::QUICK } else { Effort::FULL };
    let one = Builder::new_current_thread().build()?;
    let two = Builder::new_multi_thread().worker_threads(2).build()?;
    let mut groups = Vec::new();
    for (runtime, threads) in [(&one, 1), (&two, 2)] {
        for capacity in CAPACITIES {
            groups.push(five_ringed::<u64>(runtime, threads, capacity));
            groups.push(five_ringed::<Wide>(runtime, threads, capacity));
        }
    }
    let (fused, by_hand) = (forebay_rows::fused_opaque, forebay_rows::by_hand_opaque);
    groups.push(five_fused(&one, ("fused-opaque", 1.05), fused, by_hand, five_opaque::<u64>));
    let (fused, by_hand) = (forebay_rows::fused_open, forebay_rows::by_hand_open);
    groups.push(five_fused(&one, ("fused-open", 1.6), fused, by_hand, five_open::<u64>));
    groups.retain(|(group, _)| group.name.contains(filter));
    if groups.is_empty() {
        return Err(format!("no group has `{filter}` in its name").into());
    }
    println!("{}; {}", env!("BENCHES_RUSTC"), machine());
    let mut ratios = Vec::new();
    for (mut group, targets) in groups {
        group.keep(only);
        let all = group.measure(effort)?;
        table::print(&group, &all);
        ratios.extend(targets.iter().filter_map(|target| judge(&group, &all, target)));
    }
    println!();
    ratios.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// A ratio to take when a group was measured: this project against which contender, and what it has to reach.
struct Goal {
    name: &'static str,
    peer: &'static str,
    target: Target,
}

fn judge(group: &Group<'_>, all: &[Measured], goal: &Goal) -> Option<String> {
    let figures = |name| all.iter().find(|case| case.name == name).map(|case| case.by(group.clock));
    let name = format!("{}/{}", group.name, goal.name);
    Some(table::ratio(&name, goal.target, figures(FOREBAY)?, figures(goal.peer)?))
}

const RECV_SEND: &str = "tokio recv/send";
const RECV_MANY: &str = "tokio recv_many+reserve_many";
const KANAL: &str = "kanal recv/send";
const KANAL_DRAIN: &str = "kanal drain_into";
const DIRECT: &str = "direct calls";
const FOREBAY: &str = "forebay";
const BY_HAND: &str = "forebay, five calls by hand";

/// Five stages with a ring before each and one after the last: six hops.
fn five_ringed<W: Ringed>(runtime: &Runtime, threads: usize, capacity: usize) -> (Group<'_>, Vec<Goal>) {
    let mut group = Group::new(
        format!("five-{}-{threads}t-{capacity}", W::NAME),
        format!(
            "five ringed stages, opaque, {}, {threads} worker thread(s), capacity {capacity}",
            W::NAME
        ),
        if threads == 1 { Clock::Cpu } else { Clock::Wall },
        Seen::expected::<W>,
    );
    group.case(RECV_SEND, move |n| runtime.block_on(mpsc::item_by_item::<W>(n, capacity)));
    group.case(RECV_MANY, move |n| runtime.block_on(mpsc::batched::<W>(n, capacity)));
    group.case(FOREBAY, move |n| runtime.block_on(W::ringed(n, capacity)));
    group.case(KANAL, move |n| runtime.block_on(kanal::item_by_item::<W>(n, capacity)));
    group.case(KANAL_DRAIN, move |n| runtime.block_on(kanal::batched::<W>(n, capacity)));
    if threads == 1 {
        group.case(DIRECT, |n| direct::run(n, five_opaque::<W>));
    }
    (group, ringed_goals(W::NAME, threads))
}

/// What the rings have to reach.
fn ringed_goals(record: &str, threads: usize) -> Vec<Goal> {
    use Target::{AtLeast, NsAHop};
    let goal = |name, peer, target| Goal { name, peer, target };
    if record != u64::NAME {
        return vec![goal("tokio", RECV_SEND, AtLeast(9.0))];
    }
    let (many, kanal) = if threads == 1 { (14.0, 9.0) } else { (12.0, 10.0) };
    vec![
        goal("tokio", RECV_SEND, AtLeast(35.0)),
        goal("tokio-batched", RECV_MANY, AtLeast(many)),
        goal("kanal", KANAL, AtLeast(kanal)),
        goal("kanal-batched", KANAL_DRAIN, AtLeast(kanal)),
        goal("ns-a-hop-over-direct", DIRECT, NsAHop(1.0, STAGES + 1)),
    ]
}

/// Five fused stages, against one stage between the same two ports that calls the five by hand; the direct calls alone, with no
/// ports around them, are there to be seen.
fn five_fused<'a>(
    runtime: &'a Runtime,
    (name, most): (&str, f64),
    fused: impl AsyncFn(u64) -> Outcome + 'a,
    by_hand: impl AsyncFn(u64) -> Outcome + 'a,
    calls: impl Fn(u64) -> Result<u64, Bad> + Copy + 'a,
) -> (Group<'a>, Vec<Goal>) {
    let about = format!("five fused stages, {}, 1 worker thread, capacity 64", u64::NAME);
    let mut group = Group::new(name.to_owned(), about, Clock::Cpu, Seen::expected::<u64>);
    group.case(BY_HAND, move |n| runtime.block_on(by_hand(n)));
    group.case(FOREBAY, move |n| runtime.block_on(fused(n)));
    group.case(DIRECT, move |n| direct::run(n, calls));
    let target = Target::AtMost(most);
    let name = "by-hand";
    let peer = BY_HAND;
    (group, vec![Goal { name, peer, target }])
}

/// On what this runs.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find(|line| line.starts_with("model name"))
        .and_then(|line| line.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{}, {cores} core(s)", model.map_or("unknown processor", |(_, model)| model))
}
