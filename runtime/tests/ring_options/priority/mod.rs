//! `priority`, `priority weighted 4:2:1`, and both with `shed`.

mod anywhere;
mod full;
mod order;
