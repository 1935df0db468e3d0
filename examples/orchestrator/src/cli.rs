//! The command line.

use std::{path::PathBuf, time::Duration};

use clap::{Parser, Subcommand, ValueEnum};
use forebay::dead_letters::{LetterId, State};

/// Answers questions about the Rust documentation, or any folder of HTML, Markdown or text.
///
/// The first run indexes the corpus; the index is kept in your cache folder. Without a question, each line of the input is one.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    /// What else it does.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// What you want to know.
    pub question: Option<String>,

    /// Answer from this folder instead of the documentation of the installed Rust.
    #[arg(long, value_name = "DIR", global = true)]
    pub corpus: Option<PathBuf>,

    /// Build the index anew.
    #[arg(long)]
    pub reindex: bool,

    /// How many passages an answer may draw on.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=50))]
    pub top: u8,

    /// Print the ledger: where every record has gone.
    #[arg(long)]
    pub ledger: bool,

    /// Print the pipelines instead of running them.
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, default_missing_value = "text")]
    pub graph: Option<Graph>,

    /// Flood the pipeline with N questions and print what it made of them.
    #[arg(long, value_name = "N")]
    pub load: Option<u64>,

    /// How many ask at the same time under `--load`; more than the input holds are refused. 64, or 1024 with `--burst`.
    #[arg(long, value_name = "N", requires = "load", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub clients: Option<u32>,

    /// Under `--load` all clients ask at once, and again when all have heard; without it each asks again when it has heard.
    #[arg(long, requires = "load")]
    pub burst: bool,

    /// Keep in this folder what a load has asked and heard: killed, the same command goes on where it was. With its dead letters.
    #[arg(long, value_name = "DIR", requires = "load")]
    pub journal: Option<PathBuf>,

    /// Kill the load (SIGKILL) when half of it is done, and start it again.
    #[arg(long, requires = "journal")]
    pub kill: bool,

    /// The model.
    #[arg(long, value_enum, default_value_t = Worker::Extractive, global = true)]
    pub worker: Worker,

    /// How long the model `slow` takes, at least.
    #[arg(long, value_name = "MS", value_parser = millis)]
    pub delay: Option<Duration>,

    /// Up to how much longer it takes.
    #[arg(long, value_name = "MS", value_parser = millis)]
    pub jitter: Option<Duration>,

    /// Every N-th question is poison to the model `slow`: it fails, and every other time by a panic.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub poison: Option<u64>,

    /// Keep indexes in this folder, and the dead letters of what you ask.
    #[arg(long, value_name = "DIR", env = "ORCHESTRATOR_CACHE", hide_env_values = true, global = true)]
    pub cache: Option<PathBuf>,

    /// Keep dead letters in this file. (A journal has its own.)
    #[arg(long, value_name = "FILE", global = true)]
    pub letters: Option<PathBuf>,
}

/// What else it does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Looks after the dead letters: questions that got no answer.
    #[command(subcommand)]
    Dlq(Dlq),
}

/// What is done with dead letters.
#[derive(Debug, Subcommand)]
pub enum Dlq {
    /// Lists them.
    List {
        /// Only those that failed at this stage.
        #[arg(long, value_name = "STAGE")]
        node: Option<String>,
        /// Only those in this state: `waiting`, `aside` (poison) or `out`.
        #[arg(long, value_name = "STATE", value_parser = state)]
        state: Option<State>,
        /// So many, the oldest.
        #[arg(long, value_name = "N")]
        first: Option<usize>,
        /// Only those that were stored after this one.
        #[arg(long, value_name = "ID")]
        after: Option<LetterId>,
    },
    /// Shows one of them whole.
    Show {
        /// Its number.
        id: LetterId,
    },
    /// Asks again; what is answered is no dead letter any more.
    Replay {
        /// Which; without any, all that wait.
        ids: Vec<LetterId>,
        /// Also those that were set aside.
        #[arg(long)]
        force: bool,
    },
    /// Removes them for good.
    #[command(arg_required_else_help = true)]
    Purge {
        /// Which.
        #[arg(required_unless_present = "all")]
        ids: Vec<LetterId>,
        /// Every one.
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
}

fn millis(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_millis)
}

fn state(text: &str) -> Result<State, String> {
    [State::Waiting, State::Out, State::Aside]
        .into_iter()
        .find(|state| state.to_string() == text)
        .ok_or_else(|| "it is `waiting`, `aside` or `out`".to_owned())
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

/// The models that need nothing else.
#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
pub enum Worker {
    /// Quotes the best sentences of the pages.
    Extractive,
    /// Says the question again: for load.
    Echo,
    /// Says it after a while, and fails where it is told to: see `--delay`, `--jitter` and `--poison`.
    Slow,
}
