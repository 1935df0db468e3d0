//! A ring that waits sheds nothing.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn refused(shed: Shed<u64>) {
    println!("{}", shed.record);
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> same -> done;
        numbers.shed -[8]-> refused;
    }
}

fn main() {
    let PHandle { numbers, mut done, control } = P::builder().start().unwrap();
    numbers.try_send(1).unwrap();
    done.recv_blocking();
    control.finished_blocking().check().unwrap();
}
