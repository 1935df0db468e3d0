//! What edges add to the rings, under a scheduler; see `ring::schedule`.

mod backlog;
mod room;
