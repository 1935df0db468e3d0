//! Rings that are refused.

use super::super::refuses;

#[test]
fn admission_without_its_form() {
    let refused = |option: &str, error: &str| refuses(&format!("input a: u8 [1, shed, {option}]; a -> b;"), &[error]);
    let quota = "expected `quota 8 per 1s by key`: how many records of one key are let in, in which time";
    refused("quota", quota);
    refused("quota 8", quota);
    refused("quota 8 per 1s", quota);
    refused("quota 8 per 1s by", "expected `by key`, or `by` and the name of a field");
    refused("quota 8 per 1 by key", "a time has a unit: `500ms`, `5s`, `2m`, `1h`");
    let limit = "expected `limit 1000 per 1s`: how many records are let in, in which time";
    refused("limit many", limit);
    refused("limit 8 in 1s", limit);
    refused("limit 8 per 1s, limit 9 per 1s", "the option `limit` is given twice");
}

#[test]
fn admission_past_an_input() {
    let message = |option: &str| {
        format!(
            "`{option}` says what comes into a pipeline, so it stands at an `input`; how often a stage is called is said by the node, `{{ rate: \
             100 per 1s by key }}`"
        )
    };
    refuses(
        "input a: u8 [1]; a -> b -[8, shed, limit 5 per 1s]-> c;",
        &[&message("limit")],
    );
    refuses(
        "input a: u8 [1]; output o: u8 [8, shed, quota 5 per 1s by key]; a -> b -> o;",
        &[&message("quota")],
    );
}

#[test]
fn admission_without_shed() {
    refuses(
        "input a: u8 [8, quota 5 per 1s by key, limit 9 per 1s]; a -> b;",
        &["`quota` refuses records, and a port that refuses says so: `[512, shed, quota …]`"],
    );
    refuses(
        "input a: u8 [8, drop_oldest, limit 9 per 1s]; a -> b;",
        &["`limit` refuses records, and a port that refuses says so: `[512, shed, limit …]`"],
    );
}

#[test]
fn admission_out_of_range() {
    refuses(
        "input a: u8 [8, shed, quota 0 per 1s by key, limit 1000001 per 0s]; a -> b;",
        &[
            "`quota` lets one record in at least: `quota 1 per 1s`",
            "`limit` counts up to 1000000 records: say how many there may be in a shorter time",
            "this time has to be longer than zero",
        ],
    );
}

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
        &[
            "`offer` is not an option of a ring; the options are `shed`, `drop_oldest`, `by key`, `by FIELD`, `quota 8 per 1s by key`, `limit 1000 per 1s`",
        ],
    );
    refuses(
        "input a: u8 [512, shde]; a -> b;",
        &[
            "`shde` is not an option of a ring; the options are `shed`, `drop_oldest`, `by key`, `by FIELD`, `quota 8 per 1s by key`, `limit 1000 per 1s`; did you mean `shed`?",
        ],
    );
    for later in ["coalesce by key", "priority"] {
        let word = later.split(' ').next().unwrap();
        let error = format!(
            "`{word}` is not an option of a ring; the options are `shed`, `drop_oldest`, `by key`, `by FIELD`, `quota 8 per 1s by key`, `limit 1000 per 1s`"
        );
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
