//! `pin: cores`: each worker has a thread of its own that keeps to a core.
#![cfg(target_os = "linux")]
#![allow(missing_docs)]

use std::collections::BTreeSet;
use std::fs::read_to_string;
use std::sync::{Arc, Barrier, Mutex};

use forebay::prelude::*;
use futures_util::stream::{self, Stream};

/// The cores that this thread may run on, as the system tells them.
fn cores() -> String {
    let status = read_to_string("/proc/thread-self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    line.unwrap().trim().to_owned()
}

/// Both workers have one before either goes on.
#[stage]
fn note(_id: u64, seen: &Mutex<Vec<String>>, both: &Barrier) {
    both.wait();
    seen.lock().unwrap().push(cores());
}
#[stage(runtime = none)]
async fn waits(id: u64, seen: &Mutex<Vec<String>>) -> u64 {
    seen.lock().unwrap().push(cores());
    id
}
#[stage(runtime = none)]
fn numbers() -> impl Stream<Item = u64> {
    stream::iter(0..2)
}

pipeline! {
    Pinned {
        shared seen: Mutex<Vec<String>>;
        shared before: Mutex<Vec<String>>;
        shared source: Mutex<Vec<String>>;
        shared both: Barrier = Barrier::new(2);
        node   first = waits;
        numbers { pin: cores } -> first(source) -[1]-> waits(before) { pin: cores } -[1]-> note(seen, both) { workers: 2, pin: cores };
    }
}

fn ends(start: impl FnOnce(PinnedStart) -> PinnedHandle) {
    let [seen, before, source] = [(); 3].map(|()| Arc::new(Mutex::new(Vec::new())));
    let all = cores();
    let PinnedHandle { control } = start(
        Pinned::builder()
            .seen(seen.clone())
            .before(before.clone())
            .source(source.clone()),
    );
    let ledger = control.finished_blocking();
    ledger.check().unwrap();
    assert_eq!(ledger.note.finished, 2);
    let distinct = |list: &Mutex<Vec<String>>| list.lock().unwrap().iter().cloned().collect::<BTreeSet<_>>();
    for list in [&seen, &before, &source] {
        assert!(distinct(list).iter().all(|cores| cores.parse::<usize>().is_ok()), "{list:?}");
    }
    assert_eq!((distinct(&before).len(), distinct(&source).len()), (1, 1));
    // Where there are several, each worker has the next one.
    let several = all.contains([',', '-']);
    assert_eq!(distinct(&seen).len(), if several { 2 } else { 1 });
    assert_eq!(cores(), all, "who starts it goes where it likes");
}

type PinnedStart = PinnedBuilder<
    forebay::private::Present<Arc<Mutex<Vec<String>>>>,
    forebay::private::Present<Arc<Mutex<Vec<String>>>>,
    forebay::private::Present<Arc<Mutex<Vec<String>>>>,
>;

// One test: the cores are given out over all pipelines of the process.
#[test]
fn each_worker_keeps_to_the_next_core() {
    ends(|builder| builder.start_threads().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    ends(|builder| builder.start().unwrap());
}

/// Nothing has a thread of its own there, so nothing keeps to a core, and the start does not wait for it.
#[cfg(feature = "testing")]
#[test]
fn in_a_simulation_a_pinned_segment_is_a_task_like_others() {
    #[stage]
    fn same(n: u64) -> u64 {
        n
    }
    pipeline! {
        Simulated {
            input  numbers: u64 [4];
            output out: u64 [4];
            numbers -> same { pin: cores } -> out;
        }
    }
    let (sim, all) = (forebay::testing::Sim::new(1), cores());
    let handle = Simulated::builder().start_on(sim.rt()).unwrap();
    let SimulatedHandle {
        numbers,
        mut out,
        control,
    } = handle;
    let run = sim.run(async move {
        numbers.send(7).await.unwrap();
        drop(numbers);
        assert_eq!(out.recv().await, Some(7));
        control.finished().await.check().unwrap();
    });
    run.unwrap();
    assert_eq!(cores(), all);
}
