//! The stages: each is a function, and its tests call it.

use std::fmt::Debug;

use forebay::prelude::*;

use crate::{
    machine::{Census, Meter},
    pace::Pace,
    records::{Alert, Command, Event, Reading},
    settings::{Measure, Settings},
    units::{bytes, rate},
};

/// Lets those beats pass at which a reading is due.
#[stage]
pub fn due(beat: Tick, settings: &Settings) -> Option<Tick> {
    let now = !settings.paused && beat.count.is_multiple_of(settings.beats.into());
    now.then_some(beat)
}

/// Takes a reading.
#[stage]
pub fn sample<M: Meter>(beat: Tick, meter: &mut M) -> Reading {
    meter.measure(beat.at)
}

/// Does what is wanted, within reason.
#[stage]
pub fn obey(command: Command) -> Settings {
    command.wanted.within_reason()
}

/// Tells which settings are in force.
#[stage]
pub fn in_force(settings: Settings) -> Event {
    Event::InForce(settings)
}

/// The fast reader: holds a reading against the limits that are in force.
#[stage]
pub fn judge(reading: Reading, settings: &Settings) -> Event {
    let alerts = Measure::ALL
        .map(|measure| Alert {
            measure,
            level: reading.level(measure),
            limit: settings.limit(measure),
        })
        .into_iter()
        .filter(|alert| alert.level > alert.limit)
        .collect();
    Event::Judged { reading, alerts }
}

/// The reader in the middle: goes through all processes to find out who is busy.
#[stage]
pub fn blame<C: Census>(_reading: Reading, census: &mut C) -> Event {
    Event::Busiest(census.busiest())
}

/// The slow reader: puts a reading in words, at the pace of somebody who speaks.
#[stage]
pub async fn narrate(reading: Reading, pace: &Pace) -> Event {
    pace.sentence().await;
    Event::Said {
        at: reading.at,
        words: in_words(&reading),
    }
}

/// Tells that a reader was too slow, and how many records it has missed.
#[stage]
pub fn admit(lag: Lagged) -> Event {
    Event::Missed {
        reader: lag.reader,
        missed: lag.missed,
    }
}

/// Tells that a stage has failed over one record, as one that panics does.
#[stage]
pub fn report<In: Send + 'static, E: Debug + Send + 'static>(failed: Failed<In, E>) -> Event {
    Event::Trouble(format!("{}: {:?}", failed.node, failed.cause))
}

fn in_words(reading: &Reading) -> String {
    let cpu = match reading.cpu {
        ..10.0 => "The processor idles",
        ..60.0 => "The processor works",
        ..90.0 => "The processor works hard",
        _ => "The processor can do no more",
    };
    let memory = match reading.memory.percent() {
        ..50.0 => "there is much memory left",
        ..90.0 => "there is some memory left",
        _ => "there is hardly any memory left",
    };
    let disk = match reading.read + reading.written {
        ..1024.0 => "the disks rest".to_owned(),
        both => format!("the disks move {}", rate(both)),
    };
    let network = match reading.received + reading.sent {
        ..1024.0 => "the network is quiet".to_owned(),
        both => format!("the network carries {}", rate(both)),
    };
    let left = bytes(reading.memory.total.saturating_sub(reading.memory.used) as f64);
    format!("{cpu} at {:.0} %; {memory}, {left}; {disk}; {network}.", reading.cpu)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::records::Fill;

    fn reading(cpu: f64) -> Reading {
        Reading {
            at: UNIX_EPOCH,
            cpu,
            cores: [cpu as f32].into(),
            memory: Fill {
                used: 3 << 30,
                total: 4 << 30,
            },
            disk: Fill::default(),
            read: 0.0,
            written: 2048.0,
            received: 600.0,
            sent: 100.0,
        }
    }

    #[test]
    fn a_reading_is_due_at_every_nth_beat_and_never_in_a_pause() {
        let passed = |settings: &Settings| {
            let beats = (0..9).map(|count| Tick { count, at: UNIX_EPOCH });
            beats
                .filter_map(|beat| due(beat, settings))
                .map(|beat| beat.count)
                .collect::<Vec<_>>()
        };
        let mut settings = Settings {
            beats: 4,
            ..Settings::default()
        };
        assert_eq!(passed(&settings), [0, 4, 8]);
        settings.beats = 1;
        assert_eq!(passed(&settings).len(), 9);
        settings.paused = true;
        assert!(passed(&settings).is_empty());
    }

    #[test]
    fn what_is_above_its_limit_is_an_alert_and_what_is_at_it_is_not() {
        let settings = Settings::default();
        let alerts = |cpu| match judge(reading(cpu), &settings) {
            Event::Judged { alerts, .. } => alerts,
            other => panic!("{other:?}"),
        };
        assert_eq!(alerts(80.0), []);
        let alert = Alert {
            measure: Measure::Cpu,
            level: 80.5,
            limit: 80.0,
        };
        assert_eq!(alerts(80.5), [alert]);
    }

    #[test]
    fn a_command_is_obeyed_within_reason() {
        let wanted = Settings {
            beats: 0,
            ..Settings::default()
        };
        assert_eq!(obey(Command { wanted }), Settings::default());
    }

    #[tokio::test]
    async fn a_reading_is_put_in_words() {
        let said = narrate(reading(62.4), &Pace::of(Duration::ZERO)).await;
        let words = "The processor works hard at 62 %; there is some memory left, 1.0 GiB; the disks move 2.0 KiB/s; \
                     the network is quiet.";
        assert_eq!(
            said,
            Event::Said {
                at: UNIX_EPOCH,
                words: words.to_owned()
            }
        );
    }

    #[test]
    fn a_lag_is_admitted() {
        let missed = Event::Missed {
            reader: "narrate",
            missed: 7,
        };
        assert_eq!(admit(Lagged::new("readings", "narrate", 7)), missed);
    }
}
