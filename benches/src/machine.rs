//! On what this runs, and against which versions of the peers.

use std::fs;
use std::thread::available_parallelism;

/// The processor as the system names it, and how many cores this program may use.
pub(crate) fn describe() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find(|line| line.starts_with("model name"))
        .and_then(|line| line.split_once(": "));
    let cores = available_parallelism().map_or(0, usize::from);
    format!("{}, {cores} core(s)", model.map_or("unknown processor", |(_, model)| model))
}

/// The compiler that built this program.
pub(crate) fn compiler() -> &'static str {
    env!("BENCHES_RUSTC")
}

/// Those that this project is compared with.
const PEERS: [&str; 9] = [
    "async-channel",
    "crossbeam-queue",
    "disruptor",
    "flume",
    "kanal",
    "rtrb",
    "tachyonix",
    "thingbuf",
    "tokio",
];

/// Each peer with the version that was linked.
pub(crate) fn peers() -> Vec<String> {
    let lock = include_str!("../../Cargo.lock");
    let packages: Vec<_> = lock.split("[[package]]").collect();
    let version = |peer: &str| {
        let package = packages
            .iter()
            .find(|package| package.contains(&format!("\nname = \"{peer}\"\n")))?;
        package.split("version = \"").nth(1)?.split('"').next()
    };
    PEERS
        .iter()
        .map(|peer| format!("{peer} {}", version(peer).unwrap_or("of an unknown version")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_peer_has_its_version() {
        for peer in peers() {
            let (_, version) = peer.split_once(' ').unwrap();
            assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{peer}");
        }
    }
}
