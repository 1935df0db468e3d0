//! Options that are refused.

use super::super::refuses;

#[test]
fn option_unknown() {
    const KNOWN: &str = "the options are `workers`, `concurrency`, `restart`, `blocking`, `pin`, `keep`, `tick`, `on_panic`, `batch`, `timeout`, `deadline`, `retry`, `backoff`, `breaker`, `rate`";
    refuses(
        "input a: u8 [1]; a -> b { worker: 2 };",
        &[&format!(
            "`worker` is not an option of a node; {KNOWN}; did you mean `workers`?"
        )],
    );
}

/// On a node `b` behind a ring.
fn concurrency(options: &str, error: &str) {
    refuses(
        &format!("input a: u8 [1]; a -> b {{ concurrency: {options} }}; errors -> drop;"),
        &[error],
    );
}

#[test]
fn concurrency_without_its_form() {
    const FORM: &str = "expected `concurrency: 16`, or `concurrency: 16 ordered`: what is given leaves in the order of what came";
    concurrency("16 sorted", FORM);
    refuses(
        "input a: u8 [1]; a -> b { concurrency };",
        &["expected the value of this option: `: 16`"],
    );
}

#[test]
fn concurrency_below_two() {
    let none = |most: u8| format!("`concurrency: {most}` has no effect: a worker of `b` works on one record at a time anyway");
    concurrency("0", &none(0));
    concurrency("1 ordered", &none(1));
}

#[test]
fn concurrency_without_a_ring() {
    refuses(
        "input a: u8 [1]; a -> b -> c { concurrency: 2 };",
        &["`concurrency` stands on the first node of a segment: put a ring before `c`, `-[512]-> c`"],
    );
    refuses(
        "poll { concurrency: 2 } -> c;",
        &["`poll` is a source: it takes no record, so `concurrency` has no effect"],
    );
}

#[test]
fn concurrency_of_an_impl() {
    refuses(
        "input a: u8 [1]; node b: B { concurrency: 2 }; a -> b;",
        &["an `impl` stage has one state, which one record at a time borrows: give `b` more `workers`, or make it an `async fn`"],
    );
}

#[test]
fn concurrency_of_a_batch() {
    concurrency(
        "16, batch: 1",
        "`b` takes its records in batches, one call for each: leave `concurrency` out, or say how many `workers` there are",
    );
}

#[test]
fn concurrency_with_a_local() {
    refuses(
        "input a: u8 [1]; local m: M; a -> b(m) { concurrency: 2 };",
        &[
            "`m` is a `local`, which one call at a time borrows, and `b` has several in flight: declare it `shared`, or leave `concurrency` \
             out and say how many `workers` there are",
        ],
    );
    refuses(
        "input a: u8 [1]; input c: u8 [1]; topic m: u8 [latest = 1]; c -> m; a -> b(m) { concurrency: 2 };",
        &[
            "what is newest in `m` is borrowed by one call at a time, and `b` has several in flight: lend it to a stage before `b`, or leave \
             `concurrency` out",
        ],
    );
}

#[test]
fn concurrency_of_several_records() {
    refuses(
        "input a: u8 [1]; a -> b -> c; errors -[8]-> note { concurrency: 2 };",
        &[
            "`note` takes the failures of several nodes, each a type of its own: leave `concurrency` out, or say how many `workers` there \
             are",
        ],
    );
}

#[test]
fn option_given_twice() {
    refuses(
        "input a: u8 [1]; a -> b { workers: 2, workers: 3 };",
        &["the option `workers` is given twice"],
    );
    refuses("drain 1s; drain 2s; input a: u8 [1]; a -> b;", &["`drain` is given twice"]);
}

#[test]
fn option_without_its_value() {
    refuses(
        "input a: u8 [1]; a -> b { workers };",
        &["expected the value of this option: `: 4`"],
    );
    refuses("input a: u8 [1]; a -> b { blocking: true };", &["`blocking` takes no value"]);
    refuses(
        "input a: u8 [1]; a -> b { keep: all };",
        &["`keep` is one of `nothing`, `record`"],
    );
    refuses(
        "input a: u8 [1]; a -> b { on_panic: abort };",
        &["`on_panic` is one of `rebuild`"],
    );
    refuses(
        "input a: u8 [1]; a -> b { restart: 3 in 10s };",
        &["expected `restart: 3 in 10s else drain`, or `else abort`"],
    );
    refuses(
        "input a: u8 [64]; a -> b { batch: 32 within };",
        &["unexpected end of input, expected a time: `500ms`, `5s`, `2m`, `1h`"],
    );
    refuses(
        "input a: u8 [64]; a -> b { batch: 32 within 0ms };",
        &["this time has to be longer than zero"],
    );
}

#[test]
fn unit_that_is_not_one() {
    refuses(
        "budget 8MB; drain 5; input a: u8 [1]; a -> b; every 3sec -> c;",
        &[
            "`MB` is not a unit of size; write `64KiB`, `8MiB`, `1GiB`",
            "a time has a unit: `500ms`, `5s`, `2m`, `1h`",
            "`sec` is not a unit of time; write `500ms`, `5s`, `2m`, `1h`",
        ],
    );
}

#[test]
fn period_zero() {
    refuses("every 0s -> a;", &["this time has to be longer than zero"]);
}

#[test]
fn batch_zero() {
    refuses(
        "input a: u8 [16]; a -> b { batch: 0 };",
        &["a batch holds at least one record"],
    );
}

#[test]
fn batch_without_a_ring() {
    refuses(
        "input a: u8 [16]; a -> b -> c { batch: 4 };",
        &["a batch is taken from a ring: put one before `c`, `-[512]-> c`"],
    );
}

#[test]
fn workers_zero() {
    refuses(
        "input a: u8 [16]; a -> b { workers: 0 };",
        &["a node has at least one worker"],
    );
}

#[test]
fn workers_past_the_first_node() {
    refuses(
        "input a: u8 [16]; a -> b -> c { workers: 4 };",
        &["`workers` stands on the first node of a segment: put a ring before `c`, `-[512]-> c`"],
    );
    refuses(
        "poll { workers: 2 } -> b;",
        &["`poll` is a source: it gives one stream, and has one worker"],
    );
}

#[test]
fn blocking_past_the_first_node() {
    refuses(
        "input a: u8 [16]; a -> b -> c { blocking };",
        &["`blocking` stands on the first node of a segment: put a ring before `c`, `-[512]-> c`"],
    );
}

#[test]
fn tick_on_a_function() {
    refuses(
        "input a: u8 [16]; a -> b { tick: 1s };",
        &["a function does not tick: `b` would be an `impl` stage with `fn tick`, and `node b: Type { tick: 1s };`"],
    );
}

#[test]
fn rebuild_of_a_function() {
    refuses(
        "input a: u8 [16]; a -> b { on_panic: rebuild };",
        &["`on_panic: rebuild` is for an `impl` stage: a function has no state, and its locals are rebuilt anyway"],
    );
}

#[test]
fn keep_without_effect() {
    refuses(
        "input a: u8 [16]; a -> b { keep: nothing };",
        &["`keep: nothing` has no effect: `b` keeps records only where `b.errors` is wired by name"],
    );
    refuses(
        "input a: u8 [16]; a -> b { keep: record }; b.errors -[8]-> c;",
        &["`keep: record` has no effect: `b.errors` is wired by name, so `b` keeps its records anyway"],
    );
    refuses(
        "input a: u8 [16]; a -> b { keep: record };",
        &["`keep: record` has no effect: the failures of `b` go nowhere; wire `errors -[64]-> …;`"],
    );
    refuses(
        "poll { keep: record } -> b; errors -[8]-> c;",
        &["`keep` has no effect: `poll` is a source, and takes no record that it could keep"],
    );
}

#[test]
fn restart_of_a_source() {
    refuses(
        "input a: u8 [1]; a -> b; ticks { restart: 3 in 10s else drain } -> c;",
        &["`ticks` is a source: a stream that fails has ended, and is not asked again"],
    );
}

#[test]
fn pin_past_the_first_node() {
    refuses(
        "input a: u8 [1]; a -> b -> c { pin: cores };",
        &["`pin` stands on the first node of a segment: put a ring before `c`, `-[512]-> c`"],
    );
    refuses("input a: u8 [1]; a -> b { pin: 3 };", &["`pin` is one of `cores`"]);
}
