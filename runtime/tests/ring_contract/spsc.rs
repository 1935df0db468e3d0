//! What only the ring for one producer and one consumer does.

use forebay::ring::spsc::{Spsc, split};

#[test]
fn it_is_split_once() {
    static RING: Spsc<u8, 4> = Spsc::new();
    let (mut w, mut r) = split(&RING).unwrap();
    assert!(split(&RING).is_none());
    w.push(1).unwrap();
    w.publish();
    assert_eq!(r.pop(), Some(1));
}

#[test]
fn a_run_is_as_long_as_what_is_ready() {
    let (mut w, mut r) = split(Spsc::<u8, 8>::boxed()).unwrap();
    for i in 0..6 {
        w.push(i).unwrap();
    }
    assert_eq!(r.run(8).len(), 0, "not published");
    w.publish();
    assert_eq!(r.run(4).collect::<Vec<_>>(), [0, 1, 2, 3]);
    // What is not iterated over stays.
    assert_eq!(r.run(8).next(), Some(4));
    assert_eq!(r.pop(), Some(5));
    assert_eq!(w.room(), 2);
    r.release();
    assert_eq!(w.room(), 2, "the consumer's index is not reread while there is room");
    assert_eq!(w.len(), 0);
}
