//! This machine's readings, live: one history, three readers of different speeds, one of them too slow.

pub mod cli;
pub mod machine;
pub mod pace;
pub mod pipeline;
pub mod records;
pub mod running;
pub mod settings;
pub mod stages;
pub mod units;
pub mod view;
