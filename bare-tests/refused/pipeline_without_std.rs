//! A pipeline where `forebay` has no `std`.
use forebay::prelude::*;

#[stage]
pub fn double(n: u64) -> u64 {
    2 * n
}

pipeline! {
    /// Doubles numbers.
    pub Doubled {
        input  numbers: u64 [8];
        output doubled: u64 [8];
        numbers -> double -> doubled;
    }
}

fn main() {}
