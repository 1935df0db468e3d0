//! Everything at once, drawn from seeds: whatever happens, each record comes to one end, and the ledger agrees with what came out.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use forebay::prelude::*;
use tokio::time::sleep;

use crate::kit::quiet::quiet;
use crate::support::Bad;

/// Numbers from a seed: SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

struct Chaos {
    random: Mutex<Random>,
    /// How many calls in a hundred go wrong.
    bad: u64,
}

impl Chaos {
    async fn strike(&self) -> Result<(), Bad> {
        let (draw, wait) = {
            let mut random = self.random.lock().unwrap();
            (random.below(100), random.below(60))
        };
        if draw >= self.bad {
            return Ok(());
        }
        match draw % 6 {
            0 => Err(Bad::Again),
            1 => Err(Bad::ForGood),
            2 => panic!("tripped"),
            3 => std::future::pending().await,
            4 => {
                sleep(Duration::from_millis(wait)).await;
                Err(Bad::Again)
            }
            _ => {
                sleep(Duration::from_millis(wait)).await;
                Ok(())
            }
        }
    }
}

#[stage]
async fn first(n: u64, chaos: &Chaos) -> Result<u64, Bad> {
    chaos.strike().await.map(|()| n)
}
#[stage]
async fn second(n: u64, chaos: &Chaos) -> Result<u64, Bad> {
    chaos.strike().await.map(|()| n)
}
#[stage]
async fn between(n: u64, chaos: &Chaos) -> Result<u64, Bad> {
    chaos.strike().await.map(|()| n)
}
#[stage]
async fn third(batch: Batch<u64>, chaos: &Chaos) -> Result<Vec<u64>, Bad> {
    chaos.strike().await.map(|()| batch.into_vec())
}

pipeline! {
    Storm {
        drain 2s;
        input  numbers: u64 [8];
        output done: u64 [2];
        output failed: Failed<u64, Bad> [2];
        shared chaos: Chaos;
        numbers -> first(chaos) {
            timeout: 50ms, retry: 2, backoff: 10ms..40ms, deadline: 1s, breaker: 6 in 200ms, rate: 20 per 50ms,
        } -[4]-> second(chaos) { workers: 2, concurrency: 2 ordered, retry: 1, timeout: 30ms }
          -[4]-> between(chaos) { concurrency: 3, retry: 1, backoff: 5ms..10ms, deadline: 2s }
          -[4]-> third(chaos) { batch: 3 within 5ms, timeout: 40ms, retry: 1, deadline: 2s } -> done;
        first.errors -> failed;
        second.errors -> failed;
        between.errors -> failed;
        third.errors -> drop;
    }
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Finished,
    Drained,
    Aborted,
    RuntimeGone,
}

/// Runs one seed to its end; what came out, the ledger, how many were accepted.
async fn run(seed: u64, end: End) -> (tokio::task::JoinHandle<Outs>, Control<StormLedger>, u64) {
    let mut random = Random(seed);
    let chaos = Chaos {
        random: Mutex::new(random.clone()),
        bad: 10 * random.below(8),
    };
    let StormHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Storm::builder().chaos(chaos).start().unwrap();
    let (lazy, total) = (random.below(4) * 7, 20 + random.below(60));
    let outs = tokio::spawn(async move {
        let mut outs = Outs::default();
        loop {
            tokio::select! {
                Some(n) = done.recv() => assert!(outs.done.insert(n), "{n} is done twice"),
                Some(f) = failed.recv() => assert!(outs.failed.insert(f.record.unwrap()), "{f:?} twice"),
                else => return outs,
            }
            if lazy > 0 {
                sleep(Duration::from_millis(lazy)).await;
            }
        }
    });
    let limit = Duration::from_millis(random.below(3000));
    let mut accepted = 0;
    let feed = async {
        for n in 0..total {
            if numbers.send(n).await.is_ok() {
                accepted += 1;
            }
        }
    };
    match end {
        End::Finished => feed.await,
        _ => {
            let _ = tokio::time::timeout(limit, feed).await;
        }
    }
    drop(numbers);
    (outs, control, accepted)
}

#[derive(Debug, Default)]
struct Outs {
    done: BTreeSet<u64>,
    failed: BTreeSet<u64>,
}

fn judge(seed: u64, end: End, outs: &Outs, ledger: &StormLedger, accepted: u64) {
    let told = format!("seed {seed}, {end:?}: {outs:?}\n{ledger}");
    ledger.check().unwrap_or_else(|error| panic!("{error}\n{told}"));
    assert!(outs.done.is_disjoint(&outs.failed), "{told}");
    assert_eq!(ledger.numbers.offered, accepted, "{told}");
    let nodes = ledger.first.cut + ledger.second.cut + ledger.between.cut + ledger.third.cut;
    let rings = [
        ledger.numbers,
        ledger.second.input,
        ledger.between.input,
        ledger.third.input,
        ledger.done,
        ledger.failed,
    ];
    let cut = nodes + rings.iter().map(|ring| ring.cut).sum::<u64>();
    let unread = ledger.done.queued + ledger.failed.queued + ledger.done.shed + ledger.failed.shed;
    let out = (outs.done.len() + outs.failed.len()) as u64;
    assert_eq!(accepted, out + ledger.third.failed + cut + unread, "{told}");
    assert!(end != End::Finished || cut + unread == 0, "{told}");
}

#[test]
fn each_record_comes_to_one_end_whatever_happens() {
    quiet();
    let (mut cut, mut failed, mut finished) = (0, 0, 0);
    for seed in 0..200 {
        let end = [End::Finished, End::Drained, End::Aborted, End::RuntimeGone][(seed % 4) as usize];
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().start_paused(true).build().unwrap();
        let (outs, ledger, accepted) = if end == End::RuntimeGone {
            let (outs, control, accepted) = runtime.block_on(run(seed, end));
            // The reader goes with its runtime: what it has read is not known any more, so it counts as what came out.
            drop(outs);
            drop(runtime);
            let ledger = control.finished_blocking();
            ledger
                .check()
                .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{ledger}"));
            assert_eq!(ledger.numbers.offered, accepted);
            continue;
        } else {
            runtime.block_on(async {
                let (outs, control, accepted) = run(seed, end).await;
                let ledger = match end {
                    End::Drained => control.drain().await,
                    End::Aborted => control.abort().await,
                    _ => control.finished().await,
                };
                let outs = outs.await.unwrap();
                drop(ledger);
                (outs, control.ledger(), accepted)
            })
        };
        judge(seed, end, &outs, &ledger, accepted);
        cut += ledger.first.cut + ledger.second.cut + ledger.between.cut + ledger.third.cut;
        failed += ledger.first.failed + ledger.second.failed + ledger.between.failed + ledger.third.failed;
        finished += ledger.third.finished;
    }
    // The seeds met all of it.
    assert!(
        cut > 10 && failed > 500 && finished > 500,
        "{cut} cut, {failed} failed, {finished} finished"
    );
}

#[test]
fn the_same_on_two_threads_by_the_real_clock() {
    quiet();
    for seed in 0..6 {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(2).enable_all().build().unwrap();
        let end = [End::Drained, End::Aborted][(seed % 2) as usize];
        runtime.block_on(async {
            let (outs, control, accepted) = run(seed, end).await;
            match end {
                End::Aborted => control.abort().await,
                _ => control.drain().await,
            };
            let outs = outs.await.unwrap();
            judge(seed, end, &outs, &control.ledger(), accepted);
        });
    }
}
