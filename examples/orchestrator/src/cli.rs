//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Answers questions about the Rust documentation, or any folder of HTML, Markdown or text.
///
/// The first run indexes the corpus; the index is kept in your cache folder. Without a question, each line of the input is one.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    /// What you want to know.
    pub question: Option<String>,

    /// Answer from this folder instead of the documentation of the installed Rust.
    #[arg(long, value_name = "DIR")]
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

    /// How many ask at the same time under `--load`; more than the input holds are refused.
    #[arg(long, value_name = "N", default_value_t = 64, requires = "load", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub clients: u32,

    /// The model.
    #[arg(long, value_enum, default_value_t = Worker::Extractive)]
    pub worker: Worker,

    /// Keep indexes in this folder.
    #[arg(long, value_name = "DIR", env = "ORCHESTRATOR_CACHE", hide_env_values = true)]
    pub cache: Option<PathBuf>,
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
}
