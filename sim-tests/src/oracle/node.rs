//! What a node did, and whether the ledger says the same.

use super::{Oracle, between, ends_in_drop};
use crate::spec::{From, To};

impl Oracle<'_> {
    /// The counts of a node are those of its stage.
    pub(super) fn node(&self, node: usize) -> Result<(), String> {
        let (spec, seen, counts) = (&self.spec.nodes[node], &self.seen[node], self.counts(node)?);
        if spec.clock {
            return Ok(());
        }
        let (name, broken) = (spec.name, self.broken(node));
        let (gave, open) = (self.log.nodes[node].gave.len() as u64, self.open(node)?);
        between("emitted", name, gave.saturating_sub(open + broken), counts.emitted, gave)?;
        let held_back = if spec.batch > 1 { open } else { 0 };
        let least = seen.finished.saturating_sub(held_back + broken);
        between("finished", name, least, counts.finished, seen.finished)?;
        let taken = seen.took.len() as u64 + seen.own;
        if counts.taken < taken {
            return Err(format!(
                "{name}: taken is {} in the ledger, and {taken} were seen",
                counts.taken
            ));
        }
        if let Some(id) = seen.given_again.first() {
            return Err(format!("{name}: {id} was tried again after it had given a record"));
        }
        let failed = seen.failed.len() as u64;
        let least = failed.saturating_sub(self.late(node)? + self.given_up(node)?);
        between("failed", name, least, counts.failed, failed + self.may_fail(node)?)?;
        let dropped: u64 = self
            .links_from(From::Node(node))
            .map(|link| ends_in_drop(link, &self.log.nodes[node].gave))
            .sum();
        let least = (seen.filtered + dropped).saturating_sub(open + broken + self.unrouted(node));
        between("dropped", name, least, counts.dropped, seen.filtered + dropped)?;
        let ends = seen.finished + failed + seen.midway.len() as u64;
        if ends != taken {
            return Err(format!("{name}: {taken} calls began, and {ends} came to an end"));
        }
        // What ended a call midway was an abort, or one of the options: then its record has failed, and is not cut.
        let midway = seen.midway.len() as u64;
        let failed_midway = spec.limited || broken > 0;
        let least = if failed_midway { 0 } else { midway };
        let most = match self.cuts {
            true => u64::MAX,
            false => least + self.log.nodes[node].held + self.broken_before(node)?,
        };
        between("cut", name, least, counts.cut, most)?;
        // What is cut on its way in was not tried; of a try whose clone for the next one panicked its stage knows nothing.
        let tries = counts.taken + seen.again;
        let unseen = if spec.retry > 0 { self.broken_before(node)? } else { 0 };
        between("attempts", name, tries - counts.cut, counts.attempts, tries + unseen)
    }

    /// So many of those that its stage did not fail may have failed all the same.
    pub(super) fn may_fail(&self, node: usize) -> Result<u64, String> {
        let (spec, seen, counts) = (&self.spec.nodes[node], &self.seen[node], self.counts(node)?);
        let broken = self.broken(node);
        let midway = if spec.limited || broken > 0 {
            seen.midway.len() as u64
        } else {
            0
        };
        let unseen = counts.taken - (seen.took.len() as u64 + seen.own).min(counts.taken);
        let refused = match spec.mortal || spec.refuses {
            true => unseen,
            false => unseen.min(self.broken_before(node)?),
        };
        Ok(midway + broken + refused)
    }

    /// Of so many records that it gave a clone has panicked: they may have gone nowhere, and their call has failed.
    pub(super) fn broken(&self, node: usize) -> u64 {
        let gave = self.log.nodes[node].gave.iter();
        gave.filter(|id| self.log.broken.contains(id)).count() as u64
    }

    /// Of so many records that were meant for it a clone has panicked: its stage may not have seen them, nor those of their batch.
    pub(super) fn broken_before(&self, node: usize) -> Result<u64, String> {
        if self.log.broken.is_empty() {
            return Ok(0);
        }
        let broken = self.meant(To::Node(node))?.ids.intersection(&self.log.broken).count() as u64;
        Ok(broken * self.spec.nodes[node].batch)
    }

    /// So much of what a stage gave may not have left it: an abort came before.
    pub(super) fn open(&self, node: usize) -> Result<u64, String> {
        let cut = if self.spec.nodes[node].batch > 1 && self.cuts {
            self.counts(node)?.cut
        } else {
            0
        };
        Ok(self.log.nodes[node].giving + cut)
    }

    /// So many of those that it gave may have been cut before a `match` behind it was asked.
    pub(super) fn unrouted(&self, node: usize) -> u64 {
        if self.cuts { self.spec.nodes[node].in_flight } else { 0 }
    }

    /// So many calls had come to their end, and were cut while what they gave last was on its way.
    pub(super) fn late(&self, node: usize) -> Result<u64, String> {
        let cut = self.counts(node)?.cut.saturating_sub(self.seen[node].midway.len() as u64);
        Ok(if self.spec.nodes[node].emits && self.cuts { cut } else { 0 })
    }

    /// So many records had failed, and were cut while they waited for another try.
    pub(super) fn given_up(&self, node: usize) -> Result<u64, String> {
        let waits = self.spec.nodes[node].retry > 0 && self.cuts;
        Ok(if waits { self.counts(node)?.cut } else { 0 })
    }
}
