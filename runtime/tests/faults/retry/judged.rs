//! What may be tried again: the error says so, where it can be asked.

use std::sync::Arc;

use forebay::prelude::*;

use super::tries::{Tried, TriedHandle};
use crate::kit::feed::send_each;
use crate::support::{Bad, Do, Script};

#[tokio::test(start_paused = true)]
async fn what_would_fail_again_is_not_tried_again() {
    let script = Script::new([Do::FailForGood, Do::Fail, Do::FailForGood, Do::Panic, Do::Give]);
    let TriedHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Tried::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 1..=4).await;
    let for_good = |n, attempts| Failed::new("scripted", Some(n), Cause::Error(Bad::ForGood), attempts);
    assert_eq!(failed.recv().await.unwrap(), for_good(1, 1));
    assert_eq!(failed.recv().await.unwrap(), for_good(2, 2));
    let panicked = failed.recv().await.unwrap();
    assert_eq!(
        (panicked.record, panicked.cause, panicked.attempts),
        (Some(3), Cause::Panic("tripped".to_owned()), 1)
    );
    assert_eq!(done.recv().await, Some(4));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(ledger.scripted.attempts, 5);
}

/// The error type of a pipeline's parameter says nothing, unless the declaration makes it.
pub trait Asks: Clone + Send + Sync + 'static {
    type Error: Send + 'static;
    fn ask(&self) -> Result<(), Self::Error>;
}

#[derive(Clone)]
struct Once(Arc<Script>);

impl Asks for Once {
    type Error = Bad;
    fn ask(&self) -> Result<(), Bad> {
        futures_util::FutureExt::now_or_never(self.0.run(())).unwrap()
    }
}
#[stage]
fn asked<A: Asks>(record: A) -> Result<A, A::Error> {
    record.ask().map(|()| record)
}

pipeline! {
    Silent<A: Asks> {
        input  records: A [8];
        output done: A [8];
        records -> asked { retry: 1 } -> done;
        errors -> drop;
    }
}

pipeline! {
    Says<A: Asks> where A::Error: Retryable {
        input  records: A [8];
        output done: A [8];
        records -> asked { retry: 1 } -> done;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_parameter_is_asked_where_the_declaration_says_that_it_answers() {
    let script = Script::new([Do::FailForGood]);
    let SilentHandle { records, control, done } = Silent::builder().start().unwrap();
    records.send(Once(script.clone())).await.unwrap();
    assert_eq!(control.drain().await.asked.attempts, 2);
    drop(done);
    let SaysHandle { records, control, done } = Says::builder().start().unwrap();
    records.send(Once(script.clone())).await.unwrap();
    assert_eq!(control.drain().await.asked.attempts, 1);
    drop(done);
}
