//! The pipeline.

use forebay::prelude::*;

use crate::{
    machine::{Census, Gauges, Meter, Processes},
    pace::Pace,
    records::{Command, Event, Reading},
    settings::Settings,
    stages::{admit, blame, due, in_force, judge, narrate, obey, report, sample},
};

pipeline! {
    /// Reads this machine, and shows what three readers of different speeds make of it.
    ///
    /// No reader waits for another: one that cannot follow loses the oldest readings, is told how many, and goes on.
    pub Telemetry<M: Meter, C: Census> {
        budget 64KiB;
        drain  5s;

        /// What somebody wants. There is one slot: a newer command replaces one that nobody has taken yet.
        input  commands: Command [mailbox];

        /// What is in force. Whoever borrows it has the newest there is; there always is one.
        topic  settings: Settings [latest = Settings::default()];

        /// The history. Every reader sees every reading, at its own pace, as far back as this.
        topic  readings: Reading [broadcast 16];

        /// What there is to see.
        output events: Event [32];

        /// What readings are taken from.
        local  meter: M;
        /// What knows who is busy.
        local  census: C;
        /// How fast the narrator speaks.
        shared pace: Pace;

        commands -> obey -> settings;
        settings -> in_force -> events;

        every 250ms -> due(settings) -[2]-> sample(meter) { blocking } -> readings;

        readings -> judge(settings) -> events;            // at once
        readings -> blame(census) { blocking } -> events; // after some milliseconds
        readings -> narrate(pace) -> events;              // after some seconds: too slow

        judge.lagged   -[4]-> admit -> events;
        blame.lagged   -[4]-> admit;
        narrate.lagged -[4]-> admit;
        errors         -[4]-> report -> events;
    }
}

/// The pipeline that reads this machine.
pub type OnThisMachine = Telemetry<Gauges, Processes>;
