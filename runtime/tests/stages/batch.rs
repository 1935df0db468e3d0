//! Stages of batches.

use forebay::prelude::*;
use forebay::stage::{BatchStage, RuntimeFree, Waits};

use crate::drive::{block_on, pause};

#[stage]
fn doubled(batch: Batch<u32>) -> Vec<u64> {
    batch.into_iter().map(|x| u64::from(x) * 2).collect()
}

#[stage]
async fn scaled(batch: Batch<u32>, by: &u32, calls: &mut usize) -> Result<Vec<u64>, String> {
    pause().await;
    *calls += 1;
    if batch.is_empty() {
        Err("empty".to_owned())
    } else {
        Ok(batch.iter().map(|x| u64::from(x * by)).collect())
    }
}

#[stage]
async fn plain(batch: Batch<u32>) -> Vec<u32> {
    batch.into_vec()
}

fn call<S: BatchStage<u32, R>, R: Send>(_: S, batch: Vec<S::In>, resources: R) -> Result<Vec<S::Out>, S::Err> {
    block_on(S::start(Batch::from(batch), resources))
}

#[test]
fn a_batch_in_and_a_vec_out() {
    fn free<S: RuntimeFree>(_: S) {}
    fn waits<S: Waits>(_: S) {}
    free(doubled {});
    waits(scaled {});
    assert_eq!(call(doubled {}, vec![1, 2], ()), Ok(vec![2, 4]));
    assert_eq!(call(plain {}, vec![1, 2], ()), Ok(vec![1, 2]));
    let mut calls = 0;
    assert_eq!(call(scaled {}, vec![1, 2], (&3, &mut calls)), Ok(vec![3, 6]));
    assert_eq!(call(scaled {}, vec![], (&3, &mut calls)), Err("empty".to_owned()));
    assert_eq!(calls, 2);
}

#[test]
fn a_batch_is_a_slice() {
    let mut batch = Batch::from(vec![3, 1, 2]);
    batch.sort_unstable();
    assert_eq!(batch[..], [1, 2, 3]);
    assert_eq!((&batch).into_iter().sum::<i32>(), 6);
    assert_eq!(format!("{batch:?}"), "Batch { records: [1, 2, 3] }");
}
