//! Ticks, clocks and deadlines.

use super::*;

#[derive(Default)]
struct Strokes {
    at: u64,
}
#[stage]
impl Strokes {
    fn process(&mut self, n: u64) {
        self.at = n;
    }
    fn tick(&mut self) -> u64 {
        self.at += 1;
        self.at
    }
}
pipeline! {
    Ticking {
        input  numbers: u64 [4];
        output out: u64 [64];
        node   strokes: Strokes { tick: 100ms } = Strokes::default();
        numbers -> strokes -> out;
    }
}
pipeline! {
    Every {
        output out: Tick [1];
        every 100ms -> out;
    }
}

#[::tokio::test(start_paused = true)]
async fn a_tick_strikes_on_time() {
    let start = Instant::now();
    let TickingHandle {
        numbers,
        mut out,
        control,
    } = Ticking::builder().start().unwrap();
    for n in 1..=3 {
        assert_eq!(out.recv().await, Some(n));
        assert_eq!(start.elapsed().as_millis() / 10, u128::from(n) * 10);
    }
    numbers.send(100).await.unwrap();
    assert_eq!(out.recv().await, Some(101));
    assert_eq!(start.elapsed().as_millis() / 10, 40);
    drop(numbers);
    let ledger = control.finished().await;
    assert_eq!(out.recv().await, None);
    ledger.check().unwrap();
    assert_eq!(ledger.strokes.taken, 5);
}

#[::tokio::test(start_paused = true)]
async fn every_strikes_after_one_period_and_makes_nothing_up() {
    let start = Instant::now();
    let EveryHandle { mut out, control } = Every::builder().start().unwrap();
    assert_eq!(out.recv().await.unwrap().count, 0);
    assert_eq!(start.elapsed().as_millis() / 10, 10);
    assert_eq!(out.recv().await.unwrap().count, 1);
    assert_eq!(start.elapsed().as_millis() / 10, 20);
    // Nobody reads for long: one is in the ring, one waits for it.
    sleep(Duration::from_secs(10)).await;
    let late = start.elapsed().as_millis();
    assert_eq!((out.recv().await.unwrap().count, out.recv().await.unwrap().count), (2, 3));
    assert!(start.elapsed().as_millis() - late < 10);
    assert_eq!(out.recv().await.unwrap().count, 4);
    assert!(start.elapsed().as_millis() - late >= 100);
    let ledger = control.drain().await;
    ledger.check().unwrap();
}

pipeline! {
    Deadline {
        drain  1s;
        input  numbers: u64 [4];
        output out: u64 [2];
        numbers -> same -[2]-> later -> out;
    }
}
#[stage(runtime = none)]
async fn later(n: u64) -> u64 {
    yields(1).await;
    n
}

#[::tokio::test(start_paused = true)]
async fn the_deadline_turns_a_drain_into_an_abort() {
    let start = Instant::now();
    let DeadlineHandle { numbers, out, control } = Deadline::builder().start().unwrap();
    let mut sent = 0;
    while numbers.try_send(sent).is_ok() || control.ledger().later.emitted < 3 || numbers.len() < 4 {
        sent += 1;
        ::tokio::task::yield_now().await;
    }
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(start.elapsed().as_millis() / 100, 10);
    // Two can still be read; where the others were is named.
    let cut = ledger.numbers.cut + ledger.later.input.cut + ledger.same.cut + ledger.later.cut + ledger.out.cut;
    assert_eq!(cut + 2, ledger.numbers.offered, "{ledger}");
    assert!(
        ledger.numbers.cut > 0 && ledger.later.input.cut > 0 && ledger.out.cut > 0,
        "{ledger}"
    );
    assert_eq!(out.collect::<Vec<_>>().await, [0, 1]);
}

#[stage]
fn unlucky(n: u64) -> u64 {
    if n == 3 {
        panic!("tripped unlucky");
    }
    n
}
pipeline! {
    Unlucky {
        drain  1s;
        input  numbers: u64 [16];
        output out: u64 [2];
        numbers -> unlucky { restart: 1 in 1h else drain } -> out;
        unlucky.errors -> drop;
    }
}

#[::tokio::test(start_paused = true)]
async fn the_deadline_holds_whoever_drains() {
    let start = Instant::now();
    let UnluckyHandle { numbers, out, control } = Unlucky::builder().start().unwrap();
    send_each(&numbers, [3, 3, 0, 1, 2, 4, 5]).await;
    let _ = (&out, numbers);
    // The second panic drains. A dead worker fails what comes, so nothing is left for the output.
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert_eq!(ledger.unlucky.failed, 7);
    let UnluckyHandle { numbers, out, control } = Unlucky::builder().start().unwrap();
    send_each(&numbers, [0, 1, 2, 4, 3, 3]).await;
    // Nobody reads, so the panics never come, and the drain of somebody else is cut short.
    let other = control.clone();
    drop(other.drain());
    drop(other);
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert!(ledger.numbers.cut > 0, "{ledger}");
    assert_eq!(start.elapsed().as_millis() / 100, 10);
    drop(out);
}
