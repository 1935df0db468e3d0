//! A running pipeline, from its start to its ledger.

use std::{fmt, io, sync::Arc, time::Duration};

use forebay::pipeline::ledger::RingLedger;

use crate::{
    machine::{Gauges, Processes},
    pace::Pace,
    pipeline::{OnThisMachine, TelemetryHandle, TelemetryLedger},
    records::{Command, Event},
    settings::Settings,
    units::readings,
};

/// The pipeline, running.
pub struct Running {
    handle: TelemetryHandle,
    pace: Arc<Pace>,
}

impl Running {
    /// Starts it on this machine.
    pub fn start(pace: Pace, settings: Settings) -> anyhow::Result<Running> {
        let pace = Arc::new(pace);
        let handle = OnThisMachine::builder()
            .try_meter(|_| Gauges::new())
            .try_census(|_| Processes::new())
            .pace(pace.clone())
            .start()?;
        let running = Running::of(handle, pace);
        running.want(settings);
        Ok(running)
    }

    /// What was started elsewhere.
    pub fn of(handle: TelemetryHandle, pace: Arc<Pace>) -> Running {
        Running { handle, pace }
    }

    /// Puts a command into the mailbox. A pipeline that has ended takes none, and then there is nothing to command.
    pub fn want(&self, wanted: Settings) {
        drop(self.handle.commands.try_send(Command { wanted }));
    }

    /// What there is to see next; none when the pipeline has ended. Dropping the future loses nothing.
    pub async fn event(&mut self) -> Option<Event> {
        self.handle.events.recv().await
    }

    /// The readers, and the counts of each as they stand: what it was offered, took, has before it and missed.
    pub fn readers(&self) -> [(&'static str, RingLedger); 3] {
        readers(&self.handle.control.ledger())
    }

    /// Ends it: no further reading is taken, those in the history are worked off, and what there is to see goes to `show`.
    /// At a Ctrl-C nothing more is worked off.
    pub async fn drain(mut self, mut show: impl FnMut(Event) -> io::Result<()>) -> anyhow::Result<TelemetryLedger> {
        self.pace.hurry();
        let drained = self.handle.control.drain();
        let mut impatient = std::pin::pin!(tokio::signal::ctrl_c());
        let mut heard = false;
        loop {
            tokio::select! {
                event = self.handle.events.recv() => match event {
                    Some(event) => show(event)?,
                    None => break,
                },
                _ = &mut impatient, if !heard => {
                    heard = true;
                    drop(self.handle.control.abort());
                }
            }
        }
        let ledger = drained.await;
        ledger.check()?;
        Ok(ledger)
    }
}

fn readers(ledger: &TelemetryLedger) -> [(&'static str, RingLedger); 3] {
    [
        ("judge", ledger.judge.input),
        ("blame", ledger.blame.input),
        ("narrate", ledger.narrate.input),
    ]
}

/// What became of the history, in sentences.
pub struct Summary<'a>(pub &'a TelemetryLedger);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} into the history.", readings(self.0.readings.offered))?;
        for (name, counts) in readers(self.0) {
            let RingLedger { taken, lost, cut, .. } = counts;
            write!(f, "{name:<8} took {taken} and missed {lost}")?;
            writeln!(
                f,
                "{}",
                if cut == 0 {
                    String::new()
                } else {
                    format!("; {cut} were cut")
                }
            )?;
        }
        Ok(())
    }
}

/// Resolves at a Ctrl-C, when the system asks the program to end, and after `time`.
pub async fn ending(time: Option<Duration>) -> io::Result<()> {
    let over = async {
        match time {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        heard = tokio::signal::ctrl_c() => heard,
        heard = asked_to_end() => heard,
        () = over => Ok(()),
    }
}

#[cfg(unix)]
async fn asked_to_end() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut end, mut hang_up) = (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    tokio::select! {
        _ = end.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> io::Result<()> {
    std::future::pending().await
}
