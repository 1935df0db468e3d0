//! For every form of stage, and in a retry made of wires.

use std::sync::Arc;

use forebay::prelude::*;

use crate::kit::feed::send_each;
use crate::support::{Bad, Do, Script, scripted};

/// A stage that gives something and then fails.
#[stage]
async fn halfway(n: u64, script: &Script, out: &mut Emit<u64>) -> Result<(), Bad> {
    script.run(()).await?;
    out.emit(n).await;
    script.run(()).await
}

/// A sync one, with a resource of its own.
#[derive(Default)]
struct Counter(u64);

#[stage]
fn third_time(n: u64, counter: &mut Counter) -> Result<Option<u64>, String> {
    counter.0 += 1;
    match counter.0 % 3 {
        0 => Ok((n != 2).then_some(n)),
        at => Err(format!("{n}, {at}")),
    }
}

/// One with state.
#[derive(Default)]
struct Sum {
    calls: u64,
    sum: u64,
}

#[stage]
impl Sum {
    fn process(&mut self, n: u64) -> Result<(), &'static str> {
        self.calls += 1;
        if self.calls % 2 == 1 {
            return Err("odd");
        }
        self.sum += n;
        Ok(())
    }
    fn finish(&mut self) -> Option<u64> {
        Some(self.sum * 1000 + self.calls)
    }
}

pipeline! {
    Forms {
        input  numbers: u64 [8];
        output halves: u64 [8];
        output done: u64 [8];
        output sums: u64 [8];
        shared script: Script;
        local  counter: Counter = Counter::default();
        node   sum: Sum { retry: 1 } = Sum::default();
        numbers -> { halfway(script) { retry: 5 } -> halves, third_time(counter) { retry: 2 } -> { done, sum -> sums } };
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_given_is_not_given_twice() {
    let script = Script::new([Do::Fail, Do::Fail, Do::Give, Do::Fail, Do::Give]);
    let FormsHandle {
        numbers,
        halves,
        done,
        sums,
        control,
    } = Forms::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 1..=3).await;
    let ledger = control.drain().await;
    ledger.check().unwrap();
    // The first fails at its fourth call, after it has given; the others go through with two calls each.
    assert_eq!(halves.collect::<Vec<_>>().await, [1, 2, 3]);
    assert_eq!(
        (ledger.halfway.attempts, ledger.halfway.failed, ledger.halfway.finished),
        (5, 1, 2)
    );
    assert_eq!(script.count(), 8);
    // A sync one that filters.
    assert_eq!(done.collect::<Vec<_>>().await, [1, 3]);
    let node = ledger.third_time;
    assert_eq!((node.attempts, node.finished, node.dropped, node.emitted), (9, 3, 1, 2));
    assert_eq!(sums.collect::<Vec<_>>().await, [4004]);
    // Two records in four tries, and the last word.
    assert_eq!((ledger.sum.attempts, ledger.sum.taken), (5, 3));
}

/// Law 6: tries travel in the envelope, so a retry made of wires counts on.
#[stage]
fn again(f: Failed<u64, Bad>, seen: &std::sync::Mutex<Vec<u32>>) -> Option<u64> {
    let mut seen = seen.lock().unwrap();
    seen.push(f.attempts);
    f.record.filter(|_| f.attempts < 6)
}

pipeline! {
    Round {
        input  numbers: u64 [8];
        output done: u64 [8];
        shared script: Script;
        shared seen: std::sync::Mutex<Vec<u32>>;
        topic  tries: u64 [8, shed];
        numbers -> tries;
        tries -> scripted(script) { retry: 1 } -> done;
        scripted.errors -[8]-> again(seen) -> tries;
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_made_of_wires_counts_on() {
    let seen = Arc::new(std::sync::Mutex::default());
    let script = Script::new([Do::Fail]);
    let RoundHandle { numbers, done, control } = Round::builder().script(script.clone()).seen(seen.clone()).start().unwrap();
    numbers.send(1).await.unwrap();
    drop(numbers);
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert_eq!(*seen.lock().unwrap(), [2, 4, 6]);
    assert_eq!((ledger.scripted.attempts, ledger.scripted.taken, script.count()), (6, 3, 6));
    drop(done);
}
