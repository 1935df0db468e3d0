//! `retry: 3, backoff: 10ms..1s`

mod forms;
mod judged;
mod tries;
