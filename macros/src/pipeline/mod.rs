//! `pipeline!`.

mod picture;
