//! Routes, fan-in, and rings that do not wait.

use super::*;

enum Sorted {
    Left(Rec),
    Right(Rec),
    Other,
}
#[stage]
fn sort(r: Rec) -> Result<Sorted, Bad> {
    let r = r.at("sort")?;
    Ok(match r.id % 3 {
        0 => Sorted::Left(r),
        1 => Sorted::Right(r),
        _ => Sorted::Other,
    })
}
pipeline! {
    Routed {
        input  records: Rec [4];
        output left: Rec [2];
        output right: Rec [2];
        shared oracle: Oracle;
        records -> sort -> match {
            Sorted::Left(r) => r -[2]-> b -> left,
            Sorted::Right(r) => r -> c -> right,
            Sorted::Other => drop,
        };
        sort.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
        c.errors -[4]-> dead;
    }
}
cases!(a_match: Routed RoutedHandle [records] [left right] ["sort" "b" "c"] One Two Threads;
    ("left" "right" "sort" "b" "c") = ("records" "sort" "b" "c" "left" "right" "dead"););

pipeline! {
    RoutedAsync {
        input  records: Rec [4];
        output left: Rec [2];
        output right: Rec [2];
        shared oracle: Oracle;
        records -> sort -> match {
            Sorted::Left(r) => r -> b -> left,
            Sorted::Right(r) => r -> c -> right,
            Sorted::Other => drop,
        };
        sort.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
        c.errors -[4]-> dead;
    }
}
cases!(a_match_with_an_async_arm: RoutedAsync RoutedAsyncHandle [records] [left right] ["sort" "b" "c"] One Two Threads;
    ("left" "right" "sort" "b" "c") = ("records" "sort" "b" "c" "left" "right" "dead"););

pipeline! {
    FanIn {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> sort -> match {
            Sorted::Left(r) => r -[2]-> b -[2]-> a,
            Sorted::Right(r) => r -[2]-> c -[2]-> a,
            Sorted::Other => drop,
        };
        a -> out;
        sort.errors -[4]-> dead(oracle);
        a.errors -[4]-> dead;
        b.errors -[4]-> dead;
        c.errors -[4]-> dead;
    }
}
cases!(fan_in: FanIn FanInHandle [records] [out] ["sort" "a" "b" "c"] One Two Threads;
    ("out" "sort" "a" "b" "c") = ("records" "sort" "a" "b" "c" "out" "dead"););

pipeline! {
    Sheds {
        input  records: Rec [2, shed];
        output out: Rec [2];
        shared oracle: Oracle;
        node refused_b = refused;
        records -> a -[1, shed]-> b -> out;
        records.shed -[2]-> refused(oracle);
        b.shed -[2]-> refused_b(oracle);
        a.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
    }
}
cases!(shedding_into_wires: Sheds ShedsHandle [records] [out] ["a" "b"] One Two Threads;
    ("out" "a" "b" "shed") = ("!records" "a" "!b" "out" "dead" "refused" "refused_b"););

pipeline! {
    Oldest {
        input  records: Rec [2, drop_oldest];
        output out: Rec [2, drop_oldest];
        shared oracle: Oracle;
        records -> a -[2, drop_oldest]-> b -> out;
        a.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
    }
}
cases!(the_oldest_make_room: Oldest OldestHandle [records] [out] ["a" "b"] One Two Threads;
    ("out" "a" "b") = ("records" "a" "b" "out" "dead"););
