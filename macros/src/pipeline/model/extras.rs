//! What a ring says besides what it does when it is full, and which worker a record meets.

use proc_macro2::Span;

/// The options of a ring that few have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extras {
    /// `priority`
    pub priority: Option<Ranking>,
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
        priority.into_iter().collect()
    }
}
