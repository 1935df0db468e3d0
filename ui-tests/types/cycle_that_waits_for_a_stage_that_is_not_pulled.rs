//! Every edge of a cycle waits, and its stage is not pulled.
use forebay::prelude::*;

#[derive(Default)]
pub struct Frontier;

#[stage]
impl Frontier {
    fn process(&mut self, url: u64) -> Option<u64> {
        Some(url)
    }
}
#[stage]
async fn fetch(url: u64) -> u64 {
    url + 1
}

pipeline! {
    P {
        input seeds: u64 [8];
        node frontier: Frontier = Frontier::default();
        seeds -> frontier -[8]-> fetch -[8]-> frontier;
    }
}

fn main() {}
