//! Names that are refused.

use super::super::refuses;

#[test]
fn resource_unknown() {
    refuses(
        "shared index: Index; input a: u8 [1]; a -> b(indx);",
        &["no resource is called `indx`; did you mean `index`?"],
    );
    refuses(
        "input a: u8 [1]; a -> b(model);",
        &[
            "no resource is called `model`; declare it: `shared model: Type;` (one, `&T`) or `local model: Type;` (one a worker, `&mut T`)",
        ],
    );
    refuses("input a: u8 [1]; a -> b(a);", &["`a` is a port, not a resource"]);
}

#[test]
fn resource_not_used() {
    refuses(
        "shared index: Index; input a: u8 [1]; a -> b;",
        &["no stage uses the resource `index`: name it in parentheses, `stage(index)`, or remove it"],
    );
}

#[test]
fn resource_in_a_wire() {
    refuses(
        "shared index: Index; input a: u8 [1]; a -> index -> b;",
        &["`index` is a resource: it stands in the parentheses of a stage, `stage(index)`"],
    );
}

#[test]
fn local_used_by_two_nodes() {
    refuses(
        "local model: M; input a: u8 [1]; a -> b(model) -> c(model);",
        &["a `local` belongs to one node, and `b` uses `model` too: declare another `local`, or make it `shared`"],
    );
}

#[test]
fn local_given_twice() {
    refuses(
        "local model: M; input a: u8 [1]; a -> b(model, model);",
        &["a stage borrows a `local` once, and `model` stands here twice: declare another `local`"],
    );
}

#[test]
fn name_used_twice() {
    refuses("input a: u8 [1]; output a: u8 [1]; a -> b;", &["the name `a` is used twice"]);
    refuses(
        "input a: u8 [1]; shared b: B; node b: C; a -> b;",
        &["the name `b` is used twice"],
    );
    refuses(
        "input a: u8 [1]; a -> x::parse -> y::parse;",
        &[
            "`parse` is the name of two stages here. End this wire with the bare name `parse`, or make another node: `node parse_b = y::parse;`",
        ],
    );
}

#[test]
fn name_reserved() {
    refuses(
        "shared start: S; input a: u8 [1]; a -> b(start);",
        &["nothing that the builder asks for is called `start`: the builder has a method of this name"],
    );
    refuses(
        "input control: u8 [1]; control -> b;",
        &["a port is not called `control`: the handle has a field of this name"],
    );
    refuses(
        "input errors: u8 [1];",
        &["nothing is called `errors`: the word has a meaning in wires"],
    );
}

#[test]
fn name_unknown() {
    refuses(
        "input a: u8 [1]; a -> infer; infre.errors -[8]-> c;",
        &["no port or node is called `infre`; did you mean `infer`?"],
    );
    refuses(
        "input a: u8 [1]; a -> matcher.order;",
        &["no node is called `matcher`; declare it: `node matcher: Type;`"],
    );
}

#[test]
fn name_used_again_mid_wire() {
    refuses(
        "input a: u8 [1]; input b: u8 [1]; output o: u8 [1]; a -> log -> o; b -> log -> o;",
        &[
            "`log` already goes on elsewhere: a node has one way out. End this wire with the bare name `log`, or make another node: `node log_b = log;`",
        ],
    );
    refuses(
        "shared s: S; input a: u8 [1]; input b: u8 [1]; a -> log(s); b -> log(s);",
        &[
            "`log` has its resources and options elsewhere, once. End this wire with the bare name `log`, or make another node: `node log_b = log;`",
        ],
    );
}

#[test]
fn misspelt_port() {
    refuses(
        "input requests: u8 [1]; request -> b;",
        &["no port or node is called `request`, and the port `requests` has nothing that reads it; did you mean `requests`?"],
    );
    refuses(
        "input a: u8 [1]; output answers: u8 [1]; a -> b -> answer;",
        &["no port or node is called `answer`, and the port `answers` has nothing that feeds it; did you mean `answers`?"],
    );
    refuses(
        "input a: u8 [1]; output t: u8 [1]; node matcher: M; a -> matcher; macher -> t;",
        &["no port or node is called `macher`, and the node `matcher` goes nowhere; did you mean `matcher`?"],
    );
}

#[test]
fn three_mistakes_are_three_errors() {
    refuses(
        "input a: u8 [100]; output o: u8 [1]; shared s: S; a -> x(t) { speed: 3 } -> o;",
        &[
            "`speed` is not an option of a node; the options are `workers`, `concurrency`, `restart`, `blocking`, `pin`, `keep`, `tick`, `on_panic`, `batch`, `timeout`, `deadline`, `retry`, `backoff`, `breaker`, `rate`",
            "no resource is called `t`; declare it: `shared t: Type;` (one, `&T`) or `local t: Type;` (one a worker, `&mut T`)",
            "a capacity is a power of two, and 100 is not: write 64 or 128",
            "no stage uses the resource `s`: name it in parentheses, `stage(s)`, or remove it",
        ],
    );
    refuses(
        "input a u8 [100]; output o: [1]; shared s: S; a -> => o;",
        &[
            "expected `:` and the type of its records",
            "expected a type",
            "expected a stage, a port or a node",
        ],
    );
}
