//! What a review found: one test for each bug, named after what went wrong.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use forebay::prelude::*;

/// A test that hangs fails.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .expect("it does not hang")
}

#[stage]
fn left(n: u64) -> u64 {
    n * 2
}
#[stage]
fn right(n: u64) -> u64 {
    n * 2 + 1
}
#[stage]
fn both(n: u64) -> u64 {
    n
}
pipeline! {
    Diamond {
        input  numbers: u64 [8];
        output all: u64 [2];
        numbers -> { left -> both, right -> both };
        both -> all;
    }
}

#[tokio::test]
async fn branches_that_meet_before_a_full_ring_lost_a_record() {
    let DiamondHandle { numbers, all, control } = Diamond::builder().start().unwrap();
    for n in 0..8 {
        numbers.send(n).await.unwrap();
    }
    drop(numbers);
    // The ring is full by now, and both branches have given a record.
    while control.ledger().both.taken < 3 {
        tokio::task::yield_now().await;
    }
    let got: Vec<u64> = soon(all.collect()).await;
    assert_eq!(got, (0..16).collect::<Vec<_>>());
}

#[tokio::test]
async fn each_wire_that_meets_others_was_checked_against_all_of_them() {
    let DiamondHandle { numbers, all, control } = Diamond::builder().start().unwrap();
    numbers.send(1).await.unwrap();
    drop(numbers);
    assert_eq!(soon(all.collect::<Vec<u64>>()).await, [2, 3]);
    control.finished().await.check().unwrap();
}

#[derive(Default)]
struct Slow;
#[stage]
impl Slow {
    fn process(&mut self, n: u64) -> u64 {
        n
    }
    fn tick(&mut self) -> Option<u64> {
        std::thread::sleep(Duration::from_millis(3));
        None
    }
}
pipeline! {
    Ticks {
        input  numbers: u64 [8];
        output all: u64 [8];
        node   slow: Slow { tick: 1ms } = Slow;
        numbers -> slow -> all;
    }
}

#[test]
fn a_tick_longer_than_its_period_starved_the_records() {
    let TicksHandle {
        numbers,
        mut all,
        control,
    } = Ticks::builder().start_threads().unwrap();
    // It ticks before the record comes.
    while control.ledger().slow.attempts < 3 {
        std::thread::yield_now();
    }
    numbers.send_blocking(7).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || tell.send(all.recv_blocking()));
    let got = told.recv_timeout(Duration::from_secs(20));
    let _ = control.abort_blocking();
    assert_eq!(got, Ok(Some(7)));
}

/// Gives back what it took; says how much it held at most.
struct Pool {
    held: Vec<u64>,
    most: Arc<AtomicUsize>,
}
#[stage]
impl Pool {
    fn process(&mut self, n: u64) {
        self.held.push(n);
        self.most.fetch_max(self.held.len(), SeqCst);
    }
    fn next(&mut self) -> Option<u64> {
        self.held.pop()
    }
    fn held(&self) -> usize {
        self.held.len()
    }
}
/// As many as are wanted, as fast as they are taken.
#[stage]
fn flood(upto: &u64) -> impl futures_core::Stream<Item = u64> + use<> {
    Flood(0, *upto)
}
struct Flood(u64, u64);
impl futures_core::Stream for Flood {
    type Item = u64;
    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        self.0 += 1;
        std::task::Poll::Ready((self.0 <= self.1).then_some(self.0))
    }
}
#[stage]
fn ignore(_n: u64) {}
pipeline! {
    Pulls {
        shared upto: u64;
        node   pool: Pool;
        flood(upto) -[512]-> pool -[512]-> ignore;
    }
}

#[tokio::test]
async fn a_pulled_stage_was_not_asked_while_its_input_was_busy() {
    const ALL: u64 = 300_000;
    let most = Arc::new(AtomicUsize::new(0));
    let seen = most.clone();
    let PullsHandle { control } = Pulls::builder()
        .upto(ALL)
        .pool(move |_| Pool {
            held: Vec::new(),
            most: seen.clone(),
        })
        .start()
        .unwrap();
    let ledger = soon(control.finished()).await;
    ledger.check().unwrap();
    assert_eq!(ledger.ignore.taken, ALL);
    assert!(most.load(SeqCst) < 2_000, "it held {}", most.load(SeqCst));
}

/// A `match` at the head of a segment.
enum Way {
    Good(u64),
    Bad(u64),
}
pipeline! {
    Head {
        input  ways: Way [16];
        output all: u64 [16];
        ways -> match {
            Way::Good(n) if n % 2 == 0 => n -> odd -> all,
            Way::Good(n) => n -> all,
            Way::Bad(n) if hopeless(n) => drop,
            Way::Bad(_) => drop,
        };
    }
}
fn hopeless(n: u64) -> bool {
    panic!("the match says no to {n}")
}
#[stage]
fn odd(n: u64) -> Option<u64> {
    (n > 100).then_some(n)
}

#[test]
fn a_match_that_panicked_was_the_fault_of_the_record_before() {
    // Everything waits before the first chunk: they go through in few of them.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let HeadHandle { ways, all, control } = Head::builder().start().unwrap();
        for n in 0..4 {
            ways.try_send(Way::Good(n * 2)).unwrap();
        }
        for n in 0..4 {
            ways.try_send(Way::Good(n * 2)).unwrap();
            ways.try_send(Way::Bad(n)).unwrap();
        }
        drop(ways);
        assert_eq!(soon(all.collect::<Vec<u64>>()).await, [] as [u64; 0]);
        let ledger = soon(control.finished()).await;
        println!("{ledger}");
        ledger.check().unwrap();
        assert_eq!((ledger.odd.failed, ledger.odd.finished, ledger.ways.taken), (0, 8, 12));
    });
}

/// Does something when it is woken.
struct Does<F>(F);
impl<F: Fn() + Send + Sync + 'static> std::task::Wake for Does<F> {
    fn wake(self: Arc<Self>) {
        self.0()
    }
}
fn poll_once(future: std::pin::Pin<&mut impl Future>, does: impl Fn() + Send + Sync + 'static) {
    let waker = std::task::Waker::from(Arc::new(Does(does)));
    assert!(future.poll(&mut std::task::Context::from_waker(&waker)).is_pending());
}
pipeline! {
    Plain {
        input  numbers: u64 [2];
        output all: u64 [2];
        numbers -> both -> all;
    }
}

#[test]
fn a_waker_that_ended_the_pipeline_while_it_closed_hung() {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let PlainHandle { numbers, all, control } = Plain::builder().start_threads().unwrap();
        // The ring before the segment is full, as long as the one behind it is.
        let mut n = 0;
        while all.len() < 2 || numbers.len() < 2 {
            n += u64::from(numbers.try_send(n).is_ok());
        }
        let mut waits = std::pin::pin!(numbers.send(n));
        let aborts = control.clone();
        poll_once(waits.as_mut(), move || drop(aborts.abort()));
        let ledger = control.drain_blocking();
        let _ = tell.send(ledger.check().is_ok());
    });
    assert_eq!(told.recv_timeout(Duration::from_secs(20)), Ok(true));
}

#[test]
fn a_waker_that_panicked_ended_the_pipeline() {
    let PlainHandle {
        numbers,
        mut all,
        control,
    } = Plain::builder().start_threads().unwrap();
    poll_once(std::pin::pin!(all.recv()), || panic!("not now"));
    numbers.send_blocking(7).unwrap();
    drop(numbers);
    while all.is_empty() {
        std::thread::yield_now();
    }
    assert_eq!((all.recv_blocking(), all.recv_blocking()), (Some(7), None));
    control.finished_blocking().check().unwrap();
}

#[test]
fn a_waker_that_panicked_kept_the_next_from_being_woken() {
    let PlainHandle { numbers, all, control } = Plain::builder().start_threads().unwrap();
    let mut n = 0;
    while all.len() < 2 || numbers.len() < 2 {
        n += u64::from(numbers.try_send(n).is_ok());
    }
    let (mut one, mut two) = (Box::pin(numbers.send(n)), Box::pin(numbers.send(n + 1)));
    let woken = Arc::new(AtomicUsize::new(0));
    let seen = woken.clone();
    poll_once(one.as_mut(), || panic!("not now"));
    poll_once(two.as_mut(), move || {
        seen.fetch_add(1, SeqCst);
    });
    let drained = control.drain();
    drop((one, two, all));
    drained.wait_blocking().check().unwrap();
    assert_eq!(woken.load(SeqCst), 1);
}

/// A key whose hash panics every second time it is asked for. Each is used once.
#[derive(Clone)]
struct Fickle(u64, Arc<AtomicUsize>);
impl PartialEq for Fickle {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl Eq for Fickle {}
impl std::hash::Hash for Fickle {
    fn hash<H: std::hash::Hasher>(&self, to: &mut H) {
        assert!(self.1.fetch_add(1, SeqCst).is_multiple_of(2), "not again");
        self.0.hash(to);
    }
}
#[record]
struct ByFickle {
    #[key]
    key: Fickle,
}
fn fickle(n: u64) -> ByFickle {
    ByFickle {
        key: Fickle(n, Arc::default()),
    }
}
#[stage]
fn same(r: ByFickle) -> ByFickle {
    r
}
#[stage]
fn number(r: ByFickle) -> u64 {
    r.key.0
}
pipeline! {
    Sharded {
        input  records: ByFickle [8];
        output all: u64 [1];
        records -> same -[1, by key]-> number { workers: 2 } -> all;
    }
}

#[tokio::test]
async fn a_record_that_waited_was_hashed_again_and_its_panic_ended_the_pipeline() {
    let ShardedHandle { records, all, control } = Sharded::builder().start().unwrap();
    for n in 0..8 {
        records.send(fickle(n)).await.unwrap();
    }
    drop(records);
    let mut got: Vec<u64> = soon(all.collect()).await;
    got.sort_unstable();
    soon(control.finished()).await.check().unwrap();
    assert_eq!(got, (0..8).collect::<Vec<_>>());
}

/// Its text cannot be had.
#[derive(Debug)]
struct Wordless;
impl std::fmt::Display for Wordless {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("no words")
    }
}
impl std::error::Error for Wordless {}
#[stage]
fn use_up(n: u64, local: &mut u64) -> u64 {
    assert!(n != 3, "three");
    *local + n
}
pipeline! {
    Rebuilds {
        input  numbers: u64 [8];
        output all: u64 [8];
        local  local: u64;
        numbers -> use_up(local) -> all;
    }
}

#[tokio::test]
async fn an_error_of_a_factory_that_panicked_ended_the_pipeline() {
    let RebuildsHandle { numbers, all, control } = Rebuilds::builder()
        .try_local(|w: WorkerId| if w.incarnation() == 0 { Ok(0) } else { Err(Wordless) })
        .start()
        .unwrap();
    for n in 1..6 {
        numbers.try_send(n).unwrap();
    }
    assert_eq!(soon(all.collect::<Vec<u64>>()).await, [1, 2]);
    let ledger = soon(control.finished()).await;
    ledger.check().unwrap();
    assert_eq!((ledger.use_up.failed, ledger.numbers.cut), (3, 0));
}

pipeline! {
    Into {
        input  records: ByFickle [8];
        output all: u64 [8];
        records -> same -> number -> all;
    }
}
pipeline! {
    Keys {
        input  keys: ByFickle [8, by key];
        output all: u64 [8];
        keys -> number { workers: 2 } -> all;
    }
}
pipeline! {
    Makes {
        input  numbers: u64 [8];
        output records: ByFickle [1];
        numbers -> make -> records;
    }
}
#[stage]
fn make(n: u64) -> ByFickle {
    let record = fickle(n);
    record.key.1.store(usize::from(n == 3), SeqCst);
    record
}

#[tokio::test]
async fn a_hash_that_panicked_broke_the_join_of_two_pipelines() {
    let (makes, keys) = (Makes::builder().start().unwrap(), Keys::builder().start().unwrap());
    makes.records.pipe_into(&keys.keys).unwrap();
    drop(keys.keys);
    for n in 0..6 {
        makes.numbers.send(n).await.unwrap();
    }
    drop(makes.numbers);
    let mut got: Vec<u64> = soon(keys.all.collect()).await;
    got.sort_unstable();
    assert_eq!(got, [0, 1, 2, 4, 5]);
    soon(makes.control.finished()).await.check().unwrap();
    let ledger = soon(keys.control.finished()).await;
    ledger.check().unwrap();
    assert_eq!((ledger.keys.offered, ledger.keys.cut), (6, 1));
}

#[test]
fn a_record_between_two_pipelines_vanished_with_the_runtime() {
    let (one, two) = (
        tokio::runtime::Runtime::new().unwrap(),
        tokio::runtime::Runtime::new().unwrap(),
    );
    let first = one.block_on(async { Plain::builder().start().unwrap() });
    let second = two.block_on(async { Plain::builder().start().unwrap() });
    first.all.pipe_into(&second.numbers).unwrap();
    // All rings are full, and one record is on its way between the two.
    let mut n = 0;
    while first.control.ledger().all.taken < 6 || first.numbers.len() < 2 {
        n += u64::from(first.numbers.try_send(n).is_ok());
    }
    drop(one);
    drop(second.numbers);
    let ledger = first.control.finished_blocking();
    ledger.check().unwrap();
    drop(second.all);
    let after = second.control.finished_blocking();
    after.check().unwrap();
    assert_eq!(after.numbers.offered, ledger.all.taken);
}

/// A record, a resource or a waker that tells when it is gone.
type Alive = Arc<()>;
#[stage]
fn hold(x: Alive, local: &mut Alive, shared: &Alive) -> Alive {
    let _ = (local, shared);
    x
}
#[stage]
async fn wait(x: Alive) -> Alive {
    tokio::task::yield_now().await;
    x
}
pipeline! {
    Holds {
        drain  5s;
        input  records: Alive [4];
        output all: Alive [4];
        local  local: Alive;
        shared shared: Alive;
        records -> hold(local, shared) -[4]-> wait { workers: 2 } -[4]-> { -[4]-> wait_too -> all, -[4]-> gone };
    }
}
#[stage]
async fn wait_too(x: Alive) -> Alive {
    tokio::task::yield_now().await;
    x
}
#[stage]
fn gone(x: Alive) {
    drop(x);
}

/// How a pipeline comes to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Drain,
    Abort,
    Dropped,
    Runtime,
}

#[test]
fn nothing_of_a_pipeline_is_left_after_its_end() {
    for end in [End::Drain, End::Abort, End::Dropped, End::Runtime] {
        let alive = Alive::default();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        {
            let (a, b) = (alive.clone(), alive.clone());
            let HoldsHandle {
                records,
                mut all,
                control,
            } = runtime.block_on(async move {
                let local = move |_: WorkerId| b.clone();
                Holds::builder().local(local).shared(a).start().unwrap()
            });
            while all.len() < 4 || records.len() < 4 {
                let _ = records.try_send(alive.clone());
            }
            let (told, asked) = (control.clone(), control.drain());
            match end {
                End::Drain => {
                    while all.recv_blocking().is_some() {}
                    asked.wait_blocking().check().unwrap();
                }
                End::Abort => {
                    control.abort_blocking().check().unwrap();
                    drop(asked);
                }
                End::Dropped => drop((all, records, asked, told)),
                End::Runtime => {
                    drop((runtime, all));
                    control.finished_blocking().check().unwrap();
                    assert_eq!(Arc::strong_count(&alive), 1, "{end:?}");
                    continue;
                }
            }
        }
        // The tasks themselves go a moment after their ends were told.
        let since = std::time::Instant::now();
        while Arc::strong_count(&alive) > 1 {
            assert!(
                since.elapsed() < Duration::from_secs(10),
                "{end:?}: {} left",
                Arc::strong_count(&alive)
            );
            std::thread::yield_now();
        }
    }
}

#[stage]
fn takes_long(n: u64) -> u64 {
    std::thread::sleep(Duration::from_micros(500));
    n
}
#[stage]
fn many(n: u64) -> impl Iterator<Item = u64> {
    (0..n).inspect(|_| std::thread::sleep(Duration::from_micros(500)))
}
pipeline! {
    Streams {
        shared upto: u64;
        flood(upto) -> takes_long -> ignore;
    }
}
pipeline! {
    Lists {
        input numbers: u64 [1];
        numbers -> many -> ignore;
    }
}

/// Looks how far it gets between two turns of another task, until it has come to `all`.
async fn longest(all: u64, so_far: impl Fn() -> u64 + Send + 'static) -> u64 {
    let (mut longest, mut before) = (0, 0);
    let other = std::future::poll_fn(move |cx| {
        let now = so_far();
        longest = longest.max(now - before);
        before = now;
        if now < all {
            cx.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(longest)
    });
    soon(tokio::spawn(other)).await.unwrap()
}

#[tokio::test]
async fn a_source_before_a_slow_stage_kept_other_tasks_from_running() {
    let StreamsHandle { control } = Streams::builder().upto(200).start().unwrap();
    let longest = longest(200, move || control.ledger().takes_long.taken).await;
    assert!(longest <= 16, "{longest} in a row");
}

#[tokio::test]
async fn a_slow_iterator_kept_other_tasks_from_running() {
    let ListsHandle { numbers, control } = Lists::builder().start().unwrap();
    numbers.try_send(200).unwrap();
    let longest = longest(200, move || control.ledger().ignore.taken).await;
    assert!(longest <= 16, "{longest} in a row");
}

#[derive(Default)]
struct First;
#[stage]
impl First {
    fn process(&mut self, _n: u64) {}
    fn finish(&mut self) -> Option<u64> {
        Some(1)
    }
}
#[derive(Default)]
struct Second;
#[stage]
impl Second {
    fn process(&mut self, _n: u64) {}
    fn finish(&mut self) -> impl Iterator<Item = u64> {
        0..4_u64
    }
}
pipeline! {
    LastWords {
        input  numbers: u64 [1];
        output one: u64 [1];
        output two: u64 [1];
        node   first: First = First;
        node   second: Second = Second;
        numbers -> { first -> one, second -> two };
    }
}

#[tokio::test]
async fn the_last_word_of_a_branch_was_not_seen_while_the_next_waited() {
    let LastWordsHandle {
        numbers,
        mut one,
        two,
        control,
    } = LastWords::builder().start().unwrap();
    drop(numbers);
    while control.ledger().second.emitted < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(soon(one.recv()).await, Some(1));
    assert_eq!(soon(two.collect::<Vec<u64>>()).await, [0, 1, 2, 3]);
    control.finished().await.check().unwrap();
}
