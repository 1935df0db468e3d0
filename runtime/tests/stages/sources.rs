//! Stages that take no record.

use forebay::prelude::*;
use forebay::stage::Source;
use futures_core::Stream;

use crate::drive::{Course, Numbers, pause, run};

#[stage]
fn numbers() -> impl Stream<Item = u32> {
    Numbers::to(2)
}

#[stage]
async fn asked(end: &u32, opened: &mut usize) -> Result<impl Stream<Item = u32> + use<>, String> {
    pause().await;
    *opened += 1;
    if *end == 0 {
        Err("none".to_owned())
    } else {
        Ok(Numbers::to(*end))
    }
}

#[stage(runtime = none)]
fn of<L: Limit>(limit: &L) -> impl Stream<Item = u32> {
    Numbers::to(limit.limit())
}

pub(crate) trait Limit: Sync {
    fn limit(&self) -> u32;
}

impl Limit for u8 {
    fn limit(&self) -> u32 {
        u32::from(*self)
    }
}

fn open<S: Source<R>, R>(_: S, resources: R) -> Course<S::Out, S::Err> {
    run(S::open(resources))
}

#[test]
fn a_source_is_opened_once() {
    assert_eq!(open(numbers {}, ()).given, [1, 2]);
    let mut opened = 0;
    assert_eq!(open(asked {}, (&1, &mut opened)).given, [1]);
    assert_eq!(open(asked {}, (&0, &mut opened)).failed, Some("none".to_owned()));
    assert_eq!(opened, 2);
    assert_eq!(open(of {}, (&3_u8,)).given, [1, 2, 3]);
}
