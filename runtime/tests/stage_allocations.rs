//! A call of a stage allocates nothing; the slot of an `Emit` is allocated once for a node.
#![allow(missing_docs)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use forebay::prelude::*;
use forebay::stage::{Done, EmitCell, Stage, Work};

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed on as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[stage]
fn direct(x: u64) -> Result<u64, String> {
    Ok(x)
}

#[stage]
async fn later(x: u64) -> Result<Option<u64>, String> {
    std::future::ready(()).await;
    Ok(Some(x))
}

#[stage]
fn items(x: u64) -> Result<impl Iterator<Item = u64>, String> {
    Ok(0..x)
}

#[stage]
async fn emits(x: u64, out: &mut Emit<u64>) {
    for i in 0..x {
        out.emit(i).await;
    }
}

fn count<W: Work<Out = u64>>(work: W) -> u64 {
    let mut work = pin!(work);
    let mut cx = Context::from_waker(Waker::noop());
    let mut given = 0;
    loop {
        match work.as_mut().poll_next(&mut cx) {
            Poll::Ready(Ok(Done::More(_))) => given += 1,
            Poll::Ready(Ok(Done::Last(_))) => return given + 1,
            Poll::Ready(Ok(Done::End) | Err(_)) => return given,
            Poll::Pending => {}
        }
    }
}

#[test]
fn a_call_allocates_nothing() {
    let mut cell = EmitCell::default();
    assert_eq!(count(<emits as Stage<u64, ()>>::start(10, (), &mut cell)), 10);
    let before = ALLOCATIONS.get();
    let mut given = 0;
    for _ in 0..100 {
        given += count(<direct as Stage<u64, ()>>::start(10, (), &mut ()));
        given += count(<later as Stage<u64, ()>>::start(10, (), &mut ()));
        given += count(<items as Stage<u64, ()>>::start(10, (), &mut ()));
        given += count(<emits as Stage<u64, ()>>::start(10, (), &mut cell));
    }
    assert_eq!(ALLOCATIONS.get() - before, 0);
    assert_eq!(given, 100 * (1 + 1 + 10 + 10));
}
