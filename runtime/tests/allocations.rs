//! Law 3: nothing is allocated for a record, once a pipeline runs.
#![allow(missing_docs, unreachable_pub)]

mod counting;
mod kit;

use counting::allocations;
use forebay::prelude::*;
use kit::run::{everywhere, start};

#[derive(Debug, Clone, Copy)]
#[record]
struct Rec {
    #[key]
    id: u64,
}
struct Bad;

#[stage]
fn direct(r: Rec) -> Rec {
    r
}
#[stage]
fn tried(r: Rec) -> Result<Rec, Bad> {
    if r.id.is_multiple_of(7) { Err(Bad) } else { Ok(r) }
}
#[stage]
fn maybe(r: Rec) -> Option<Rec> {
    (!r.id.is_multiple_of(5)).then_some(r)
}
#[stage(runtime = none)]
async fn later(r: Rec) -> Result<Rec, Bad> {
    let mut polled = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut polled, true) {
            return std::task::Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
    if r.id.is_multiple_of(11) { Err(Bad) } else { Ok(r) }
}
#[stage]
fn items(r: Rec) -> impl Iterator<Item = Rec> {
    std::iter::repeat_n(r, (r.id % 3) as usize)
}
#[stage(runtime = none)]
async fn emits(r: Rec, out: &mut Emit<Rec>) {
    for _ in 0..2 {
        out.emit(r).await;
    }
}
#[stage]
fn note(f: Failed<Rec, Bad>) -> Option<Rec> {
    f.record
}
#[stage]
fn refused(s: Shed<Rec>) -> Rec {
    s.record
}
#[derive(Default)]
struct Sum {
    of: u64,
}
#[stage]
impl Sum {
    fn process(&mut self, r: Rec) -> Rec {
        self.of += r.id;
        r
    }
}

enum Kind {
    Odd(Rec),
    Even(Rec),
    Other,
}
#[stage]
fn kind(r: Rec) -> Kind {
    match r.id % 4 {
        0 => Kind::Other,
        2 => Kind::Even(r),
        _ => Kind::Odd(r),
    }
}

pipeline! {
    Everything {
        input  records: Rec [32];
        output out: Rec [32];
        output branch: Rec [32];
        node   sum: Sum = Sum::default();
        node   end = direct;
        node   end2 = direct;
        records -> direct -> tried -> maybe -[8]-> later -[4, by key]-> sum { workers: 3 }
                -[8]-> kind -> match {
                    Kind::Odd(r) => r -[8]-> items,
                    Kind::Even(r) => r -[8]-> items,
                    Kind::Other => drop,
                };
        items -> emits -> { -[8]-> end -> out, -[2, shed]-> end2 -> branch, -[8, drop_oldest]-> sink };
        end2.shed -[4]-> refused -> drop;
        tried.errors -[8]-> note -> drop;
        later.errors -[8]-> note;
    }
}
#[stage]
fn sink(_: Rec) {}

async fn pump(input: Input<Rec, 32>, records: std::ops::Range<u64>) {
    for id in records {
        let sent = match id % 3 {
            0 => input.reserve().await.unwrap().send(Rec { id }),
            _ => input.send(Rec { id }).await,
        };
        assert!(sent.is_ok());
    }
}

/// Until everything that was accepted has come to its end.
async fn settled(control: &Control<EverythingLedger>) -> u64 {
    loop {
        let ledger = control.ledger();
        if ledger.check().is_ok()
            && ledger.records.queued == 0
            && ledger.end.input.queued == 0
            && ledger.end.finished == ledger.emits.emitted
        {
            return ledger.out.taken;
        }
        tokio::task::yield_now().await;
    }
}

async fn run(handle: EverythingHandle) {
    let EverythingHandle {
        records,
        mut out,
        mut branch,
        control,
    } = handle;
    let reader = tokio::spawn(async move { while out.recv().await.is_some() {} });
    let other = tokio::spawn(async move { while branch.recv().await.is_some() {} });
    // Warm: slots of emits, wakers, thread-locals.
    pump(records.clone(), 0..2000).await;
    settled(&control).await;
    let again = records.clone();
    let before = allocations();
    pump(again, 0..5000).await;
    let allocated = allocations() - before;
    assert_eq!(allocated, 0, "allocations for 5000 records");
    drop(records);
    reader.await.unwrap();
    other.await.unwrap();
    let ledger = control.finished().await;
    ledger.check().unwrap();
    println!("{ledger}");
}

// One test: the counter is of the whole program.
#[test]
fn nothing_is_allocated_for_a_record() {
    everywhere(async |on| run(start!(on, Everything::builder())).await);
}
