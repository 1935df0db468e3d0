//! Several workers, each with what is its own, and who takes which record.

use std::sync::Arc;

use forebay::prelude::*;

use crate::{Bad, Store};

#[derive(Clone, PartialEq, Eq, Hash)]
#[record]
struct Request {
    #[key]
    session: u32,
    n: u64,
}

struct Model {
    seen: Vec<u32>,
    worker: usize,
}
#[stage]
async fn infer(r: Request, model: &mut Model) -> Result<(usize, u32, u64), Bad> {
    if r.n == 13 {
        panic!("unlucky");
    }
    if r.n == 14 {
        return Err(Bad(14));
    }
    model.seen.push(r.session);
    Ok((model.worker, r.session, r.n))
}
#[stage]
fn dead(f: Failed<Request, Bad>, store: &Store) {
    store
        .0
        .lock()
        .unwrap()
        .push(format!("{:?} {}", f.cause, f.record.map_or(0, |r| r.n)));
}

pipeline! {
    Workers<const QUEUE: usize = 16> {
        budget 1MiB;
        drain 5s;
        input  requests: Request [8];
        output answers: (usize, u32, u64) [8];
        local  model: Model;
        shared store: Store;
        requests -[8]-> pass -[QUEUE, by key]-> infer(model) { workers: 3 } -> answers;
        infer.errors -[8]-> dead(store);
    }
}
#[stage]
fn pass(r: Request) -> Request {
    r
}

#[tokio::test]
async fn workers_by_key() {
    let store = Arc::new(Store::default());
    let WorkersHandle {
        requests,
        answers,
        control,
    } = Workers::builder()
        .model(|w: WorkerId| Model {
            seen: vec![],
            worker: w.index(),
        })
        .store(store.clone())
        .start()
        .unwrap();
    let feed = tokio::spawn(async move {
        for n in 0..200 {
            requests
                .send(Request {
                    session: (n % 7) as u32,
                    n,
                })
                .await
                .unwrap();
        }
    });
    let got: Vec<(usize, u32, u64)> = answers.collect().await;
    feed.await.unwrap();
    let ledger = control.drain().await;
    println!("{ledger}");
    ledger.check().unwrap();
    assert_eq!(got.len(), 198);
    for session in 0..7 {
        let of: Vec<_> = got.iter().filter(|g| g.1 == session).collect();
        assert!(of.iter().all(|g| g.0 == of[0].0), "one worker a session");
        assert!(of.windows(2).all(|w| w[0].2 < w[1].2), "in order");
    }
    let mut dead = store.0.lock().unwrap().clone();
    dead.sort();
    assert_eq!(dead, ["Error(Bad(14)) 14", "Panic(\"unlucky\") 13"]);
    assert_eq!(ledger.infer.rebuilt, 1);
}
#[stage]
fn told_by(shed: Shed<Request>, model: &mut Model) -> (usize, u32) {
    (model.worker, shed.record.session)
}

pipeline! {
    ShedByKey {
        input  requests: Request [1, shed];
        output seen: u64 [1];
        output told: (usize, u32) [64];
        local  model: Model;
        requests -> session -> seen;
        requests.shed -[64, by record]-> told_by(model) { workers: 2 } -> told;
    }
}
#[stage]
fn session(r: Request) -> u64 {
    u64::from(r.session)
}

/// The wire of an input chose the first worker for everything.
#[tokio::test]
async fn what_an_input_sheds_meets_the_worker_of_its_key() {
    let builder = ShedByKey::builder().model(|w: WorkerId| Model {
        seen: vec![],
        worker: w.index(),
    });
    let ShedByKeyHandle {
        requests,
        seen,
        told,
        control,
    } = builder.start().unwrap();
    // Nothing runs before the first await: all but one are refused.
    let shed = (0..40)
        .filter(|n| matches!(requests.try_send(Request { session: *n, n: 0 }), Err(SendError::Shed)))
        .count();
    drop((requests, seen));
    let told: Vec<(usize, u32)> = told.collect().await;
    control.finished().await.check().unwrap();
    assert_eq!(told.len(), shed);
    assert!(
        (0..2).all(|worker| told.iter().any(|t| t.0 == worker)),
        "both workers: {told:?}"
    );
}
