//! Stages with state: windows, a join, a pulled one.

use std::collections::VecDeque;

use forebay::prelude::*;

use crate::rec::{Bad, Rec};
use crate::stages::one;
use crate::world::{Call, Fate, Spot};

/// Gives one of two, and a last word.
pub struct Window {
    spot: Spot,
    kept: Option<Rec>,
}
impl Window {
    /// At the node of this number.
    pub fn at(number: usize) -> Self {
        let (spot, kept) = (Spot::at(number), None);
        Window { spot, kept }
    }
    fn last(&mut self) -> Result<Option<Rec>, Bad> {
        let Some(r) = self.kept.take() else {
            self.spot.speaks().finishes();
            return Ok(None);
        };
        one(&mut self.spot.speaks(), &r).map(Some)
    }
    fn take(&mut self, r: Rec) -> Result<Option<Rec>, Bad> {
        let mut call = self.spot.takes(r.id);
        match self.kept.take() {
            Some(before) => one(&mut call, &before).map(Some),
            None => {
                self.kept = Some(r);
                call.filters();
                Ok(None)
            }
        }
    }
}
#[stage]
impl Window {
    fn process(&mut self, r: Rec) -> Result<Option<Rec>, Bad> {
        self.take(r)
    }
    fn finish(&mut self) -> Result<Option<Rec>, Bad> {
        self.last()
    }
}

/// The same, with a clock.
pub struct Clocked(Window);
impl Clocked {
    /// At the node of this number.
    pub fn at(number: usize) -> Self {
        Clocked(Window::at(number))
    }
}
#[stage]
impl Clocked {
    fn process(&mut self, r: Rec) -> Result<Option<Rec>, Bad> {
        self.0.take(r)
    }
    fn tick(&mut self) -> Result<Option<Rec>, Bad> {
        self.0.last()
    }
    fn finish(&mut self) -> Result<Option<Rec>, Bad> {
        self.0.last()
    }
}

/// Two inlets.
pub struct Both(Window);
impl Both {
    /// At the node of this number.
    pub fn at(number: usize) -> Self {
        Both(Window::at(number))
    }
}
#[stage]
impl Both {
    #[inlet]
    fn left(&mut self, r: Rec) -> Result<Option<Rec>, Bad> {
        self.0.take(r)
    }
    #[inlet]
    fn right(&mut self, r: Rec) -> Result<Option<Rec>, Bad> {
        one(&mut self.0.spot.takes(r.id), &r).map(Some)
    }
    fn closed(&mut self, _inlet: Inlet) -> Result<Option<Rec>, Bad> {
        self.0.last()
    }
}

/// A pulled stage: holds some records back until its end.
pub struct Delay {
    spot: Spot,
    held: VecDeque<Rec>,
    back: usize,
}
impl Delay {
    /// At the node of this number, with so many held back.
    pub fn at(number: usize, back: usize) -> Self {
        let (spot, held) = (Spot::at(number), VecDeque::new());
        Delay { spot, held, back }
    }
}
impl Drop for Delay {
    fn drop(&mut self) {
        self.spot.loses(self.held.len());
    }
}
#[stage]
impl Delay {
    fn process(&mut self, r: Rec) -> Result<(), Bad> {
        let mut call = self.spot.takes(r.id);
        match call.fate() {
            Fate::Fine => {}
            Fate::Err => return Err(call.fails()),
            Fate::Panic => call.blows(),
        }
        self.held.push_back(r);
        call.finishes();
        Ok(())
    }
    fn next(&mut self) -> Result<Option<Rec>, Bad> {
        if self.held.len() <= self.back {
            return Ok(None);
        }
        let Some(r) = self.held.pop_front() else { return Ok(None) };
        one(&mut self.spot.speaks(), &r).map(Some)
    }
    fn held(&self) -> usize {
        self.held.len()
    }
    fn finish(&mut self) -> impl Iterator<Item = Rec> + use<> {
        Rest {
            call: self.spot.speaks(),
            left: std::mem::take(&mut self.held),
        }
    }
}
/// The last word of a [`Delay`].
struct Rest {
    call: Call,
    left: VecDeque<Rec>,
}
impl Iterator for Rest {
    type Item = Rec;
    fn next(&mut self) -> Option<Rec> {
        match self.left.pop_front() {
            Some(r) => Some(self.call.gives(&r)),
            None => {
                self.call.finishes();
                None
            }
        }
    }
}
