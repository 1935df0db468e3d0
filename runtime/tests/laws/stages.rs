//! Stages that do as their records say.

use forebay::prelude::*;

use crate::kit::wait::yields;
use crate::oracle::Oracle;

/// What goes wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trip {
    Error,
    Panic,
}

#[derive(Debug, Clone, PartialEq)]
#[record]
pub struct Rec {
    pub id: u64,
    #[key]
    pub key: u64,
    /// At which stage, and how, it goes wrong.
    pub trip: Option<(&'static str, Trip)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Bad;

pub trait Id {
    fn id(&self) -> u64;
}
impl Id for Rec {
    fn id(&self) -> u64 {
        self.id
    }
}
impl<T: Id> Id for Shed<T> {
    fn id(&self) -> u64 {
        self.record.id()
    }
}

impl Rec {
    pub fn new(id: u64) -> Self {
        Rec {
            id,
            key: id % 5,
            trip: None,
        }
    }

    pub fn trips(mut self, at: &'static str, how: Trip) -> Self {
        self.trip = Some((at, how));
        self
    }

    /// Goes through the stage `at`, if it may.
    pub fn at(self, at: &str) -> Result<Self, Bad> {
        match self.trip {
            Some((name, Trip::Panic)) if name == at => panic!("tripped"),
            Some((name, Trip::Error)) if name == at => Err(Bad),
            _ => Ok(self),
        }
    }
}

#[stage]
pub fn a(r: Rec) -> Result<Rec, Bad> {
    r.at("a")
}
#[stage(runtime = none)]
pub async fn b(r: Rec) -> Result<Rec, Bad> {
    yields(r.id % 3).await;
    r.at("b")
}
#[stage]
pub fn c(r: Rec) -> Result<Rec, Bad> {
    r.at("c")
}
#[stage]
pub fn items(r: Rec) -> Result<impl Iterator<Item = Rec>, Bad> {
    // The iterator panics, the call errs.
    let panics = matches!(r.trip, Some(("items", Trip::Panic)));
    let r = if panics { r } else { r.at("items")? };
    Ok(std::iter::once_with(move || if panics { panic!("tripped") } else { r }))
}
#[stage(runtime = none)]
pub async fn emits(r: Rec, out: &mut Emit<Rec>) -> Result<(), Bad> {
    yields(r.id % 2).await;
    let r = r.at("emits")?;
    out.emit(r).await;
    Ok(())
}
#[stage(runtime = none)]
pub async fn batched(batch: Batch<Rec>) -> Result<Vec<Rec>, Bad> {
    yields(batch.len() as u64).await;
    batch.into_iter().map(|r| r.at("batched")).collect()
}

/// Remembers failures.
#[stage]
pub fn dead(f: Failed<Rec, Bad>, oracle: &Oracle) {
    let Some(record) = f.record else {
        panic!("{} kept nothing", f.node)
    };
    oracle.end(f.node, record.id);
}
#[stage]
pub fn dead_batch(f: Failed<Batch<Rec>, Bad>, oracle: &Oracle) {
    for record in f.record.into_iter().flatten() {
        oracle.end(f.node, record.id);
    }
}
/// Remembers what was shed.
#[stage]
pub fn refused(s: Shed<Rec>, oracle: &Oracle) {
    oracle.end("shed", s.record.id);
}
