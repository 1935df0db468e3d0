//! What comes in and goes out, told to the oracle.

use std::sync::Arc;

use forebay::prelude::*;

use crate::oracle::Oracle;
use crate::stages::{Id, Rec};

/// Sends until all are sent or the input is closed; how many were accepted.
pub async fn feed<const N: usize>(input: Input<Rec, N>, records: Vec<Rec>, oracle: Arc<Oracle>) -> u64 {
    let mut accepted = 0;
    for record in records {
        let id = record.id;
        match input.send(record).await {
            Ok(()) | Err(SendError::Shed) => {
                oracle.accepted(id);
                accepted += 1;
            }
            Err(SendError::Full(_) | SendError::Refused(..)) => {}
            Err(SendError::Closed(_)) => break,
        }
    }
    accepted
}

/// Reads an output to its end.
pub fn read<T: Id + Send + 'static, const N: usize>(
    mut output: AsyncStream<T, N>,
    name: &'static str,
    oracle: &Arc<Oracle>,
) -> tokio::task::JoinHandle<()> {
    let oracle = oracle.clone();
    tokio::spawn(async move {
        while let Some(x) = output.recv().await {
            oracle.end(name, x.id());
        }
    })
}
