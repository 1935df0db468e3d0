//! A `match` has up to eight arms that forward.
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
        numbers -> same -> match {
            0 => { 0 } -> log_a,
            1 => { 1 } -> log_b,
            2 => { 2 } -> log_c,
            3 => { 3 } -> log_d,
            4 => { 4 } -> log_e,
            5 => { 5 } -> log_f,
            6 => { 6 } -> log_g,
            7 => { 7 } -> log_h,
            n => n -> log_i,
        };
    }
}

fn main() {}
