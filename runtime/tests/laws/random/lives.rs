//! Cycles, batches, joins, pulled and blocking nodes.

use super::*;

#[stage]
fn again(f: Failed<Rec, Bad>, oracle: &Oracle) -> Option<Rec> {
    let mut record = f.record?;
    if f.attempts >= 3 {
        oracle.end("gave up", record.id);
        return None;
    }
    if record.id % 2 == 0 {
        record.trip = None;
    }
    Some(record)
}
pipeline! {
    Retry {
        input  records: Rec [2];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> b -> out;
        b.errors -[2, shed]-> again(oracle) -[2, shed]-> b;
    }
}
cases!(a_retry_made_of_wires: Retry RetryHandle [records] [out] ["b"] One Two Threads;
    ("out") <= ("records" "b" "again" "out"););

pipeline! {
    Batches {
        input  records: Rec [8];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> batched { batch: 4 } -> c -> out;
        batched.errors -[4]-> dead_batch(oracle);
        c.errors -[4]-> dead(oracle);
    }
}
cases!(batches: Batches BatchesHandle [records] [out] ["batched" "c"] One Two;
    ("out" "batched" "c") <= ("records" "batched" "c" "out" "dead" "dead_batch" "dead_batch" "dead_batch" "dead_batch"););

pipeline! {
    Chain {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> items -> emits -> b -> out;
        items.errors -[4]-> dead(oracle);
        emits.errors -[4]-> dead;
        b.errors -[4]-> dead;
    }
}
cases!(iterators_and_emits: Chain ChainHandle [records] [out] ["items" "emits" "b"] One Two Threads;
    ("out" "items" "emits" "b") <= ("records" "items" "emits" "b" "out" "dead"););

#[derive(Default)]
struct Both;
#[stage]
impl Both {
    #[inlet]
    fn left(&mut self, r: Rec) -> Result<Rec, Bad> {
        r.at("left")
    }
    #[inlet]
    fn right(&mut self, r: Rec) -> Result<Rec, Bad> {
        r.at("right")
    }
}
pipeline! {
    Joined {
        input  lefts: Rec [2];
        input  rights: Rec [2];
        output out: Rec [2];
        shared oracle: Oracle;
        node both: Both = Both;
        lefts -> both.left;
        rights -> both.right;
        both -> out;
        both.left.errors -[2]-> dead(oracle);
        both.right.errors -[2]-> dead;
    }
}
cases!(a_join: Joined JoinedHandle [lefts rights] [out] ["left" "right"] One Two Threads;
    ("out" "both") = ("lefts" "rights" "both" "out" "dead"););

#[derive(Default)]
struct Delay {
    held: std::collections::VecDeque<Rec>,
}
#[stage]
impl Delay {
    fn process(&mut self, r: Rec) -> Result<(), Bad> {
        self.held.push_back(r.at("delay")?);
        Ok(())
    }
    fn next(&mut self) -> Result<Option<Rec>, Bad> {
        Ok(self.held.pop_front())
    }
    fn held(&self) -> usize {
        self.held.len()
    }
}
pipeline! {
    Pulled {
        input  records: Rec [4];
        output out: Rec [1];
        shared oracle: Oracle;
        node delay: Delay = Delay::default();
        records -> delay -[1]-> b -> out;
        delay.errors -[2]-> dead(oracle);
        b.errors -[2]-> dead;
    }
}
cases!(a_pulled_node: Pulled PulledHandle [records] [out] ["delay" "b"] One Two Threads;
    ("out" "delay" "b") = ("records" "b" "delay" "out" "dead"););

pipeline! {
    Blocks {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> a -[4]-> c { blocking, workers: 2 } -> out;
        a.errors -[4]-> dead(oracle);
        c.errors -[4]-> dead;
    }
}
cases!(blocking_nodes: Blocks BlocksHandle [records] [out] ["a" "c"] One Two;
    ("out" "a" "c") = ("records" "a" "c" "out" "dead"););
