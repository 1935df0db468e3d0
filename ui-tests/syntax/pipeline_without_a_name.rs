//! A pipeline has a name.
use forebay::prelude::*;

pipeline! {
    {
        every 1s -> drop;
    }
}

fn main() {}
