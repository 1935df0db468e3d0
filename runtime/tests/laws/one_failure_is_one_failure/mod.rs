//! Law 5: one failure is one failure.

use std::hash::{Hash, Hasher};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};

use forebay::prelude::*;

use crate::kit::feed::send_each;
use crate::kit::run::{everywhere, start, tokio};
use crate::kit::wait::yields;
use crate::stages::Bad;

/// What panics in the user's own code when a record is handled on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sore {
    None,
    Clone,
    Hash,
    Drop,
    Match,
}

#[derive(Debug)]
#[record]
struct Touchy {
    id: u64,
    #[key]
    key: Key,
    /// Its drop panics.
    drops: bool,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key(u64, Sore);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if self.1 == Sore::Hash {
            panic!("tripped hash");
        }
        self.0.hash(state);
    }
}
impl Hash for Touchy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}
impl Clone for Touchy {
    fn clone(&self) -> Self {
        if self.key.1 == Sore::Clone {
            panic!("tripped clone");
        }
        Touchy::new(self.id, self.key.1)
    }
}
impl Drop for Touchy {
    fn drop(&mut self) {
        if self.drops && !std::thread::panicking() {
            panic!("tripped drop");
        }
    }
}
impl Touchy {
    fn new(id: u64, sore: Sore) -> Self {
        Touchy {
            id,
            key: Key(id, sore),
            drops: sore == Sore::Drop,
        }
    }
    /// Every third is sore.
    fn some(n: u64, sore: Sore) -> Vec<Touchy> {
        (0..n)
            .map(|id| Touchy::new(id, if id % 3 == 0 { sore } else { Sore::None }))
            .collect()
    }
    fn end(mut self) -> u64 {
        self.drops = false;
        self.id
    }
}

#[derive(Default)]
struct Log(Mutex<Vec<String>>);
impl Log {
    fn take(&self) -> Vec<String> {
        let mut lines = std::mem::take(&mut *self.0.lock().unwrap());
        lines.sort();
        lines
    }
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }
}

#[stage]
fn now(t: Touchy) -> Touchy {
    t
}
#[stage(runtime = none)]
async fn soon(t: Touchy) -> Touchy {
    yields(1).await;
    t
}
#[stage]
fn one(t: Touchy) -> impl Iterator<Item = Touchy> {
    std::iter::once(t)
}
#[stage(runtime = none)]
async fn all(batch: Batch<Touchy>) -> Vec<Touchy> {
    yields(1).await;
    batch.into_iter().collect()
}
#[stage]
fn ids(t: Touchy) -> u64 {
    t.end()
}
#[stage(runtime = none)]
async fn slow_ids(t: Touchy) -> u64 {
    yields(2).await;
    t.end()
}
#[stage]
fn note<In: Send + 'static, E: Send + 'static>(f: Failed<In, E>, log: &Log) {
    log.add(match f.cause {
        Cause::Panic(text) => format!("{} {text}", f.node),
        _ => format!("{} failed", f.node),
    });
}

/// Feeds, reads all outputs to their end, and gives what they had and the checked ledger.
macro_rules! played {
    ($on:expr, $pipeline:ident $handle:ident, $records:expr, $log:expr, $($output:ident),+) => {{
        let $handle { touchies, $(mut $output,)+ control } = start!($on, $pipeline::builder().log($log.clone()));
        let feed = ::tokio::spawn(async move {
            for t in $records {
                touchies.send(t).await.unwrap();
            }
        });
        $(let $output = ::tokio::spawn(async move {
            let mut got = Vec::new();
            while let Some(id) = $output.recv().await {
                got.push(id);
            }
            got.sort();
            got
        });)+
        feed.await.unwrap();
        control.finished().await;
        let got = [$($output.await.unwrap()),+];
        let ledger = control.ledger();
        ledger.check().unwrap_or_else(|wrong| panic!("{wrong}\n{ledger}"));
        (got, ledger)
    }};
}

/// Of 0..n those that are not sore.
fn sound(n: u64) -> Vec<u64> {
    (0..n).filter(|id| id % 3 != 0).collect()
}

mod aside;
mod drops;
mod life;
mod midway;
mod on_the_way;
mod restarts;
mod sources;
