//! Two stages of one name.
use forebay::prelude::*;

mod a {
    use forebay::prelude::*;
    #[stage]
    pub fn parse(n: u64) -> u64 {
        n
    }
}
mod b {
    use forebay::prelude::*;
    #[stage]
    pub fn parse(n: u64) -> u64 {
        n
    }
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> a::parse -> b::parse -> done;
    }
}

fn main() {
    let PHandle { numbers, mut done, control } = P::builder().start().unwrap();
    numbers.try_send(1).unwrap();
    done.recv_blocking();
    control.finished_blocking().check().unwrap();
}
