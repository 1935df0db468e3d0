//! Several receivers: they share what there is, and all learn of the end.

use loom::future::block_on;
use loom::thread::spawn;

use super::super::{Writer, mpmc};
use super::{HANDSHAKE, drain, holds};

#[test]
fn two_receivers_share_and_both_learn_of_the_end() {
    holds(2, 100, &[HANDSHAKE], || {
        let (mut w, mut a) = mpmc::ends(mpmc::Mpmc::<usize, 2>::boxed());
        let mut b = a.clone();
        let one = spawn(move || block_on(drain(&mut a)).len());
        let two = spawn(move || block_on(drain(&mut b)).len());
        assert!(Writer::push(&mut w, 1).is_ok());
        w.publish();
        drop(w);
        assert_eq!(one.join().unwrap() + two.join().unwrap(), 1);
    });
}
