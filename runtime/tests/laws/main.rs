//! The laws of the design, each in a module of its name.
#![allow(missing_docs, unreachable_pub)]

mod declared_is_connected;
mod everything_is_bounded;
#[path = "../kit/mod.rs"]
mod kit;
mod nothing_vanishes;
mod one_failure_is_one_failure;
mod oracle;
mod random;
mod stages;
mod traffic;
