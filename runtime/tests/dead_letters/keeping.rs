//! What goes in comes out.

use std::collections::HashMap;
use std::convert::Infallible;

use forebay::dead_letters::{CauseKind, DeadLetters, Letter, LetterId, Select, State, StoreError};
use forebay::{Batch, Cause, Failed};

use crate::support::{Order, Place, Refused, failed};

#[test]
fn a_letter_is_whole_after_the_store_was_closed() {
    let place = Place::new();
    let letter = place.store.keep(&failed(Order::new(7))).unwrap();
    assert_eq!((letter.id, letter.state, letter.attempts), (LetterId(1), State::Waiting, 1));
    let place = place.reopened();
    assert_eq!(place.store.letter(LetterId(1)).unwrap(), Some(letter.clone()));
    assert_eq!(place.store.record::<Order>(LetterId(1)).unwrap(), Some(Order::new(7)));
    assert_eq!(letter.node, "charge");
    assert_eq!(
        (letter.cause, letter.message.as_str()),
        (CauseKind::Error, "refused: no money")
    );
    assert!(letter.record.ends_with("support::Order") && letter.whole);
    assert_eq!(place.store.letter(LetterId(2)).unwrap(), None);
    assert_eq!(place.store.json(LetterId(2)).unwrap(), None);
}

#[test]
fn every_cause_is_kept_and_every_type() {
    let place = Place::new();
    let causes: [(Cause<Refused>, CauseKind, &str); 6] = [
        (Cause::Error(Refused("late")), CauseKind::Error, "refused: late"),
        (Cause::Panic("oh".into()), CauseKind::Panic, "panicked: oh"),
        (Cause::Timeout, CauseKind::Timeout, "timeout"),
        (Cause::Late, CauseKind::Late, "deadline"),
        (Cause::BreakerOpen, CauseKind::BreakerOpen, "breaker"),
        (Cause::WorkerDead, CauseKind::WorkerDead, "worker"),
    ];
    for (n, (cause, kind, words)) in causes.into_iter().enumerate() {
        let letter = place.store.keep(&Failed::new("n", Some(n as u32), cause, n as u32)).unwrap();
        assert_eq!(
            (letter.cause, letter.attempts, letter.record.as_str()),
            (kind, n as u32, "u32")
        );
        assert!(letter.message.contains(words), "{}", letter.message);
    }
    let panic: Failed<(String, [u8; 2]), Infallible> = Failed::new("n", Some(("a".into(), [1, 2])), Cause::Panic("".into()), 1);
    let letter = place.store.keep(&panic).unwrap();
    assert_eq!(place.store.json(letter.id).unwrap().as_deref(), Some(r#"["a",[1,2]]"#));
    let nothing: Failed<Order, Refused> = Failed::new("n", None, Cause::Timeout, 1);
    let letter = place.store.keep(&nothing).unwrap();
    assert!(!letter.whole);
    assert_eq!(place.store.json(letter.id).unwrap(), None);
    assert_eq!(place.store.record::<Order>(letter.id).unwrap(), None);
}

#[test]
fn a_record_of_another_type_is_an_error_and_not_a_guess() {
    let place = Place::new();
    let letter = place.store.keep(&failed(Order::new(1))).unwrap();
    assert!(matches!(place.store.record::<u64>(letter.id), Err(StoreError::Unreadable(_))));
}

#[test]
fn what_has_no_form_is_refused_and_nothing_is_stored() {
    let place = Place::new();
    let no_form = HashMap::from([((1, 2), 3)]);
    let error = place.store.keep_all(&[failed(HashMap::new()), failed(no_form)]).unwrap_err();
    assert!(matches!(error, StoreError::Unwritable { .. }), "{error}");
    assert_eq!(place.ids(), [] as [u64; 0]);
}

#[test]
fn a_selection_means_what_it_says() {
    let place = Place::new();
    let store = &place.store;
    for n in 1..=3 {
        store.keep(&failed(Order::new(n))).unwrap();
    }
    store
        .keep(&Failed::new("other", Some(4_u64), Cause::<Refused>::Timeout, 1))
        .unwrap();
    let meant = |select: Select| {
        store
            .list(&select)
            .unwrap()
            .iter()
            .map(|letter| letter.id.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(meant(Select::all()), [1, 2, 3, 4]);
    assert_eq!(meant(Select::ids([LetterId(2), LetterId(9), LetterId(4)])), [2, 4]);
    assert_eq!(meant(Select::all().node("charge").first(2)), [1, 2]);
    assert_eq!(meant(Select::all().record("u64")), [4]);
    assert_eq!(meant(Select::all().state(State::Aside)), [] as [u64; 0]);
    assert_eq!(meant(Select::ids([LetterId(2)]).node("other")), [] as [u64; 0]);

    assert_eq!(store.purge(&Select::all().node("charge").first(2)).unwrap(), 2);
    assert_eq!(meant(Select::all()), [3, 4]);
    let totals = store.totals().unwrap();
    assert_eq!((totals.records, totals.waiting, totals.dropped), (2, 2, 0));
    assert_eq!(store.purge(&Select::all()).unwrap(), 2);
    assert_eq!(store.totals().unwrap(), Default::default());
    let next = store.keep(&failed(Order::new(5))).unwrap();
    assert_eq!(next.id, LetterId(5), "an id is never given twice");
}

#[test]
fn one_program_has_a_store_at_a_time() {
    let place = Place::new();
    let again = DeadLetters::open(place.store.path()).unwrap_err();
    assert!(matches!(again, StoreError::InUse(_)));
    assert!(again.to_string().contains("in use by another program"));
}

#[test]
fn another_format_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letters");
    let db = redb::Database::create(&path).unwrap();
    let change = db.begin_write().unwrap();
    let numbers = redb::TableDefinition::<&str, u64>::new("numbers");
    change.open_table(numbers).unwrap().insert("format", 99).unwrap();
    change.commit().unwrap();
    drop(db);
    assert!(matches!(DeadLetters::open(&path).unwrap_err(), StoreError::Format(99)));
    assert!(
        matches!(DeadLetters::open(folder.path()).unwrap_err(), StoreError::Disk(_)),
        "a folder is no store"
    );
}

#[test]
fn a_batch_that_failed_is_one_letter_or_split_one_each() {
    let place = Place::new();
    let batch: Failed<Batch<u64>, Refused> = failed(Batch::from(vec![1, 2, 3]));
    let letter = place.store.keep(&batch).unwrap();
    assert_eq!(place.store.json(letter.id).unwrap().as_deref(), Some("[1,2,3]"));
    assert_eq!(place.store.record(letter.id).unwrap(), batch.record);
    let split: Vec<Failed<u64, Refused>> = batch.clone().split().collect();
    assert_eq!(split, [1, 2, 3].map(failed));
    place.store.keep_all(&split).unwrap();
    assert_eq!(place.ids(), [1, 2, 3, 4]);
    let nothing: Failed<Batch<u64>, Refused> = Failed::new("charge", None, batch.cause, 1);
    assert_eq!(nothing.split().map(|failed| failed.record).collect::<Vec<_>>(), [None]);
}

#[test]
fn letters_are_read_one_by_one_and_page_by_page() {
    let place = Place::new();
    let store = &place.store;
    let kept = store
        .keep_all(&(0..10).map(|n| failed(Order::new(n))).collect::<Vec<_>>())
        .unwrap();
    let ids: Vec<LetterId> = kept.iter().map(|letter| letter.id).collect();

    // What is removed while they are read is read all the same: they are as they were.
    let mut letters = store.letters(&Select::all()).unwrap();
    assert_eq!(letters.next().unwrap().unwrap().id, ids[0]);
    assert_eq!(store.purge(&Select::ids([ids[4]])).unwrap(), 1);
    let rest: Vec<LetterId> = letters.map(|letter| letter.unwrap().id).collect();
    assert_eq!(rest, ids[1..]);

    let page = |after: LetterId| store.list(&Select::all().after(after).first(3)).unwrap();
    let of = |page: Vec<Letter>| page.into_iter().map(|letter| letter.id).collect::<Vec<_>>();
    assert_eq!(of(page(ids[2])), [ids[3], ids[5], ids[6]], "the fifth is gone");
    assert_eq!(of(page(ids[6])), ids[7..]);
    assert_eq!(of(page(ids[9])), []);
    assert_eq!(store.totals().unwrap().waiting, 9);
}
