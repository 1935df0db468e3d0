//! What goes in and comes out, where nothing is said about when.

use forebay::prelude::*;
use forebay::record::Entry;

/// Sends all of them, waiting where there is no room.
pub async fn send_each<T: Send + 'static, const CAP: usize, M: Entry>(
    input: &Input<T, CAP, M>,
    records: impl IntoIterator<Item = T>,
) {
    for record in records {
        assert!(input.send(record).await.is_ok(), "an input that takes everything");
    }
}
