//! `pipeline!`.

mod model;
