//! Law 6: if it is declared, it is connected. Every option does what it says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::tokio::time::{Instant, sleep};
use forebay::prelude::*;

use crate::oracle::Oracle;
use crate::run::{On, everywhere, on, start, tokio};
use crate::stages::{Bad, Id, Rec, Trip, a, b, yields};

#[stage]
fn same(n: u64) -> u64 {
    n
}
/// Waits until it may go on.
#[derive(Default)]
struct Gate {
    open: std::sync::atomic::AtomicBool,
    seen: Mutex<Vec<u64>>,
}
impl Gate {
    fn open(&self) {
        self.open.store(true, std::sync::atomic::Ordering::SeqCst);
    }
    fn is_open(&self) -> bool {
        self.open.load(std::sync::atomic::Ordering::SeqCst)
    }
    fn seen(&self) -> Vec<u64> {
        self.seen.lock().unwrap().clone()
    }
}
#[stage(runtime = none)]
async fn gated(n: u64, gate: &Gate) -> u64 {
    gate.seen.lock().unwrap().push(n);
    while !gate.is_open() {
        yields(1).await;
    }
    n
}

async fn until(mut done: impl FnMut() -> bool) {
    while !done() {
        sleep(Duration::from_micros(200)).await;
    }
}

mod join;
mod nodes;
mod rings;
mod sources;
mod time;
