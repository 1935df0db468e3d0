//! Failures, and what rings shed.

use crate::pipeline::tests::gives;

#[test]
fn errors_for_all_leave_out_what_stands_behind() {
    gives(
        "
        input a: A [8];
        a -> x -[8]-> log;
        errors -[8]-> note -[8]-> log;
        ",
        "
        node 0 x: x -> 1.0
          in takes A errors 3.0
        node 1 log: log -> end
          in takes out of x
        node 2 note: note -> 2.0
          in takes failed of x mixed
        ring 0 a [8] of A: outside => x
        ring 1 [8] of out of x: x => log
        ring 2 [8] of out of note: note => log
        ring 3 [8] of failed of x: x.errors => note
        segment x [0 -> x#0] x
        segment log [1 -> log#0, 2 -> log#1] log
        segment note [3 -> note#0] note
        ",
    );
}

#[test]
fn failures_into_a_port() {
    gives(
        "
        input a: A [8];
        output failures: F [8];
        a -> x;
        x.errors -> failures;
        ",
        "
        node 0 x: x -> end
          in takes A keeps errors 1.0
        ring 0 a [8] of A: outside => x
        ring 1 failures [8] of F: x.errors => outside
        segment x [0 -> x#0] x
        ",
    );
}

#[test]
fn a_source_that_fails() {
    gives(
        "
        poll -> x;
        poll.errors -[8]-> note;
        errors -> drop;
        ",
        "
        node 0 poll: source poll -> x#0
          in errors 0.0
        node 1 x: x -> end
          in takes out of poll errors drop
        node 2 note: note -> end
          in takes failed of poll errors drop
        ring 0 [8] of failed of poll: poll.errors => note
        segment poll [source poll] poll x
        segment note [0 -> note#0] note
        ",
    );
}

#[test]
fn two_shedding_rings_before_one_node() {
    gives(
        "
        input a: A [8];
        input b: A [8];
        a -> x -[8, shed]-> log;
        b -> y -[16, shed]-> log;
        log.shed -[2]-> lost;
        ",
        "
        node 0 x: x -> 2.0
          in takes A
        node 1 log: log -> end
          in takes out of x
        node 2 y: y -> 3.0
          in takes A
        node 3 lost: lost -> end
          in takes shed of ring 2
        ring 0 a [8] of A: outside => x
        ring 1 b [8] of A: outside => y
        ring 2 [8, shed] of out of x: x => log shed 4.0
        ring 3 [16, shed] of out of y: y => log shed 4.1
        ring 4 [2] of shed of ring 2: ring 2 shed, ring 3 shed => lost
        segment x [0 -> x#0] x
        segment log [2 -> log#0, 3 -> log#1] log
        segment y [1 -> y#0] y
        segment lost [4 -> lost#0] lost
        ",
    );
}

#[test]
fn shed_of_a_shed() {
    gives(
        "
        input a: A [8];
        a -> w -[8, shed]-> x;
        x.shed -[8, shed]-> y;
        y.shed -[8]-> z;
        ",
        "
        node 0 w: w -> 1.0
          in takes A
        node 1 x: x -> end
          in takes out of w
        node 2 y: y -> end
          in takes shed of ring 1
        node 3 z: z -> end
          in takes shed of ring 2
        ring 0 a [8] of A: outside => w
        ring 1 [8, shed] of out of w: w => x shed 2.0
        ring 2 [8, shed] of shed of ring 1: ring 1 shed => y shed 3.0
        ring 3 [8] of shed of ring 2: ring 2 shed => z
        segment w [0 -> w#0] w
        segment x [1 -> x#0] x
        segment y [2 -> y#0] y
        segment z [3 -> z#0] z
        ",
    );
}
