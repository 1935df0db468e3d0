//! `#[stage]` goes on a function or an `impl`.
use forebay::prelude::*;

#[stage]
struct Count(u64);

fn main() {}
