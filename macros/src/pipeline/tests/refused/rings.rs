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
        "input a: u8 [512, bounce 3 every 10ms]; a -> b;",
        &[
            "`bounce` is not an option of a ring; the options are `shed`, `drop_oldest`, `offer 3 every 10ms`, `by key`, `by FIELD`, `priority`, `coalesce by key`, `quota 8 per 1s by key`, `limit 1000 per 1s`",
        ],
    );
    refuses(
        "input a: u8 [512, shde]; a -> b;",
        &[
            "`shde` is not an option of a ring; the options are `shed`, `drop_oldest`, `offer 3 every 10ms`, `by key`, `by FIELD`, `priority`, `coalesce by key`, `quota 8 per 1s by key`, `limit 1000 per 1s`; did you mean `shed`?",
        ],
    );
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
        &["a full ring does one thing: it waits, or `shed`, or `drop_oldest`, or `offer 3 every 10ms` and then sheds"],
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

#[test]
fn priority_that_drops_the_oldest() {
    refuses(
        "input a: u8 [8, priority, drop_oldest]; a -> b;",
        &[
            "`drop_oldest` goes by age and not by `priority`: it would drop an urgent record and keep a lesser one. Write `shed`, which drops the least urgent, or leave one of them out",
        ],
    );
}

#[test]
fn priority_of_an_outlet() {
    refuses(
        "input a: u8 [8]; a -> b; b.errors -[8, priority]-> c;",
        &["`priority` goes by the `#[priority]` of a record, and this ring holds failures: leave it out"],
    );
    refuses(
        "input a: u8 [8, shed]; a -> b; a.shed -[8, priority weighted 2:1]-> c;",
        &["`priority` goes by the `#[priority]` of a record, and this ring holds what was shed: leave it out"],
    );
}

#[test]
fn priority_weighted() {
    const FORM: &str = "expected `priority`, or `priority weighted 4:2:1`: how many records each lane gives in a round";
    for wrong in [
        "priority 4:2",
        "priority weighted",
        "priority weighted x:2",
        "priority weighted 4:",
        "priority weighted 4u8:2",
    ] {
        refuses(&format!("input a: u8 [8, {wrong}]; a -> b;"), &[FORM]);
    }
    refuses(
        "input a: u8 [8, priority weighted 4:0]; a -> b;",
        &["a weight is at least 1: a lane of weight 0 would never have a turn"],
    );
    refuses(
        "input a: u8 [8, priority weighted 4]; a -> b;",
        &["there is a weight for each level: `weighted 4:2:1`"],
    );
    refuses(
        "input a: u8 [8, priority, priority]; a -> b;",
        &["the option `priority` is given twice"],
    );
}

#[test]
fn priority_where_one_record_is() {
    for (kind, why) in [
        (
            "broadcast 8",
            "a `broadcast` shows every record to every reader in one order, so none goes first",
        ),
        ("latest", "a `latest` holds one record, so no other goes before it"),
        ("mailbox", "a `mailbox` holds one record, so no other goes before it"),
    ] {
        refuses(
            &format!("topic t: u8 [{kind}, priority]; input a: u8 [8]; a -> t; t -> b;"),
            &[&format!("{why}: leave the option out")],
        );
    }
}

#[test]
fn offer_forms() {
    const FORM: &str = "expected `offer 3 every 10ms`: how often a full ring is tried again, and when";
    for wrong in ["offer", "offer 3", "offer every 10ms", "offer 3 10ms", "offer 3 per 10ms"] {
        refuses(&format!("input a: u8 [8, {wrong}]; a -> b;"), &[FORM]);
    }
    refuses(
        "input a: u8 [8, offer 0 every 10ms]; a -> b;",
        &["`offer` tries at least once more: without another try, write `shed`"],
    );
    refuses(
        "input a: u8 [8, offer 3 every 0ms]; a -> b;",
        &["this time has to be longer than zero"],
    );
    refuses(
        "input a: u8 [8, offer 3 every 10ms, offer 3 every 10ms]; a -> b;",
        &["the option `offer` is given twice"],
    );
}

#[test]
fn offer_and_shed() {
    for both in ["shed, offer 3 every 10ms", "offer 3 every 10ms, shed"] {
        refuses(
            &format!("input a: u8 [8, {both}]; a -> b;"),
            &["`offer` sheds when its tries are over: write `shed` or `offer`, not both"],
        );
    }
}

#[test]
fn offer_to_what_never_waits() {
    const NEVER: &str = "a wire of what is shed, or of a lag, never waits, so `offer` tries nothing: leave it out";
    refuses(
        "input a: u8 [8, shed]; a -> b; a.shed -[8, offer 3 every 10ms]-> c;",
        &[NEVER],
    );
    refuses(
        "input a: u8 [8]; a -> b -[broadcast 8]-> c; c.lagged -[8, offer 3 every 10ms]-> d;",
        &[NEVER],
    );
}

#[test]
fn shed_of_a_lag() {
    const KEPT: &str = "a wire of a lag sheds nothing: while it is full the count is kept, and told with the next; leave `shed` out, or write `drop_oldest`";
    refuses(
        "input a: u8 [8]; a -> b -[broadcast 8]-> c; c.lagged -[8, shed]-> d;",
        &[KEPT],
    );
    refuses(
        "input a: u8 [8]; output o: Lagged [8, shed]; a -> b -[broadcast 8]-> c; c.lagged -> o;",
        &[KEPT],
    );
}

#[test]
fn shed_of_what_goes_back() {
    refuses(
        "input a: u8 [8, shed]; a -> b; a.shed -[8, shed]-> c; c.shed -[8]-> d;",
        &[
            "what finds the shed wire of an `input` full goes back to the caller, as `Full`, so nothing comes here: leave this wire out",
        ],
    );
}

#[test]
fn coalesce_forms() {
    for wrong in ["coalesce", "coalesce key", "coalesce by"] {
        refuses(&format!("input a: u8 [8, {wrong}]; a -> b;"), &["expected `coalesce by key`"]);
    }
    refuses(
        "input a: u8 [8, coalesce by id]; a -> b;",
        &["records coalesce by their `#[key]`: mark `id` with it, and write `coalesce by key`"],
    );
    refuses(
        "input a: u8 [8, coalesce by key, coalesce by key]; a -> b;",
        &["the option `coalesce` is given twice"],
    );
}

#[test]
fn coalesce_that_drops_the_oldest() {
    refuses(
        "input a: u8 [8, coalesce by key, drop_oldest]; a -> b;",
        &[
            "a ring with `coalesce` drops what is older of the same key, and `drop_oldest` would drop the only record of another: write `shed`, or leave one of them out",
        ],
    );
}

#[test]
fn coalesce_with_a_priority() {
    refuses(
        "input a: u8 [8, priority, coalesce by key]; a -> b;",
        &[
            "`coalesce` gives the newer record the place of the queued one, and `priority` may give it another: leave one of them out",
        ],
    );
}

#[test]
fn coalesce_by_another_field() {
    refuses(
        "input a: u8 [8, coalesce by key, by user]; a -> b { workers: 2 };",
        &[
            "records of one key may differ in `user`, and so would their workers, but with `coalesce by key` they have one place: write `by key`",
        ],
    );
}

#[test]
fn coalesce_of_an_outlet() {
    refuses(
        "input a: u8 [8]; a -> b; b.errors -[8, coalesce by key]-> c;",
        &["`coalesce by key` goes by the `#[key]` of a record, and this ring holds failures: leave it out"],
    );
}

#[test]
fn coalesce_where_the_newest_is() {
    for (kind, why) in [
        (
            "broadcast 8",
            "a `broadcast` shows every record to every reader, so none takes the place of another",
        ),
        ("latest", "a `latest` holds one record, the newest of all keys"),
        ("mailbox", "a `mailbox` holds one record, the newest of all keys"),
    ] {
        refuses(
            &format!("topic t: u8 [{kind}, coalesce by key]; input a: u8 [8]; a -> t; t -> b;"),
            &[&format!("{why}: leave the option out")],
        );
    }
}
