//! The command line.

use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::{pipeline::OnThisMachine, settings::Settings};

/// Shows this machine's CPU, memory, disks and network, and what three readers of different speeds make of them.
///
/// One of the readers is too slow on purpose: it loses readings, is told how many, and nobody else waits for it.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    /// Print lines instead of drawing on the whole terminal. So it does where input or output is no terminal.
    #[arg(long)]
    pub plain: bool,

    /// Stop after this time, as in `10s`. Without it: at Ctrl-C or `q`.
    #[arg(long = "for", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub time: Option<Duration>,

    /// From one reading to the next: a multiple of 250 ms.
    #[arg(long, value_name = "TIME", default_value = "250ms", value_parser = humantime::parse_duration)]
    pub every: Duration,

    /// How long the slow reader takes for a sentence.
    #[arg(long, value_name = "TIME", default_value = "3s", value_parser = humantime::parse_duration)]
    pub sentence: Duration,

    /// Alert above this: how busy all cores are.
    #[arg(long, value_name = "PERCENT", default_value_t = 80.0)]
    pub cpu: f64,

    /// Alert above this: how full the memory is.
    #[arg(long, value_name = "PERCENT", default_value_t = 90.0)]
    pub memory: f64,

    /// Alert above this: how full the fullest disk is.
    #[arg(long, value_name = "PERCENT", default_value_t = 90.0)]
    pub disk: f64,

    /// Alert above this: received and sent in a second.
    #[arg(long, value_name = "MIB", default_value_t = 50.0)]
    pub network: f64,

    /// Print the pipeline instead of running it.
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, default_missing_value = "text")]
    pub graph: Option<Graph>,
}

impl Cli {
    /// The settings that are wanted at the start.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings {
            limits: [self.cpu, self.memory, self.disk, self.network],
            ..Settings::default()
        };
        settings.set_interval(self.every);
        settings.within_reason()
    }
}

/// How a pipeline is drawn.
#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
pub enum Graph {
    /// For the terminal.
    Text,
    /// For Graphviz.
    Dot,
    /// For Markdown.
    Mermaid,
}

/// The pipeline as it is declared.
pub fn graph(format: Graph) -> String {
    match format {
        Graph::Text => OnThisMachine::TOPOLOGY.to_text(),
        Graph::Dot => OnThisMachine::TOPOLOGY.to_dot(),
        Graph::Mermaid => OnThisMachine::TOPOLOGY.to_mermaid(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_gives_the_first_settings() {
        Cli::command().debug_assert();
        let cli = Cli::parse_from([
            "telemetry",
            "--for",
            "1m 10s",
            "--every",
            "2s",
            "--memory",
            "70",
            "--cpu",
            "900",
        ]);
        let settings = cli.settings();
        assert_eq!(cli.time, Some(Duration::from_secs(70)));
        assert_eq!((settings.beats, settings.limits), (8, [100.0, 70.0, 90.0, 50.0]));
    }
}
