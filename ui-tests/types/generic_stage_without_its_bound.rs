//! A generic stage is fed what does not meet its bound.
use forebay::prelude::*;
use std::fmt::Display;

pub struct Secret;

#[stage]
fn show<T: Display + Send + 'static>(record: T) -> String {
    record.to_string()
}

pipeline! {
    P {
        input secrets: Secret [8];
        output shown: String [8];
        secrets -> show -> shown;
    }
}

fn main() {}
