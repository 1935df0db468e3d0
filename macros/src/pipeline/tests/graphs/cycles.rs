//! Wires that lead back.

use crate::pipeline::tests::gives;

#[test]
fn a_crawler() {
    gives(
        "
        input seeds: Url [64];
        output pages: Page [64];
        node frontier: Frontier;
        seeds -> frontier -> fetch -> { pages, -[64]-> links -[256]-> frontier };
        ",
        "
        node 0 frontier: state Frontier -> fetch#0
          in takes Url
        node 1 fetch: fetch -> {1.0, 2.0}
          in takes out of frontier
        node 2 links: links -> 3.0
          in takes out of fetch
        ring 0 seeds [64] of Url: outside => frontier
        ring 1 pages [64] of Page: fetch => outside
        ring 2 [64] of out of fetch: fetch => links
        ring 3 [256] of out of links: links => frontier
        segment frontier [0 -> frontier#0, 3 -> frontier#1] frontier fetch
        segment links [2 -> links#0] links
        cycle frontier links rings [2, 3] entries [(0, 0)]
        pull {frontier} frontier -> fetch -> links -> frontier
        ",
    );
}

#[test]
fn a_cycle_with_two_ways_to_be_pulled() {
    gives(
        "
        input a: A [8];
        node one: One;
        node two: Two;
        a -> one -[8]-> two -[8]-> one;
        ",
        "
        node 0 one: state One -> 1.0
          in takes A
        node 1 two: state Two -> 2.0
          in takes out of one
        ring 0 a [8] of A: outside => one
        ring 1 [8] of out of one: one => two
        ring 2 [8] of out of two: two => one
        segment one [0 -> one#0, 2 -> one#1] one
        segment two [1 -> two#0] two
        cycle one two rings [1, 2] entries [(0, 0)]
        pull {one two} one -> two -> one
        ",
    );
}

#[test]
fn a_retry_made_of_wires() {
    gives(
        "
        input requests: R [64, by id];
        output answers: A [64];
        requests -> call { workers: 4 } -> answers;
        call.errors -[64]-> again -[64, shed]-> call;
        call.shed -[8]-> give_up;
        ",
        "
        node 0 call: call -> 1.0
          in takes R keeps errors 2.0
        node 1 again: again -> 3.0
          in takes failed of call
        node 2 give_up: give_up -> end
          in takes shed of ring 3
        ring 0 requests [64, by id] of R: outside => call
        ring 1 answers [64] of A: call => outside
        ring 2 [64] of failed of call: call.errors => again attempts
        ring 3 [64, shed] of out of again: again => call shed 4.0 attempts
        ring 4 [8] of shed of ring 3: ring 3 shed => give_up
        segment call [0 -> call#0, 3 -> call#1] call x4
        segment again [2 -> again#0] again
        segment give_up [4 -> give_up#0] give_up
        cycle call again rings [2, 3] entries [(0, 0)] retried
        ",
    );
}

#[test]
fn a_bare_name_before_its_place() {
    gives(
        "
        input a: A [8];
        x.errors -[8]-> again -[8, shed]-> x;
        a -> y -[8]-> x(s) -> z;
        shared s: S;
        ",
        "
        node 0 again: again -> 2.0
          in takes failed of x
        node 1 x: x(s) -> z#0
          in takes out of y keeps errors 1.0
        node 2 y: y -> 3.0
          in takes A
        node 3 z: z -> end
          in takes out of x
        ring 0 a [8] of A: outside => y
        ring 1 [8] of failed of x: x.errors => again attempts
        ring 2 [8, shed] of out of again: again => x attempts
        ring 3 [8] of out of y: y => x
        segment again [1 -> again#0] again
        segment x [2 -> x#0, 3 -> x#1] x z
        segment y [0 -> y#0] y
        cycle again x rings [1, 2] entries [(3, 0)] retried
        ",
    );
}
