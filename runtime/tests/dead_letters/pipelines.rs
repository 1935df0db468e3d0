//! The stages, wired.

use std::convert::Infallible;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use forebay::dead_letters::{CauseKind, DeadLetters, Kept, Select, StoreError, dead_letter_batch, dead_letters};
use forebay::prelude::*;

use crate::support::Refused;

#[stage]
fn odd(n: u64) -> Result<u64, Refused> {
    assert!(n != 13, "thirteen");
    if n.is_multiple_of(2) { Ok(n) } else { Err(Refused("odd")) }
}
#[stage]
fn half(n: u64) -> Option<u64> {
    assert!(n != 26, "twenty-six");
    Some(n / 2)
}

/// What the store did not take.
type Lost = Mutex<Vec<(&'static str, String)>>;

#[stage]
fn note<In: Send + 'static, E: std::fmt::Display + Send + 'static>(failed: Failed<In, E>, lost: &Lost) {
    lost.lock().unwrap().push((failed.node, failed.cause.to_string()));
}

pipeline! {
    Halves {
        input  numbers: u64 [8];
        output halves: u64 [64];
        shared store: DeadLetters;
        shared lost: Lost;
        numbers -> odd -[8]-> half -> halves;
        odd.errors  -[8]-> dead_letters(store) { blocking };
        half.errors -[8]-> kept_of_half(store);
        errors      -[8]-> note(lost);
        node kept_of_half = dead_letters;
    }
}

fn store(records: u64) -> (tempfile::TempDir, Arc<DeadLetters>) {
    let folder = tempfile::tempdir().unwrap();
    let store = DeadLetters::options()
        .records(records)
        .open(folder.path().join("letters"))
        .unwrap();
    (folder, Arc::new(store))
}

#[test]
fn failures_of_several_nodes_and_kinds_are_stored() {
    let (_folder, store) = store(100);
    let lost = Arc::new(Lost::default());
    let HalvesHandle {
        numbers,
        mut halves,
        control,
    } = Halves::builder()
        .store(store.clone())
        .lost(lost.clone())
        .start_threads()
        .unwrap();
    for n in 0..30 {
        numbers.send_blocking(n).unwrap();
    }
    drop(numbers);
    let given = std::iter::from_fn(|| halves.recv_blocking()).count();
    let ledger = control.finished_blocking();
    ledger.check().unwrap();
    assert_eq!(
        (given, ledger.dead_letters.finished, ledger.kept_of_half.finished),
        (14, 15, 1)
    );
    let letters = store.list(&Select::all()).unwrap();
    let mut records: Vec<u64> = letters
        .iter()
        .map(|letter| store.record(letter.id).unwrap().unwrap())
        .collect();
    records.sort_unstable();
    assert_eq!(records, (0..30).filter(|n| n % 2 == 1 || *n == 26).collect::<Vec<_>>());
    let panics: Vec<&str> = letters
        .iter()
        .filter(|l| l.cause == CauseKind::Panic)
        .map(|l| l.node.as_str())
        .collect();
    assert_eq!(panics.len(), 2, "{letters:?}");
    assert!(panics.contains(&"odd") && panics.contains(&"half"));
    assert!(lost.lock().unwrap().is_empty());
}

#[test]
fn when_the_store_is_full_the_failure_goes_on_and_the_ledger_balances() {
    let (_folder, store) = store(5);
    let lost = Arc::new(Lost::default());
    let running = Halves::builder()
        .store(store.clone())
        .lost(lost.clone())
        .start_threads()
        .unwrap();
    for n in [1; 12] {
        running.numbers.send_blocking(n).unwrap();
    }
    drop((running.numbers, running.halves));
    let ledger = running.control.finished_blocking();
    ledger.check().unwrap();
    assert_eq!((ledger.odd.failed, ledger.dead_letters.taken), (12, 12));
    assert_eq!(
        (ledger.dead_letters.finished, ledger.dead_letters.failed, ledger.note.finished),
        (5, 7, 7)
    );
    let lost = lost.lock().unwrap();
    assert!(
        lost.iter()
            .all(|(node, cause)| *node == "dead_letters" && cause.contains("is full: it holds 5")),
        "{lost:?}"
    );
}

/// Takes letters to the test, which lets the store's thread go on by taking them.
#[stage]
fn tell(kept: Kept<u64, Refused>, told: &Mutex<std::sync::mpsc::Sender<(u64, u64)>>) {
    told.lock()
        .unwrap()
        .send((kept.letter.id.0, kept.failed.record.unwrap()))
        .unwrap();
}
#[stage]
fn refuse(n: u64, gate: &Mutex<Receiver<()>>) -> Result<Infallible, Refused> {
    let _ = (n, gate.lock().unwrap().recv());
    Err(Refused("all"))
}
#[stage]
fn unkept(failed: Failed<Batch<Failed<u64, Refused>>, StoreError>, lost: &Mutex<Vec<u64>>) {
    lost.lock()
        .unwrap()
        .extend(failed.record.unwrap().into_iter().filter_map(|failed| failed.record));
}
pipeline! {
    Batched {
        input  numbers: u64 [64];
        shared store: DeadLetters;
        shared told: Mutex<std::sync::mpsc::Sender<(u64, u64)>>;
        shared gate: Mutex<Receiver<()>>;
        shared lost: Mutex<Vec<u64>>;
        numbers -> refuse(gate) -> drop;
        refuse.errors -[64]-> dead_letter_batch(store) { batch: 16, blocking } -> tell(told);
        dead_letter_batch.errors -[4]-> unkept(lost);
    }
}

#[test]
fn a_batch_is_stored_and_told_in_order() {
    let (_folder, store) = store(100);
    let ((tell, told), (open, gate)) = (channel(), channel());
    let running = Batched::builder()
        .store(store.clone())
        .told(Mutex::new(tell))
        .gate(Mutex::new(gate))
        .lost(Mutex::default())
        .start_threads()
        .unwrap();
    for n in 0..40 {
        running.numbers.send_blocking(n).unwrap();
    }
    drop((open, running.numbers));
    let ledger = running.control.finished_blocking();
    ledger.check().unwrap();
    assert_eq!((ledger.dead_letter_batch.finished, ledger.tell.finished), (40, 40));
    let told: Vec<(u64, u64)> = told.try_iter().collect();
    assert_eq!(told, (0..40).map(|n| (n + 1, n)).collect::<Vec<_>>());
}

#[test]
fn a_batch_that_the_store_refuses_is_given_back_whole() {
    let (_folder, store) = store(20);
    let ((tell, told), (open, gate)) = (channel(), channel());
    let lost = Arc::new(Mutex::default());
    let running = Batched::builder()
        .store(store.clone())
        .told(Mutex::new(tell))
        .gate(Mutex::new(gate))
        .lost(lost.clone())
        .start_threads()
        .unwrap();
    for n in 0..40 {
        running.numbers.send_blocking(n).unwrap();
    }
    drop((open, running.numbers));
    let ledger = running.control.finished_blocking();
    ledger.check().unwrap();
    let told: Vec<u64> = told.try_iter().map(|(_, n)| n).collect();
    let lost: &Vec<u64> = &lost.lock().unwrap();
    let stored = store.totals().unwrap().records;
    assert_eq!(told.len() as u64, stored);
    assert_eq!(ledger.dead_letter_batch.failed, lost.len() as u64);
    let mut all = [told, lost.clone()].concat();
    all.sort_unstable();
    assert_eq!(all, (0..40).collect::<Vec<_>>(), "stored or given back, and nothing twice");
    assert!(stored <= 20 && !lost.is_empty());
}

#[stage]
async fn never(n: u64) -> Result<(), Refused> {
    let _ = n;
    Err(Refused("never"))
}
pipeline! {
    Tries {
        input  numbers: u64 [4];
        shared store: DeadLetters;
        numbers -> never { retry: 2 };
        never.errors -[4]-> dead_letters(store) { blocking };
        errors -> drop;
    }
}

#[tokio::test]
async fn the_tries_of_a_node_and_those_of_replays_add_up() {
    let (_folder, store) = store(1);
    let running = Tries::builder().store(store.clone()).start().unwrap();
    running.numbers.send(1).await.unwrap();
    drop(running.numbers);
    running.control.finished().await.check().unwrap();
    let letters = store.list(&Select::all()).unwrap();
    assert_eq!((letters[0].attempts, letters[0].replays), (3, 0), "one try and two more");

    let TriesHandle { numbers, control } = Tries::builder().store(store.clone()).start().unwrap();
    let disk = store.clone();
    let replay = tokio::task::spawn_blocking(move || disk.replay(&numbers, &Select::all()));
    assert_eq!(replay.await.unwrap().unwrap().accepted, [letters[0].id]);
    control.finished().await.check().unwrap();
    let letter = store.letter(letters[0].id).unwrap().unwrap();
    assert_eq!((letter.attempts, letter.replays, letter.returns), (6, 1, 1));
}
