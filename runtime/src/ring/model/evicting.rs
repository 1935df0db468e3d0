//! Evicting against receiving: the oldest goes once, to one of the two.

use loom::future::block_on;
use loom::thread::spawn;

use super::super::{Reader, mpmc};
use super::{drain, holds};

const TWINS: [&str; 3] = ["store mpmc/laps.rs", "load mpmc/laps.rs", "fence mpmc/mod.rs"];

#[test]
fn an_evicted_record_is_not_received() {
    holds(2, 100, &TWINS, || {
        let (w, mut r) = mpmc::ends(mpmc::Mpmc::<Box<usize>, 1>::boxed_before_wrap(1));
        let evictor = spawn(move || {
            let mut gone = Vec::new();
            for i in 0..2 {
                w.push_evict(Box::new(i), || {}, |old| gone.push(old)).unwrap();
            }
            gone
        });
        let receiver = spawn(move || block_on(drain(&mut r)));
        let mut all = evictor.join().unwrap();
        all.extend(receiver.join().unwrap());
        assert_eq!(all, [0, 1].map(Box::new));
    });
}

#[test]
fn two_evictors_take_different_records() {
    holds(2, 100, &["store mpmc/laps.rs", "load mpmc/laps.rs"], || {
        let (a, mut r) = mpmc::ends(mpmc::Mpmc::<Box<usize>, 1>::boxed());
        a.try_push(Box::new(0)).unwrap();
        let evict = |w: mpmc::Sender<Box<usize>, 1>, i| {
            spawn(move || {
                let mut gone = Vec::new();
                w.push_evict(Box::new(i), || {}, |old| gone.push(old)).unwrap();
                gone
            })
        };
        let two = evict(a.clone(), 2);
        let one = evict(a, 1);
        let mut all = one.join().unwrap();
        all.extend(two.join().unwrap());
        all.extend(std::iter::from_fn(|| Reader::pop(&mut r)));
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2].map(Box::new));
    });
}
