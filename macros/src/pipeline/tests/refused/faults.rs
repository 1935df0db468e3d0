//! Options against faults that are refused.

use super::super::refuses;

/// In a node `b` whose failures are dropped.
fn refused(options: &str, error: &str) {
    refuses(&format!("input a: u8 [8]; a -> b {{ {options} }}; errors -> drop;"), &[error]);
}

#[test]
fn option_without_its_value() {
    refused("timeout", "expected the value of this option: `: 500ms`");
    refused("deadline", "expected the value of this option: `: 2s`");
    refused("timeout: 500", "a time has a unit: `500ms`, `5s`, `2m`, `1h`");
    refused("retry", "expected the value of this option: `: 3`");
    refused("retry: 3s", "expected how many more tries there are: `retry: 3`");
    refused("retry: many", "expected how many more tries there are: `retry: 3`");
    refused("retry: 99999999999", "this number is too large");
    refused("retry: 3, backoff", "expected the value of this option: `: 10ms..1s`");
    refused(
        "retry: 3, backoff: 10ms",
        "expected `backoff: 10ms..1s`: the first wait, and the longest",
    );
    let form = "expected `breaker: 5 in 30s`: how many failures within which time open it";
    refused("breaker: 5", form);
    refused("breaker: often", form);
    let form = "expected `rate: 100 per 1s`: how many calls there may be in which time";
    refused("rate: 5", form);
    refused("rate: 5 in 1s", form);
    refused("rate", "expected the value of this option: `: 100 per 1s`");
    refused("breaker", "expected the value of this option: `: 5 in 30s`");
}

#[test]
fn rate_by_key_of_a_batch() {
    refused("rate: 5 per 1s by", "expected `by key`, or `by` and the name of a field");
    refused(
        "batch: 1, rate: 5 per 1s by key",
        "a batch is one call with the records of many keys: let the rate be that of the node, `rate: 100 per 1s`",
    );
}

#[test]
fn option_given_twice() {
    refused("timeout: 1s, timeout: 2s", "the option `timeout` is given twice");
}

#[test]
fn fault_option_of_a_source() {
    refuses(
        "poll { timeout: 1s, retry: 3 } -> b; errors -> drop;",
        &[
            "`poll` is a source: it takes no record, so `timeout` has no effect",
            "`poll` is a source: it takes no record, so `retry` has no effect",
        ],
    );
}

#[test]
fn fault_time_zero() {
    refused("breaker: 5 in 0s", "this time has to be longer than zero");
    refused("rate: 5 per 0s", "this time has to be longer than zero");
    refused("deadline: 0s", "this time has to be longer than zero");
    refused("timeout: 0ms", "this time has to be longer than zero");
    refused("retry: 1, backoff: 0ms..1s", "this time has to be longer than zero");
}

#[test]
fn retry_zero() {
    refused(
        "retry: 0",
        "`retry: 0` has no effect: it says how many more tries there are after the first",
    );
}

#[test]
fn breaker_zero() {
    refused(
        "breaker: 0 in 30s",
        "a breaker opens at one failure at least: `breaker: 5 in 30s`",
    );
}

#[test]
fn rate_out_of_range() {
    refused("rate: 0 per 1s", "a rate allows one call at least: `rate: 100 per 1s`");
    refused(
        "rate: 2000000 per 1s",
        "a rate counts up to 1000000 calls: say how many there may be in a shorter time",
    );
}

#[test]
fn backoff_without_retry() {
    refused(
        "backoff: 10ms..1s",
        "`backoff` is the wait before another try: say how many there are, `retry: 3`",
    );
}

#[test]
fn backoff_that_shrinks() {
    refused(
        "retry: 3, backoff: 1s..10ms",
        "the longest wait is shorter than the first: `backoff: 10ms..1s`",
    );
}

#[test]
fn fault_that_goes_nowhere() {
    refuses(
        "input a: u8 [8]; a -> b { timeout: 1s };",
        &[
            "`b` can fail by its `timeout`, and its failures go nowhere: wire `b.errors -[64]-> …;`, or all of them with \
           `errors -[64]-> …;`, or say `errors -> drop;`",
        ],
    );
    refuses(
        "input a: u8 [8]; a -> b { breaker: 5 in 30s };",
        &[
            "`b` can fail by its `breaker`, and its failures go nowhere: wire `b.errors -[64]-> …;`, or all of them with \
           `errors -[64]-> …;`, or say `errors -> drop;`",
        ],
    );
    refuses(
        "input a: u8 [8]; node j: J { timeout: 1s }; a -> j.left; j -> drop;",
        &[
            "`j` can fail by its `timeout`, and its failures go nowhere: wire `j.INLET.errors -[64]-> …;`, or all of them with \
           `errors -[64]-> …;`, or say `errors -> drop;`",
        ],
    );
}
