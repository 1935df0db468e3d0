//! Rings that are refused.

use super::super::refuses;

#[test]
fn capacity_zero() {
    refuses(
        "input a: u8 [0]; a -> b;",
        &["a ring holds at least one record: write `[1]`, or `->` for no ring"],
    );
}

#[test]
fn capacity_not_a_power_of_two() {
    refuses(
        "input a: u8 [500]; a -> b -[3]-> c;",
        &[
            "a capacity is a power of two, and 500 is not: write 256 or 512",
            "a capacity is a power of two, and 3 is not: write 2 or 4",
        ],
    );
    // The ring of `errors` for all stands for many, and is wrong once.
    refuses(
        "input a: u8 [1]; a -> b -> c; errors -[7]-> d;",
        &["a capacity is a power of two, and 7 is not: write 4 or 8"],
    );
}

#[test]
fn capacity_with_a_unit() {
    refuses(
        "input a: u8 [64KiB]; a -> b;",
        &["a capacity counts records: a number, or a const"],
    );
    refuses(
        "input a: u8 [\"64\"]; a -> b;",
        &["a capacity counts records: a number, or a const"],
    );
}

#[test]
fn ring_option_unknown() {
    refuses(
        "input a: u8 [512, offer 3 every 10ms]; a -> b;",
        &["`offer` is not an option of a ring; the options are `shed`, `drop_oldest`, `by key`, `by FIELD`"],
    );
    refuses(
        "input a: u8 [512, shde]; a -> b;",
        &["`shde` is not an option of a ring; the options are `shed`, `drop_oldest`, `by key`, `by FIELD`; did you mean `shed`?"],
    );
    for later in ["coalesce by key", "priority"] {
        let word = later.split(' ').next().unwrap();
        let error = format!("`{word}` is not an option of a ring; the options are `shed`, `drop_oldest`, `by key`, `by FIELD`");
        refuses(&format!("input a: u8 [512, {later}]; a -> b;"), &[&error]);
    }
}

#[test]
fn transport_unknown() {
    refuses(
        "input a: u8 [1]; a -> b -[nats \"orders\", 4096]-> c;",
        &["`nats` is no kind of ring; the kinds are `broadcast`, `latest`, `mailbox`"],
    );
}

#[test]
fn ring_option_given_twice() {
    refuses("input a: u8 [1, shed, shed]; a -> b;", &["the option `shed` is given twice"]);
    refuses(
        "input a: u8 [1, shed, drop_oldest]; a -> b;",
        &["a full ring does one thing: it waits, or `shed`, or `drop_oldest`"],
    );
    refuses(
        "input a: u8 [1, by key, by id]; a -> b { workers: 2 };",
        &["the option `by` is given twice"],
    );
}

#[test]
fn key_before_one_worker() {
    refuses(
        "input a: u8 [1]; a -> b -[8, by key]-> c;",
        &["`by key` chooses between workers, and `c` has one: leave it out, or write `c { workers: 4 }`"],
    );
    refuses(
        "input a: u8 [8, by id]; output o: u8 [8]; a -> o;",
        &["`by id` chooses between workers, and no stage follows: leave it out"],
    );
    refuses(
        "input a: u8 [8]; output o: u8 [8, by key]; a -> o;",
        &["`by key` chooses between workers, and the output `o` has one reader: leave it out"],
    );
}

#[test]
fn batch_larger_than_its_ring() {
    refuses(
        "input a: u8 [16]; a -> b { batch: 32 };",
        &["a batch of 32 never fills: the ring before `b` holds 16"],
    );
}
