//! A record in work, in the counts.

use core::ops::Deref;
use std::sync::Arc;

use crate::pipeline::NodeCell;
use crate::pipeline::counters::Counter;

/// A record in work: counted as taken, and as cut unless it ends otherwise.
pub(crate) struct Open<C: Deref<Target = NodeCell> = Arc<NodeCell>> {
    cell: C,
    records: u64,
    /// The last output of so many is on its way: if that is cut, it is cut there and not here.
    handed: u64,
}

impl<C: Deref<Target = NodeCell>> Open<C> {
    pub(crate) fn new(cell: C) -> Self {
        Open::many(cell, 1)
    }

    pub(crate) fn many(cell: C, records: u64) -> Self {
        cell.in_work.add(records);
        cell.taken.add(records);
        cell.attempts.add(records);
        let handed = 0;
        Open { cell, records, handed }
    }

    /// The last output of the next record goes on its way.
    pub(crate) fn hand_on(&mut self) {
        self.handed = 1;
    }

    pub(crate) fn finish(&mut self) {
        let n = core::mem::take(&mut self.records);
        self.cell.in_work.sub(n);
        self.cell.finished.add(n);
    }

    pub(crate) fn finish_one(&mut self) {
        (self.records, self.handed) = (self.records - 1, 0);
        self.cell.in_work.sub(1);
        self.cell.finished.add(1);
    }

    pub(crate) fn fail_one(&mut self) {
        (self.records, self.handed) = (self.records - 1, 0);
        self.cell.in_work.sub(1);
        self.cell.failed.add(1);
    }

    /// There was nothing: a pulled stage had no record for now.
    pub(crate) fn cancel(&mut self) {
        let n = core::mem::take(&mut self.records);
        self.cell.in_work.sub(n);
        self.cell.attempts.sub(n);
        self.cell.taken.sub(n);
    }

    pub(crate) fn fail(&mut self) {
        let n = core::mem::take(&mut self.records);
        self.cell.in_work.sub(n);
        self.cell.failed.add(n);
    }
}

impl<C: Deref<Target = NodeCell>> Drop for Open<C> {
    fn drop(&mut self) {
        if self.records > 0 {
            self.cell.in_work.sub(self.records);
            self.cell.finished.add(self.handed);
            self.cell.cut.add(self.records - self.handed);
        }
    }
}
