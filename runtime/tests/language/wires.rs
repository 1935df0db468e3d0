//! Groups, routes and what meets behind them; failures and what is shed.

use std::sync::Arc;

use forebay::prelude::*;

use crate::{Bad, Fan, FanHandle, Store, even, page, plus};

#[derive(Clone, Debug, PartialEq)]
struct Reading(u64);

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
    pub Meets {
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
