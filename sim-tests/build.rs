//! Writes the topologies: one file of source text for each shard.

#[path = "generator/mod.rs"]
mod generator;

use std::path::Path;
use std::{env, fs};

/// How many shards there are, and how many topologies each has.
const SHARDS: u64 = 8;
const EACH: u64 = 38;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=generator");
    if env::var_os("CARGO_FEATURE_SOME").is_none() {
        return;
    }
    let out = env::var_os("OUT_DIR").expect("cargo says where to write");
    for shard in 0..SHARDS {
        let text = generator::shard(shard * EACH..(shard + 1) * EACH);
        let file = Path::new(&out).join(format!("shard_{shard}.rs"));
        fs::write(file, text).expect("the folder for output can be written");
    }
}
