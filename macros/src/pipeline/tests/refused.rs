use super::refuses;

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
    for later in ["broadcast 1024", "latest", "latest = 1", "mailbox"] {
        let word = later.split(' ').next().unwrap();
        let error = format!("`{word}` is not an option of a ring; the options are `shed`, `drop_oldest`, `by key`, `by FIELD`");
        refuses(&format!("topic a: u8 [{later}]; input b: u8 [1]; b -> a; a -> c;"), &[&error]);
    }
}

#[test]
fn transport_unknown() {
    refuses(
        "input a: u8 [1]; a -> b -[nats \"orders\", 4096]-> c;",
        &["`nats` is not an option of a ring; the options are `shed`, `drop_oldest`, `by key`, `by FIELD`"],
    );
}

#[test]
fn pipeline_without_a_wire() {
    refuses("", &["a pipeline has at least one wire: `requests -> answer -> answers;`"]);
    refuses(
        "drain 5s; budget 1MiB;",
        &["a pipeline has at least one wire: `requests -> answer -> answers;`"],
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
fn option_unknown() {
    const KNOWN: &str = "the options are `workers`, `restart`, `blocking`, `keep`, `tick`, `on_panic`, `batch`";
    refuses(
        "input a: u8 [1]; a -> b { worker: 2 };",
        &[&format!(
            "`worker` is not an option of a node; {KNOWN}; did you mean `workers`?"
        )],
    );
    for later in [
        "timeout: 500ms",
        "deadline: 2s",
        "retry: 3",
        "backoff: 10ms..1s",
        "breaker: 5 in 30s",
        "rate: 100 per 1s",
        "concurrency: 16",
        "pin: cores",
    ] {
        let word = later.split(':').next().unwrap();
        let error = format!("`{word}` is not an option of a node; {KNOWN}");
        refuses(&format!("input a: u8 [1]; a -> b {{ {later}, workers: 2 }};"), &[&error]);
    }
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
        "input a: u8 [1]; a -> b { batch: 32 within 5ms };",
        &["`within` is not known here: a batch is what is there, up to the number given"],
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
    refuses("every 0s -> a;", &["this time is longer than zero"]);
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
        &["an outlet starts with a ring: `….errors -[64]-> …`"],
    );
    refuses(
        "input a: u8 [1, shed]; a -> x; a.shed -> y;",
        &["an outlet starts with a ring: `….shed -[64]-> …`"],
    );
    refuses(
        "input a: u8 [1]; a -> x; errors -> y;",
        &["an outlet starts with a ring: `errors -[64]-> …`"],
    );
}

#[test]
fn outlet_unknown() {
    refuses(
        "input a: u8 [1]; a -> x; x.lagged -[8]-> y;",
        &["`lagged` is not an outlet; the outlets are `.errors`, `.shed`"],
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
        &["the ring of `a` waits when it is full, so it sheds nothing: add `shed` or `drop_oldest` to it"],
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
fn three_mistakes_are_three_errors() {
    refuses(
        "input a: u8 [100]; output o: u8 [1]; shared s: S; a -> x(t) { speed: 3 } -> o;",
        &[
            "`speed` is not an option of a node; the options are `workers`, `restart`, `blocking`, `keep`, `tick`, `on_panic`, `batch`",
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
