//! The forms of a return type.

use std::{fmt, io};

use forebay::prelude::*;
use forebay::stage::{Blocks, Done, Nothing, RuntimeFree, Stage, Types, Waits, Work};
use futures_core::Stream;

use crate::drive::{Course, Numbers, failed, feed, gave, now, pause};

#[stage]
fn one(x: u32) -> u32 {
    x + 1
}

#[stage]
fn maybe(x: u32) -> Option<u32> {
    (x > 1).then_some(x)
}

#[stage]
fn none(_: u32) {}

#[stage]
fn try_one(x: u32) -> Result<u32, String> {
    if x > 1 { Ok(x) } else { Err("small".to_owned()) }
}

#[stage]
fn try_maybe(x: u32) -> Result<Option<u32>, String> {
    if x > 1 { Ok(None) } else { Err("small".to_owned()) }
}

#[stage]
fn try_none(x: u32) -> Result<(), String> {
    if x > 1 { Ok(()) } else { Err("small".to_owned()) }
}

#[stage]
fn by_io(x: u32) -> io::Result<Option<u32>> {
    Ok(Some(x))
}

#[stage]
fn by_fmt(x: u32) -> fmt::Result {
    if x > 1 { Ok(()) } else { Err(fmt::Error) }
}

#[test]
fn sync_forms_are_direct() {
    assert_eq!(now(one {}, 1, ()), Ok(Some(2)));
    assert_eq!(now(maybe {}, 1, ()), Ok(None));
    assert_eq!(now(maybe {}, 2, ()), Ok(Some(2)));
    assert!(matches!(now(none {}, 1, ()), Ok(None)));
    assert_eq!(now(try_one {}, 2, ()), Ok(Some(2)));
    assert_eq!(now(try_one {}, 1, ()), Err("small".to_owned()));
    assert_eq!(now(try_maybe {}, 2, ()), Ok(None));
    assert!(matches!(now(try_none {}, 2, ()), Ok(None)));
    assert_eq!(now(by_io {}, 2, ()).ok(), Some(Some(2)));
    assert_eq!(now(by_fmt {}, 1, ()), Err(fmt::Error));
}

#[test]
fn a_direct_stage_starts_as_well() {
    assert_eq!(feed(one {}, 1, ()), gave([2]));
    assert_eq!(feed(maybe {}, 1, ()), gave([]));
    assert_eq!(feed(try_one {}, 1, ()), failed([], "small".to_owned()));
}

#[test]
fn a_stage_stays_a_function() {
    assert_eq!(one(1), 2);
    assert_eq!(words("a b".to_owned()).count(), 2);
}

#[stage]
async fn later_one(x: u32) -> u32 {
    pause().await;
    x
}

#[stage]
async fn later_maybe(x: u32) -> Option<u32> {
    (x > 1).then_some(x)
}

#[stage]
async fn later_none(_: u32) {}

#[stage]
async fn later_try(x: u32) -> Result<u32, String> {
    pause().await;
    try_one(x)
}

#[stage]
async fn later_try_none(x: u32) -> Result<(), String> {
    try_none(x)
}

#[stage]
fn future(x: u32) -> impl Future<Output = Result<u32, String>> + Send {
    later_try(x)
}

#[test]
fn async_forms() {
    assert_eq!(
        feed(later_one {}, 1, ()),
        Course {
            given: vec![1],
            failed: None,
            pending: 1
        }
    );
    assert_eq!(feed(later_maybe {}, 1, ()), gave([]));
    assert_eq!(feed(later_maybe {}, 2, ()), gave([2]));
    assert_eq!(feed(later_none {}, 1, ()), gave([]));
    assert_eq!(
        feed(later_try {}, 1, ()),
        Course {
            given: vec![],
            failed: Some("small".to_owned()),
            pending: 1
        }
    );
    assert_eq!(feed(later_try_none {}, 2, ()), gave([]));
    assert_eq!(feed(future {}, 2, ()).given, [2]);
}

#[stage]
fn words(line: String) -> impl Iterator<Item = String> {
    line.split(' ').map(str::to_owned).collect::<Vec<_>>().into_iter()
}

#[stage]
fn try_words(line: String) -> Result<impl Iterator<Item = String> + Send, String> {
    if line.is_empty() {
        Err("empty".to_owned())
    } else {
        Ok(words(line))
    }
}

#[stage]
async fn later_words(line: String) -> impl Iterator<Item = String> {
    words(line)
}

#[stage]
async fn later_try_words(line: String) -> io::Result<impl Iterator<Item = String>> {
    if line.is_empty() {
        Err(io::Error::other("empty"))
    } else {
        Ok(words(line))
    }
}

#[stage]
fn stream(n: u32) -> impl Stream<Item = u32> {
    Numbers::to(n)
}

#[stage]
fn try_stream(n: u32) -> Result<impl Stream<Item = u32>, String> {
    if n == 0 { Err("none".to_owned()) } else { Ok(Numbers::to(n)) }
}

#[stage]
async fn later_try_stream(n: u32) -> Result<impl Stream<Item = u32>, String> {
    pause().await;
    try_stream(n)
}

#[test]
fn many_out() {
    let (line, two) = (|| "a b".to_owned(), ["a".to_owned(), "b".to_owned()]);
    assert_eq!(feed(words {}, line(), ()), gave(two.clone()));
    assert_eq!(feed(try_words {}, line(), ()), gave(two.clone()));
    assert_eq!(feed(try_words {}, String::new(), ()), failed([], "empty".to_owned()));
    assert_eq!(feed(later_words {}, line(), ()), gave(two.clone()));
    assert_eq!(feed(later_try_words {}, line(), ()).given, two);
    assert!(feed(later_try_words {}, String::new(), ()).failed.is_some());
    assert_eq!(
        feed(stream {}, 2, ()),
        Course {
            given: vec![1, 2],
            failed: None,
            pending: 2
        }
    );
    assert_eq!(feed(try_stream {}, 0, ()), failed([], "none".to_owned()));
    assert_eq!(
        feed(later_try_stream {}, 1, ()),
        Course {
            given: vec![1],
            failed: None,
            pending: 2
        }
    );
}

#[test]
fn an_iterator_is_asked_lazily() {
    #[stage]
    fn endless(from: u32) -> impl Iterator<Item = u32> {
        from..
    }
    let mut scratch = ();
    let work = <endless as Stage<u32, ()>>::start(5, (), &mut scratch);
    let mut work = std::pin::pin!(work);
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    for x in 5..8 {
        let step = Work::poll_next(work.as_mut(), &mut cx);
        assert_eq!(step, std::task::Poll::Ready(Ok(Done::More(x))));
    }
}

#[test]
fn what_a_stage_says_of_itself() {
    fn gives_nothing<S: Types<u32, Out = Nothing>>(_: S) {}
    fn fails_as<E, S: Types<u32, Err = E>>(_: S) {}
    fn free<S: RuntimeFree + Blocks>(_: S) {}
    fn waits<S: Waits>(_: S) {}
    gives_nothing(none {});
    gives_nothing(later_try_none {});
    fails_as::<io::Error, _>(by_io {});
    fails_as::<std::convert::Infallible, _>(one {});
    free(one {});
    waits(later_one {});
    waits(future {});
    waits(stream {});
}
