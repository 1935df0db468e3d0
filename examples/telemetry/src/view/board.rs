//! What the view knows.

use std::{collections::VecDeque, time::Duration, time::SystemTime};

use forebay::pipeline::ledger::RingLedger;

use crate::{
    records::{Busy, Event, Reading},
    settings::{Measure, Settings},
    units::readings,
};

/// As far back as a wide terminal shows.
const POINTS: usize = 512;
/// As many as a high terminal shows.
const NOTES: usize = 128;

/// A line about something that has happened.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Note {
    /// When, since the start.
    pub(super) at: Duration,
    /// How it is to be taken.
    pub(super) tone: Tone,
    /// What.
    pub(super) text: String,
}

/// How a note is to be taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Tone {
    /// Good to know.
    Calm,
    /// A reader has missed something.
    Lag,
    /// Something is too much, or wrong.
    Alert,
}

/// What one reading says of one measure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// What the history shows: the level, or of disks what they moved, since they fill up too slowly to look at.
    pub(super) height: f64,
    /// It was above the limit of its time.
    pub(super) over: bool,
}

/// Everything that is drawn.
#[derive(Debug)]
pub(super) struct Board {
    /// The time since the start.
    pub(super) now: Duration,
    /// The settings in force; none before the pipeline has told.
    pub(super) settings: Option<Settings>,
    /// What was wanted last.
    pub(super) wanted: Settings,
    /// The measure whose limit the keys change.
    pub(super) chosen: Measure,
    /// The newest reading.
    pub(super) reading: Option<Reading>,
    /// What the readings said, the newest last.
    pub(super) points: VecDeque<[Point; 4]>,
    /// The busiest processes.
    pub(super) busiest: Vec<Busy>,
    /// What the narrator said last, and how late.
    pub(super) said: Option<(Duration, String)>,
    /// The readers and their counts.
    pub(super) readers: [(&'static str, RingLedger); 3],
    /// How many readings each of them was told that it missed.
    pub(super) told: [u64; 3],
    /// What has happened, the newest last.
    pub(super) notes: VecDeque<Note>,
}

impl Board {
    pub(super) fn new(wanted: Settings) -> Board {
        Board {
            now: Duration::ZERO,
            settings: None,
            wanted,
            chosen: Measure::Cpu,
            reading: None,
            points: VecDeque::new(),
            busiest: Vec::new(),
            said: None,
            readers: [
                ("judge", RingLedger::default()),
                ("blame", RingLedger::default()),
                ("narrate", RingLedger::default()),
            ],
            told: [0; 3],
            notes: VecDeque::new(),
        }
    }

    /// The measure so many places on from the one that is chosen.
    pub(super) fn choose(&mut self, step: isize) {
        let at = (self.chosen as isize + step).rem_euclid(Measure::ALL.len() as isize);
        self.chosen = Measure::ALL[at as usize];
    }

    /// Notes an event; what there is to say of it.
    pub(super) fn take(&mut self, event: Event) -> Vec<Note> {
        let mut said = Vec::new();
        match event {
            Event::Judged { reading, alerts } => {
                let points = Measure::ALL.map(|measure| Point {
                    height: match measure {
                        Measure::Disk => reading.read + reading.written,
                        _ => reading.level(measure),
                    },
                    over: alerts.iter().any(|alert| alert.measure == measure),
                });
                let before = self.points.back();
                for measure in Measure::ALL {
                    let was_over = before.is_some_and(|before| before[measure as usize].over);
                    let (name, level) = (measure.name(), measure.show(reading.level(measure)));
                    match alerts.iter().find(|alert| alert.measure == measure) {
                        Some(alert) if !was_over => {
                            let limit = measure.show(alert.limit);
                            said.push((Tone::Alert, format!("{name} is at {level}, over its limit of {limit}")));
                        }
                        None if was_over => said.push((Tone::Calm, format!("{name} is back at {level}"))),
                        _ => {}
                    }
                }
                keep(&mut self.points, points, POINTS);
                self.reading = Some(reading);
            }
            Event::Busiest(busiest) => self.busiest = busiest,
            Event::Said { at, words } => {
                let age = SystemTime::now().duration_since(at).unwrap_or_default();
                self.said = Some((age, words));
            }
            Event::Missed { reader, missed } => {
                if let Some(at) = self.readers.iter().position(|(name, _)| *name == reader) {
                    self.told[at] += missed;
                }
                said.push((Tone::Lag, format!("{reader} was too slow, and missed {}", readings(missed))));
            }
            Event::InForce(settings) => {
                said.extend(changes(self.settings.as_ref(), &settings).map(|text| (Tone::Calm, text)));
                self.settings = Some(settings);
            }
            Event::Trouble(what) => said.push((Tone::Alert, what)),
        }
        let at = self.now;
        let notes: Vec<Note> = said.into_iter().map(|(tone, text)| Note { at, tone, text }).collect();
        for note in &notes {
            keep(&mut self.notes, note.clone(), NOTES);
        }
        notes
    }
}

/// What is new in the settings, in words.
fn changes(before: Option<&Settings>, now: &Settings) -> impl Iterator<Item = String> {
    let differs = |what: fn(&Settings) -> u64| before.is_none_or(|before| what(before) != what(now));
    let paused = match (before.is_some_and(|before| before.paused), now.paused) {
        (false, true) => Some("paused: no reading is taken".to_owned()),
        (true, false) => Some("readings are taken again".to_owned()),
        _ => None,
    };
    let interval = differs(|settings| settings.beats.into()).then(|| format!("a reading every {:?}", now.interval()));
    let limits = Measure::ALL.into_iter().filter_map(|measure| {
        let limit = now.limit(measure);
        let new = before.is_some_and(|before| before.limit(measure) != limit);
        new.then(|| format!("the limit of {} is {}", measure.name(), measure.show(limit)))
    });
    paused
        .into_iter()
        .chain(interval)
        .chain(limits)
        .collect::<Vec<_>>()
        .into_iter()
}

fn keep<T>(all: &mut VecDeque<T>, new: T, most: usize) {
    if all.len() == most {
        all.pop_front();
    }
    all.push_back(new);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{Alert, Fill};

    fn judged(cpu: f64, limit: f64) -> Event {
        let reading = Reading {
            at: SystemTime::UNIX_EPOCH,
            cpu,
            cores: [].into(),
            memory: Fill::default(),
            disk: Fill::default(),
            read: 0.0,
            written: 0.0,
            received: 0.0,
            sent: 0.0,
        };
        let alert = Alert {
            measure: Measure::Cpu,
            level: cpu,
            limit,
        };
        let alerts = if cpu > limit { vec![alert] } else { vec![] };
        Event::Judged { reading, alerts }
    }

    #[test]
    fn an_alert_is_told_when_it_begins_and_when_it_is_over() {
        let mut board = Board::new(Settings::default());
        let notes: Vec<Note> = [50.0, 85.0, 95.0, 70.0, 60.0]
            .into_iter()
            .flat_map(|cpu| board.take(judged(cpu, 80.0)))
            .collect();
        let texts: Vec<_> = notes.iter().map(|note| (note.tone, note.text.as_str())).collect();
        let expected = [
            (Tone::Alert, "CPU is at 85 %, over its limit of 80 %"),
            (Tone::Calm, "CPU is back at 70 %"),
        ];
        assert_eq!(texts, expected);
        assert_eq!(board.points.len(), 5);
    }

    #[test]
    fn what_changes_in_the_settings_is_told() {
        let mut board = Board::new(Settings::default());
        let mut told = |settings: &Settings| -> Vec<String> {
            let notes = board.take(Event::InForce(settings.clone()));
            notes.into_iter().map(|note| note.text).collect()
        };
        let mut settings = Settings::default();
        assert_eq!(told(&settings), ["a reading every 250ms"]);
        settings.paused = true;
        settings.set_limit(Measure::Network, 12.0);
        assert_eq!(
            told(&settings),
            ["paused: no reading is taken", "the limit of network is 12 MiB/s"]
        );
        settings.paused = false;
        settings.beats = 4;
        assert_eq!(told(&settings), ["readings are taken again", "a reading every 1s"]);
        assert!(told(&settings).is_empty());
    }

    #[test]
    fn what_a_reader_was_told_adds_up() {
        let mut board = Board::new(Settings::default());
        for missed in [7, 1] {
            board.take(Event::Missed {
                reader: "narrate",
                missed,
            });
        }
        let texts: Vec<_> = board.notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(board.told, [0, 0, 8]);
        assert_eq!(
            texts,
            [
                "narrate was too slow, and missed 7 readings",
                "narrate was too slow, and missed 1 reading"
            ]
        );
    }

    #[test]
    fn the_choice_goes_round() {
        let mut board = Board::new(Settings::default());
        board.choose(-1);
        assert_eq!(board.chosen, Measure::Network);
        board.choose(1);
        assert_eq!(board.chosen, Measure::Cpu);
    }
}
