//! `start_threads` with a stage that may need a runtime.
use forebay::prelude::*;

#[stage]
async fn fetch(url: String) -> String {
    url
}

pipeline! {
    P {
        input urls: String [8];
        output pages: String [8];
        urls -> fetch -> pages;
    }
}

fn main() {
    let PHandle { urls, pages, control } = P::builder().start_threads().unwrap();
    drop((urls, pages, control));
}
