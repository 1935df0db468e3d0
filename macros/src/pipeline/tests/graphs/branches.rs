//! Where wires part, and where they meet.

use crate::pipeline::tests::gives;

#[test]
fn a_group_behind_a_port() {
    gives(
        "
        input a: A [8];
        output b: A [8];
        output c: A [8];
        a -> { b, -[16]-> x -> c };
        ",
        "
        node 0 x: x -> 2.0
          in takes A
        ring 0 a [8] of A: outside => a
        ring 1 b [8] of A: ring 0 => outside
        ring 2 c [8] of A: x => outside
        ring 3 [16] of A: ring 0 => x
        segment x [3 -> x#0] x
        segment a [0 -> {1.0, 3.0}]
        ",
    );
}

#[test]
fn fan_out() {
    gives(
        "
        input a: A [8];
        output archived: A [8];
        shared db: Db;
        a -> x -> { store(db), metric, -[64]-> alert -> pager, archived };
        ",
        "
        node 0 x: x -> {store#0, metric#0, 2.0, 1.0}
          in takes A
        node 1 store: store(db) -> end
          in takes out of x
        node 2 metric: metric -> end
          in takes out of x
        node 3 alert: alert -> pager#0
          in takes out of x
        node 4 pager: pager -> end
          in takes out of alert
        ring 0 a [8] of A: outside => x
        ring 1 archived [8] of A: x => outside
        ring 2 [64] of out of x: x => alert
        segment x [0 -> x#0] x store metric
        segment alert [2 -> alert#0] alert pager
        ",
    );
}

#[test]
fn routing() {
    gives(
        "
        input a: T [8];
        a -> classify -> match { Ticket::Urgent(t) => t -[64]-> page, Ticket::Normal(t) if t.stale => { t.id } -> triage, _ => drop };
        ",
        "
        node 0 classify: classify -> route 0
          in takes T
        node 1 page: page -> end
          in takes arm 0.0
        node 2 triage: triage -> end
          in takes arm 0.1
        ring 0 a [8] of T: outside => classify
        ring 1 [64] of arm 0.0: classify => page
        route 0 on out of classify
          Ticket :: Urgent (t) => t -> 1.0
          Ticket :: Normal (t) if t . stale => { t . id } -> triage#0
          _ => - -> drop
        segment classify [0 -> classify#0] classify triage
        segment page [1 -> page#0] page
        ",
    );
}

#[test]
fn a_route_behind_a_ring() {
    gives(
        "
        topic t: T [8];
        every 1s -> beat -> t;
        t -> match { 0 | 1 => drop, n => n -> odd };
        ",
        "
        node 0 every_1s: every 1s -> beat#0
        node 1 beat: beat -> 0.0
          in takes out of every_1s
        node 2 odd: odd -> end
          in takes arm 0.1
        ring 0 t [8] of T: beat => odd
        route 0 on T
          0 | 1 => - -> drop
          n => n -> odd#0
        segment every_1s [source every_1s] every_1s beat
        segment odd [0 -> route 0] odd
        ",
    );
}

#[test]
fn a_join() {
    gives(
        "
        input orders: O [8];
        input prices: P [8];
        output trades: T [8];
        node matcher: Matcher { tick: 1s };
        orders -> matcher.order;
        prices -> matcher.price;
        matcher -> trades;
        matcher.order.errors -[8]-> note;
        errors -> drop;
        ",
        "
        node 0 matcher: state Matcher -> 2.0
          in.order takes O keeps errors 3.0
          in.price takes P errors drop
        node 1 note: note -> end
          in takes failed of matcher.order errors drop
        ring 0 orders [8] of O: outside => matcher
        ring 1 prices [8] of P: outside => matcher
        ring 2 trades [8] of T: matcher => outside
        ring 3 [8] of failed of matcher.order: matcher.order.errors => note
        segment matcher [0 -> matcher.order#0, 1 -> matcher.price#0] matcher
        segment note [3 -> note#0] note
        ",
    );
}

#[test]
fn fused_fan_in_within_a_segment() {
    gives(
        "
        input a: A [8];
        a -> x -> { l -> j, r -> j };
        j -> drop;
        ",
        "
        node 0 x: x -> {l#0, r#0}
          in takes A
        node 1 l: l -> j#0
          in takes out of x
        node 2 j: j -> drop
          in takes out of l joint
        node 3 r: r -> j#1
          in takes out of x
        ring 0 a [8] of A: outside => x
        segment x [0 -> x#0] x l r j
        ",
    );
}

#[test]
fn fan_in_over_rings() {
    gives(
        "
        input a: A [8];
        input b: B [8];
        a -> x -[8]-> log;
        b -> y -[16, shed]-> log;
        log.shed -[2]-> lost;
        ",
        "
        node 0 x: x -> 2.0
          in takes A
        node 1 log: log -> end
          in takes out of x
        node 2 y: y -> 3.0
          in takes B
        node 3 lost: lost -> end
          in takes shed of ring 3
        ring 0 a [8] of A: outside => x
        ring 1 b [8] of B: outside => y
        ring 2 [8] of out of x: x => log
        ring 3 [16, shed] of out of y: y => log shed 4.0
        ring 4 [2] of shed of ring 3: ring 3 shed => lost
        segment x [0 -> x#0] x
        segment log [2 -> log#0, 3 -> log#1] log
        segment y [1 -> y#0] y
        segment lost [4 -> lost#0] lost
        ",
    );
}
