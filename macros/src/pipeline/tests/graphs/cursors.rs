//! Rings whose readers are cursors.

use crate::pipeline::tests::gives;

#[test]
fn a_topic_that_every_reader_sees() {
    gives(
        "
        input a: A [8];
        topic t: A [broadcast 16];
        output o: A [latest];
        a -> t;
        x -> t;
        t -> y -> o;
        t -> { z, -[4]-> w { workers: 2 }, match { k => k -> v } };
        y.lagged -[2]-> log;
        ",
        "
        node 0 x: source x -> 1.1
        node 1 y: y -> 2.0
          in takes A
        node 2 z: z -> end
          in takes A
        node 3 w: w -> end
          in takes A
        node 4 v: v -> end
          in takes arm 0.0
        node 5 log: log -> end
          in takes lagged
        ring 0 a [8] of A: outside => a
        ring 1 t [broadcast 16] of A: ring 0, x => cursors
        ring 2 o [latest 1] of A: y => outside
        ring 3 [1 broadcast 16] of A: ring 0, x => y lagged 8.0
        ring 4 [1 broadcast 16] of A: ring 0, x => z
        ring 5 [1 broadcast 16] of A: ring 0, x => t
        ring 6 [4] of A: ring 5 => w
        ring 7 [1 broadcast 16] of A: ring 0, x => v
        ring 8 [2] of lagged: ring 3 lagged => log
        route 0 on A
          k => k -> v#0
        segment x [source x] x
        segment y [3 -> y#0] y
        segment z [4 -> z#0] z
        segment w [6 -> w#0] w x2
        segment log [8 -> log#0] log
        segment a [0 -> 1.0]
        segment t [5 -> 6.0]
        segment v [7 -> route 0] v
        ",
    );
}

#[test]
fn a_value_that_stages_borrow() {
    gives(
        "
        input a: A [8];
        topic t: T [latest = T::new()];
        a -> set -> t;
        every 1s -> x(t) -[latest]-> y(t) -> z(t);
        ",
        "
        node 0 set: set -> 1.0
          in takes A
        node 1 every_1s: every 1s -> x#0
        node 2 x: x(t) -> 2.0
          in takes out of every_1s
        node 3 y: y(t) -> z#0
          in takes out of x
        node 4 z: z(t) -> end
          in takes out of y
        ring 0 a [8] of A: outside => set
        ring 1 t [latest 1 = T :: new ()] of T: set => cursors
        ring 2 [latest 1] of out of x: x => cursors
        ring 3 [2 latest 1] of out of x: x => y
        segment set [0 -> set#0] set
        segment every_1s [source every_1s] every_1s x
        segment y [3 -> y#0] y z
        ",
    );
}

#[test]
fn a_cycle_through_a_topic() {
    gives(
        "
        input a: A [8];
        topic t: A [broadcast 16];
        a -> t;
        t -> x -> t;
        t -> y -[4]-> z -[4]-> x2 -> t;
        t -> log;
        ",
        "
        node 0 x: x -> 1.1
          in takes A
        node 1 y: y -> 4.0
          in takes A
        node 2 z: z -> 5.0
          in takes out of y
        node 3 x2: x2 -> 1.2
          in takes out of z
        node 4 log: log -> end
          in takes A
        ring 0 a [8] of A: outside => a
        ring 1 t [broadcast 16] of A: ring 0, x, x2 => cursors
        ring 2 [1 broadcast 16] of A: ring 0, x, x2 => x
        ring 3 [1 broadcast 16] of A: ring 0, x, x2 => y
        ring 4 [4] of out of y: y => z
        ring 5 [4] of out of z: z => x2
        ring 6 [1 broadcast 16] of A: ring 0, x, x2 => log
        segment x [2 -> x#0] x
        segment y [3 -> y#0] y
        segment z [4 -> z#0] z
        segment x2 [5 -> x2#0] x2
        segment log [6 -> log#0] log
        segment a [0 -> 1.0]
        cycle x y z x2 rings [2, 3, 4, 5] entries [(2, 0), (3, 0)]
        ",
    );
}

#[test]
fn mailboxes() {
    gives(
        "
        input a: A [mailbox];
        output o: A [mailbox];
        a -> x { workers: 2 } -[mailbox]-> y -> o;
        errors -[mailbox]-> log;
        ",
        "
        node 0 x: x -> 2.0
          in takes A errors 3.0
        node 1 y: y -> 1.0
          in takes out of x errors 4.0
        node 2 log: log -> end
          in takes failed of x mixed
        ring 0 a [mailbox 1] of A: outside => x
        ring 1 o [mailbox 1] of A: y => outside
        ring 2 [mailbox 1] of out of x: x => y
        ring 3 [mailbox 1] of failed of x: x.errors => log
        ring 4 [mailbox 1] of failed of y: y.errors => log
        segment x [0 -> x#0] x x2
        segment y [2 -> y#0] y
        segment log [3 -> log#0, 4 -> log#1] log
        ",
    );
}

#[test]
fn a_lag_is_that_of_the_task_that_moves_records_over() {
    gives(
        "
        input a: A [8];
        topic t: A [broadcast 16];
        a -> t;
        t -[4]-> x { workers: 2 };
        t -[latest]-> y;
        x.lagged -[2]-> log;
        ",
        "
        node 0 x: x -> end
          in takes A
        node 1 y: y -> end
          in takes A
        node 2 log: log -> end
          in takes lagged
        ring 0 a [8] of A: outside => a
        ring 1 t [broadcast 16] of A: ring 0 => cursors
        ring 2 [1 broadcast 16] of A: ring 0 => t lagged 7.0
        ring 3 [4] of A: ring 2 => x
        ring 4 [1 broadcast 16] of A: ring 0 => t
        ring 5 [latest 1] of A: ring 4 => cursors
        ring 6 [5 latest 1] of A: ring 4 => y
        ring 7 [2] of lagged: ring 2 lagged => log
        segment x [3 -> x#0] x x2
        segment y [6 -> y#0] y
        segment log [7 -> log#0] log
        segment a [0 -> 1.0]
        segment t [2 -> 3.0]
        segment t [4 -> 5.0]
        ",
    );
}
