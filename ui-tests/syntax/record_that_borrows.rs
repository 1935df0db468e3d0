//! A record owns what it holds.
use forebay::prelude::*;

#[record]
pub struct Reading<'a> {
    pub text: &'a str,
}

fn main() {}
