//! The pipeline on readings that the tests hand out one by one, under a clock that is never waited for.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use forebay::prelude::*;
use telemetry::{
    machine::{Census, Meter},
    pace::Pace,
    pipeline::{Telemetry, TelemetryHandle},
    records::{Alert, Busy, Command, Event, Fill, Reading},
    running::Running,
    settings::{BEAT, Measure, Settings},
};

/// Waits for the next reading that the test hands out; when it hands out none any more, the last one is as good as any.
struct Script {
    levels: Arc<Mutex<Receiver<f64>>>,
    last: f64,
}

impl Meter for Script {
    fn measure(&mut self, _due: SystemTime) -> Reading {
        self.last = self.levels.lock().unwrap().recv().unwrap_or(self.last);
        Reading {
            at: UNIX_EPOCH,
            cpu: self.last,
            cores: [].into(),
            memory: Fill::default(),
            disk: Fill::default(),
            read: 0.0,
            written: 0.0,
            received: 0.0,
            sent: 0.0,
        }
    }
}

struct Nobody;

impl Census for Nobody {
    fn busiest(&mut self) -> Vec<Busy> {
        Vec::new()
    }
}

struct Machine {
    /// A reading with this level of the CPU is taken for each.
    levels: Sender<f64>,
    handle: TelemetryHandle,
    pace: Arc<Pace>,
}

fn start() -> Machine {
    let (levels, script) = channel();
    let script = Arc::new(Mutex::new(script));
    let pace = Arc::new(Pace::never());
    let handle = Telemetry::<Script, Nobody>::builder()
        .meter(move |_| Script {
            levels: script.clone(),
            last: 0.0,
        })
        .census(|_| Nobody)
        .pace(pace.clone())
        .start()
        .unwrap();
    Machine { levels, handle, pace }
}

impl Machine {
    /// The next event of which `wanted` makes something.
    async fn next<T>(&mut self, wanted: impl Fn(&Event) -> Option<T>) -> T {
        loop {
            let event = self.handle.events.recv().await.expect("it goes on");
            if let Some(found) = wanted(&event) {
                return found;
            }
        }
    }

    /// Hands out one reading and waits until both readers that keep up are done with it; the alerts.
    async fn read(&mut self, cpu: f64) -> Vec<Alert> {
        self.levels.send(cpu).unwrap();
        let (mut judged, mut blamed) = (None, false);
        while judged.is_none() || !blamed {
            match self.handle.events.recv().await.expect("it goes on") {
                Event::Judged { reading, alerts } if reading.cpu == cpu => judged = Some(alerts),
                Event::Busiest(_) => blamed = true,
                _ => {}
            }
        }
        judged.unwrap()
    }
}

const fn above(level: f64, limit: f64) -> Alert {
    Alert {
        measure: Measure::Cpu,
        level,
        limit,
    }
}

#[tokio::test(start_paused = true)]
async fn the_slow_reader_loses_readings_and_is_told_and_the_others_lose_none() {
    let mut machine = start();
    for n in 0..100 {
        machine.read(f64::from(n) / 2.0).await;
    }
    let now = machine.handle.control.ledger();
    // It stands at the first one; 16 are still there.
    let narrate = now.narrate.input;
    assert_eq!(
        (narrate.offered, narrate.taken, narrate.queued, narrate.lost),
        (100, 1, 16, 83)
    );
    let Machine { levels, handle, pace } = machine;
    // The deadline of the drain is real: the meter's thread is not known to a clock that jumps.
    tokio::time::resume();
    let (mut told, mut said) = (Vec::new(), 0);
    // The test hands out no more: what the meter still takes while the pipeline drains is the last one again.
    drop(levels);
    let ledger = Running::of(handle, pace)
        .drain(|event| {
            match event {
                Event::Missed { reader, missed } => told.push((reader, missed)),
                Event::Said { .. } => said += 1,
                _ => {}
            }
            Ok(())
        })
        .await
        .unwrap();
    let (judge, blame, narrate) = (ledger.judge.input, ledger.blame.input, ledger.narrate.input);
    let all = ledger.readings.offered;
    assert_eq!((judge.taken, judge.lost), (all, 0));
    assert_eq!((blame.taken, blame.lost), (all, 0));
    assert_eq!(narrate.taken + narrate.lost, all);
    assert!(told.iter().all(|(reader, _)| *reader == "narrate"), "{told:?}");
    assert_eq!(told.iter().map(|(_, missed)| missed).sum::<u64>(), narrate.lost);
    assert!(narrate.lost >= 83, "{narrate:?}");
    assert_eq!(said, narrate.taken);
}

#[tokio::test(start_paused = true)]
async fn the_next_reading_is_judged_by_the_newest_settings() {
    let mut machine = start();
    assert_eq!(machine.read(50.0).await, []);
    let mut wanted = Settings::default();
    wanted.set_limit(Measure::Cpu, 40.0);
    machine.handle.commands.try_send(Command { wanted: wanted.clone() }).unwrap();
    machine
        .next(|event| (*event == Event::InForce(wanted.clone())).then_some(()))
        .await;
    assert_eq!(machine.read(51.0).await, [above(51.0, 40.0)]);
}

#[tokio::test(start_paused = true)]
async fn in_a_pause_no_reading_is_taken() {
    let mut machine = start();
    machine.read(1.0).await;
    let wanted = Settings {
        paused: true,
        ..Settings::default()
    };
    machine.handle.commands.try_send(Command { wanted: wanted.clone() }).unwrap();
    machine
        .next(|event| (*event == Event::InForce(wanted.clone())).then_some(()))
        .await;
    // Beats that were let through before are still read.
    for _ in 0..4 {
        machine.levels.send(2.0).unwrap();
    }
    while machine.handle.control.ledger().due.dropped < 20 {
        tokio::time::sleep(BEAT).await;
    }
    let ledger = machine.handle.control.ledger();
    assert!(ledger.readings.offered < 6, "{:?}", ledger.readings);
}

#[tokio::test(start_paused = true)]
async fn a_newer_command_replaces_one_that_nobody_has_taken() {
    let mut machine = start();
    // All on one thread: nothing runs before the next `await`.
    for beats in [2, 3, 4] {
        let wanted = Settings {
            beats,
            ..Settings::default()
        };
        machine.handle.commands.try_send(Command { wanted }).unwrap();
    }
    let newest = machine
        .next(|event| match event {
            Event::InForce(settings) if settings.beats > 1 => Some(settings.beats),
            _ => None,
        })
        .await;
    assert_eq!(newest, 4);
    let ledger = machine.handle.control.ledger();
    assert_eq!(
        (ledger.commands.offered, ledger.commands.taken, ledger.commands.lost),
        (3, 1, 2)
    );
    assert_eq!(ledger.obey.finished, 1);
}

#[tokio::test(start_paused = true)]
async fn a_meter_that_panics_costs_one_reading_and_is_shown() {
    struct Broken(u32);
    impl Meter for Broken {
        fn measure(&mut self, due: SystemTime) -> Reading {
            self.0 += 1;
            assert!(self.0 != 2, "out of order");
            let script = Arc::new(Mutex::new(channel().1));
            Script {
                levels: script,
                last: 1.0,
            }
            .measure(due)
        }
    }
    let pace = Arc::new(Pace::of(Duration::ZERO));
    let handle = Telemetry::<Broken, Nobody>::builder()
        .meter(|worker: WorkerId| Broken(worker.incarnation() * 10))
        .census(|_| Nobody)
        .pace(pace.clone())
        .start()
        .unwrap();
    let mut running = Running::of(handle, pace);
    let (mut trouble, mut after) = (Vec::new(), 0);
    while after < 3 {
        match running.event().await.unwrap() {
            Event::Trouble(what) => trouble.push(what),
            Event::Judged { .. } if !trouble.is_empty() => after += 1,
            _ => {}
        }
    }
    tokio::time::resume();
    let ledger = running.drain(|_| Ok(())).await.unwrap();
    assert_eq!(trouble, ["sample: Panic(\"out of order\")"]);
    assert_eq!((ledger.sample.failed, ledger.sample.rebuilt), (1, 1));
}
