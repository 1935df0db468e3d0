//! A pipeline has at least one wire.
use forebay::prelude::*;

pipeline! {
    P {
        drain 5s;
    }
}

fn main() {}
