//! What edges add to the rings, under the model checker; see `ring::model`.

mod backlog;
mod room;
