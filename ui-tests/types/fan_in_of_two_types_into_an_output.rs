//! Two edges bring different records to an output.
use forebay::prelude::*;

#[stage]
fn left(n: u64) -> u64 {
    n
}
#[stage]
fn right(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pipeline! {
    P {
        input a: u64 [8];
        input b: u64 [8];
        output done: u64 [8];
        a -> left -> done;
        b -> right -> done;
    }
}

fn main() {}
