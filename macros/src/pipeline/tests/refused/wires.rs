//! Wires that are refused.

use super::super::refuses;

#[test]
fn pipeline_without_a_wire() {
    refuses("", &["a pipeline has at least one wire: `requests -> answer -> answers;`"]);
    refuses(
        "drain 5s; budget 1MiB;",
        &["a pipeline has at least one wire: `requests -> answer -> answers;`"],
    );
}

#[test]
fn input_that_nothing_reads() {
    refuses(
        "input a: u8 [1];",
        &["nothing reads the input `a`: begin a wire with it, `a -> …;`"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [1]; a -> t;",
        &["nothing reads the topic `t`: begin a wire with it, `t -> …;`"],
    );
}

#[test]
fn output_that_nothing_feeds() {
    refuses(
        "input a: u8 [1]; output o: u8 [1]; a -> b;",
        &["nothing feeds the output `o`: end a wire with it, `… -> o;`"],
    );
    refuses(
        "topic t: u8 [1]; t -> a -> b;",
        &["nothing feeds the topic `t`: end a wire with it, `… -> t;`"],
    );
}

#[test]
fn stage_that_no_source_reaches() {
    refuses(
        "input a: u8 [1]; a -> z; x -[8, shed]-> y -[8]-> x;",
        &["no source reaches `x`: only a cycle leads to it"],
    );
    refuses("input a: u8 [1]; a -> z; node m: M;", &["no wire leads to `m`"]);
    refuses("input a: u8 [1]; a -> z; node m: M; m -> x -> y;", &["no wire leads to `m`"]);
}

#[test]
fn port_at_the_wrong_end() {
    refuses(
        "input a: u8 [1]; output o: u8 [1]; a -> o; o -> b;",
        &["`o` is an output, read from outside: a wire may only end there"],
    );
    refuses(
        "input a: u8 [1]; input b: u8 [1]; a -> x -> b; b -> y;",
        &["`b` is an input, fed from outside: a wire may only begin there"],
    );
    refuses(
        "input a: u8 [1]; topic t: u8 [1]; a -> t -> x;",
        &["a port ends its wire: go on in another one, `t -> …;`"],
    );
}

#[test]
fn port_read_twice() {
    refuses(
        "input a: u8 [1]; a -> x; a -> y;",
        &["`a` is read by another wire: a port has one reader. Say more with a group: `a -> { …, … };`"],
    );
}

#[test]
fn port_with_another_ring() {
    refuses(
        "input a: u8 [512, shed]; a -[512]-> x;",
        &["the port `a` has a ring of its own: write `->`"],
    );
    refuses(
        "input a: u8 [1]; output o: u8 [256]; a -> x -[512]-> o;",
        &["the port `o` has a ring of its own: write `->`"],
    );
}

#[test]
fn fused_fan_in() {
    refuses(
        "input a: u8 [1]; input b: u8 [1]; a -> x -> log; b -> y -> log;",
        &["fused edges from two tasks meet in `log`: put a ring before it in each wire, `-[64]-> log`"],
    );
    refuses(
        "input a: u8 [1]; input b: u8 [1]; a -> x -> log; b -> y -[8]-> log;",
        &["`log` has a ring before it elsewhere, so this fused edge would join two tasks: put a ring here too, `-[64]-> log`"],
    );
}

#[test]
fn fused_cycle() {
    refuses(
        "input a: u8 [1]; a -> x -> y -> x;",
        &[
            "`x -> y -> x` is a circle of direct calls: put a ring on it, one that sheds what leaves the circle, `-[64, shed]-> x`",
        ],
    );
}

#[test]
fn cycle_that_waits() {
    refuses(
        "input a: u8 [1]; a -> x -[8]-> y -[8]-> x;",
        &[
            "every edge of the cycle `x -> y -> x` waits, so it can deadlock: let this ring `shed`, with what it sheds leaving the cycle, or put a pulled stage (`fn next`) on it",
        ],
    );
    // Over an outlet.
    refuses(
        "input a: u8 [1]; a -> x; x.errors -[8]-> again -[8]-> x;",
        &[
            "every edge of the cycle `x -> again -> x` waits, so it can deadlock: let this ring `shed`, with what it sheds leaving the cycle, or put a pulled stage (`fn next`) on it",
        ],
    );
    // What is shed comes back.
    refuses(
        "input a: u8 [1]; a -> x -[8]-> y -[8, shed]-> x; x.shed -[8]-> y;",
        &[
            "every edge of the cycle `y -> y` waits, so it can deadlock: let this ring `shed`, with what it sheds leaving the cycle, or put a pulled stage (`fn next`) on it",
        ],
    );
    // The state node stands beside the cycle.
    refuses(
        "input a: u8 [1]; node s: S; a -> x -> { s, -[8]-> y -[8]-> x };",
        &[
            "every edge of the cycle `x -> y -> x` waits, so it can deadlock: let this ring `shed`, with what it sheds leaving the cycle, or put a pulled stage (`fn next`) on it",
        ],
    );
    // There is a way around the state node.
    refuses(
        "input a: u8 [1]; node s: S; a -> x -> { s -> j, j }; j -[8]-> x;",
        &[
            "every edge of the cycle `x -> j -> x` waits, so it can deadlock: let this ring `shed`, with what it sheds leaving the cycle, or put a pulled stage (`fn next`) on it",
        ],
    );
    // A pulled stage waits with its failures.
    refuses(
        "input a: u8 [1]; node s: S; a -> s; s.errors -[8]-> again -[8]-> s;",
        &[
            "every edge of the cycle `s -> again -> s` waits, so it can deadlock: let this ring `shed`, with what it sheds leaving the cycle, or put a pulled stage (`fn next`) on it",
        ],
    );
    // Two cycles that hang together are one mistake.
    refuses(
        "input a: u8 [1]; a -> x -> { -[8]-> y -[8]-> x, -[8]-> z -[8]-> x };",
        &[
            "every edge of the cycle `x -> y -> x` waits, so it can deadlock: let this ring `shed`, with what it sheds leaving the cycle, or put a pulled stage (`fn next`) on it",
        ],
    );
    // Over a topic.
    refuses(
        "input a: u8 [1]; topic t: u8 [8]; a -> t; t -> x -> { t, y };",
        &[
            "every edge of the cycle `x -> x` waits, so it can deadlock: let this ring `shed`, with what it sheds leaving the cycle, or put a pulled stage (`fn next`) on it",
        ],
    );
}

#[test]
fn outlet_without_a_ring() {
    refuses(
        "input a: u8 [1]; a -> x; x.errors -> y;",
        &["an outlet starts with a ring: `x.errors -[64]-> …`"],
    );
    refuses(
        "input a: u8 [1, shed]; a -> x; a.shed -> y;",
        &["an outlet starts with a ring: `a.shed -[64]-> …`"],
    );
    refuses(
        "input a: u8 [1]; a -> x; errors -> y;",
        &["an outlet starts with a ring: `errors -[64]-> …`"],
    );
}

#[test]
fn outlet_unknown() {
    refuses(
        "input a: u8 [1]; a -> x; x.lost -[8]-> y;",
        &["`lost` is not an outlet; the outlets are `.errors`, `.shed`, `.lagged`"],
    );
    refuses(
        "input a: u8 [1]; a -> x; x.error -[8]-> y;",
        &["`error` is not an outlet; the outlets are `.errors`, `.shed`, `.lagged`; did you mean `errors`?"],
    );
    refuses(
        "input a: u8 [1]; a -> x; a.errors -[8]-> y;",
        &["`a` is not a node, so it has no `.errors`"],
    );
}

#[test]
fn outlet_wired_twice() {
    refuses(
        "input a: u8 [1]; a -> x; x.errors -[8]-> y; x.errors -[8]-> z;",
        &["the failures of `x` are wired twice; say more with a group: `-[64]-> { …, … }`"],
    );
    refuses(
        "input a: u8 [1]; a -> x; errors -[8]-> y; errors -> drop;",
        &["`errors` for all is wired twice; say more with a group behind its stage"],
    );
    refuses(
        "input a: u8 [1, shed]; a -> x; a.shed -[8]-> y; a.shed -[8]-> z;",
        &["what `a` sheds is wired twice; say more with a group: `-[64]-> { …, … }`"],
    );
}

#[test]
fn shed_of_what_waits() {
    refuses(
        "input a: u8 [1]; a -> x; a.shed -[8]-> y;",
        &["the ring of `a` waits when it is full, so it sheds nothing: add `shed` to it"],
    );
    refuses(
        "input a: u8 [1, drop_oldest]; a -> x; a.shed -[8]-> y;",
        &["the ring of `a` drops the oldest record, which counts as `lost`: only a ring that says `shed` has an outlet `.shed`"],
    );
    refuses(
        "input a: u8 [1, shed]; a -> x; x.shed -[8]-> y;",
        &["the ring before `x` is the port `a`: write `a.shed`"],
    );
    refuses(
        "input a: u8 [1]; a -> x -> z; z.shed -[8]-> y;",
        &["no ring stands before `z`, so nothing is shed there"],
    );
}

#[test]
fn errors_for_all_without_a_stage() {
    const SAYS: &str = "`errors` for all leads to a stage: failures of different nodes have different types, and only a generic stage takes them all";
    refuses("input a: u8 [1]; a -> x; errors -[8]-> { y, z };", &[SAYS]);
    refuses("input a: u8 [1]; output o: u8 [8]; a -> { x, o }; errors -[8]-> o;", &[SAYS]);
}

#[test]
fn errors_for_all_that_takes_nothing() {
    refuses(
        "input a: u8 [1]; a -> x; x.errors -[8]-> y; errors -[8]-> z; y.errors -> drop;",
        &["`errors` for all takes nothing: every node is wired by name, or stands behind it"],
    );
}

#[test]
fn inlet_not_named() {
    refuses(
        "input a: u8 [1]; input b: u8 [1]; node m: M; a -> m.one; b -> m;",
        &["`m` has inlets: name one, as in `m.one`"],
    );
    refuses(
        "input a: u8 [1]; node m: M; a -> m.one; m.errors -[8]-> x;",
        &["`m` has inlets: name one, as in `m.one.errors`"],
    );
    refuses(
        "input a: u8 [1]; input b: u8 [1]; a -> f; b -> f.one;",
        &["`f` is a function, so it has no inlets"],
    );
}

#[test]
fn arm_that_tells_no_type() {
    const SAYS: &str = "what an arm forwards has the type that a stage or a port takes: lead it to one; a `match` or `drop` may follow that stage";
    refuses(
        "input a: u8 [1]; a -> x -> match { n => n -> match { m => m -> y } };",
        &[SAYS],
    );
    refuses(
        "input a: u8 [1]; a -> x -> match { n => n -[8]-> match { m => m -> y } };",
        &[SAYS],
    );
    refuses("input a: u8 [1]; a -> x -> match { n => n -> drop };", &[SAYS]);
    refuses("input a: u8 [1]; a -> x -> match { n => n -> { drop, y } };", &[SAYS]);
}

#[test]
fn too_many_ways_on() {
    refuses(
        "input a: u8 [1]; a -> x -> { b, c, d, e, f, g, h, i, j };",
        &["a group has at most 8 branches: make the last one a group, `{ …, { …, … } }`"],
    );
    refuses(
        "input a: u8 [1]; a -> x -> match { 0 => drop, n => n -> b, n => n -> c, n => n -> d, n => n -> e, n => n -> f, n => n -> g, n => n -> h, n => n -> i, n => n -> j };",
        &["at most 8 arms of a `match` lead on: lead one to a stage, with another `match` behind it"],
    );
}

#[test]
fn shed_from_outside_beside_others() {
    refuses(
        "input a: u8 [1, shed]; input b: u8 [1]; output o: u8 [8]; a -> x -> o; a.shed -> o; b -> y;",
        &[
            "what `a` sheds comes from outside, so nothing else feeds `o`: give it a port of its own, or a ring and a stage, `a.shed -[64]-> stage`",
        ],
    );
}
