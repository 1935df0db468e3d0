//! Generic stages: parameters in the record, in resources, in both.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use forebay::prelude::*;
use forebay::stage::{Stage, Takes, Types};

use crate::drive::{feed, gave, now};

pub(crate) trait Model: Send {
    fn ask(&mut self, prompt: u32) -> impl Future<Output = u32> + Send;
}

pub(crate) struct Adds(u32);

impl Model for Adds {
    async fn ask(&mut self, prompt: u32) -> u32 {
        prompt + self.0
    }
}

#[derive(Debug, PartialEq)]
pub(crate) struct Failed<In, E>(In, E);

#[stage]
fn log<T: Debug>(record: T, lines: &Mutex<Vec<String>>) -> T {
    lines.lock().unwrap().push(format!("{record:?}"));
    record
}

#[stage]
fn dead<In, E>(failed: Failed<In, E>, count: &mut u32)
where
    E: Debug,
    In: Clone,
{
    let _ = failed.0.clone();
    *count += 1;
}

#[stage]
async fn infer<M: Model>(prompt: u32, model: &mut M) -> Result<u32, String> {
    Ok(model.ask(prompt).await)
}

#[stage]
async fn opaque(prompt: u32, model: &mut impl Model, _bias: &u32) -> u32 {
    model.ask(prompt).await
}

#[stage]
fn any(record: impl Debug + Send + 'static) -> String {
    format!("{record:?}")
}

#[stage]
fn sum<const N: usize>(records: [u32; N]) -> u32 {
    records.iter().sum()
}

#[stage]
fn named<'a, 'b: 'a>(record: u32, first: &'a [u32], second: &'b mut Option<&'static str>) -> u32 {
    *second = Some("seen");
    record + first[0]
}

pub(crate) struct Text<'a>(&'a str);

#[stage]
fn anonymous(record: u32, text: &Text<'_>) -> usize {
    text.0.len() + record as usize
}

#[stage]
fn both<T: Into<u64>, M>(record: Vec<T>, bias: &M) -> u64
where
    M: Copy + Into<u64> + Sync,
{
    record.into_iter().map(Into::into).sum::<u64>() + (*bias).into()
}

#[stage]
fn dynamic(record: u32, by: &dyn Fn(u32) -> u32) -> u32 {
    by(record)
}

#[test]
fn the_record_says_what_a_parameter_is() {
    let lines = Mutex::new(Vec::new());
    assert_eq!(now(log {}, 7_u8, (&lines,)), Ok(Some(7)));
    assert_eq!(now(log {}, "text".to_owned(), (&lines,)), Ok(Some("text".to_owned())));
    assert_eq!(lines.into_inner().unwrap(), ["7", "\"text\""]);
    let mut count = 0;
    assert!(matches!(now(dead {}, Failed(1, "bad"), (&mut count,)), Ok(None)));
    assert_eq!(count, 1);
    assert_eq!(now(any {}, Failed(1, "bad"), ()), Ok(Some("Failed(1, \"bad\")".to_owned())));
    assert_eq!(now(sum {}, [1, 2, 3], ()), Ok(Some(6)));
    assert_eq!(now(both {}, vec![1_u32, 2], (&3_u8,)), Ok(Some(6)));
}

#[test]
fn a_resource_says_what_a_parameter_is() {
    assert_eq!(feed(infer {}, 1, (&mut Adds(2),)), gave([3]));
    assert_eq!(feed(opaque {}, 1, (&mut Adds(2), &0)), gave([3]));
}

#[test]
fn lifetimes_of_resources() {
    let mut seen = None;
    assert_eq!(now(named {}, 1, (&[4][..], &mut seen)), Ok(Some(5)));
    assert_eq!(seen, Some("seen"));
    assert_eq!(now(anonymous {}, 1, (&Text("text"),)), Ok(Some(5)));
    let shared: Arc<dyn Fn(u32) -> u32> = Arc::new(|x| x + 1);
    assert_eq!(now(dynamic {}, 1, (&*shared,)), Ok(Some(2)));
}

/// Types flow forward: from what is fed alone, without a turbofish.
#[test]
fn types_follow_from_what_is_fed() {
    fn wire<F, A, B>(_: A, _: B, record: F) -> <B as Types<<A as Types<F>>::Out>>::In
    where
        A: Takes<F> + Stage<F, ()>,
        B: Takes<<A as Types<F>>::Out>,
    {
        let given = A::now(A::take(record), (), &mut Default::default());
        B::take(given.ok().flatten().unwrap())
    }
    let text: String = wire(any {}, log {}, 3);
    assert_eq!(text, "3");
}
