//! Resources and a record called like what the macros write.
use forebay::prelude::*;

#[derive(Clone)]
#[record]
struct Env {
    #[key]
    record: u64,
    meta: u64,
}

#[stage]
fn put(env: Env, state: &u64, node: &mut u64) -> Result<Env, u64> {
    *node += *state;
    if env.meta == 3 { Err(env.record) } else { Ok(Env { meta: *node, ..env }) }
}
#[stage]
async fn send(env: Env, here: &u64, x: &mut u64) -> Option<u64> {
    *x += here;
    Some(env.record + env.meta + *x)
}
#[stage]
fn failed(failed: Failed<Env, u64>, errors: &u64) -> u64 {
    failed.record.map_or(0, |env| env.record + errors)
}

pipeline! {
    Place {
        input  at: Env [4, by key];
        output next: u64 [4];
        output ended: u64 [4];
        shared state: u64;
        local  node: u64;
        shared here: u64;
        local  x: u64;
        shared errors_: u64;
        at -> put(state, node) { workers: 2 } -[4]-> send(here, x) -> next;
        put.errors -[4]-> failed(errors_) -> ended;
    }
}

#[tokio::main]
async fn main() {
    let builder = Place::builder().state(1).node(|_| 0).here(100);
    let PlaceHandle { at, mut next, mut ended, control } = builder.x(|_| 0).errors_(5).start().unwrap();
    at.send(Env { record: 1, meta: 0 }).await.unwrap();
    at.send(Env { record: 1, meta: 3 }).await.unwrap();
    drop(at);
    assert_eq!((next.recv().await, next.recv().await), (Some(1 + 1 + 100), None));
    assert_eq!((ended.recv().await, ended.recv().await), (Some(6), None));
    control.finished().await.check().unwrap();
}
