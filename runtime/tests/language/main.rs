//! Every form of the language, in small pipelines that run.
#![allow(missing_docs, unreachable_pub)]

mod batches;
mod cycles;
mod inlets;
mod sources;
mod starts;
mod wires;
mod workers;

use std::sync::Mutex;

use forebay::prelude::*;

#[derive(Clone, Debug, PartialEq)]
struct Bad(u64);

#[derive(Default)]
struct Store(Mutex<Vec<String>>);

#[stage]
fn even(n: u64) -> Option<u64> {
    n.is_multiple_of(2).then_some(n)
}
#[stage]
fn plus(n: u64) -> u64 {
    n + 1
}
#[stage]
fn keep(n: u64, store: &Store) {
    store.0.lock().unwrap().push(format!("keep {n}"));
}

pipeline! {
    Fan {
        input  numbers: u64 [8];
        output odd: u64 [8];
        output all: u64 [8];
        shared store: Store;
        numbers -> plus -> { keep(store), -[4]-> even -> odd, all };
    }
}
#[stage]
fn page(n: u64) -> u64 {
    n
}
