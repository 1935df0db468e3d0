//! What a ring says besides what it does when it is full, and which worker a record meets.

use proc_macro2::Span;

use crate::units::Time;

/// The options of a ring that few have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extras {
    /// `priority`
    pub priority: Option<Ranking>,
    /// `offer 3 every 10ms`; the policy is [`Policy::Offer`](super::Policy::Offer) then.
    pub offer: Option<Offer>,
    /// `shed`: the word. The policy is [`Policy::Shed`](super::Policy::Shed) then.
    pub shed: Option<Span>,
    /// `coalesce by key`: the words.
    pub coalesce: Option<Span>,
}

/// `offer 3 every 10ms`
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offer {
    /// The word.
    pub span: Span,
    /// How many more tries there are.
    pub more: u32,
    pub every: Time,
}

/// `priority`, `priority weighted 4:2:1`
#[derive(Debug, Clone)]
pub(crate) struct Ranking {
    /// The word.
    pub span: Span,
    /// The weights of the lanes, where they are not served strictly by rank, and where they stand.
    pub weights: Option<(Vec<u32>, Span)>,
}

impl Extras {
    /// As it is written, short.
    pub(crate) fn words(&self) -> Vec<String> {
        let priority = self.priority.as_ref().map(|ranking| match &ranking.weights {
            None => "priority".to_owned(),
            Some((weights, _)) => {
                let weights: Vec<_> = weights.iter().map(ToString::to_string).collect();
                format!("priority weighted {}", weights.join(":"))
            }
        });
        let offer = self.offer.map(|offer| format!("offer {} every {}", offer.more, offer.every));
        let coalesce = self.coalesce.map(|_| "coalesce by key".to_owned());
        offer.into_iter().chain(priority).chain(coalesce).collect()
    }
}
