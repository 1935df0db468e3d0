//! Lines, groups and workers.

use super::*;

pipeline! {
    Line {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> a -[2]-> b -[4]-> c -> out;
        a.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
        c.errors -[4]-> dead;
    }
}
cases!(a_line: Line LineHandle [records] [out] ["a" "b" "c"] One Two Threads;
    ("out" "a" "b" "c") = ("records" "a" "b" "c" "out" "dead"););

pipeline! {
    Narrow {
        input  records: Rec [1];
        output out: Rec [1];
        shared oracle: Oracle;
        records -> a -[1]-> b -[1]-> c -[1]-> a2 -> out;
        node a2 = a;
        a.errors -[1]-> dead(oracle);
        b.errors -[1]-> dead;
        c.errors -[1]-> dead;
        errors -> drop;
    }
}
cases!(capacity_one_everywhere: Narrow NarrowHandle [records] [out] ["a" "b" "c"] One Two Threads;
    ("out" "a" "b" "c") = ("records" "a" "b" "c" "a2" "out" "dead"););

pipeline! {
    Fan {
        input  records: Rec [4];
        output left: Rec [2];
        output right: Rec [2];
        output third: Rec [2];
        shared oracle: Oracle;
        node dead_a = dead;
        node dead_b = dead;
        node dead_c = dead;
        records -> a -> { -[2]-> b -> left, c -> right, third };
        a.errors -[4]-> dead_a(oracle);
        b.errors -[4]-> dead_b(oracle);
        c.errors -[4]-> dead_c(oracle);
    }
}
cases!(a_group: Fan FanHandle [records] [left right third] ["a" "b" "c"] One Two Threads;
    ("left" "a" "b") = ("records" "a" "b" "left" "dead_a" "dead_b");
    ("right" "a" "c") = ("records" "a" "c" "right" "dead_a" "dead_c");
    ("third" "a") = ("records" "a" "third" "dead_a"););

pipeline! {
    FanFromPort {
        input  records: Rec [2];
        output left: Rec [2];
        output right: Rec [2];
        shared oracle: Oracle;
        node dead_b = dead;
        node dead_c = dead;
        records -> { b -> left, c -> right };
        b.errors -[4]-> dead_b(oracle);
        c.errors -[4]-> dead_c(oracle);
    }
}
cases!(a_group_behind_a_port: FanFromPort FanFromPortHandle [records] [left right] ["b" "c"] One Two Threads;
    ("left" "b") = ("records" "b" "left" "dead_b");
    ("right" "c") = ("records" "c" "right" "dead_c"););

pipeline! {
    Sharded {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> a -[2, by key]-> b { workers: 3 } -[4]-> c -> out;
        a.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
        c.errors -[4]-> dead;
    }
}
cases!(workers_by_key: Sharded ShardedHandle [records] [out] ["a" "b" "c"] One Two Threads;
    ("out" "a" "b" "c") = ("records" "a" "b" "c" "out" "dead"););

pipeline! {
    Shared {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> b { workers: 2 } -[2]-> c { workers: 3 } -> out;
        b.errors -[4]-> dead(oracle);
        c.errors -[4]-> dead;
    }
}
cases!(workers_that_share: Shared SharedHandle [records] [out] ["b" "c"] One Two Threads;
    ("out" "b" "c") = ("records" "b" "c" "out" "dead"););
