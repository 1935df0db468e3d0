use super::{ORCHESTRATOR, gives, read};

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
