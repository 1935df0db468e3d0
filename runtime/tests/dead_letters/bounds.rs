//! A store is bounded, and its policy is kept.

use forebay::dead_letters::{DeadLetters, LetterId, Select, StoreError, WhenFull};

use crate::support::{Place, failed};

#[test]
fn a_full_store_refuses_and_has_not_changed() {
    let place = Place::with(DeadLetters::options().records(3));
    for n in 0..3 {
        place.store.keep(&failed(n)).unwrap();
    }
    let before = place.store.totals().unwrap();
    let error = place.store.keep(&failed(3)).unwrap_err();
    assert!(
        matches!(error, StoreError::Full { records: 3, bytes } if bytes == before.bytes),
        "{error}"
    );
    assert_eq!(place.store.totals().unwrap(), before);
    let place = place.reopened();
    assert!(
        place.store.keep(&failed(3)).is_err(),
        "it is still full when it was opened anew"
    );
    place.store.purge(&Select::ids([LetterId(2)])).unwrap();
    place.store.keep(&failed(4)).unwrap();
    assert_eq!(place.ids(), [1, 3, 4]);
}

#[test]
fn a_batch_that_does_not_fit_is_refused_as_a_whole() {
    let place = Place::with(DeadLetters::options().records(3));
    place.store.keep(&failed(0)).unwrap();
    assert!(place.store.keep_all(&[1, 2, 3].map(failed)).is_err());
    assert_eq!(place.ids(), [1]);
    assert_eq!(place.store.keep_all(&[1, 2].map(failed)).unwrap().len(), 2);
}

#[test]
fn the_oldest_makes_room_and_is_counted() {
    let place = Place::with(DeadLetters::options().records(3).when_full(WhenFull::DropOldest));
    for n in 0..5 {
        place.store.keep(&failed(n)).unwrap();
    }
    assert_eq!(place.ids(), [3, 4, 5]);
    let place = place.reopened();
    place.store.keep_all(&[5, 6].map(failed)).unwrap();
    let totals = place.store.totals().unwrap();
    assert_eq!((totals.records, totals.dropped), (3, 4));
    assert_eq!(place.ids(), [5, 6, 7]);
}

#[test]
fn bytes_are_bounded_too() {
    let size = {
        let place = Place::new();
        place.store.keep(&failed("x".repeat(1000))).unwrap().bytes
    };
    assert!((1000..1200).contains(&size), "{size}");
    let place = Place::with(DeadLetters::options().bytes(3 * size).when_full(WhenFull::DropOldest));
    for _ in 0..4 {
        place.store.keep(&failed("x".repeat(1000))).unwrap();
    }
    assert_eq!(place.ids(), [2, 3, 4]);
    let totals = place.store.totals().unwrap();
    assert_eq!((totals.bytes, totals.dropped), (3 * size, 1));
    // One that needs the room of two.
    place.store.keep(&failed("x".repeat(1500))).unwrap();
    assert_eq!(place.ids(), [4, 5]);
    let error = place.store.keep(&failed("x".repeat(4000))).unwrap_err();
    assert!(matches!(error, StoreError::TooLarge { bytes } if bytes > 4000), "{error}");
    assert_eq!(place.ids(), [4, 5], "nobody makes room for what can never fit");
    place.store.purge(&Select::all()).unwrap();
    assert_eq!(place.store.totals().unwrap().bytes, 0);
}
