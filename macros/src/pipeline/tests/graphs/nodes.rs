//! Nodes: those of a wire, of a clause, sources and clocks.

use crate::pipeline::tests::{ORCHESTRATOR, gives, read};

#[test]
fn the_orchestrator() {
    read(ORCHESTRATOR).unwrap_or_else(|errors| panic!("{errors:#?}"));
}

#[test]
fn the_word_count() {
    gives(
        "
        input lines: String [64];
        output total: u64 [1];
        node count: Count = Count::default();
        lines -> words -[1024]-> count -> total;
        ",
        "
        node 0 count: state Count = Count :: default () -> 1.0
          in takes out of words
        node 1 words: words -> 2.0
          in takes String
        ring 0 lines [64] of String: outside => words
        ring 1 total [1] of u64: count => outside
        ring 2 [1024] of out of words: words => count
        segment count [2 -> count#0] count
        segment words [0 -> words#0] words
        ",
    );
}

#[test]
fn a_segment_without_a_node() {
    gives(
        "
        input a: A [8];
        output b: A [8];
        a -> b;
        ",
        "
        ring 0 a [8] of A: outside => a
        ring 1 b [8] of A: ring 0 => outside
        segment a [0 -> 1.0]
        ",
    );
}

#[test]
fn a_port_with_its_own_ring_written_again() {
    gives(
        "
        input a: A [8, shed];
        output b: A [8];
        a -[8, shed]-> x -[8]-> b;
        ",
        "
        node 0 x: x -> 1.0
          in takes A
        ring 0 a [8, shed] of A: outside => x
        ring 1 b [8] of A: x => outside
        segment x [0 -> x#0] x
        ",
    );
}

#[test]
fn two_clocks() {
    gives(
        "
        every 1s -> beat -> log;
        every 1s -> b2;
        every 60s -> b3;
        ",
        "
        node 0 every_1s: every 1s -> beat#0
        node 1 beat: beat -> log#0
          in takes out of every_1s
        node 2 log: log -> end
          in takes out of beat
        node 3 every_1s_2: every 1s -> b2#0
        node 4 b2: b2 -> end
          in takes out of every_1s_2
        node 5 every_60s: every 60s -> b3#0
        node 6 b3: b3 -> end
          in takes out of every_60s
        segment every_1s [source every_1s] every_1s beat log
        segment every_1s_2 [source every_1s_2] every_1s_2 b2
        segment every_60s [source every_60s] every_60s b3
        ",
    );
}

#[test]
fn node_clauses() {
    gives(
        "
        node redact_b = redact(s) { workers: 2, blocking, restart: 3 in 10s else abort, batch: 8 };
        shared s: S;
        tail(s) -[16, shed]-> redact_b -> parse::finish;
        errors -[4, shed]-> note;
        redact_b.shed -[2]-> x;
        ",
        "
        node 0 redact_b: redact(s) -> finish#0
          in takes out of tail errors 2.0
        node 1 tail: source tail(s) -> 0.0
          in errors 3.0
        node 2 finish: parse :: finish -> end
          in takes out of redact_b errors 4.0
        node 3 note: note -> end
          in takes failed of redact_b mixed
        node 4 x: x -> end
          in takes shed of ring 0 errors 5.0
        ring 0 [16, shed] of out of tail: tail => redact_b shed 1.0
        ring 1 [2] of shed of ring 0: ring 0 shed => x
        ring 2 [4, shed] of failed of redact_b: redact_b.errors => note
        ring 3 [4, shed] of failed of tail: tail.errors => note
        ring 4 [4, shed] of failed of finish: finish.errors => note
        ring 5 [4, shed] of failed of x: x.errors => note
        segment redact_b [0 -> redact_b#0] redact_b finish x2 blocking
        segment tail [source tail] tail
        segment note [2 -> note#0, 3 -> note#1, 4 -> note#2, 5 -> note#3] note
        segment x [1 -> x#0] x
        ",
    );
}
