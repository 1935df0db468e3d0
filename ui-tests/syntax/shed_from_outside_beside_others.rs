//! What an input sheds is put into its wire by any number of callers.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> Shed<u64> {
    Shed::new(n, forebay::Reason::Full)
}

pipeline! {
    P {
        input numbers: u64 [8, shed];
        output refused: Shed<u64> [8];
        numbers -> same -> refused;
        numbers.shed -> refused;
    }
}

fn main() {}
