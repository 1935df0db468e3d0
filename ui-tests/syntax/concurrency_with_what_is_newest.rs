//! The newest value of a topic is lent to one call at a time.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64, config: &u64) -> u64 {
    n + config
}

pipeline! {
    P {
        input numbers: u64 [8];
        input config_in: u64 [8];
        output done: u64 [8];
        topic config: u64 [latest = 1];
        config_in -> config;
        numbers -> ask(config) { concurrency: 16 } -> done;
    }
}

fn main() {}
