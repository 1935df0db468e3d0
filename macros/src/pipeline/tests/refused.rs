//! What is refused, and the words.

mod faults;
mod names;
mod options;
mod rings;
mod wires;
