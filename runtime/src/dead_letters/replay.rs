//! Letters on their way again.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{DeadLetters, Letter, LetterId, Select, State, StoreError, payload};
use crate::error::SendError;
use crate::input::Input;

/// So many letters are marked as out with one fsync.
const CHUNK: usize = 64;

/// What became of a replay: see [`DeadLetters::replay`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use = "letters that were accepted are out until they are settled"]
#[non_exhaustive]
pub struct Replay {
    /// The port has the records of these letters.
    pub accepted: Vec<LetterId>,
    /// Those among them which were out before when their program ended: the same work may be done twice.
    pub again: Vec<LetterId>,
    /// These would have followed when the port refused: it was closed, or full and sheds. They wait as before.
    pub refused: Vec<LetterId>,
    /// These are poison, and were not forced.
    pub aside: Vec<LetterId>,
    /// These hold no record, or none of the port's type: what is wrong with each.
    pub unreadable: Vec<(LetterId, String)>,
}

impl DeadLetters {
    /// Sends the records of the letters that are meant into `input`, the oldest first, and waits for room there.
    ///
    /// Taken are letters of the port's type `T` that wait; those that were set aside only by [`Select::forced`]. A letter is marked as
    /// [`Out`](State::Out) and stays in the store: a record that fails again comes back to its letter, and one that was worked off is
    /// removed by [`settle`](Self::settle). Where the program ends before that, the letter waits again after the next start and is
    /// [counted](Letter::unsettled) as unsettled: a kill can double a record, and the next replay [says](Replay::again) which, but it loses
    /// none. A port that refuses has none of the record: the letter stays as it was.
    ///
    /// A record is recognised by its JSON. If a stage changes it before it fails, it comes back as another letter.
    ///
    /// Blocks, for the disk and for room in the port: who reads the pipeline's outputs does so on another thread.
    ///
    /// # Errors
    /// [`Disk`](StoreError::Disk), [`Unreadable`](StoreError::Unreadable) or [`Unwritable`](StoreError::Unwritable). Letters that were sent before are out.
    pub fn replay<T, const CAP: usize>(&self, input: &Input<T, CAP>, select: &Select) -> Result<Replay, StoreError>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let mut replay = Replay::default();
        let own = core::any::type_name::<T>();
        let meant = self.scan(select, |letter| {
            let of_type = letter.record == own || select.names_record();
            let is_poison = letter.state == State::Aside && !select.forced;
            if of_type && is_poison {
                replay.aside.push(letter.id);
            }
            of_type && !is_poison && letter.state != State::Out
        })?;
        let mut meant = meant.iter().map(|letter| letter.id);
        let mut open = true;
        while open && meant.len() > 0 {
            let chunk: Vec<LetterId> = meant.by_ref().take(CHUNK).collect();
            open = self.replay_chunk(input, &chunk, select, &mut replay)?;
        }
        replay.refused.extend(meant);
        Ok(replay)
    }

    /// Marks, sends, and takes back what the port refused; false when it did.
    fn replay_chunk<T, const CAP: usize>(
        &self,
        input: &Input<T, CAP>,
        chunk: &[LetterId],
        select: &Select,
        replay: &mut Replay,
    ) -> Result<bool, StoreError>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let (marked, unreadable) = self.change(|room| {
            let (mut marked, mut unreadable): (Vec<(Letter, T)>, Vec<_>) = (Vec::new(), Vec::new());
            for &id in chunk {
                // It may have been purged, or sent by another, since it was listed.
                let Some(before) = room.letter(id)?.filter(|now| select.takes(now) && now.state != State::Out) else {
                    continue;
                };
                let Some(json) = room.payload(id)? else {
                    unreadable.push((id, "the node kept no record".to_owned()));
                    continue;
                };
                match serde_json::from_str::<T>(&json) {
                    Err(error) => unreadable.push((id, error.to_string())),
                    Ok(record) => {
                        let again = payload::encode(&record)?;
                        room.send_out(before.clone(), core::any::type_name::<T>(), &again)?;
                        marked.push((before, record));
                    }
                }
            }
            Ok((marked, unreadable))
        })?;
        replay.unreadable.extend(unreadable);

        let mut marked = marked.into_iter();
        let mut refused = Vec::new();
        for (before, record) in marked.by_ref() {
            match input.send_blocking(record) {
                Ok(()) => {
                    if before.unsettled > 0 {
                        replay.again.push(before.id);
                    }
                    replay.accepted.push(before.id);
                }
                Err(SendError::Full(_) | SendError::Closed(_) | SendError::Refused(..) | SendError::Shed) => {
                    refused.push(before);
                    break;
                }
            }
        }
        refused.extend(marked.map(|(before, _)| before));
        if refused.is_empty() {
            return Ok(true);
        }
        self.change(|room| refused.iter().try_for_each(|before| room.stay(before)))?;
        replay.refused.extend(refused.iter().map(|letter| letter.id));
        Ok(false)
    }

    /// Removes those of `letters` that are still out: their records were worked off. How many they were. A record that has come back
    /// keeps its letter.
    ///
    /// When is a record worked off? When its pipeline has said so by its answer; or for all of a replay when the pipeline has drained, its
    /// ledger balances and nothing in it was `cut`.
    ///
    /// # Errors
    /// [`Disk`](StoreError::Disk), or [`Unreadable`](StoreError::Unreadable).
    pub fn settle(&self, letters: &[LetterId]) -> Result<u64, StoreError> {
        self.purge(&Select::ids(letters.iter().copied()).state(State::Out))
    }
}
