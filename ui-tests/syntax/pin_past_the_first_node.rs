//! A thread that would keep to a core, for a node that has none of its own.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        node again = same { pin: cores };
        node last = same { pin: core };
        numbers -> same -> again -[8]-> last -> done;
    }
}

fn main() {
    let _ = P::builder().start();
}
