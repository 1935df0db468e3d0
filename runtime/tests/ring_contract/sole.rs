//! One receiver, for good.

use forebay::ring::PushError;
use forebay::ring::mpmc::{Mpmc, ends, sole_ends};

#[test]
fn a_ring_has_one_receiver_or_any_number() {
    let ring = Mpmc::<u32, 4>::boxed();
    let sole = sole_ends(ring.clone());
    assert!(sole.is_some() && sole_ends(ring).is_none());
    let ring = Mpmc::<u32, 4>::boxed();
    let many = ends(ring.clone());
    assert!(sole_ends(ring).is_none());
    drop(many);
}

#[test]
#[should_panic(expected = "one receiver alone")]
fn no_second_receiver_comes_by_another_way() {
    let ring = Mpmc::<u32, 4>::boxed();
    let _sole = sole_ends(ring.clone());
    ends(ring);
}

#[test]
fn nobody_else_takes_the_oldest_out() {
    let (sender, mut sole) = sole_ends(Mpmc::<u32, 2>::boxed()).unwrap();
    assert_eq!((sender.try_push(1), sender.try_push(2)), (Ok(()), Ok(())));
    let full = sender.push_evict(
        3,
        || unreachable!("it is not accepted"),
        |_| unreachable!("nothing makes room"),
    );
    assert_eq!(full, Err(PushError::Full(3)));
    assert_eq!((sole.pop(), sole.pop(), sole.pop()), (Some(1), Some(2), None));
}
