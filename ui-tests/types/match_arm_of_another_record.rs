//! An arm forwards another record than its branch takes.
use forebay::prelude::*;

pub enum Ticket {
    Urgent(u32),
    Normal(u64),
}

#[stage]
fn classify(n: u64) -> Ticket {
    match n % 3 {
        0 => Ticket::Urgent(0),
        _ => Ticket::Normal(n),
    }
}

pipeline! {
    P {
        input tickets: u64 [8];
        output urgent: u64 [8];
        output normal: u64 [8];
        tickets -> classify -> match {
            Ticket::Urgent(t) => t -> urgent,
            Ticket::Normal(t) => t -> normal,
        };
    }
}

fn main() {}
