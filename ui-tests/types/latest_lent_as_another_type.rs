//! A stage that borrows something else than the topic holds.
use forebay::prelude::*;

#[stage]
fn tell(tick: Tick) -> u32 {
    tick.count as u32
}
#[stage]
fn below(n: u64, limit: &u64) {
    println!("{}", n < *limit);
}

pipeline! {
    P {
        input numbers: u64 [8];
        topic limit: u32 [latest = 1];
        every 1s -> tell -> limit;
        numbers -> below(limit);
    }
}

fn main() {
    let _ = P::builder().start();
}
