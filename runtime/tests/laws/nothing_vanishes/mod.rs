//! Law 1: nothing vanishes.

mod counts;
mod cycles;
mod ends;
