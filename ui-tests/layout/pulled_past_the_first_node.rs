//! Only the first node of a segment is asked for records.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[derive(Default)]
pub struct Held(Vec<u64>);

#[stage]
impl Held {
    fn process(&mut self, n: u64) {
        self.0.push(n);
    }
    fn next(&mut self) -> Option<u64> {
        self.0.pop()
    }
    fn held(&self) -> usize {
        self.0.len()
    }
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        node held: Held = Held::default();
        numbers -> same -> held -> done;
    }
}

fn main() {}
