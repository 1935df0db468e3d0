//! Every form of the language, in small pipelines that run.

use forebay::prelude::*;
use std::sync::{Arc, Mutex};

#[derive(Clone, Debug, PartialEq)]
struct Reading(u64);
#[derive(Clone, Debug, PartialEq)]
struct Bad(u64);

#[derive(Default)]
struct Store(Mutex<Vec<String>>);

#[stage]
fn checked(r: Reading) -> Result<Reading, Bad> {
    match r.0 % 3 {
        0 => Err(Bad(r.0)),
        _ => Ok(r),
    }
}
#[stage]
async fn slow(r: Reading, store: &Store) -> Result<u64, Bad> {
    tokio::task::yield_now().await;
    store.0.lock().unwrap().push(format!("slow {}", r.0));
    Ok(r.0 * 2)
}
#[stage]
fn note<In: Send + 'static, E: std::fmt::Debug + Send + 'static>(failed: Failed<In, E>, store: &Store) {
    store.0.lock().unwrap().push(format!("{} {:?}", failed.node, failed.cause));
}
#[stage]
fn even(n: u64) -> Option<u64> {
    n.is_multiple_of(2).then_some(n)
}
#[stage]
fn plus(n: u64) -> u64 {
    n + 1
}
#[stage]
fn keep(n: u64, store: &Store) {
    store.0.lock().unwrap().push(format!("keep {n}"));
}

pipeline! {
    Simple {
        input  readings: Reading [8];
        output doubled: u64 [8];
        shared store: Store;
        readings -> checked -[4]-> slow(store) -[4]-> even -> doubled;
        errors -[8]-> note(store);
    }
}

#[tokio::test]
async fn failures_are_taken_together() {
    let store = Arc::new(Store::default());
    let SimpleHandle {
        readings,
        mut doubled,
        control,
    } = Simple::builder().store(store.clone()).start().unwrap();
    let feed = tokio::spawn(async move {
        for n in 0..100 {
            readings.send(Reading(n)).await.unwrap();
        }
    });
    let mut got = Vec::new();
    while let Some(n) = doubled.recv().await {
        got.push(n);
    }
    feed.await.unwrap();
    let ledger = control.finished().await;
    println!("{ledger}");
    ledger.check().unwrap();
    assert_eq!(got, (0..100).filter(|n| n % 3 != 0).map(|n| n * 2).collect::<Vec<_>>());
    assert_eq!(ledger.checked.failed, 34);
}

pipeline! {
    Fan {
        input  numbers: u64 [8];
        output odd: u64 [8];
        output all: u64 [8];
        shared store: Store;
        numbers -> plus -> { keep(store), -[4]-> even -> odd, all };
    }
}

#[tokio::test]
async fn a_group_clones_to_each_branch() {
    let FanHandle {
        numbers,
        odd,
        all,
        control,
    } = Fan::builder().store(Store::default()).start().unwrap();
    for n in 0..8 {
        numbers.send(n).await.unwrap();
    }
    drop(numbers);
    let (odd, all): (Vec<u64>, Vec<u64>) = tokio::join!(odd.collect(), all.collect());
    assert_eq!(odd, [2, 4, 6, 8]);
    assert_eq!(all, [1, 2, 3, 4, 5, 6, 7, 8]);
    control.finished().await.check().unwrap();
}

enum Ticket {
    Urgent(u64),
    Normal(u64),
    Spam,
}
#[stage]
fn classify(n: u64) -> Ticket {
    match n % 3 {
        0 => Ticket::Urgent(n),
        1 => Ticket::Normal(n),
        _ => Ticket::Spam,
    }
}
#[stage]
fn page(n: u64) -> u64 {
    n
}
pipeline! {
    Routes {
        input  numbers: u64 [8];
        output urgent: u64 [64];
        output normal: u64 [64];
        numbers -> classify -> match {
            Ticket::Urgent(n) => n -[4]-> page -> urgent,
            Ticket::Normal(n) if n > 10 => { n * 100 } -> normal,
            _ => drop,
        };
    }
}

#[tokio::test]
async fn a_match_routes() {
    let RoutesHandle {
        numbers,
        urgent,
        normal,
        control,
    } = Routes::builder().start().unwrap();
    for n in 0..20 {
        numbers.send(n).await.unwrap();
    }
    drop(numbers);
    let (urgent, normal): (Vec<u64>, Vec<u64>) = tokio::join!(urgent.collect(), normal.collect());
    assert_eq!(urgent, [0, 3, 6, 9, 12, 15, 18]);
    assert_eq!(normal, [1300, 1600, 1900]);
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert_eq!(ledger.classify.dropped, 10);
}

#[derive(Clone, PartialEq, Eq, Hash)]
#[record]
struct Request {
    #[key]
    session: u32,
    n: u64,
}
struct Model {
    seen: Vec<u32>,
    worker: usize,
}
#[stage]
async fn infer(r: Request, model: &mut Model) -> Result<(usize, u32, u64), Bad> {
    if r.n == 13 {
        panic!("unlucky");
    }
    if r.n == 14 {
        return Err(Bad(14));
    }
    model.seen.push(r.session);
    Ok((model.worker, r.session, r.n))
}
#[stage]
fn dead(f: Failed<Request, Bad>, store: &Store) {
    store
        .0
        .lock()
        .unwrap()
        .push(format!("{:?} {}", f.cause, f.record.map_or(0, |r| r.n)));
}
pipeline! {
    Workers<const QUEUE: usize = 16> {
        budget 1MiB;
        drain 5s;
        input  requests: Request [8];
        output answers: (usize, u32, u64) [8];
        local  model: Model;
        shared store: Store;
        requests -[8]-> pass -[QUEUE, by key]-> infer(model) { workers: 3 } -> answers;
        infer.errors -[8]-> dead(store);
    }
}
#[stage]
fn pass(r: Request) -> Request {
    r
}

#[tokio::test]
async fn workers_by_key() {
    let store = Arc::new(Store::default());
    let WorkersHandle {
        requests,
        answers,
        control,
    } = Workers::builder()
        .model(|w: WorkerId| Model {
            seen: vec![],
            worker: w.index(),
        })
        .store(store.clone())
        .start()
        .unwrap();
    let feed = tokio::spawn(async move {
        for n in 0..200 {
            requests
                .send(Request {
                    session: (n % 7) as u32,
                    n,
                })
                .await
                .unwrap();
        }
    });
    let got: Vec<(usize, u32, u64)> = answers.collect().await;
    feed.await.unwrap();
    let ledger = control.drain().await;
    println!("{ledger}");
    ledger.check().unwrap();
    assert_eq!(got.len(), 198);
    for session in 0..7 {
        let of: Vec<_> = got.iter().filter(|g| g.1 == session).collect();
        assert!(of.iter().all(|g| g.0 == of[0].0), "one worker a session");
        assert!(of.windows(2).all(|w| w[0].2 < w[1].2), "in order");
    }
    let mut dead = store.0.lock().unwrap().clone();
    dead.sort();
    assert_eq!(dead, ["Error(Bad(14)) 14", "Panic(\"unlucky\") 13"]);
    assert_eq!(ledger.infer.rebuilt, 1);
}

#[derive(Default)]
struct Matcher {
    orders: Vec<u64>,
    prices: Vec<u64>,
    ended: Vec<&'static str>,
}
struct Price(u64);
#[stage]
impl Matcher {
    #[inlet]
    fn order(&mut self, o: u64) -> Option<(u64, u64)> {
        self.orders.push(o);
        self.pair()
    }
    #[inlet]
    fn price(&mut self, p: Price) -> Option<(u64, u64)> {
        self.prices.push(p.0);
        self.pair()
    }
    fn closed(&mut self, inlet: Inlet) -> Option<(u64, u64)> {
        self.ended.push(inlet.name());
        (self.ended.len() == 2).then_some((999, 999))
    }
    fn pair(&mut self) -> Option<(u64, u64)> {
        (!self.orders.is_empty() && !self.prices.is_empty()).then(|| (self.orders.remove(0), self.prices.remove(0)))
    }
}
pipeline! {
    Join {
        input  orders: u64 [8];
        input  prices: Price [8];
        output trades: (u64, u64) [8];
        node   matcher: Matcher = Matcher::default();
        orders -> matcher.order;
        prices -> matcher.price;
        matcher -> trades;
    }
}
#[tokio::test]
async fn a_join() {
    let JoinHandle {
        orders,
        prices,
        trades,
        control,
    } = Join::builder().start().unwrap();
    for n in 0..5 {
        orders.send(n).await.unwrap();
        prices.send(Price(n * 10)).await.unwrap();
    }
    drop((orders, prices));
    let trades: Vec<(u64, u64)> = trades.collect().await;
    assert_eq!(trades, [(0, 0), (1, 10), (2, 20), (3, 30), (4, 40), (999, 999)]);
    let ledger = control.finished().await;
    println!("{ledger}");
    ledger.check().unwrap();
    assert_eq!(ledger.matcher.order.taken, 5);
}

#[derive(Default)]
struct Frontier {
    todo: std::collections::VecDeque<u64>,
    seen: std::collections::HashSet<u64>,
}
#[stage]
impl Frontier {
    fn process(&mut self, url: u64) {
        if self.seen.insert(url) {
            self.todo.push_back(url);
        }
    }
    fn next(&mut self) -> Option<u64> {
        self.todo.pop_front()
    }
    fn held(&self) -> usize {
        self.todo.len()
    }
}
#[stage]
async fn fetch(url: u64) -> Vec2 {
    Vec2(url, (1..5).map(|k| url * 3 + k).filter(|n| *n < 500).collect())
}
#[derive(Clone)]
struct Vec2(u64, Vec<u64>);
#[stage]
fn found(page: Vec2) -> impl Iterator<Item = u64> {
    page.1.into_iter()
}
#[stage]
fn title(page: Vec2) -> u64 {
    page.0
}
pipeline! {
    Crawler {
        input  seeds: u64 [2];
        output pages: u64 [2];
        node   frontier: Frontier = Frontier::default();
        seeds -> frontier -[2]-> fetch { workers: 2 } -[2]-> parse -> {
            -[2]-> found -[2]-> frontier,
            title -> pages,
        };
    }
}
#[stage]
fn parse(page: Vec2) -> Vec2 {
    page
}
#[tokio::test]
async fn a_cycle_ends_by_itself() {
    let CrawlerHandle { seeds, pages, control } = Crawler::builder().start().unwrap();
    seeds.send(1).await.unwrap();
    drop(seeds);
    let pages: Vec<u64> = pages.collect().await;
    let ledger = control.finished().await;
    println!("{} pages\n{ledger}", pages.len());
    ledger.check().unwrap();
    let mut unique = pages.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), pages.len());
    assert!(pages.len() > 100);
}

#[stage]
async fn embed(batch: Batch<u64>) -> Result<Vec<(usize, u64)>, Bad> {
    let n = batch.len();
    if batch.contains(&77) {
        return Err(Bad(77));
    }
    Ok(batch.into_iter().map(|x| (n, x)).collect())
}
#[stage]
fn dead_batch(f: Failed<Batch<u64>, Bad>, store: &Store) {
    store
        .0
        .lock()
        .unwrap()
        .push(format!("batch of {}", f.record.map_or(0, |b| b.len())));
}
pipeline! {
    Batches {
        input  numbers: u64 [16];
        output done: (usize, u64) [64];
        shared store: Store;
        numbers -> embed { batch: 8 } -> done;
        embed.errors -[8]-> dead_batch(store);
    }
}
#[tokio::test]
async fn batches() {
    let store = Arc::new(Store::default());
    let BatchesHandle { numbers, done, control } = Batches::builder().store(store.clone()).start().unwrap();
    for n in 70..86 {
        numbers.send(n).await.unwrap();
    }
    drop(numbers);
    let done: Vec<(usize, u64)> = done.collect().await;
    let ledger = control.finished().await;
    println!("{ledger}\n{done:?}");
    ledger.check().unwrap();
    assert_eq!(done.len() as u64 + ledger.embed.failed, 16);
    assert!(ledger.embed.failed >= 1);
}

#[stage]
fn counting(upto: &u64) -> impl futures_core::Stream<Item = u64> + use<> {
    let upto = *upto;
    Counting(0, upto)
}
struct Counting(u64, u64);
impl futures_core::Stream for Counting {
    type Item = u64;
    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        if self.0 == self.1 {
            return std::task::Poll::Ready(None);
        }
        self.0 += 1;
        std::task::Poll::Ready(Some(self.0))
    }
}
#[stage]
async fn tokens(n: u64, out: &mut Emit<u64>) -> Result<(), Bad> {
    for k in 0..n {
        out.emit(k).await;
    }
    Ok(())
}
#[derive(Default)]
struct Sum(u64);
#[stage]
impl Sum {
    fn process(&mut self, n: u64) {
        self.0 += n;
    }
    fn tick(&mut self) -> Option<u64> {
        None
    }
    fn finish(&mut self) -> Option<u64> {
        Some(self.0)
    }
}
pipeline! {
    Sources {
        output sum: u64 [1];
        shared upto: u64;
        node sum_up: Sum { tick: 10ms } = Sum::default();
        counting(upto) -> tokens -[4]-> sum_up -> sum;
        errors -> drop;
    }
}
#[tokio::test]
async fn a_source_and_an_emitter() {
    let SourcesHandle { mut sum, control } = Sources::builder().upto(10).start().unwrap();
    assert_eq!(sum.recv().await, Some((1..=10).map(|n| (0..n).sum::<u64>()).sum()));
    control.finished().await.check().unwrap();
}

#[stage]
fn at(tick: Tick) -> u64 {
    tick.count
}
pipeline! {
    Clock {
        output ticks: u64 [4];
        every 5ms -> at -> ticks;
    }
}
#[tokio::test]
async fn a_clock() {
    let ClockHandle { mut ticks, control } = Clock::builder().start().unwrap();
    assert_eq!(ticks.recv().await, Some(0));
    assert_eq!(ticks.recv().await, Some(1));
    let ledger = control.drain().await;
    println!("{ledger}");
    ledger.check().unwrap();
}

#[stage]
fn refused(shed: Shed<u64>, store: &Store) {
    store.0.lock().unwrap().push(format!("shed {}", shed.record));
}
pipeline! {
    Sheds {
        input  numbers: u64 [2, shed];
        output done: u64 [2];
        shared store: Store;
        numbers -> plus -[2, shed]-> even -> done;
        numbers.shed -[4]-> refused(store);
        even.shed -[4]-> again -> lost;
        output lost: u64 [64];
    }
}
#[stage]
fn again(shed: Shed<u64>) -> u64 {
    shed.record
}
#[tokio::test]
async fn shedding() {
    let store = Arc::new(Store::default());
    let ShedsHandle {
        numbers,
        done,
        lost,
        control,
    } = Sheds::builder().store(store.clone()).start().unwrap();
    let mut shed = 0;
    for n in 0..50 {
        match numbers.try_send(n) {
            Ok(()) => {}
            Err(SendError::Shed) => shed += 1,
            Err(SendError::Full(_) | SendError::Refused(..)) => {}
            Err(SendError::Closed(_)) => panic!("closed"),
        }
    }
    drop(numbers);
    let (done, lost): (Vec<u64>, Vec<u64>) = tokio::join!(done.collect(), lost.collect());
    let ledger = control.finished().await;
    println!("{shed} shed, {done:?} {lost:?}\n{ledger}");
    ledger.check().unwrap();
    assert_eq!(store.0.lock().unwrap().len(), shed);
}

#[test]
fn threads() {
    let FanHandle {
        numbers,
        odd,
        all,
        control,
    } = Fan::builder().store(Store::default()).start_threads().unwrap();
    let feed = std::thread::spawn(move || (0..8).for_each(|n| numbers.send_blocking(n).unwrap()));
    let collect =
        |mut s: AsyncStream<u64, 8>| std::thread::spawn(move || std::iter::from_fn(|| s.recv_blocking()).collect::<Vec<_>>());
    let (odd, all) = (collect(odd), collect(all));
    feed.join().unwrap();
    assert_eq!(odd.join().unwrap(), [2, 4, 6, 8]);
    assert_eq!(all.join().unwrap(), [1, 2, 3, 4, 5, 6, 7, 8]);
    control.finished_blocking().check().unwrap();
    println!("{}\n{}", Crawler::TOPOLOGY, Crawler::TOPOLOGY.to_mermaid());
}

#[derive(Default)]
struct Tally(Vec<u64>);
#[stage]
impl Tally {
    fn process(&mut self, n: u64) -> Option<u64> {
        self.0.push(n);
        (n == 13).then(|| panic!("unlucky"))
    }
    fn finish(&mut self) -> Option<u64> {
        Some(self.0.len() as u64)
    }
}
pipeline! {
    Meets {
        input  numbers: u64 [8];
        output total: u64 [8];
        node   tally: Tally = Tally::default();
        numbers -> classify -> match {
            Ticket::Urgent(n) => n -> page -> tally,
            Ticket::Normal(n) => n -> tally,
            Ticket::Spam => drop,
        };
        tally -> total;
    }
}

#[tokio::test]
async fn arms_meet_in_one_node() {
    let MeetsHandle {
        numbers,
        mut total,
        control,
    } = Meets::builder().start().unwrap();
    for n in 0..30 {
        numbers.send(n).await.unwrap();
    }
    drop(numbers);
    assert_eq!(total.recv().await, Some(20));
    let ledger = control.finished().await;
    println!("{ledger}");
    ledger.check().unwrap();
    assert_eq!((ledger.tally.taken, ledger.tally.failed), (21, 1));
}

#[tokio::test]
async fn two_pipelines_are_joined() {
    let a = Meets::builder().start().unwrap();
    let b = Fan::builder().store(Store::default()).start().unwrap();
    a.total.pipe_into(&b.numbers).unwrap();
    assert!(b.control.topology().to_text().contains("Meets"));
    assert!(a.control.topology().to_dot().contains("Fan"));
    // A circle is refused, and the stream comes back.
    let refused = b.odd.pipe_into(&a.numbers).unwrap_err();
    assert_eq!(refused.reason, forebay::JoinReason::Loop);
    let (odd, all) = (refused.stream, b.all);
    for n in 0..12 {
        a.numbers.send(n).await.unwrap();
    }
    // Asked to drain, the second waits for the first.
    let drained = b.control.drain();
    let (odd, all, ledger): (Vec<u64>, Vec<u64>, _) = tokio::join!(odd.collect(), all.collect(), drained);
    assert_eq!((odd, all), (vec![], vec![9]));
    ledger.check().unwrap();
    a.control.finished().await.check().unwrap();
}

static IN_BSS: Workerless = Workerless::new();
pipeline! {
    Workerless {
        input  numbers: u64 [1024];
        output done: u64 [4096];
        numbers -> plus -[4096]-> page { workers: 2 } -[4096]-> even -> done;
    }
}

#[tokio::test]
async fn a_static_pipeline() {
    let WorkerlessHandle { numbers, done, control } = Workerless::builder().in_static(&IN_BSS).start().unwrap();
    for n in 0..100 {
        numbers.send(n).await.unwrap();
    }
    drop(numbers);
    assert_eq!(done.collect::<Vec<u64>>().await.len(), 50);
    control.finished().await.check().unwrap();
    let again = Workerless::builder().in_static(&IN_BSS).start();
    assert!(matches!(again, Err(forebay::StartError::Started)));
}

#[stage]
fn told_by(shed: Shed<Request>, model: &mut Model) -> (usize, u32) {
    (model.worker, shed.record.session)
}
pipeline! {
    ShedByKey {
        input  requests: Request [1, shed];
        output seen: u64 [1];
        output told: (usize, u32) [64];
        local  model: Model;
        requests -> session -> seen;
        requests.shed -[64, by record]-> told_by(model) { workers: 2 } -> told;
    }
}
#[stage]
fn session(r: Request) -> u64 {
    u64::from(r.session)
}

/// The wire of an input chose the first worker for everything.
#[tokio::test]
async fn what_an_input_sheds_meets_the_worker_of_its_key() {
    let builder = ShedByKey::builder().model(|w: WorkerId| Model {
        seen: vec![],
        worker: w.index(),
    });
    let ShedByKeyHandle {
        requests,
        seen,
        told,
        control,
    } = builder.start().unwrap();
    // Nothing runs before the first await: all but one are refused.
    let shed = (0..40)
        .filter(|n| matches!(requests.try_send(Request { session: *n, n: 0 }), Err(SendError::Shed)))
        .count();
    drop((requests, seen));
    let told: Vec<(usize, u32)> = told.collect().await;
    control.finished().await.check().unwrap();
    assert_eq!(told.len(), shed);
    assert!(
        (0..2).all(|worker| told.iter().any(|t| t.0 == worker)),
        "both workers: {told:?}"
    );
}
