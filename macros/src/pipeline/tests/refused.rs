//! What is refused, and the words.

mod names;
mod options;
mod rings;
mod wires;
