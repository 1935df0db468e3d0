//! This machine.

use std::{
    collections::HashSet,
    time::{Instant, SystemTime},
};

use sysinfo::{
    Cpu, CpuRefreshKind, DiskRefreshKind, Disks, MemoryRefreshKind, Networks, Process, ProcessRefreshKind, ProcessesToUpdate,
    RefreshKind, System,
};

use crate::records::{Busy, Fill, Reading};

/// What readings are taken from.
pub trait Meter: Send + 'static {
    /// A reading that was due at that time.
    fn measure(&mut self, due: SystemTime) -> Reading;
}

/// What knows who is busy.
pub trait Census: Send + 'static {
    /// The busiest processes, the busiest first.
    fn busiest(&mut self) -> Vec<Busy>;
}

/// The meter of this machine.
pub struct Gauges {
    system: System,
    disks: Disks,
    networks: Networks,
    read_last: Instant,
}

impl Gauges {
    /// Everything that is counted is counted from now on.
    pub fn new() -> Result<Gauges, sysinfo::Error> {
        let what = RefreshKind::nothing()
            .with_cpu(CpuRefreshKind::nothing().with_usage())
            .with_memory(MemoryRefreshKind::nothing().with_ram());
        Ok(Gauges {
            system: System::new_with_specifics(what)?,
            disks: Disks::new_with_refreshed_list_specifics(what_of_disks())?,
            networks: Networks::new_with_refreshed_list()?,
            read_last: Instant::now(),
        })
    }

    /// The fullest disk that can be written to (what can not is always full); bytes read and written since the last time.
    fn disks(&mut self) -> (Fill, u64, u64) {
        self.disks.refresh_specifics(true, what_of_disks());
        let (mut fullest, mut read, mut written) = (Fill::default(), 0, 0);
        // One disk may be mounted in several places.
        let mut seen = HashSet::new();
        for disk in self.disks.iter().filter(|disk| seen.insert(disk.name())) {
            read += disk.usage().read_bytes;
            written += disk.usage().written_bytes;
            let fill = Fill {
                used: disk.total_space().saturating_sub(disk.available_space()),
                total: disk.total_space(),
            };
            if !disk.is_read_only() && (fullest.total == 0 || fill.percent() > fullest.percent()) {
                fullest = fill;
            }
        }
        (fullest, read, written)
    }

    /// Bytes received and sent since the last time.
    fn networks(&mut self) -> (u64, u64) {
        self.networks.refresh(true);
        self.networks
            .iter()
            .filter(|(name, _)| !is_loopback(&name.to_string_lossy()))
            .fold((0, 0), |(received, sent), (_, of)| {
                (received + of.received(), sent + of.transmitted())
            })
    }
}

impl Meter for Gauges {
    fn measure(&mut self, due: SystemTime) -> Reading {
        self.system.refresh_cpu_usage();
        self.system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
        let (disk, read, written) = self.disks();
        let (received, sent) = self.networks();
        let now = Instant::now();
        let seconds = (now - self.read_last).as_secs_f64().max(1e-3);
        self.read_last = now;
        let a_second = |bytes: u64| bytes as f64 / seconds;
        Reading {
            at: due,
            cpu: f64::from(self.system.global_cpu_usage()),
            cores: self.system.cpus().iter().map(Cpu::usage).collect(),
            memory: Fill {
                used: self.system.used_memory(),
                total: self.system.total_memory(),
            },
            disk,
            read: a_second(read),
            written: a_second(written),
            received: a_second(received),
            sent: a_second(sent),
        }
    }
}

/// On Linux, on a Mac, on Windows.
fn is_loopback(name: &str) -> bool {
    matches!(name, "lo" | "lo0") || name.starts_with("Loopback")
}

fn what_of_disks() -> DiskRefreshKind {
    DiskRefreshKind::nothing().with_storage().with_io_usage()
}

/// The processes of this machine.
#[derive(Debug)]
pub struct Processes(System);

impl Processes {
    /// How many of the busiest are told.
    const TOLD: usize = 3;

    /// What they take is counted from now on.
    pub fn new() -> Result<Processes, sysinfo::Error> {
        let mut processes = Processes(System::new()?);
        processes.look();
        Ok(processes)
    }

    fn look(&mut self) {
        let what = ProcessRefreshKind::nothing().with_cpu().with_memory().without_tasks();
        self.0.refresh_processes_specifics(ProcessesToUpdate::All, true, what);
    }
}

impl Census for Processes {
    fn busiest(&mut self) -> Vec<Busy> {
        self.look();
        let mut all: Vec<_> = self.0.processes().values().collect();
        all.sort_by(|a, b| b.cpu_usage().total_cmp(&a.cpu_usage()));
        let busy = |of: &&Process| Busy {
            name: of.name().to_string_lossy().into_owned(),
            cpu: of.cpu_usage(),
            memory: of.memory(),
        };
        all.iter().take(Self::TOLD).map(busy).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_cores_memory_and_processes() {
        let reading = Gauges::new().unwrap().measure(SystemTime::UNIX_EPOCH);
        assert_eq!(reading.at, SystemTime::UNIX_EPOCH);
        assert!(!reading.cores.is_empty());
        assert!(
            reading.memory.used > 0 && reading.memory.used <= reading.memory.total,
            "{reading:?}"
        );
        assert!((0.0..=100.0).contains(&reading.disk.percent()), "{reading:?}");
        let busiest = Processes::new().unwrap().busiest();
        assert!(!busiest.is_empty() && busiest.len() <= Processes::TOLD);
        assert!(busiest.is_sorted_by(|a, b| a.cpu >= b.cpu), "{busiest:?}");
    }
}
