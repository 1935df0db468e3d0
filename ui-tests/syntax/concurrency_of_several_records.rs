//! The failures of two nodes are two types.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64) -> Result<u64, String> {
    Ok(n)
}
#[stage]
async fn tell(n: u64) -> Result<u64, u8> {
    Ok(n)
}
#[stage]
async fn note<T: Send + 'static>(_failed: T) {}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask -> tell -> done;
        errors -[64]-> note { concurrency: 16 };
    }
}

fn main() {}
