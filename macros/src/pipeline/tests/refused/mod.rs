//! What is refused, and the words.

mod cursors;
mod faults;
mod names;
mod options;
mod rings;
mod wires;
