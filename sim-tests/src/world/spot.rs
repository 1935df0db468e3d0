//! What a stage sees at its node: its calls, and what each of them meets.

use forebay::testing::Dice;

use super::{WORLD, new_id, pausing, with};
use crate::log::{Called, Ended, Newest, NodeLog};
use crate::rec::{Bad, Rec};

/// A node's place in the world.
#[derive(Debug, Clone, Copy)]
pub struct Spot(usize);

/// What a record meets at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing in particular.
    Fine,
    /// An error.
    Err,
    /// A panic.
    Panic,
}

impl Spot {
    /// The node of this number.
    pub const fn at(number: usize) -> Self {
        Spot(number)
    }

    /// The stage is called with a record; 0 where none is known.
    pub fn takes(&self, id: u64) -> Call {
        let times = with(|world| {
            world.log.events += 1;
            world.times()
        });
        self.call(id, false, times)
    }

    /// The stage is called for no record.
    pub fn speaks(&self) -> Call {
        self.call(0, true, 1)
    }

    fn call(&self, id: u64, own: bool, times: u64) -> Call {
        with(|world| {
            let calls = &mut world.log.nodes[self.0].calls;
            let (call, end) = (calls.len(), None);
            // A record that is tried again has another fate, and so does a call for no record.
            let tried = calls.iter().filter(|call| call.id == id).count() as u64;
            let gave = false;
            calls.push(Called {
                id,
                own,
                times,
                gave,
                end,
            });
            let key = if id == 0 { world.log.events << 20 } else { id ^ tried << 40 };
            Call {
                at: self.0,
                call,
                first: tried == 0,
                id,
                dice: world.plan.fate(self.0, key),
            }
        })
    }

    /// A pulled stage goes, and so many records with it.
    pub fn loses(&self, held: usize) {
        // What is left at the end of a run is dropped when the world has gone.
        WORLD.with_borrow_mut(|world| {
            if let Some(world) = world {
                world.log.nodes[self.0].held += held as u64;
            }
        });
    }

    /// `call` was told that somebody has missed so many.
    pub fn learns(&self, call: &Call, missed: u64) {
        with(|world| {
            let node = &mut world.log.nodes[self.0];
            node.missed += missed * node.calls[call.call].times;
        });
    }

    /// When `call` begins the newest value of the topic is this one.
    pub fn sees(&self, call: &Call, value: u64) {
        // Another try has what the first one had.
        let least = with(|world| if call.first { world.set } else { 0 });
        self.notes(call, value, least);
    }

    /// Later it still is.
    pub fn still_sees(&self, call: &Call, value: u64) {
        self.notes(call, value, 0);
    }

    fn notes(&self, call: &Call, value: u64, least: u64) {
        let call = call.call;
        with(|world| world.log.nodes[self.0].newest.push(Newest { call, value, least }));
    }

    /// A batch has failed.
    pub fn fails_batch(&self) {
        with(|world| world.log.nodes[self.0].failed_batches += 1);
    }

    /// A failed record came here in a batch.
    pub fn buries(&self, failure: u64) {
        with(|world| world.log.nodes[self.0].buried.push(failure));
    }
}

/// A call of a stage, from its beginning to its end. Dropped before, it was cut.
#[derive(Debug)]
pub struct Call {
    at: usize,
    call: usize,
    /// Of its record.
    first: bool,
    id: u64,
    dice: Dice,
}

impl Call {
    fn log<T>(&self, what: impl FnOnce(&mut NodeLog) -> T) -> T {
        with(|world| what(&mut world.log.nodes[self.at]))
    }

    fn ends(&self, how: Ended) {
        self.log(|node| node.calls[self.call].end = Some(how));
    }

    /// What this call meets.
    pub fn fate(&mut self) -> Fate {
        let (errors, panics) = with(|world| (world.plan.errors, world.plan.panics));
        match () {
            () if self.dice.one_in(panics) => Fate::Panic,
            () if self.dice.one_in(errors) => Fate::Err,
            () => Fate::Fine,
        }
    }

    /// The same where the stage cannot fail but by a panic: it panics.
    pub fn risk(&mut self) {
        if self.fate() == Fate::Panic {
            self.blows();
        }
    }

    /// A number below `n`, from this call's own dice.
    pub fn below(&mut self, n: u64) -> u64 {
        self.dice.below(n)
    }

    /// It gives a record that stems from `from`.
    pub fn gives(&mut self, from: &Rec) -> Rec {
        let id = new_id();
        self.log(|node| {
            node.gave.push(id);
            node.stems.insert(id, self.id);
            node.calls[self.call].gave = true;
        });
        Rec::new(id, from.key, from.laps)
    }

    /// It begins to give a record, and will know only later whether that was taken.
    pub fn offers(&mut self, from: &Rec) -> Rec {
        let given = self.gives(from);
        self.log(|node| node.giving += 1);
        given
    }

    /// What was offered last has been taken.
    pub fn taken(&mut self) {
        self.log(|node| node.giving -= 1);
    }

    /// It comes to its end.
    pub fn finishes(&mut self) {
        self.ends(Ended::Finished);
    }

    /// It comes to its end with `None`.
    pub fn filters(&mut self) {
        self.ends(Ended::Filtered);
    }

    /// It fails.
    pub fn fails(&mut self) -> Bad {
        self.ends(Ended::Failed);
        Bad
    }

    /// It fails by a panic.
    pub fn blows(&mut self) -> ! {
        self.fails();
        panic!("{}", crate::runs::PLANNED)
    }

    /// It takes a while.
    pub async fn waits(&mut self) {
        let (rt, pause) = with(|world| (world.rt.clone(), world.plan.pause));
        pausing(&rt, &mut self.dice, pause).await;
    }
}
