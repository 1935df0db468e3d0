//! The user's own code on the way from node to node: `Clone`, `Hash`, `Drop`, `match`.

use super::*;

pipeline! {
    Direct {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> now -> { ids -> left, -[4]-> slow_ids -> right };
        errors -[4]-> note(log);
    }
}
pipeline! {
    Later {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> soon -> { ids -> left, slow_ids -> right };
        errors -[4]-> note(log);
    }
}
pipeline! {
    Several {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> one -> { ids -> left, slow_ids -> right };
        errors -[4]-> note(log);
    }
}
pipeline! {
    Batched {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> all { batch: 4 } -> { ids -> left, slow_ids -> right };
        errors -[4]-> note(log);
    }
}

#[test]
fn a_clone_that_panics_fails_its_record_at_the_node_that_gave_it() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        macro_rules! case {
            ($p:ident $h:ident $node:ident) => {
                let ([left, right], ledger) = played!(on, $p $h, Touchy::some(30, Sore::Clone), log, left, right);
                assert_eq!((left, right), (sound(30), sound(30)));
                assert_eq!(ledger.$node.failed, 10, "{ledger}");
                assert_eq!(log.take(), vec![concat!(stringify!($node), " tripped clone"); 10]);
            };
        }
        case!(Direct DirectHandle now);
        case!(Later LaterHandle soon);
        case!(Several SeveralHandle one);
        case!(Batched BatchedHandle all);
    });
}

pipeline! {
    PortFan {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> { ids -> left, now -> slow_ids -> right };
        errors -[4]-> note(log);
    }
}
pipeline! {
    PortFanDirect {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        node ids2 = ids;
        touchies -> { ids -> left, now -> ids2 -> right };
        errors -[4]-> note(log);
    }
}

#[test]
fn a_clone_that_panics_behind_a_port_is_cut() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let ([left, right], ledger) = played!(on, PortFan PortFanHandle, Touchy::some(30, Sore::Clone), log, left, right);
        assert_eq!((left, right), (sound(30), sound(30)));
        assert_eq!((ledger.ids.cut, ledger.now.cut), (10, 10));
        let (got, ledger) = played!(on, PortFanDirect PortFanDirectHandle, Touchy::some(30, Sore::Clone), log, left, right);
        assert_eq!(got, [sound(30), sound(30)]);
        assert_eq!((ledger.ids.cut, ledger.now.cut), (10, 10));
    });
}

pipeline! {
    Sharded {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> now -[2]-> { -[2, by key]-> ids { workers: 2 } -> left, soon -[2, by key]-> slow_ids { workers: 2 } -> right };
        errors -[4]-> note(log);
    }
}
pipeline! {
    ShardedLine {
        input  touchies: Touchy [4];
        output left: u64 [4];
        shared log: Log;
        touchies -> now -[2, by key]-> soon { workers: 2 } -[2, by key]-> ids { workers: 2 } -> left;
        errors -[4]-> note(log);
    }
}

#[test]
fn a_hash_that_panics_fails_its_record_once() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let (got, ledger) = played!(on, ShardedLine ShardedLineHandle, Touchy::some(30, Sore::Hash), log, left);
        assert_eq!(got, [sound(30)]);
        assert_eq!(ledger.now.failed, 10);
        assert_eq!(log.take(), vec!["now tripped hash"; 10]);
        // A branch that is a ring has no node for it: the record is cut there, and the other branch has it.
        let (got, ledger) = played!(on, Sharded ShardedHandle, Touchy::some(30, Sore::Hash), log, left, right);
        assert_eq!(got, [sound(30), sound(30)]);
        assert_eq!((ledger.ids.input.cut, ledger.soon.failed), (10, 10));
        assert_eq!(log.take(), vec!["soon tripped hash"; 10]);
    });
}

pipeline! {
    Drops {
        input  touchies: Touchy [4];
        output left: u64 [4];
        shared log: Log;
        node   now2 = now;
        touchies -> now -> { filter -> left, -[1, shed]-> now2 -> drop, -[1, drop_oldest]-> soon -> drop };
        errors -[4]-> note(log);
    }
}
#[stage]
fn filter(t: Touchy) -> u64 {
    t.end()
}

#[test]
fn a_drop_that_panics_on_the_way_harms_nobody() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let (got, ledger) = played!(on, Drops DropsHandle, Touchy::some(60, Sore::Drop), log, left);
        assert_eq!(got, [(0..60).collect::<Vec<_>>()]);
        assert_eq!(
            (ledger.now.failed, ledger.now2.failed, ledger.soon.failed),
            (0, 0, 0),
            "{ledger}"
        );
        assert!(log.take().is_empty());
    });
}

enum Way {
    Left(Touchy),
    Right(Touchy),
}
#[stage]
fn way(t: Touchy) -> Way {
    if t.id.is_multiple_of(2) { Way::Left(t) } else { Way::Right(t) }
}
fn looks(t: &Touchy) -> bool {
    if t.key.1 == Sore::Match {
        panic!("tripped match");
    }
    true
}
pipeline! {
    Matched {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> way -> match {
            Way::Left(t) if looks(&t) => t -> ids -> left,
            Way::Right(t) if looks(&t) => t -[2]-> slow_ids -> right,
            _ => drop,
        };
        errors -[4]-> note(log);
    }
}
pipeline! {
    MatchedLater {
        input  touchies: Touchy [4];
        output left: u64 [4];
        output right: u64 [4];
        shared log: Log;
        touchies -> way -> match {
            Way::Left(t) if looks(&t) => t -> ids -> left,
            Way::Right(t) if looks(&t) => t -> slow_ids -> right,
            _ => drop,
        };
        errors -[4]-> note(log);
    }
}

#[test]
fn a_match_that_panics_fails_its_record_at_the_node_before() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let (got, ledger) = played!(on, Matched MatchedHandle, Touchy::some(30, Sore::Match), log, left, right);
        assert_eq!(got.concat().len(), 20);
        assert_eq!(ledger.way.failed, 10);
        let (got, ledger) = played!(on, MatchedLater MatchedLaterHandle, Touchy::some(30, Sore::Match), log, left, right);
        assert_eq!(got.concat().len(), 20);
        assert_eq!(ledger.way.failed, 10);
        assert_eq!(log.take(), vec!["way tripped match"; 20]);
    });
}
