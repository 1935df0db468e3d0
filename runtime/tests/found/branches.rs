//! Branches that part and meet, each with its own ring before it.

use forebay::prelude::*;

use crate::kit::feed::send_each;
use crate::kit::wait::soon;

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
    send_each(&numbers, 0..8).await;
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
