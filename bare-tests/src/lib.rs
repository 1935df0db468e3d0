//! A program for a bare machine, without an operating system and without an allocator: rings in `static`s, a record, stages.
//!
//! An interrupt handler brings samples, the main loop takes them through a stage, a task sends what is left.
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;

#[cfg(feature = "alloc")]
pub mod heap;

use core::future::poll_fn;

use forebay::prelude::*;
use forebay::ring::broadcast::Broadcast;
use forebay::ring::latest::Latest;
use forebay::ring::mailbox::Mailbox;
use forebay::ring::mpmc::{Mpmc, Receiver, Sender};
use forebay::ring::spsc::{Consumer, Producer, Spsc};
use forebay::ring::{PushError, Reader, Writer};

/// What a sensor has measured.
#[record(name = "bare.sample", version = 2, max_size = 4)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Which sensor.
    #[key]
    pub sensor: u16,
    /// What it says.
    pub level: u16,
}

/// Lets through what is loud.
#[stage]
pub fn loud(sample: Sample, least: &u16) -> Option<Sample> {
    (sample.level >= *least).then_some(sample)
}

/// The loudest sample so far.
#[derive(Debug, Default)]
pub struct Peak {
    level: u16,
}

#[stage]
impl Peak {
    /// Looks at one more.
    pub fn process(&mut self, sample: Sample) {
        self.level = self.level.max(sample.level);
    }
    /// The loudest.
    pub fn finish(&mut self) -> u16 {
        self.level
    }
}

/// What a radio has sent.
#[derive(Debug, Default)]
pub struct Radio {
    /// How many samples.
    pub sent: u32,
}

/// The radio can send no more.
#[derive(Debug, PartialEq, Eq)]
pub struct Exhausted;

/// Sends a sample, and waits a turn for it.
#[stage(runtime = none)]
pub async fn send(sample: Sample, radio: &mut Radio) -> Result<u16, Exhausted> {
    let mut waited = false;
    poll_fn(|cx| {
        if core::mem::replace(&mut waited, true) {
            return core::task::Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        core::task::Poll::Pending
    })
    .await;
    if radio.sent == 3 {
        return Err(Exhausted);
    }
    radio.sent += 1;
    Ok(sample.level)
}

/// From the interrupt handler to the main loop.
pub static SAMPLES: Spsc<Sample, 64> = Spsc::new();
/// From the main loop to whoever sends.
pub static LOUD: Mpmc<Sample, 8> = Mpmc::new();
/// What is loud enough.
pub static LEAST: Latest<u16, 4> = Latest::new();
/// For whoever wants to know.
pub static LEVELS: Broadcast<u16, 32> = Broadcast::new();
/// What to do next.
pub static COMMAND: Mailbox<u8> = Mailbox::new();

/// The interrupt handler: a sample that does not fit is refused, and given back.
pub fn on_sample(samples: &mut Producer<Sample, 64>, sample: Sample) -> Result<(), PushError<Sample>> {
    samples.try_push(sample)
}

/// A turn of the main loop: how many samples were loud, and went on.
pub fn turn(samples: &mut Consumer<Sample, 64>, least: u16, peak: &mut Peak, out: &Sender<Sample, 8>) -> usize {
    let mut went_on = 0;
    while let Some(sample) = samples.pop() {
        peak.process(sample);
        if let Some(sample) = loud(sample, &least) {
            went_on += usize::from(out.try_push(sample).is_ok());
        }
    }
    samples.release();
    went_on
}

/// A task that hands on what comes, waiting for it and for room, and ends with it.
pub async fn relay(from: &mut Receiver<Sample, 8>, to: &Sender<Sample, 8>) {
    while let Some(sample) = from.recv().await {
        if to.send(sample).await.is_err() {
            return;
        }
    }
}
