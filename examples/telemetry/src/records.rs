//! What flows through the pipeline.

use std::{sync::Arc, time::SystemTime};

use forebay::prelude::*;

use crate::{
    settings::{Measure, Settings},
    units::MIB,
};

/// The machine at one moment.
#[record]
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// When it was due.
    pub at: SystemTime,
    /// How busy all cores are together, in percent.
    pub cpu: f64,
    /// How busy each core is, in percent.
    pub cores: Arc<[f32]>,
    /// The memory.
    pub memory: Fill,
    /// The fullest disk that can be written to; empty where there is none.
    pub disk: Fill,
    /// Read from all disks, in bytes a second.
    pub read: f64,
    /// Written to all disks, in bytes a second.
    pub written: f64,
    /// Received over all interfaces but the loopback, in bytes a second.
    pub received: f64,
    /// Sent over them, in bytes a second.
    pub sent: f64,
}

/// A thing that fills up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Fill {
    /// Bytes in use.
    pub used: u64,
    /// Bytes in all.
    pub total: u64,
}

impl Fill {
    /// How full it is; 0 where there is nothing to fill.
    pub fn percent(self) -> f64 {
        if self.total == 0 {
            0.0
        } else {
            self.used as f64 / self.total as f64 * 100.0
        }
    }
}

impl Reading {
    /// What the limit of a measure is held against.
    pub fn level(&self, measure: Measure) -> f64 {
        match measure {
            Measure::Cpu => self.cpu,
            Measure::Memory => self.memory.percent(),
            Measure::Disk => self.disk.percent(),
            Measure::Network => (self.received + self.sent) / MIB,
        }
    }
}

/// What somebody wants: all of the settings at once, so that a newer command makes an older one moot.
#[record]
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// What is to be in force.
    pub wanted: Settings,
}

/// A level above its limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alert {
    /// What is too much.
    pub measure: Measure,
    /// How much it is.
    pub level: f64,
    /// The limit that was in force.
    pub limit: f64,
}

/// A process, and what it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Busy {
    /// What it is called.
    pub name: String,
    /// In percent of one core.
    pub cpu: f32,
    /// In bytes.
    pub memory: u64,
}

/// What there is to see.
#[record]
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A reading, and what is too much in it.
    Judged {
        /// The reading.
        reading: Reading,
        /// What is above its limit.
        alerts: Vec<Alert>,
    },
    /// The busiest processes, the busiest first.
    Busiest(Vec<Busy>),
    /// A reading, put in words.
    Said {
        /// When the reading was due.
        at: SystemTime,
        /// The words.
        words: String,
    },
    /// A reader was too slow, and missed some.
    Missed {
        /// The reader.
        reader: &'static str,
        /// How many records it missed since it was told last.
        missed: u64,
    },
    /// These settings are in force now.
    InForce(Settings),
    /// A stage has failed over one record.
    Trouble(String),
}
