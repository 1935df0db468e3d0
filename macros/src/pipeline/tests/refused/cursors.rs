//! Rings that overwrite, where they are refused.

use super::super::refuses;

#[test]
fn kind_unknown() {
    refuses(
        "input a: u8 [1]; topic t: u8 [brodcast 64]; a -> t; t -> b;",
        &["`brodcast` is no kind of ring; the kinds are `broadcast`, `latest`, `mailbox`; did you mean `broadcast`?"],
    );
}

#[test]
fn kind_with_another_form() {
    refuses(
        "input a: u8 [1]; topic t: u8 [broadcast]; a -> t; t -> b;",
        &["a `broadcast` has a capacity: `[broadcast 1024]`"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [latest 4]; a -> t; t -> b;",
        &["a `latest` holds one record, so it has no capacity: write `[latest]`"],
    );
    refuses(
        "input a: u8 [mailbox 4]; a -> b;",
        &["a `mailbox` holds one record, so it has no capacity: write `[mailbox]`"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [broadcast 4 = 1]; a -> t; t -> b;",
        &["only a `latest` has a first value, `[latest = expr]`: any other ring is empty at the start"],
    );
    refuses(
        "input a: u8 [mailbox = 1]; a -> b;",
        &["only a `latest` has a first value, `[latest = expr]`: any other ring is empty at the start"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [latest =]; a -> t; t -> b;",
        &["expected the first value: `[latest = Config::default()]`"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [broadcast \"many\"]; a -> t; t -> b;",
        &["a capacity counts records: a number, or a const"],
    );
}

#[test]
fn broadcast_not_a_power_of_two() {
    // Once, however many read it.
    refuses(
        "input a: u8 [1]; topic t: u8 [broadcast 1000]; a -> t; t -> b; t -> c;",
        &["a capacity is a power of two, and 1000 is not: write 512 or 1024"],
    );
    refuses(
        "input a: u8 [1]; a -> b -[broadcast 0]-> { c, d };",
        &["a ring holds at least one record: write `[1]`, or `->` for no ring"],
    );
}

#[test]
fn option_of_a_ring_that_overwrites() {
    refuses(
        "input a: u8 [1]; topic t: u8 [broadcast 4, shed]; a -> t; t -> b;",
        &["a `broadcast` is never full, so it does not `shed` (the new record overwrites the oldest): leave the option out"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [latest, drop_oldest]; a -> t; t -> b;",
        &["a `latest` is never full, so it does not `drop_oldest` (the new record overwrites the oldest): leave the option out"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [broadcast 4, by key]; a -> t; t -> b;",
        &["a `broadcast` shows every record to every reader, so a key chooses nothing in it: leave the option out"],
    );
    refuses(
        "input a: u8 [mailbox, by id]; a -> b;",
        &["a `mailbox` has one slot, so a key chooses nothing in it: leave the option out"],
    );
}

#[test]
fn overwriting_input() {
    refuses(
        "input a: u8 [broadcast 4]; a -> b;",
        &[
            "an input is fed by any number of callers, and the ring of a `broadcast` by known ones: let it lead to a topic, `input a: … [64]; topic all_a: … [broadcast …]; a -> all_a;`",
        ],
    );
    refuses(
        "input a: u8 [latest]; a -> b;",
        &[
            "an input is fed by any number of callers, and the ring of a `latest` by known ones: let it lead to a topic, `input a: … [64]; topic all_a: … [latest …]; a -> all_a;`",
        ],
    );
}

#[test]
fn overwriting_shed_from_outside() {
    refuses(
        "input a: u8 [1, shed]; topic t: Shed<u8> [broadcast 4]; a -> b; a.shed -> t; t -> c;",
        &[
            "what `a` sheds comes from any number of callers, and the ring of a `broadcast` is fed by known ones: put a ring and a stage before it, `a.shed -[64]-> stage -> …`",
        ],
    );
}

#[test]
fn workers_of_a_cursor() {
    refuses(
        "input a: u8 [1]; topic t: u8 [broadcast 4]; a -> t; t -> b { workers: 4 };",
        &["`b` reads a `broadcast` as one reader, so it has one worker: share its records out by a ring, `t -[512]-> b`"],
    );
    refuses(
        "input a: u8 [1]; a -> b -[latest]-> c { workers: N };",
        &[
            "`c` reads a `latest` as one reader, so it has one worker: share its records out by a ring, `-[512]-> c` behind a stage, or in place of it",
        ],
    );
}

#[test]
fn lag_of_what_misses_nothing() {
    refuses(
        "input a: u8 [1]; a -> b -[8]-> c; c.lagged -[8]-> d;",
        &["`c` misses nothing: only the reader of a `broadcast` or a `latest` can lag, and none stands right before it"],
    );
    // What drops its oldest is one for all who read it: the ledger counts it.
    refuses(
        "input a: u8 [1, drop_oldest]; a -> b; b.lagged -[8]-> d;",
        &["`b` misses nothing: only the reader of a `broadcast` or a `latest` can lag, and none stands right before it"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [broadcast 4]; a -> t; t -> b; t.lagged -[8]-> d;",
        &["a lag is that of one reader: name the node behind `t`, as in `NODE.lagged -[64]-> …`"],
    );
    refuses(
        "input a: u8 [1]; output o: u8 [broadcast 4]; a -> o; o.lagged -[8]-> d;",
        &["the readers of `o` are outside, and each asks its own end: `o.lost()`"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [broadcast 4]; a -> t; t -> b; b.lagged -> d;",
        &["an outlet starts with a ring: `b.lagged -[64]-> …`"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [broadcast 4]; a -> t; t -> b; b.lagged -[8]-> d; b.lagged -[8]-> e;",
        &["the lag of `b` is wired twice; say more with a group: `-[64]-> { …, … }`"],
    );
}

#[test]
fn latest_lent_without_a_first_value() {
    refuses(
        "input a: u8 [1]; input b: u8 [1]; topic t: u8 [latest]; b -> t; a -> x(t);",
        &["`t` may have no value yet when `x` asks: give it a first one, `[latest = expr]`"],
    );
    refuses(
        "input a: u8 [1]; input b: u8 [1]; topic t: u8 [broadcast 4]; b -> t; t -> y; a -> x(t);",
        &["`t` is a topic, and only the newest value of a `latest` can be borrowed: declare it `[latest = expr]`, or `shared`"],
    );
    refuses(
        "input a: u8 [1]; output o: u8 [latest = 1]; a -> x(o) -> o;",
        &["`o` is a port, not a resource"],
    );
}

#[test]
fn latest_lent_twice() {
    refuses(
        "input a: u8 [1]; input b: u8 [1]; topic t: u8 [latest = 1]; b -> t; a -> x(t, t);",
        &["a stage borrows a topic once, and `t` stands here twice: leave one out"],
    );
}

#[test]
fn latest_lent_to_a_source() {
    refuses(
        "input b: u8 [1]; topic t: u8 [latest = 1]; b -> t; poll(t) -> x;",
        &["`poll` is a source: it takes no record, so `t` is never the newest for it; lend it to a stage behind"],
    );
}

#[test]
fn topic_that_nobody_follows() {
    refuses(
        "input a: u8 [1]; topic t: u8 [broadcast 4]; a -> t;",
        &["nothing reads the topic `t`: begin a wire with it, `t -> …;`"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [latest = 1]; a -> x(t);",
        &["nothing feeds the topic `t`: end a wire with it, `… -> t;`"],
    );
}

#[test]
fn errors_for_all_into_a_ring_that_overwrites() {
    refuses(
        "input a: u8 [1]; a -> b; errors -[broadcast 8]-> log;",
        &[
            "`errors` for all leads to one reader, and the failures of each node have a ring of their own: write `[64]`, or `[64, drop_oldest]`",
        ],
    );
}

#[test]
fn shed_of_a_ring_that_overwrites() {
    refuses(
        "input a: u8 [1]; a -> b -[broadcast 8]-> c; c.shed -[8]-> d;",
        &["the ring of `c` drops the oldest record, which counts as `lost`: only a ring that says `shed` has an outlet `.shed`"],
    );
}
