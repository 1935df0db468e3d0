//! Who reads.

use std::future::Future;
use std::time::Duration;

use forebay::TryRecvError;
use forebay::prelude::*;
use forebay::testing::{Dice, SimRt};

use super::Gate;
use crate::plan::Reader;
use crate::rec::Who;
use crate::world::{Reading, delivered, pausing};

/// How a reader reads.
pub(super) struct Habits {
    pub(super) how: Reader,
    pub(super) rt: SimRt,
    pub(super) pause: Duration,
    pub(super) dice: Dice,
    pub(super) over: Gate,
    pub(super) read: u64,
}

impl Habits {
    /// Before each record; false when it leaves.
    async fn goes_on(&mut self) -> bool {
        match self.how {
            Reader::Eager => {}
            Reader::Slow => pausing(&self.rt, &mut self.dice, self.pause).await,
            Reader::Leaves(after) if self.read >= after => return false,
            Reader::Stalls(after) if self.read >= after => self.over.opens().await,
            Reader::Leaves(_) | Reader::Stalls(_) => {}
        }
        true
    }
}

/// Reads an output, in every way that there is.
pub(super) async fn read<T: Who + Send + 'static, const N: usize>(
    port: usize,
    mut output: AsyncStream<T, N>,
    mut habits: Habits,
) {
    while habits.goes_on().await {
        match habits.dice.below(6) {
            0 => {
                let mut together = Vec::new();
                habits.read += output.drain_into(&mut together) as u64;
                together.iter().for_each(|r| delivered(port, r.who()));
            }
            1 => habits.read += output.for_each_ready(|r| delivered(port, r.who())) as u64,
            2 => {
                if let Ok(r) = output.try_recv() {
                    delivered(port, r.who());
                    habits.read += 1;
                }
            }
            _ => {}
        }
        match output.recv().await {
            Some(r) => delivered(port, r.who()),
            None => return,
        }
        habits.read += 1;
    }
}

/// An output that overwrites.
pub(super) trait Overwrites<T> {
    fn recv(&mut self) -> impl Future<Output = Option<T>> + Send;
    fn try_recv(&mut self) -> Result<T, TryRecvError>;
    fn lost(&self) -> u64;
}

macro_rules! overwrites {
    ($output:ident) => {
        impl<T: Clone + Send + Sync + 'static, const N: usize> Overwrites<T> for $output<T, N> {
            fn recv(&mut self) -> impl Future<Output = Option<T>> + Send {
                $output::recv(self)
            }
            fn try_recv(&mut self) -> Result<T, TryRecvError> {
                $output::try_recv(self)
            }
            fn lost(&self) -> u64 {
                $output::lost(self)
            }
        }
    };
}
overwrites!(Subscription);
overwrites!(Watch);

/// Reads an output that overwrites.
pub(super) async fn follow<T: Who + Send>(mut output: impl Overwrites<T>, mut habits: Habits, reading: Reading) {
    while habits.goes_on().await {
        if habits.dice.below(3) == 0
            && let Ok(record) = output.try_recv()
        {
            reading.got(record.who());
            habits.read += 1;
        }
        let record = output.recv().await;
        if let Some(record) = &record {
            reading.got(record.who());
        }
        habits.read += 1;
        reading.missed(output.lost(), record.is_none());
        if record.is_none() {
            return;
        }
    }
}
