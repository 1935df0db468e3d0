//! What tests of pipelines share: where scenarios run, how they wait, and a gate that is opened by hand.
#![allow(dead_code, unused_imports, unused_macros, reason = "each binary takes what it needs")]

pub mod feed;
pub mod gate;
pub mod quiet;
pub mod run;
pub mod wait;
pub mod watch;
