//! What every ring must do, run for each of them through the same two traits; then what only one of them does.

mod both;
mod broadcast;
mod every;
mod hosted;
mod hostile;
mod latest;
mod mailbox;
mod mpmc;
mod mpsc;
mod one;
mod spsc;
mod threads;
mod tools;
