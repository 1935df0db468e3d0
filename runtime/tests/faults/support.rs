//! What the tests of faults share.

use std::collections::VecDeque;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use forebay::prelude::*;
use tokio::time::Instant;

use crate::kit::quiet::quiet;

/// What a call is to do.
#[derive(Debug, Clone, Copy)]
pub enum Do {
    /// Gives its record at once.
    Give,
    /// Gives it after so many milliseconds.
    After(u64),
    /// Never ends.
    Hang,
    /// Fails.
    Fail,
    /// Fails, and it would fail again.
    FailForGood,
    /// Panics.
    Panic,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bad {
    Again,
    ForGood,
}

impl Retryable for Bad {
    fn is_retryable(&self) -> bool {
        *self == Bad::Again
    }
}

/// Says what each call does, in order (the last over and over), and when it was called.
#[derive(Debug, Default)]
pub struct Script {
    calls: Mutex<VecDeque<Do>>,
    at: Mutex<Vec<Instant>>,
    running: AtomicUsize,
}

impl Script {
    pub fn new(calls: impl IntoIterator<Item = Do>) -> Arc<Script> {
        quiet();
        let calls = Mutex::new(calls.into_iter().collect());
        Arc::new(Script {
            calls,
            ..Script::default()
        })
    }

    pub fn then(&self, calls: impl IntoIterator<Item = Do>) {
        *self.calls.lock().unwrap() = calls.into_iter().collect();
    }

    /// How many calls there were.
    pub fn count(&self) -> usize {
        self.at.lock().unwrap().len()
    }

    /// The milliseconds between one call and the next.
    pub fn gaps(&self) -> Vec<u128> {
        let at = self.at.lock().unwrap();
        at.windows(2).map(|pair| (pair[1] - pair[0]).as_millis()).collect()
    }

    /// The milliseconds of the calls, since the first of them.
    pub fn times(&self) -> Vec<u128> {
        let at = self.at.lock().unwrap();
        at.iter().map(|call| (*call - at[0]).as_millis()).collect()
    }

    /// How many calls have not ended and were not dropped.
    pub fn running(&self) -> usize {
        self.running.load(SeqCst)
    }

    fn next(&self) -> Do {
        self.at.lock().unwrap().push(Instant::now());
        let mut calls = self.calls.lock().unwrap();
        match calls.len() {
            0 => Do::Give,
            1 => calls[0],
            _ => calls.pop_front().unwrap(),
        }
    }

    /// Does what comes next.
    pub async fn run<T>(&self, record: T) -> Result<T, Bad> {
        struct Running<'a>(&'a AtomicUsize);
        impl Drop for Running<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, SeqCst);
            }
        }
        self.running.fetch_add(1, SeqCst);
        let _running = Running(&self.running);
        match self.next() {
            Do::Give => Ok(record),
            Do::After(millis) => {
                tokio::time::sleep(Duration::from_millis(millis)).await;
                Ok(record)
            }
            Do::Hang => std::future::pending().await,
            Do::Fail => Err(Bad::Again),
            Do::FailForGood => Err(Bad::ForGood),
            Do::Panic => panic!("tripped"),
        }
    }
}

/// `by_script! { Tried { retry: 3 } }`: a pipeline of one node, which follows a script, with these options. Clauses may follow.
macro_rules! by_script {
    ($vis:vis $name:ident { $($options:tt)* } $($clauses:tt)*) => {
        pipeline! {
            $vis $name {
                $($clauses)*
                input  numbers: u64 [64];
                output done: u64 [64];
                output failed: Failed<u64, Bad> [64];
                shared script: Script;
                numbers -> scripted(script) { $($options)* } -> done;
                scripted.errors -> failed;
            }
        }
    };
}
pub(crate) use by_script;

/// Follows the script.
#[stage]
pub async fn scripted(n: u64, script: &Script) -> Result<u64, Bad> {
    script.run(n).await
}

/// Follows the script, with as many records at once as are there.
#[stage]
pub async fn embed(batch: Batch<u64>, script: &Script) -> Result<Vec<u64>, Bad> {
    script.run(()).await?;
    Ok(batch.into_vec())
}

/// Lets every other task run until it has come to that. A paused clock stands still meanwhile.
pub async fn until(mut done: impl FnMut() -> bool) {
    for _ in 0..1_000_000 {
        if done() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("it never came to that");
}

/// The same, and the paused clock goes on.
pub async fn until_idle(mut done: impl FnMut() -> bool) {
    for _ in 0..10_000 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("it never came to that");
}

/// How long it is ago. (tokio's timers are a millisecond late at most.)
pub fn millis(since: Instant) -> u128 {
    since.elapsed().as_millis()
}
