//! Topics: rings that every reader sees, one value that all see the newest of, and one that is taken once.
#![allow(missing_docs, unreachable_pub, dead_code)]

mod broadcast;
mod deadline;
mod edges;
mod ends;
mod latest;
#[path = "../laws/oracle.rs"]
mod oracle;
mod picture;
#[path = "../laws/run.rs"]
mod run;
#[path = "../laws/stages.rs"]
mod stages;
mod tools;
