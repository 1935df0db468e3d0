//! The contract of the rings once more, with the lock that there is without `std`: a spin lock, or a critical section.
//!
//! What is caught when it panics, and what parks a thread, is `std`'s, and left out.

#[path = "../../runtime/tests/ring_contract/both.rs"]
mod both;
#[path = "../../runtime/tests/ring_contract/broadcast.rs"]
mod broadcast;
#[path = "../../runtime/tests/ring_contract/every.rs"]
mod every;
#[path = "../../runtime/tests/ring_contract/hostile.rs"]
mod hostile;
#[path = "../../runtime/tests/ring_contract/latest.rs"]
mod latest;
#[path = "../../runtime/tests/ring_contract/mailbox.rs"]
mod mailbox;
#[path = "../../runtime/tests/ring_contract/mpmc.rs"]
mod mpmc;
#[path = "../../runtime/tests/ring_contract/mpsc.rs"]
mod mpsc;
#[path = "../../runtime/tests/ring_contract/one.rs"]
mod one;
#[path = "../../runtime/tests/ring_contract/spsc.rs"]
mod spsc;
#[path = "../../runtime/tests/ring_contract/threads.rs"]
mod threads;
#[path = "../../runtime/tests/ring_contract/tools.rs"]
mod tools;
