//! Letters that go out again, and those that come back.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use forebay::dead_letters::{DeadLetters, LetterId, Replay, Select, State, dead_letters};
use forebay::prelude::*;
use serde::{Deserialize, Serialize};

use crate::support::{Order, Refused, failed, ids};

/// What `charge` does with an order.
#[derive(Default)]
struct Bank {
    refuses: Mutex<Vec<u64>>,
}

#[stage]
fn charge(order: Order, bank: &Bank) -> Result<u64, Refused> {
    if bank.refuses.lock().unwrap().contains(&order.id) {
        return Err(Refused("again"));
    }
    Ok(order.id)
}
#[stage]
fn unkept<In: Send + 'static, E: std::fmt::Display + Send + 'static>(failed: Failed<In, E>) {
    panic!("nothing fails but what the test lets fail: {}", failed.cause);
}

pipeline! {
    Shop {
        input  orders: Order [8];
        output paid: u64 [8];
        shared bank: Bank;
        shared store: DeadLetters;
        orders -> charge(bank) -> paid;
        charge.errors -[8]-> dead_letters(store) { blocking };
        errors -[8]-> unkept;
    }
}

/// A round of a shop over `store`: replays what is meant, and drains. What was paid, and the report.
fn round(store: &Arc<DeadLetters>, select: Select, refuses: &[u64]) -> (Vec<u64>, Replay) {
    let bank = Bank::default();
    bank.refuses.lock().unwrap().extend(refuses);
    let ShopHandle {
        orders,
        mut paid,
        control,
    } = Shop::builder().bank(bank).store(store.clone()).start_threads().unwrap();
    let reader = std::thread::spawn(move || std::iter::from_fn(|| paid.recv_blocking()).collect::<Vec<_>>());
    let replay = store.replay(&orders, &select).unwrap();
    drop(orders);
    let ledger = control.finished_blocking();
    ledger.check().unwrap();
    assert_eq!(ledger.orders.offered, replay.accepted.len() as u64);
    assert_eq!(ledger.charge.failed, ledger.dead_letters.finished);
    let mut paid = reader.join().unwrap();
    paid.sort_unstable();
    (paid, replay)
}

fn stocked(orders: impl IntoIterator<Item = u64>) -> (tempfile::TempDir, Arc<DeadLetters>) {
    let folder = tempfile::tempdir().unwrap();
    let store = DeadLetters::options()
        .poison_after(2)
        .open(folder.path().join("letters"))
        .unwrap();
    let failures: Vec<_> = orders.into_iter().map(|id| failed(Order::new(id))).collect();
    store.keep_all(&failures).unwrap();
    (folder, Arc::new(store))
}

#[test]
fn a_replay_is_worked_off_and_settled() {
    let (_folder, store) = stocked(0..200);
    let (paid, replay) = round(&store, Select::all(), &[]);
    assert_eq!(paid, (0..200).collect::<Vec<_>>());
    assert_eq!(replay.accepted.len(), 200);
    assert_eq!((&replay.again, &replay.refused, &replay.aside), (&vec![], &vec![], &vec![]));
    assert_eq!(store.totals().unwrap().out, 200, "accepted is not worked off");
    assert_eq!(store.settle(&replay.accepted).unwrap(), 200);
    assert_eq!(store.totals().unwrap(), Default::default());
}

#[test]
fn what_fails_again_is_the_same_letter_until_it_is_poison() {
    let (_folder, store) = stocked(0..4);
    let (paid, replay) = round(&store, Select::all(), &[2]);
    assert_eq!((paid, replay.accepted.len()), (vec![0, 1, 3], 4));
    assert_eq!(store.settle(&replay.accepted).unwrap(), 3);
    let letters = store.list(&Select::all()).unwrap();
    let [letter] = &letters[..] else { panic!("{letters:?}") };
    assert_eq!((letter.id, letter.state), (LetterId(3), State::Waiting));
    assert_eq!((letter.replays, letter.returns, letter.attempts), (1, 1, 2));
    assert_eq!(letter.message, "refused: again", "the last cause");
    assert!(letter.last >= letter.first);

    let (_, replay) = round(&store, Select::all(), &[2]);
    assert_eq!(store.settle(&replay.accepted).unwrap(), 0, "it has come back");
    let letter = store.letter(LetterId(3)).unwrap().unwrap();
    assert_eq!((letter.state, letter.returns, letter.attempts), (State::Aside, 2, 3));

    let (paid, replay) = round(&store, Select::ids(ids([3])), &[]);
    assert_eq!((paid, replay.accepted, replay.aside), (vec![], vec![], ids([3]).to_vec()));
    let (_, replay) = round(&store, Select::all().forced(), &[2]);
    assert_eq!(replay.accepted, ids([3]));
    assert_eq!(
        store.letter(LetterId(3)).unwrap().unwrap().state,
        State::Aside,
        "it stays poison"
    );
    let (paid, replay) = round(&store, Select::all().forced(), &[]);
    assert_eq!((paid, store.settle(&replay.accepted).unwrap()), (vec![2], 1));
}

#[test]
fn twins_come_back_as_one_each() {
    let (_folder, store) = stocked([5, 5, 5]);
    let (_, replay) = round(&store, Select::all().first(2), &[5]);
    assert_eq!(replay.accepted, ids([1, 2]));
    let returns: Vec<u32> = store
        .list(&Select::all())
        .unwrap()
        .iter()
        .map(|letter| letter.returns)
        .collect();
    assert_eq!(returns, [1, 1, 0], "two came back, and no fourth letter was made");
}

#[test]
fn a_full_store_takes_back_what_it_sent() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(DeadLetters::options().records(1).open(folder.path().join("letters")).unwrap());
    store.keep(&failed(Order::new(1))).unwrap();
    let _replay = round(&store, Select::all(), &[1]).1;
    let letter = store.letter(LetterId(1)).unwrap().unwrap();
    assert_eq!((letter.state, letter.returns), (State::Waiting, 1));
}

#[test]
fn the_limit_counts_what_is_sent() {
    let (_folder, store) = stocked([1, 2, 3]);
    for _ in 0..2 {
        let _returned = round(&store, Select::ids(ids([1])), &[1]).1;
    }
    let (paid, replay) = round(&store, Select::all().first(1), &[]);
    assert_eq!((paid, replay.aside), (vec![2], ids([1]).to_vec()));
}

/// A port that nobody serves until the test says so.
#[stage]
fn hold(order: Order, gate: &Mutex<Receiver<()>>) {
    let _ = (order, gate.lock().unwrap().recv());
}
pipeline! {
    Desk {
        input  orders: Order [4, shed];
        shared gate: Mutex<Receiver<()>>;
        orders -> hold(gate);
    }
}
fn desk() -> (DeskHandle, Sender<()>) {
    let (open, gate) = channel();
    (Desk::builder().gate(Mutex::new(gate)).start_threads().unwrap(), open)
}

#[test]
fn a_full_port_that_sheds_leaves_the_letters_as_they_were() {
    let (_folder, store) = stocked(0..100);
    let before = store.list(&Select::all()).unwrap();
    let (desk, open) = desk();
    let replay = store.replay(&desk.orders, &Select::all()).unwrap();
    // One may be at work, and four are in the ring.
    assert!((4..=5).contains(&replay.accepted.len()), "{:?}", replay.accepted);
    assert_eq!(replay.accepted.len() + replay.refused.len(), 100);
    for (before, after) in before.iter().zip(store.list(&Select::all()).unwrap()) {
        if replay.accepted.contains(&after.id) {
            assert_eq!((after.state, after.replays), (State::Out, 1));
        } else {
            assert_eq!(*before, after);
        }
    }
    drop(open);
    drop(desk.orders);
    desk.control.finished_blocking().check().unwrap();
}

#[test]
fn a_closed_port_has_none_and_the_next_replay_takes_all() {
    let (_folder, store) = stocked(0..3);
    let (desk, open) = desk();
    drop(open);
    desk.control.drain_blocking().check().unwrap();
    let replay = store.replay(&desk.orders, &Select::all()).unwrap();
    assert_eq!((replay.accepted, replay.refused), (vec![], ids([1, 2, 3]).to_vec()));
    assert_eq!(store.totals().unwrap().waiting, 3);
    assert_eq!(round(&store, Select::all(), &[]).0, [0, 1, 2]);
}

#[test]
fn what_is_out_is_not_sent_twice() {
    let (_folder, store) = stocked(0..3);
    let (desk, open) = desk();
    let first = store.replay(&desk.orders, &Select::all()).unwrap();
    let second = store.replay(&desk.orders, &Select::all().forced()).unwrap();
    assert_eq!((first.accepted.len(), second.accepted.len()), (3, 0));
    assert_eq!(store.purge(&Select::ids(ids([1])).state(State::Waiting)).unwrap(), 0);
    drop(open);
}

/// What [`Bill`] was called before, when it had no currency.
#[derive(Serialize)]
struct OldBill {
    id: u64,
}
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Bill {
    id: u64,
    #[serde(default)]
    currency: String,
}
#[stage]
fn post(bill: Bill) -> Result<(), Refused> {
    assert_eq!((bill.id, bill.currency.as_str()), (7, ""));
    Err(Refused("no currency"))
}
pipeline! {
    Post {
        input  bills: Bill [4];
        shared store: DeadLetters;
        bills -> post;
        post.errors -[4]-> dead_letters(store) { blocking };
        errors -[4]-> unkept;
    }
}

#[test]
fn only_letters_of_the_ports_type_are_sent_unless_another_name_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(DeadLetters::open(folder.path().join("letters")).unwrap());
    let old = store.keep(&failed(OldBill { id: 7 })).unwrap();
    store.keep(&failed("no bill".to_owned())).unwrap();
    store
        .keep(&Failed::new("n", None::<Bill>, Cause::Error(Refused("")), 1))
        .unwrap();
    let post = Post::builder().store(store.clone()).start_threads().unwrap();

    let replay = store.replay(&post.bills, &Select::all()).unwrap();
    assert_eq!(
        (replay.accepted, replay.unreadable),
        (vec![], vec![(LetterId(3), "the node kept no record".to_owned())])
    );
    let replay = store
        .replay(&post.bills, &Select::all().record("alloc::string::String"))
        .unwrap();
    assert_eq!((replay.accepted.len(), replay.unreadable.len()), (0, 1));
    assert!(
        replay.unreadable[0].1.contains("expected struct Bill"),
        "{:?}",
        replay.unreadable
    );

    let replay = store.replay(&post.bills, &Select::all().record(&old.record)).unwrap();
    assert_eq!(replay.accepted, ids([1]));
    drop(post.bills);
    post.control.finished_blocking().check().unwrap();
    // The new form is the one that has come back; the store has taken it over.
    let letter = store.letter(LetterId(1)).unwrap().unwrap();
    assert_eq!((letter.returns, letter.state), (1, State::Waiting));
    assert!(letter.record.ends_with("::Bill"), "{}", letter.record);
    assert_eq!(store.json(LetterId(1)).unwrap().as_deref(), Some(r#"{"currency":"","id":7}"#));
    let bytes: u64 = store.list(&Select::all()).unwrap().iter().map(|letter| letter.bytes).sum();
    assert_eq!(store.totals().unwrap().bytes, bytes);
    assert!(letter.bytes > old.bytes);
}
