//! A capacity is a power of two.
use forebay::prelude::*;

pub struct Index;

#[stage]
fn double(n: u64, _index: &Index) -> u64 {
    n * 2
}

pipeline! {
    P {
        input numbers: u64 [500];
        output doubled: u64 [8];
        shared index: Index;
        numbers -> double(index) -[3]-> double_b -> doubled;
        node double_b = double;
    }
}

fn main() {
    let PHandle { numbers, mut doubled, control } = P::builder().index(Index).start().unwrap();
    numbers.try_send(1).unwrap();
    let ledger = control.finished_blocking();
    println!("{:?} {} {}", doubled.recv_blocking(), ledger.double.finished, P::TOPOLOGY);
}
