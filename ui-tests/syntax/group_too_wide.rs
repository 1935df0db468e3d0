//! A group has up to eight branches.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn log(n: u64) {
    println!("{n}");
}

pipeline! {
    P {
        input numbers: u64 [8];
        node log_a = log;
        node log_b = log;
        node log_c = log;
        node log_d = log;
        node log_e = log;
        node log_f = log;
        node log_g = log;
        node log_h = log;
        node log_i = log;
        numbers -> same -> { log_a, log_b, log_c, log_d, log_e, log_f, log_g, log_h, log_i };
    }
}

fn main() {}
