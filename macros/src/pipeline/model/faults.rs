//! What a node says of faults.

use proc_macro2::Span;

use super::Affinity;
use crate::units::Time;

/// An option, and the user's word for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said<T> {
    pub word: Span,
    pub value: T,
}

/// The options against faults.
#[derive(Debug, Default, Clone)]
pub(crate) struct Faults {
    /// `timeout: 500ms`
    pub timeout: Option<Said<Time>>,
    /// `batch: 32 within 5ms`. It guards no call.
    pub within: Option<Time>,
    /// `deadline: 2s`
    pub deadline: Option<Said<Time>>,
    /// `retry: 3`
    pub retry: Option<Said<u32>>,
    /// `backoff: 10ms..1s`
    pub backoff: Option<Said<(Time, Time)>>,
    /// `breaker: 5 in 30s`
    pub breaker: Option<Said<(u32, Time)>>,
    /// `rate: 100 per 1s`
    pub rate: Option<Said<(u32, Time)>>,
    /// `by key`: each key has that rate.
    pub rate_by: Option<Affinity>,
}

impl Faults {
    /// The node is called with guards around it.
    pub(crate) fn any(&self) -> bool {
        !self.said().is_empty()
    }

    /// What is said: each option by its name.
    pub(crate) fn said(&self) -> Vec<(&'static str, Span)> {
        let said = [
            ("timeout", self.timeout.map(|said| said.word)),
            ("deadline", self.deadline.map(|said| said.word)),
            ("retry", self.retry.map(|said| said.word)),
            ("backoff", self.backoff.map(|said| said.word)),
            ("breaker", self.breaker.map(|said| said.word)),
            ("rate", self.rate.map(|said| said.word)),
        ];
        said.into_iter().filter_map(|(name, word)| Some((name, word?))).collect()
    }

    /// For the topology.
    pub(crate) fn words(&self) -> Vec<String> {
        let timeout = self.timeout.map(|said| format!("timeout {}", said.value));
        let deadline = self.deadline.map(|said| format!("deadline {}", said.value));
        let retry = self.retry.map(|said| format!("retry {}", said.value));
        let backoff = self.backoff.map(|said| format!("backoff {}..{}", said.value.0, said.value.1));
        let breaker = self
            .breaker
            .map(|said| format!("breaker {} in {}", said.value.0, said.value.1));
        let by = self.rate_by.as_ref().map(Affinity::words).unwrap_or_default();
        let rate = self
            .rate
            .map(|said| format!("rate {} per {}{by}", said.value.0, said.value.1));
        [timeout, deadline, retry, backoff, breaker, rate]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Of these the option by which a record can fail that the stage itself did not fail.
    pub(crate) fn fails(&self) -> Option<(&'static str, Span)> {
        self.said()
            .into_iter()
            .find(|(name, _)| ["timeout", "deadline", "breaker"].contains(name))
    }
}
