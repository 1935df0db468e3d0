//! A process that is killed: a test runs itself once more as a child, and kills it when the child says that it has come so far.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use forebay::dead_letters::{DeadLetters, LetterId, Select, State, dead_letters};
use forebay::prelude::*;

use crate::support::{Order, Refused, failed};

/// Tells the child where its store is.
const STORE: &str = "FOREBAY_TEST_STORE";

/// Where the store of this child is; none in a process that is no child.
fn child() -> Option<PathBuf> {
    std::env::var_os(STORE).map(PathBuf::from)
}

/// Runs the test `name` in a child that is killed after it has said `lines` lines; what it has said by then.
fn killed(name: &str, store: &Path, lines: usize) -> Vec<u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(STORE, store)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The harness begins the first line.
    let number = |line: std::io::Result<String>| line.unwrap().split_once("said ")?.1.parse::<u64>().ok();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines().filter_map(number);
    let mut numbers: Vec<u64> = said.by_ref().take(lines).collect();
    assert_eq!(numbers.len(), lines, "the child has ended by itself");
    child.kill().unwrap(); // SIGKILL
    numbers.extend(said);
    assert!(!child.wait().unwrap().success());
    numbers
}

fn say(n: u64) {
    println!("said {n}");
}

#[test]
fn a_letter_that_was_stored_survives_a_kill() {
    if let Some(path) = child() {
        let store = DeadLetters::open(path).unwrap();
        for n in 0.. {
            let failures: Vec<_> = (0..=n % 3).map(|k| failed(Order::new(n * 10 + k))).collect();
            store.keep_all(&failures).unwrap();
            failures.iter().for_each(|failed| say(failed.record.as_ref().unwrap().id));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letters");
    let mut sure = Vec::new();
    // The second child goes on where the first was killed.
    for _ in 0..2 {
        sure.extend(killed("crash::a_letter_that_was_stored_survives_a_kill", &path, 50));
    }
    let store = DeadLetters::open(&path).unwrap();
    let letters = store.list(&Select::all()).unwrap();
    let stored: Vec<Order> = letters
        .iter()
        .map(|letter| store.record(letter.id).unwrap().unwrap())
        .collect();
    for id in sure {
        assert!(stored.contains(&Order::new(id)), "{id} was said to be stored");
    }
    let ids: Vec<u64> = letters.iter().map(|letter| letter.id.0).collect();
    assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>());
    let totals = store.totals().unwrap();
    assert_eq!((totals.records, totals.waiting), (ids.len() as u64, ids.len() as u64));
    assert_eq!(totals.bytes, letters.iter().map(|letter| letter.bytes).sum::<u64>());
}

#[test]
fn a_store_that_was_never_closed_is_whole() {
    if let Some(path) = child() {
        let store = DeadLetters::open(path).unwrap();
        store.keep(&failed(Order::new(1))).unwrap();
        say(1);
        std::thread::park();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letters");
    killed("crash::a_store_that_was_never_closed_is_whole", &path, 1);
    let store = DeadLetters::open(&path).unwrap();
    assert_eq!(store.record(LetterId(1)).unwrap(), Some(Order::new(1)));
}

/// Fails for every third order, and says which it has had.
#[stage]
fn charge(order: Order) -> Result<(), Refused> {
    if order.id.is_multiple_of(3) {
        return Err(Refused("third"));
    }
    say(order.id);
    Ok(())
}
#[stage]
fn unkept<In: Send + 'static, E: std::fmt::Display + Send + 'static>(failed: Failed<In, E>) {
    panic!("{}", failed.cause);
}
pipeline! {
    Shop {
        input  orders: Order [8];
        shared store: DeadLetters;
        orders -> charge;
        charge.errors -[8]-> dead_letters(store) { blocking };
        errors -[8]-> unkept;
    }
}

const ORDERS: u64 = 300;

#[test]
fn a_kill_in_a_replay_doubles_at_worst_and_says_what() {
    let run = |store: &Arc<DeadLetters>, select: &Select| {
        let shop = Shop::builder().store(store.clone()).start_threads().unwrap();
        let replay = store.replay(&shop.orders, select).unwrap();
        drop(shop.orders);
        shop.control.finished_blocking().check().unwrap();
        replay
    };
    if let Some(path) = child() {
        let _killed = run(&Arc::new(DeadLetters::open(path).unwrap()), &Select::all());
        std::thread::park(); // All is sent and nothing is settled: the latest moment for a kill.
    }
    for lines in [1, 100, 200] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letters");
        let failures: Vec<_> = (0..ORDERS).map(|id| failed(Order::new(id))).collect();
        let letters = DeadLetters::open(&path).unwrap().keep_all(&failures).unwrap();

        let done = killed("crash::a_kill_in_a_replay_doubles_at_worst_and_says_what", &path, lines);

        let store = Arc::new(DeadLetters::open(&path).unwrap());
        let after = store.list(&Select::all()).unwrap();
        assert_eq!(after.len(), letters.len(), "none was lost, and none made twice");
        let uncertain: Vec<_> = after.iter().filter(|letter| letter.unsettled > 0).collect();
        for letter in &after {
            let order: Order = store.record(letter.id).unwrap().unwrap();
            assert_eq!((order.id, letter.state), (letter.id.0 - 1, State::Waiting));
            let is_done = done.contains(&order.id);
            assert!(
                !is_done || letter.unsettled == 1,
                "{letter:?}: it was worked off, and the store knows that it may have been"
            );
            assert!(letter.returns + letter.unsettled <= 1);
        }
        let replay = run(&store, &Select::all());
        assert_eq!(replay.accepted.len() as u64, ORDERS);
        assert_eq!(replay.again, uncertain.iter().map(|letter| letter.id).collect::<Vec<_>>());
        assert_eq!(store.settle(&replay.accepted).unwrap(), ORDERS - ORDERS / 3);
        for letter in store.list(&Select::all()).unwrap() {
            assert_eq!((letter.id.0 - 1) % 3, 0);
            assert!(letter.returns >= 1 && letter.attempts == letter.returns + 1, "{letter:?}");
        }
    }
}
