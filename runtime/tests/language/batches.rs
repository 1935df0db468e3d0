//! Many records in one call.

use std::sync::Arc;

use forebay::prelude::*;

use crate::{Bad, Store};

#[stage]
async fn embed(batch: Batch<u64>) -> Result<Vec<(usize, u64)>, Bad> {
    let n = batch.len();
    if batch.contains(&77) {
        return Err(Bad(77));
    }
    Ok(batch.into_iter().map(|x| (n, x)).collect())
}
#[stage]
fn dead_batch(f: Failed<Batch<u64>, Bad>, store: &Store) {
    store
        .0
        .lock()
        .unwrap()
        .push(format!("batch of {}", f.record.map_or(0, |b| b.len())));
}

pipeline! {
    Batches {
        input  numbers: u64 [16];
        output done: (usize, u64) [64];
        shared store: Store;
        numbers -> embed { batch: 8 } -> done;
        embed.errors -[8]-> dead_batch(store);
    }
}

#[tokio::test]
async fn batches() {
    let store = Arc::new(Store::default());
    let BatchesHandle { numbers, done, control } = Batches::builder().store(store.clone()).start().unwrap();
    for n in 70..86 {
        numbers.send(n).await.unwrap();
    }
    drop(numbers);
    let done: Vec<(usize, u64)> = done.collect().await;
    let ledger = control.finished().await;
    println!("{ledger}\n{done:?}");
    ledger.check().unwrap();
    assert_eq!(done.len() as u64 + ledger.embed.failed, 16);
    assert!(ledger.embed.failed >= 1);
}
