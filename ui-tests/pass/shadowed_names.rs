//! A user's crate that shadows common names: what the macros write does not see them.
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types, unused_macros)]

use ::forebay::prelude::*;

mod core {}
mod std {}
mod alloc {}
mod forebay {}
mod resources {}
struct Result;
struct Option;
struct Vec;
struct Box;
struct Arc;
struct String;
struct Send;
struct Sync;
struct Clone;
struct Default;
struct Fn;
struct Into;
struct Env;
struct Types;
struct Flows;
struct Rings;
struct Work;
struct PhantomData;
struct Edge;
struct Node;
struct Way;
struct Some;
struct None;
struct Ok;
struct Err;
fn drop() {}
fn launch() {}
fn build() -> u64 {
    3
}
fn rt() -> u64 {
    4
}
fn place() {}
const RINGS: usize = 4;
const LINKS: usize = 2;
macro_rules! assert {
    ($($any:tt)*) => {};
}
macro_rules! panic {
    ($($any:tt)*) => {};
}
macro_rules! vec {
    ($($any:tt)*) => {};
}
macro_rules! matches {
    ($($any:tt)*) => {};
}

/// A record called like the envelope.
#[record]
struct Record {
    #[key]
    n: u64,
}

/// A stage called like a method of ours.
#[stage]
fn put(record: Record) -> Record {
    record
}

/// A stage called like its resource.
#[stage]
fn node(record: Record, node: &u64) -> Record {
    Record { n: record.n + *node }
}

/// Resources called like fields of ours.
#[stage]
fn here(record: Record, x: &u64, of: &u64, begin: &u64, state: &mut u64) -> u64 {
    *state += 1;
    record.n + *x + *of + *begin
}

struct Sum {
    n: u64,
}

#[stage]
impl Sum {
    fn process(&mut self, n: u64) {
        self.n += n;
    }
    fn finish(&mut self) -> u64 {
        self.n
    }
}

pipeline! {
    Shadowed {
        budget 1MiB;
        drain 1s;
        input launch: Record [LINKS];
        output snapshot: u64 [RINGS];
        shared node_: u64 = build();
        shared x: u64 = rt();
        shared of: u64;
        shared begin: u64;
        local here_: u64 = 0;
        node sum: Sum = Sum { n: 0 };
        launch -> put -[RINGS, by key]-> node(node_) { workers: 2 } -[RINGS]-> here(x, of, begin, here_) -> match {
            n if n > 1000 => drop,
            n => n -> sum,
        };
        sum -> snapshot;
    }
}

fn main() {
    let ShadowedHandle { launch, snapshot, control } = match Shadowed::builder().of(5).begin(6).start_threads() {
        ::core::result::Result::Ok(handle) => handle,
        ::core::result::Result::Err(error) => ::core::panic!("{error}"),
    };
    for n in 0..10 {
        ::core::assert!(launch.send_blocking(Record { n }).is_ok());
    }
    ::core::mem::drop(launch);
    let mut snapshot = snapshot;
    ::core::assert_eq!(snapshot.recv_blocking(), ::core::option::Option::Some(45 + 10 * (3 + 4 + 5 + 6)));
    let ledger = control.finished_blocking();
    ::core::assert!(ledger.check().is_ok());
    ::core::assert_eq!(ledger.node.finished, 10);
}
