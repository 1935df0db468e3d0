//! Units that are none.
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
        budget 8MB;
        drain 5;
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> same -> done;
        every 3sec -> log;
    }
}

fn main() {
    let PHandle { numbers, mut done, control } = P::builder().start().unwrap();
    numbers.try_send(1).unwrap();
    done.recv_blocking();
    control.finished_blocking().check().unwrap();
}
