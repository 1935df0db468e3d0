//! The budget of a pipeline: what all its rings take, known at compile time.

use crate::text::Text;

/// The rings of a pipeline, as the macro counts them: name, lanes, bytes of a lane.
pub type RingSize = (&'static str, usize, usize);

/// What all rings take.
pub const fn total(rings: &[RingSize]) -> usize {
    let (mut sum, mut i) = (0, 0);
    while i < rings.len() {
        sum += rings[i].1 * rings[i].2;
        i += 1;
    }
    sum
}

/// Stops the compilation when the rings take more than `limit`, and says which takes how much.
#[track_caller]
pub const fn check(limit: usize, rings: &[RingSize]) {
    let sum = total(rings);
    if sum <= limit {
        return;
    }
    let mut text = Text::new()
        .str("the rings take ")
        .number(sum as u64)
        .str(" bytes, ")
        .number((sum - limit) as u64)
        .str(" more than the budget of ")
        .number(limit as u64)
        .str(":");
    let mut i = 0;
    while i < rings.len() {
        let (name, lanes, bytes) = rings[i];
        text = text.str("\n  ").str(name).str(": ").number((lanes * bytes) as u64);
        if lanes > 1 {
            text = text.str(" (").number(lanes as u64).str(" lanes)");
        }
        i += 1;
    }
    panic!("{}", text.as_str());
}

/// A ring: its name, how many lanes, and the bytes of one.
pub const fn ring<R>(name: &'static str, lanes: usize) -> RingSize {
    (name, lanes, size_of::<R>())
}

/// What a ring with `coalesce` knows of its records, beside the ring.
pub const fn keys<X>(name: &'static str, lanes: usize, keys: crate::edge::Keying<X>, capacity: usize) -> RingSize {
    (name, lanes, keys.bytes(capacity))
}

/// A capacity that is no literal: a power of two, at least 1.
#[track_caller]
pub const fn capacity(n: usize) -> usize {
    if n.is_power_of_two() {
        return n;
    }
    let mut text = Text::new()
        .str("a capacity of ")
        .number(n as u64)
        .str(" is not a power of two");
    if n > 0 {
        let above = n.next_power_of_two();
        text = text
            .str(": write ")
            .number((above / 2) as u64)
            .str(" or ")
            .number(above as u64);
    } else {
        text = text.str(": write 1 or more");
    }
    panic!("{}", text.as_str());
}

/// A number of workers that is no literal: at least one.
#[track_caller]
pub const fn workers(n: usize) -> usize {
    assert!(n > 0, "a node has at least one worker");
    n
}

/// How many records are in flight, where that is no literal: at least two.
#[track_caller]
pub const fn concurrency(n: usize) {
    assert!(
        n > 1,
        "fewer than two records in flight is what a worker has anyway: leave `concurrency` out"
    );
}

/// A batch of which the macro does not see the size, or the ring: it has to fit.
#[track_caller]
pub const fn batch(most: usize, capacity: usize, node: &str) {
    assert!(most > 0, "a batch holds at least one record");
    if most > capacity {
        let text = Text::new()
            .str("a batch of ")
            .number(most as u64)
            .str(" never fills: the ring before `");
        panic!("{}", text.str(node).str("` holds ").number(capacity as u64).as_str());
    }
}
