//! One thread, what every ring does as long as its reader keeps up: order, ends, drops, wake-ups.

use crate::tools::*;
use forebay::ring::{Reader, Writer};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Poll, Waker};

every!(
    first_in_first_out_over_the_wrap,
    a_full_ring_is_read_to_the_last,
    the_end_comes_after_the_last_record,
    dropped_exactly_once_whoever_goes_first,
    the_drop_of_a_record_may_panic,
    the_units_are_counted,
    a_sleeping_reader_is_woken_once_a_batch,
    slices_go_in_and_come_out,
    a_clone_that_panics_in_a_slice_spares_those_before_it,
    a_large_ring_is_never_on_the_stack,
);

fn pops<T, R: Reader<T>>(r: &mut R) -> Vec<T> {
    let all = std::iter::from_fn(|| r.pop()).collect();
    r.release();
    all
}

fn rounds<K: Kind, const N: usize>((mut w, mut r): (K::W<usize, N>, K::R<usize, N>)) {
    let mut next = 0;
    for round in 0..if cfg!(miri) { N + 3 } else { 4 * N + 20 } {
        // What every ring keeps, wherever in it the lag begins.
        let batch = round % (N - N / 16) + 1;
        for i in 0..batch {
            assert!(w.room() > 0);
            w.push(next + i).unwrap();
        }
        assert_eq!(w.unpublished(), batch);
        w.publish();
        assert_eq!((w.unpublished(), r.len()), (0, batch));
        let before = r.popped();
        assert_eq!(pops(&mut r), (next..next + batch).collect::<Vec<_>>());
        assert_eq!(r.popped().wrapping_sub(before), batch);
        assert_eq!((r.len(), r.ready(), r.pop()), (0, 0, None));
        next += batch;
    }
}

fn first_in_first_out_over_the_wrap<K: Kind>() {
    let befores: &[_] = if cfg!(miri) { &[13] } else { &[0, 1, 2, 3, 5, 8, 13, 40, 100] };
    for &before in befores {
        rounds::<K, 1>(K::wrapping(before));
        rounds::<K, 2>(K::wrapping(before));
        rounds::<K, 8>(K::wrapping(before));
        rounds::<K, 16>(K::wrapping(before));
        rounds::<K, 32>(K::wrapping(before));
    }
    if !cfg!(miri) {
        rounds::<K, 64>(K::wrapping(200));
    }
}

fn a_full_ring_is_read_to_the_last<K: Kind>() {
    fn full<K: Kind, const N: usize>() {
        let (mut w, mut r) = K::ring::<usize, N>();
        assert_eq!((w.capacity(), r.capacity()), (N, N));
        (0..N).for_each(|i| w.push(i).unwrap());
        w.publish();
        let mut all = Vec::new();
        r.pop_each(N / 2, |i| {
            all.push(i);
            true
        });
        r.pop_each(N, |i| {
            all.push(i);
            i % 3 != 2
        });
        r.release();
        all.extend(pops(&mut r));
        assert_eq!(all, (0..N).collect::<Vec<_>>());
    }
    full::<K, 1>();
    full::<K, 2>();
    full::<K, 16>();
    full::<K, 64>();
}

fn the_end_comes_after_the_last_record<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 4>();
    assert!(ready(&mut r, Waker::noop()).is_pending());
    w.push(1).unwrap();
    w.push(2).unwrap();
    drop(w);
    assert!(!r.is_ended());
    assert!(matches!(ready(&mut r, Waker::noop()), Poll::Ready(1..=2)));
    assert_eq!(pops(&mut r), [1, 2]);
    assert_eq!(ready(&mut r, Waker::noop()), Poll::Ready(0));
    assert!(r.is_ended());
}

fn dropped_exactly_once_whoever_goes_first<K: Kind>() {
    fn go<K: Kind, const N: usize>() {
        let alive = Alive::default();
        for writer_first in [true, false] {
            for used in [0, 1, N / 2, N] {
                let (mut w, mut r) = K::wrapping::<One, N>(3);
                for _ in 0..3 {
                    (0..used).for_each(|_| assert!(w.push(alive.one()).is_ok()));
                    w.publish();
                    assert_eq!(pops(&mut r).len(), used);
                }
                (0..used).for_each(|_| assert!(w.push(alive.one()).is_ok()));
                w.publish();
                drop(r.pop());
                if writer_first {
                    drop(w);
                    drop(r);
                } else {
                    drop(r);
                    drop(w);
                }
                assert_eq!(alive.get(), 0);
            }
        }
    }
    go::<K, 1>();
    go::<K, 8>();
    go::<K, 32>();
}

#[derive(Clone)]
struct Bomb {
    _one: One,
    bang: bool,
}
impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.bang, "bang");
    }
}

fn the_drop_of_a_record_may_panic<K: Kind>() {
    let alive = Alive::default();
    for writer_first in [true, false] {
        let (mut w, mut r) = K::ring::<Bomb, 8>();
        for i in 0..6 {
            let (_one, bang) = (alive.one(), i == 3);
            assert!(w.push(Bomb { _one, bang }).is_ok());
        }
        w.publish();
        drop(r.pop().unwrap());
        let all = catch_unwind(AssertUnwindSafe(|| {
            if writer_first {
                drop(w);
                drop(r);
            } else {
                drop(r);
                drop(w);
            }
        }));
        assert!(all.is_err());
        assert_eq!(alive.get(), 0);
    }
}

fn the_units_are_counted<K: Kind>() {
    let (mut w, mut r) = K::ring::<(), 4>();
    for _ in 0..20 {
        (0..4).for_each(|_| w.push(()).unwrap());
        w.publish();
        assert_eq!(pops(&mut r).len(), 4);
        assert!(w.room() > 0);
    }
}

fn a_sleeping_reader_is_woken_once_a_batch<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 8>();
    let (woken, waker) = Count::new();
    assert!(!w.peer_asleep());
    assert!(ready(&mut r, &waker).is_pending());
    assert!(w.peer_asleep());
    for i in 0..3 {
        w.push(i).unwrap();
    }
    assert_eq!(woken.get(), 0);
    w.publish();
    assert_eq!(woken.get(), 1);
    assert!(!w.peer_asleep());
    w.push(3).unwrap();
    w.publish();
    assert_eq!(woken.get(), 1, "it is awake");
    assert!(matches!(ready(&mut r, &waker), Poll::Ready(1..=4)));
}

fn a_large_ring_is_never_on_the_stack<K: Kind>() {
    // Larger than the stack of a test thread, several times.
    let (mut w, mut r) = K::ring::<[u64; 1024], 1024>();
    assert!(w.push([7; 1024]).is_ok());
    w.publish();
    assert_eq!(r.pop().unwrap()[1023], 7);
}

fn slices_go_in_and_come_out<K: Kind>() {
    let (mut w, mut r) = K::wrapping::<usize, 8>(3);
    let (mut all, mut into, mut places) = (vec![], vec![100], [0; 3]);
    for round in 0..20 {
        let records: Vec<_> = (round * 5..round * 5 + 5).collect();
        let (woken, waker) = Count::new();
        assert!(ready(&mut r, &waker).is_pending());
        assert_eq!(w.push_slice(&records), 5);
        assert_eq!((w.unpublished(), woken.get()), (0, 1), "published, once");
        assert_eq!(r.pressure(), 5.0 / 8.0);
        assert_eq!(r.drain_to_slice(&mut places), 3);
        assert_eq!(r.drain_into(&mut into), 2);
        assert_eq!((r.drain_into(&mut into), r.pressure()), (0, 0.0));
        all.extend(places);
        all.extend(into.drain(1..));
    }
    assert_eq!(all, (0..100).collect::<Vec<_>>());
    w.push_slice(&[7, 8]);
    assert_eq!(r.drain_to_slice(&mut places), 2);
    assert_eq!(places, [7, 8, 97], "no more than there are");
    w.close();
    assert_eq!(w.push_slice(&[1]), 0);
}

fn a_clone_that_panics_in_a_slice_spares_those_before_it<K: Kind>() {
    struct Touchy(One, bool);
    impl Clone for Touchy {
        fn clone(&self) -> Self {
            assert!(!self.1, "bang");
            Touchy(self.0.clone(), false)
        }
    }
    let alive = Alive::default();
    let (mut w, mut r) = K::ring::<Touchy, 8>();
    let records: Vec<_> = (0..5).map(|i| Touchy(alive.one(), i == 3)).collect();
    let (woken, waker) = Count::new();
    assert!(ready(&mut r, &waker).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| w.push_slice(&records))).is_err());
    assert_eq!(woken.get(), 1);
    assert_eq!(pops(&mut r).len(), 3);
    drop((w, r, records));
    assert_eq!(alive.get(), 0);
}
