//! Only the variants of an enum are levels by themselves.
use forebay::prelude::*;

#[derive(Priority)]
pub struct Risk(u8);

#[derive(Priority)]
pub enum Urgency {
    Now { by: u64 },
    Later,
}

fn main() {}
