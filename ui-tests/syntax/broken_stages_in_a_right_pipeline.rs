//! What is wrong with a stage is said once, and not again where a pipeline uses it.
use forebay::prelude::*;

#[stage]
fn two(a: u64, _b: u64) -> u64 {
    a
}
#[stage]
fn good(n: u64) -> u64 {
    n
}
#[stage]
async fn batched(_batch: Batch<u64>) -> u64 {
    1
}
#[stage]
async fn emits(n: u64, out: Emit<u64>, _x: &u64) {
    let _ = (n, out);
}

#[derive(Default)]
pub struct Count;
#[stage]
impl Count {
    fn process(&mut self, n: u64, _m: u64) -> u64 {
        n
    }
}

#[derive(Default)]
pub struct Join;
#[stage]
impl Join {
    #[inlet]
    fn left(&mut self, n: u64, _m: u64) -> u64 {
        n
    }
    #[inlet]
    fn right(&mut self, n: u64) -> u64 {
        n
    }
}

pipeline! {
    P {
        input  numbers: u64 [8];
        input  others: u64 [8];
        output done: u64 [8];
        shared x: u64;
        node   count: Count { tick: 1s } = Count::default();
        node   join: Join = Join::default();
        numbers -> two -> good -[8]-> batched { batch: 4 } -[8]-> emits(x) -[8]-> join.left;
        others -> join.right;
        join -> count -> done;
    }
}

fn main() {
    let PHandle { numbers, others, done, control } = P::builder().x(1).start().unwrap();
    drop((numbers, others, done, control));
    P::builder().x(1).start_threads().unwrap();
}
