//! Law 6: if it is declared, it is connected. Every option does what it says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::tokio::time::{Instant, sleep};
use forebay::prelude::*;

use crate::kit::feed::send_each;
use crate::kit::gate::Gate;
use crate::kit::run::{On, everywhere, on, start, tokio};
use crate::kit::wait::{until, yields};
use crate::oracle::Oracle;
use crate::stages::{Bad, Id, Rec, Trip, a, b};

#[stage]
fn same(n: u64) -> u64 {
    n
}
#[stage(runtime = none)]
async fn gated(n: u64, gate: &Gate) -> u64 {
    gate.pass(n).await;
    n
}

mod affinity;
mod join;
mod nodes;
mod rings;
mod shed;
mod sources;
mod time;
