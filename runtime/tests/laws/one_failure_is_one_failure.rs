//! Law 5: one failure is one failure.

use std::hash::{Hash, Hasher};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};

use forebay::prelude::*;

use crate::run::{everywhere, start, tokio};
use crate::stages::{Bad, yields};

/// What panics in the user's own code when a record is handled on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sore {
    None,
    Clone,
    Hash,
    Drop,
    Match,
}

#[derive(Debug)]
#[record]
struct Touchy {
    id: u64,
    #[key]
    key: Key,
    /// Its drop panics.
    drops: bool,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key(u64, Sore);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if self.1 == Sore::Hash {
            panic!("tripped hash");
        }
        self.0.hash(state);
    }
}
impl Clone for Touchy {
    fn clone(&self) -> Self {
        if self.key.1 == Sore::Clone {
            panic!("tripped clone");
        }
        Touchy::new(self.id, self.key.1)
    }
}
impl Drop for Touchy {
    fn drop(&mut self) {
        if self.drops && !std::thread::panicking() {
            panic!("tripped drop");
        }
    }
}
impl Touchy {
    fn new(id: u64, sore: Sore) -> Self {
        Touchy {
            id,
            key: Key(id, sore),
            drops: sore == Sore::Drop,
        }
    }
    /// Every third is sore.
    fn some(n: u64, sore: Sore) -> Vec<Touchy> {
        (0..n)
            .map(|id| Touchy::new(id, if id % 3 == 0 { sore } else { Sore::None }))
            .collect()
    }
    fn end(mut self) -> u64 {
        self.drops = false;
        self.id
    }
}

#[derive(Default)]
struct Log(Mutex<Vec<String>>);
impl Log {
    fn take(&self) -> Vec<String> {
        let mut lines = std::mem::take(&mut *self.0.lock().unwrap());
        lines.sort();
        lines
    }
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }
}

#[stage]
fn now(t: Touchy) -> Touchy {
    t
}
#[stage(runtime = none)]
async fn soon(t: Touchy) -> Touchy {
    yields(1).await;
    t
}
#[stage]
fn one(t: Touchy) -> impl Iterator<Item = Touchy> {
    std::iter::once(t)
}
#[stage(runtime = none)]
async fn all(batch: Batch<Touchy>) -> Vec<Touchy> {
    yields(1).await;
    batch.into_iter().collect()
}
#[stage]
fn ids(t: Touchy) -> u64 {
    t.end()
}
#[stage(runtime = none)]
async fn slow_ids(t: Touchy) -> u64 {
    yields(2).await;
    t.end()
}
#[stage]
fn note<In: Send + 'static, E: Send + 'static>(f: Failed<In, E>, log: &Log) {
    log.add(match f.cause {
        Cause::Panic(text) => format!("{} {text}", f.node),
        _ => format!("{} failed", f.node),
    });
}

/// Feeds, reads all outputs to their end, and gives what they had and the checked ledger.
macro_rules! played {
    ($on:expr, $pipeline:ident $handle:ident, $records:expr, $log:expr, $($output:ident),+) => {{
        let $handle { touchies, $(mut $output,)+ control } = start!($on, $pipeline::builder().log($log.clone()));
        let feed = ::tokio::spawn(async move {
            for t in $records {
                touchies.send(t).await.unwrap();
            }
        });
        $(let $output = ::tokio::spawn(async move {
            let mut got = Vec::new();
            while let Some(id) = $output.recv().await {
                got.push(id);
            }
            got.sort();
            got
        });)+
        feed.await.unwrap();
        control.finished().await;
        let got = [$($output.await.unwrap()),+];
        let ledger = control.ledger();
        ledger.check().unwrap_or_else(|wrong| panic!("{wrong}\n{ledger}"));
        (got, ledger)
    }};
}

/// Of 0..n those that are not sore.
fn sound(n: u64) -> Vec<u64> {
    (0..n).filter(|id| id % 3 != 0).collect()
}

pipeline! {
    Direct {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> now -> { ids -> left, -[4]-> slow_ids -> right };
        errors -[4]-> note(log);
    }
}
pipeline! {
    Later {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> soon -> { ids -> left, slow_ids -> right };
        errors -[4]-> note(log);
    }
}
pipeline! {
    Several {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> one -> { ids -> left, slow_ids -> right };
        errors -[4]-> note(log);
    }
}
pipeline! {
    Batched {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> all { batch: 4 } -> { ids -> left, slow_ids -> right };
        errors -[4]-> note(log);
    }
}

#[test]
fn a_clone_that_panics_fails_its_record_at_the_node_that_gave_it() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        macro_rules! case {
            ($p:ident $h:ident $node:ident) => {
                let ([left, right], ledger) = played!(on, $p $h, Touchy::some(30, Sore::Clone), log, left, right);
                assert_eq!((left, right), (sound(30), sound(30)));
                assert_eq!(ledger.$node.failed, 10, "{ledger}");
                assert_eq!(log.take(), vec![concat!(stringify!($node), " tripped clone"); 10]);
            };
        }
        case!(Direct DirectHandle now);
        case!(Later LaterHandle soon);
        case!(Several SeveralHandle one);
        case!(Batched BatchedHandle all);
    });
}

pipeline! {
    PortFan {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> { ids -> left, now -> slow_ids -> right };
        errors -[4]-> note(log);
    }
}
pipeline! {
    PortFanDirect {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        node ids2 = ids;
        touchies -> { ids -> left, now -> ids2 -> right };
        errors -[4]-> note(log);
    }
}

#[test]
fn a_clone_that_panics_behind_a_port_is_cut() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let ([left, right], ledger) = played!(on, PortFan PortFanHandle, Touchy::some(30, Sore::Clone), log, left, right);
        assert_eq!((left, right), (sound(30), sound(30)));
        assert_eq!((ledger.ids.cut, ledger.now.cut), (10, 10));
        let (got, ledger) = played!(on, PortFanDirect PortFanDirectHandle, Touchy::some(30, Sore::Clone), log, left, right);
        assert_eq!(got, [sound(30), sound(30)]);
        assert_eq!((ledger.ids.cut, ledger.now.cut), (10, 10));
    });
}

pipeline! {
    Sharded {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> now -[2]-> { -[2, by key]-> ids { workers: 2 } -> left, soon -[2, by key]-> slow_ids { workers: 2 } -> right };
        errors -[4]-> note(log);
    }
}
pipeline! {
    ShardedLine {
        input  touchies: Touchy [4];
        output left: u64 [4];
        shared log: Log;
        touchies -> now -[2, by key]-> soon { workers: 2 } -[2, by key]-> ids { workers: 2 } -> left;
        errors -[4]-> note(log);
    }
}

#[test]
fn a_hash_that_panics_fails_its_record_once() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let (got, ledger) = played!(on, ShardedLine ShardedLineHandle, Touchy::some(30, Sore::Hash), log, left);
        assert_eq!(got, [sound(30)]);
        assert_eq!(ledger.now.failed, 10);
        assert_eq!(log.take(), vec!["now tripped hash"; 10]);
        // A branch that is a ring has no node for it: the record is cut there, and the other branch has it.
        let (got, ledger) = played!(on, Sharded ShardedHandle, Touchy::some(30, Sore::Hash), log, left, right);
        assert_eq!(got, [sound(30), sound(30)]);
        assert_eq!((ledger.ids.input.cut, ledger.soon.failed), (10, 10));
        assert_eq!(log.take(), vec!["soon tripped hash"; 10]);
    });
}

pipeline! {
    Drops {
        input  touchies: Touchy [4];
        output left: u64 [4];
        shared log: Log;
        node   now2 = now;
        touchies -> now -> { filter -> left, -[1, shed]-> now2 -> drop, -[1, drop_oldest]-> soon -> drop };
        errors -[4]-> note(log);
    }
}
#[stage]
fn filter(t: Touchy) -> u64 {
    t.end()
}

#[test]
fn a_drop_that_panics_on_the_way_harms_nobody() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let (got, ledger) = played!(on, Drops DropsHandle, Touchy::some(60, Sore::Drop), log, left);
        assert_eq!(got, [(0..60).collect::<Vec<_>>()]);
        assert_eq!(
            (ledger.now.failed, ledger.now2.failed, ledger.soon.failed),
            (0, 0, 0),
            "{ledger}"
        );
        assert!(log.take().is_empty());
    });
}

enum Way {
    Left(Touchy),
    Right(Touchy),
}
#[stage]
fn way(t: Touchy) -> Way {
    if t.id % 2 == 0 { Way::Left(t) } else { Way::Right(t) }
}
fn looks(t: &Touchy) -> bool {
    if t.key.1 == Sore::Match {
        panic!("tripped match");
    }
    true
}
pipeline! {
    Matched {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> way -> match {
            Way::Left(t) if looks(&t) => t -> ids -> left,
            Way::Right(t) if looks(&t) => t -[2]-> slow_ids -> right,
            _ => drop,
        };
        errors -[4]-> note(log);
    }
}
pipeline! {
    MatchedLater {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> way -> match {
            Way::Left(t) if looks(&t) => t -> ids -> left,
            Way::Right(t) if looks(&t) => t -> slow_ids -> right,
            _ => drop,
        };
        errors -[4]-> note(log);
    }
}

#[test]
fn a_match_that_panics_fails_its_record_at_the_node_before() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let (got, ledger) = played!(on, Matched MatchedHandle, Touchy::some(30, Sore::Match), log, left, right);
        assert_eq!(got.concat().len(), 20);
        assert_eq!(ledger.way.failed, 10);
        let (got, ledger) = played!(on, MatchedLater MatchedLaterHandle, Touchy::some(30, Sore::Match), log, left, right);
        assert_eq!(got.concat().len(), 20);
        assert_eq!(ledger.way.failed, 10);
        assert_eq!(log.take(), vec!["way tripped match"; 20]);
    });
}

// What a stage gave before it panicked goes on.

#[stage]
fn half(n: u64) -> impl Iterator<Item = u64> {
    (0..4).map(move |k| {
        if n % 3 == 0 && k == 2 {
            panic!("tripped half")
        } else {
            n * 10 + k
        }
    })
}
#[stage(runtime = none)]
async fn emit_half(n: u64, out: &mut Emit<u64>) {
    for k in 0..4 {
        if n % 3 == 0 && k == 2 {
            panic!("tripped emit");
        }
        out.emit(n * 10 + k).await;
    }
}
pipeline! {
    Halves {
        input  numbers: u64 [4];
        output out: u64 [4];
        shared log: Log;
        numbers -> half -> out;
        errors -[4]-> note(log);
    }
}
pipeline! {
    Emits {
        input  numbers: u64 [4];
        output out: u64 [4];
        shared log: Log;
        numbers -> emit_half -> out;
        errors -[4]-> note(log);
    }
}

#[test]
fn what_was_given_before_a_panic_goes_on() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        macro_rules! case {
            ($p:ident $h:ident $node:ident) => {
                let $h { numbers, out, control } = start!(on, $p::builder().log(log.clone()));
                let feed = ::tokio::spawn(async move {
                    for n in 0..6 {
                        numbers.send(n).await.unwrap();
                    }
                });
                let got: Vec<u64> = out.collect().await;
                feed.await.unwrap();
                let ledger = control.finished().await;
                ledger.check().unwrap();
                let whole = |n: u64| if n % 3 == 0 { 2 } else { 4 };
                let wanted: Vec<u64> = (0..6).flat_map(|n| (0..whole(n)).map(move |k| n * 10 + k)).collect();
                assert_eq!(got, wanted, stringify!($p));
                assert_eq!(
                    (ledger.$node.failed, ledger.$node.finished, ledger.$node.emitted),
                    (2, 4, 20)
                );
            };
        }
        case!(Halves HalvesHandle half);
        case!(Emits EmitsHandle emit_half);
    });
}

// The life of an `impl` stage.

static BUILT: AtomicU64 = AtomicU64::new(0);

#[derive(Default)]
struct Moody {
    seen: u64,
}
#[stage]
impl Moody {
    fn process(&mut self, n: u64) -> u64 {
        self.seen += 1;
        if n == 3 {
            panic!("tripped process");
        }
        self.seen
    }
    fn tick(&mut self) -> Option<u64> {
        panic!("tripped tick");
    }
    fn finish(&mut self) -> u64 {
        if self.seen >= 5 {
            panic!("tripped finish");
        }
        1000 + self.seen
    }
}
pipeline! {
    Keeps {
        input  numbers: u64 [8];
        output out: u64 [8];
        shared log: Log;
        node moody: Moody { tick: 1h } = Moody::default();
        numbers -> moody -> out;
        errors -[4]-> note(log);
    }
}
pipeline! {
    Rebuilds {
        input  numbers: u64 [8];
        output out: u64 [8];
        shared log: Log;
        node moody: Moody { tick: 1h, on_panic: rebuild } = { BUILT.fetch_add(1, Relaxed); Moody::default() };
        numbers -> moody -> out;
        errors -[4]-> note(log);
    }
}

#[test]
fn an_impl_stage_keeps_its_state_unless_it_says_rebuild() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let KeepsHandle { numbers, out, control } = start!(on, Keeps::builder().log(log.clone()));
        for n in 0..6 {
            numbers.send(n).await.unwrap();
        }
        drop(numbers);
        let got: Vec<u64> = out.collect().await;
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(got, [1, 2, 3, 5, 6]);
        assert_eq!(log.take(), ["moody tripped finish", "moody tripped process"]);
        assert_eq!((ledger.moody.failed, ledger.moody.rebuilt), (2, 0));

        let RebuildsHandle { numbers, out, control } = start!(on, Rebuilds::builder().log(log.clone()));
        for n in 0..6 {
            numbers.send(n).await.unwrap();
        }
        drop(numbers);
        let got: Vec<u64> = out.collect().await;
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(got, [1, 2, 3, 1, 2, 1002]);
        assert_eq!(log.take(), ["moody tripped process"]);
        assert_eq!((ledger.moody.failed, ledger.moody.rebuilt), (1, 1));
    });
}

pipeline! {
    Ticks {
        input  numbers: u64 [8];
        output out: u64 [8];
        shared log: Log;
        node moody: Moody { tick: 5ms } = Moody::default();
        numbers -> moody -> out;
        errors -[4]-> note(log);
    }
}

#[test]
fn a_tick_that_panics_is_a_failure_without_a_record() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let TicksHandle { numbers, out, control } = start!(on, Ticks::builder().log(log.clone()));
        while control.ledger().moody.failed < 3 {
            ::tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        numbers.send(1).await.unwrap();
        drop(numbers);
        assert_eq!(out.collect::<Vec<_>>().await, [1, 1001]);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        let ticks = log.take();
        assert!(
            ticks.len() >= 3 && ticks.iter().all(|line| line == "moody tripped tick"),
            "{ticks:?}"
        );
    });
}

// Factories and restarts.

struct Model;
#[stage(runtime = none)]
async fn fragile(n: u64, model: &mut Model) -> u64 {
    let _ = model;
    if n % 3 == 0 {
        panic!("tripped fragile");
    }
    n
}
#[stage]
fn dead(f: Failed<u64, std::convert::Infallible>, log: &Log) {
    log.add(match f.cause {
        Cause::Panic(_) => format!("panic {:?}", f.record),
        Cause::WorkerDead => format!("dead {:?}", f.record),
        _ => "other".to_owned(),
    });
}
pipeline! {
    Limited {
        input  numbers: u64 [16];
        output out: u64 [16];
        shared log: Log;
        local  model: Model;
        numbers -> fragile(model) { restart: 2 in 1h else drain } -> out;
        fragile.errors -[16]-> dead(log);
    }
}
pipeline! {
    LimitedAbort {
        input  numbers: u64 [16];
        output out: u64 [16];
        shared log: Log;
        local  model: Model;
        numbers -> fragile(model) { restart: 1 in 1h else abort } -> out;
        fragile.errors -[16]-> dead(log);
    }
}

#[test]
fn restarts_that_are_exhausted_drain() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let ids = Arc::new(Mutex::new(Vec::new()));
        let built = ids.clone();
        let factory = move |w: WorkerId| {
            built.lock().unwrap().push((w.index(), w.incarnation()));
            Model
        };
        let LimitedHandle { numbers, out, control } = start!(on, Limited::builder().log(log.clone()).model(factory));
        for n in 1..=12 {
            numbers.send(n).await.unwrap();
        }
        // Nobody asks for the end: the third panic does.
        let ledger = control.finished().await;
        assert!(matches!(numbers.try_send(1), Err(SendError::Closed(1))));
        assert_eq!(out.collect::<Vec<_>>().await, [1, 2, 4, 5, 7, 8]);
        control.ledger().check().unwrap();
        assert_eq!(*ids.lock().unwrap(), [(0, 0), (0, 1), (0, 2)]);
        assert_eq!((ledger.fragile.rebuilt, ledger.fragile.failed), (2, 6));
        let lines = log.take();
        assert_eq!(
            lines,
            [
                "dead Some(10)",
                "dead Some(11)",
                "dead Some(12)",
                "panic Some(3)",
                "panic Some(6)",
                "panic Some(9)"
            ]
        );
    });
}

#[test]
fn restarts_that_are_exhausted_abort() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let LimitedAbortHandle { numbers, out, control } = start!(on, LimitedAbort::builder().log(log.clone()).model(|_| Model));
        for n in 1..=12 {
            if numbers.send(n).await.is_err() {
                break;
            }
        }
        let ledger = control.finished().await;
        ledger.check().unwrap();
        drop(out);
        assert_eq!(ledger.fragile.rebuilt, 1);
        assert!(ledger.fragile.input.cut + ledger.fragile.cut + ledger.fragile.failed + ledger.fragile.finished >= 6);
    });
}

pipeline! {
    BadFactory {
        input  numbers: u64 [16];
        output out: u64 [16];
        shared log: Log;
        local  model: Model;
        numbers -> fragile(model) -> out;
        fragile.errors -[16]-> dead(log);
    }
}

#[test]
fn a_factory_that_fails_on_a_rebuild_ends_its_worker() {
    everywhere(async |on| {
        for panics in [true, false] {
            let log = Arc::new(Log::default());
            let factory = move |w: WorkerId| match w.incarnation() {
                0 => Ok(Model),
                _ if panics => panic!("tripped factory"),
                _ => Err("no model"),
            };
            let builder = BadFactory::builder().log(log.clone()).try_model(factory);
            let BadFactoryHandle { numbers, out, control } = start!(on, builder);
            for n in 1..=5 {
                numbers.send(n).await.unwrap();
            }
            control.finished().await;
            assert_eq!(out.collect::<Vec<_>>().await, [1, 2]);
            let ledger = control.ledger();
            ledger.check().unwrap();
            assert_eq!(log.take(), ["dead Some(4)", "dead Some(5)", "panic Some(3)"]);
            assert_eq!(ledger.fragile.rebuilt, 0);
        }
    });
}

#[test]
fn a_factory_that_fails_at_the_start_says_so() {
    tokio(async |_| {
        let builder = BadFactory::builder().log(Arc::new(Log::default()));
        let error = builder.try_model(|_| Err::<Model, _>("no model")).start().err().unwrap();
        assert_eq!(error.to_string(), "`model` could not be built: no model");
    });
}

// A future whose drop panics.

struct Bomb;
impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("tripped bomb");
        }
    }
}
#[stage(runtime = none)]
async fn waits(n: u64) -> Result<u64, Bad> {
    let bomb = (n == 2).then(|| Bomb);
    if n >= 2 {
        std::future::pending::<()>().await;
    }
    drop(bomb);
    Ok(n)
}
pipeline! {
    Waits {
        input  numbers: u64 [16];
        output out: u64 [16];
        shared log: Log;
        numbers -> waits -> out;
        errors -[4]-> note(log);
    }
}

#[test]
fn a_future_whose_drop_panics_does_not_keep_an_abort_from_its_end() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let WaitsHandle {
            numbers,
            mut out,
            control,
        } = start!(on, Waits::builder().log(log.clone()));
        for n in 0..5 {
            numbers.send(n).await.unwrap();
        }
        assert_eq!((out.recv().await, out.recv().await), (Some(0), Some(1)));
        while control.ledger().waits.taken < 3 {
            yields(1).await;
        }
        let ledger = control.abort().await;
        ledger.check().unwrap();
        assert_eq!((ledger.waits.taken, ledger.waits.finished, ledger.numbers.cut), (3, 2, 2));
        assert_eq!(out.recv().await, None);
    });
}

// Sources.

#[stage(runtime = none)]
fn stream(upto: &u64) -> impl futures_core::Stream<Item = u64> + use<> {
    Counting(0, *upto)
}
struct Counting(u64, u64);
impl futures_core::Stream for Counting {
    type Item = u64;
    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        if self.0 == self.1 {
            panic!("tripped stream");
        }
        self.0 += 1;
        std::task::Poll::Ready(Some(self.0))
    }
}
pipeline! {
    Sourced {
        output out: u64 [4];
        shared log: Log;
        shared upto: u64;
        stream(upto) -> out;
        errors -[4]-> note(log);
    }
}

#[test]
fn a_source_that_panics_has_ended() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let SourcedHandle { out, control } = start!(on, Sourced::builder().log(log.clone()).upto(10));
        assert_eq!(out.collect::<Vec<_>>().await, (1..=10).collect::<Vec<_>>());
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(log.take(), ["stream tripped stream"]);
        assert_eq!((ledger.stream.finished, ledger.stream.failed), (10, 1));
    });
}
