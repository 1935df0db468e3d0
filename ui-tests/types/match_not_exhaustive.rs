//! A `match` that leaves a case out.
use forebay::prelude::*;

pub enum Ticket {
    Urgent(u64),
    Normal(u64),
    Spam,
}

#[stage]
fn classify(n: u64) -> Ticket {
    match n % 3 {
        0 => Ticket::Urgent(n),
        1 => Ticket::Normal(n),
        _ => Ticket::Spam,
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
