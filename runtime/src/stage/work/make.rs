//! Constructors of [`Work`], and what turns the forms of a return type into what the runtime takes.
//!
//! The code that `#[stage]` writes calls these and nothing else.

use core::marker::PhantomData;

use futures_core::Stream;

use super::Work;
#[cfg(feature = "alloc")]
use super::emitting::Emitting;
use super::kinds::{Answer, Items, Later, Ready, Streamed, Tried};
use crate::stage::Given;
pub use crate::stage::alias::{Alias, Fallible, Plain, Shape, no_alias};
#[cfg(feature = "alloc")]
use crate::stage::{Emit, EmitCell};

/// As generated code names it, which may have no `std`.
#[cfg(feature = "alloc")]
pub use alloc::vec::Vec;

/// `-> T`
#[inline]
pub fn one<T, E>(record: T) -> Given<T, E> {
    Ok(Some(record))
}

/// `-> Option<T>`
#[inline]
pub fn maybe<T, E>(record: Option<T>) -> Given<T, E> {
    Ok(record)
}

/// `-> ()`
#[inline]
pub fn none<T, E>((): ()) -> Given<T, E> {
    Ok(None)
}

/// `-> Result<T, E>`
#[inline]
pub fn try_one<T, E>(record: Result<T, E>) -> Given<T, E> {
    record.map(Some)
}

/// `-> Result<Option<T>, E>`
#[inline]
pub fn try_maybe<T, E>(record: Result<Option<T>, E>) -> Given<T, E> {
    record
}

/// `-> Result<(), E>`
#[inline]
pub fn try_none<T, E>(end: Result<(), E>) -> Given<T, E> {
    end.map(|()| None)
}

/// At most one record, at once.
#[inline]
pub fn given<T, E>(given: Given<T, E>) -> Ready<T, E> {
    Ready { given: Some(given) }
}

/// The items of an iterator, each made when it is asked for.
#[inline]
pub fn items<I: Iterator, E>(items: I) -> Items<I, E> {
    Items {
        items,
        fails: PhantomData,
    }
}

/// [`items`], or a failure.
#[inline]
pub fn try_items<I: Iterator, E>(made: Result<I, E>) -> Tried<Items<I, E>, E> {
    tried(made.map(items))
}

/// The items of a stream.
#[inline]
pub fn stream<S: Stream, E>(items: S) -> Streamed<S, E> {
    Streamed {
        items,
        fails: PhantomData,
    }
}

/// [`stream`], or a failure.
#[inline]
pub fn try_stream<S: Stream, E>(made: Result<S, E>) -> Tried<Streamed<S, E>, E> {
    tried(made.map(stream))
}

/// The work, or a failure.
#[inline]
pub fn tried<W: Work>(made: Result<W, W::Err>) -> Tried<W, W::Err> {
    match made {
        Ok(work) => Tried::Works { work },
        Err(error) => Tried::Failed { error: Some(error) },
    }
}

/// `-> Vec<T>` for a batch
#[cfg(feature = "alloc")]
#[inline]
pub async fn batch<T, E>(batch: impl Future<Output = Vec<T>>) -> Result<Vec<T>, E> {
    Ok(batch.await)
}

/// `-> Result<Vec<T>, E>` for a batch
#[cfg(feature = "alloc")]
#[inline]
pub fn try_batch<T, E, F: Future<Output = Result<Vec<T>, E>>>(batch: F) -> F {
    batch
}

/// A sync function as a future.
#[inline]
pub async fn called<T>(call: impl FnOnce() -> T) -> T {
    call()
}

/// At most one record, when `future` is ready.
#[inline]
pub fn answer<F, T, E, C>(future: F, given: C) -> Answer<F, C>
where
    F: Future,
    C: Fn(F::Output) -> Given<T, E>,
{
    Answer { future, given }
}

/// First `future`, then the work that it made.
#[inline]
pub fn later<F, W, C>(future: F, work: C) -> Later<F, W, C>
where
    F: Future,
    W: Work,
    C: FnOnce(F::Output) -> W,
{
    Later::Waits {
        future,
        work: Some(work),
    }
}

/// A call that gives records through an [`Emit`] while it runs.
#[cfg(feature = "alloc")]
#[inline]
pub fn emitting<'c, T, E, F, C>(
    cell: &'c mut EmitCell<T>,
    call: impl FnOnce(&'c mut Emit<T>) -> F,
    end: C,
) -> Emitting<'c, T, E, F, C>
where
    F: Future,
    C: FnOnce(F::Output) -> Given<T, E>,
{
    let (emit, taker) = cell.split();
    Emitting {
        future: call(emit),
        end: Some(end),
        taker,
        last: None,
    }
}
