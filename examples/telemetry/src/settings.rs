//! What is in force: how often a reading is taken, and what is too much.

use std::time::Duration;

use crate::units::{MIB, rate};

/// The clock of the pipeline beats this often; a reading is taken at every beat or at every so-manieth.
///
/// More often makes no sense: the system's own CPU counts are too coarse for it.
pub const BEAT: Duration = Duration::from_millis(250);

/// The intervals that the keys step through, in beats.
const STEPS: [u32; 5] = [1, 2, 4, 8, 20];

/// What is measured and has a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// How busy all cores are together, in percent.
    Cpu,
    /// How full the memory is, in percent.
    Memory,
    /// How full the fullest disk is, in percent.
    Disk,
    /// What all interfaces but the loopback receive and send together, in MiB a second.
    Network,
}

impl Measure {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Measure; 4] = [Measure::Cpu, Measure::Memory, Measure::Disk, Measure::Network];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Measure::Cpu => "CPU",
            Measure::Memory => "memory",
            Measure::Disk => "disk",
            Measure::Network => "network",
        }
    }

    /// A level as people read it.
    pub fn show(self, level: f64) -> String {
        match self {
            Measure::Network => rate(level * MIB),
            _ => format!("{level:.0} %"),
        }
    }
}

/// The configuration: the newest one is in force from the next record on.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// A reading is taken at every so-manieth [beat](BEAT).
    pub beats: u32,
    /// No reading is taken.
    pub paused: bool,
    /// Above these a reading raises an alert; in the order of [`Measure::ALL`].
    pub limits: [f64; 4],
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            beats: 1,
            paused: false,
            limits: [80.0, 90.0, 90.0, 50.0],
        }
    }
}

impl Settings {
    /// The time from one reading to the next.
    pub fn interval(&self) -> Duration {
        BEAT * self.beats
    }

    /// Sets the interval to the nearest number of beats, at least one.
    pub fn set_interval(&mut self, interval: Duration) {
        self.beats = (interval.as_secs_f64() / BEAT.as_secs_f64()).round().clamp(1.0, 240.0) as u32;
    }

    /// The next longer (`true`) or shorter of the usual intervals, if there is one.
    pub fn step_interval(&mut self, longer: bool) {
        let mut steps = STEPS.into_iter();
        let next = if longer {
            steps.find(|step| *step > self.beats)
        } else {
            steps.rfind(|step| *step < self.beats)
        };
        self.beats = next.unwrap_or(self.beats);
    }

    /// Above this a reading raises an alert.
    pub fn limit(&self, measure: Measure) -> f64 {
        self.limits[measure as usize]
    }

    /// Sets a limit.
    pub fn set_limit(&mut self, measure: Measure, limit: f64) {
        self.limits[measure as usize] = limit;
    }

    /// The same, with nothing in it that makes no sense: an interval of a beat to a minute, limits that a reading can pass.
    pub fn within_reason(mut self) -> Settings {
        self.beats = self.beats.clamp(1, 240);
        for measure in Measure::ALL {
            let most = if measure == Measure::Network { 100_000.0 } else { 100.0 };
            let limit = self.limit(measure);
            self.set_limit(measure, if limit.is_finite() { limit.clamp(0.0, most) } else { most });
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_whole_beats() {
        let mut settings = Settings::default();
        settings.set_interval(Duration::from_millis(900));
        assert_eq!(settings.interval(), Duration::from_secs(1));
        settings.set_interval(Duration::ZERO);
        assert_eq!(settings.interval(), BEAT);
    }

    #[test]
    fn the_keys_step_through_the_usual_intervals_and_stop_at_the_ends() {
        let mut settings = Settings::default();
        settings.step_interval(false);
        assert_eq!(settings.beats, 1);
        settings.beats = 3;
        settings.step_interval(true);
        assert_eq!(settings.beats, 4);
        settings.step_interval(false);
        assert_eq!(settings.beats, 2);
        settings.beats = 20;
        settings.step_interval(true);
        assert_eq!(settings.beats, 20);
    }

    #[test]
    fn what_makes_no_sense_is_brought_back_into_reason() {
        let wild = Settings {
            beats: 0,
            paused: true,
            limits: [-1.0, 300.0, f64::NAN, 300.0],
        };
        let tame = Settings {
            beats: 1,
            paused: true,
            limits: [0.0, 100.0, 100.0, 300.0],
        };
        assert_eq!(wild.within_reason(), tame);
    }
}
