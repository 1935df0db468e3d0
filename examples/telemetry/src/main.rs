//! `telemetry`: see the README.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use anyhow::Result;
use clap::Parser;
use telemetry::{
    cli::{Cli, graph},
    pace::Pace,
    running::{Running, Summary, ending},
    view::{self, Lines},
};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough.
        Err(error)
            if error
                .downcast_ref::<io::Error>()
                .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    let mut out = io::stdout();
    if let Some(format) = cli.graph {
        return Ok(writeln!(out, "{}", graph(format))?);
    }
    let settings = cli.settings();
    let mut running = Running::start(Pace::of(cli.sentence), settings.clone())?;
    let ending = ending(cli.time);
    let ledger = if cli.plain || !can_be_drawn_on() {
        let mut lines = Lines::new(io::stdout(), settings);
        lines.print(&mut running, ending).await?;
        running.drain(|event| lines.last(event)).await?
    } else {
        view::draw(&mut running, settings, ending).await?;
        running.drain(|_| Ok(())).await?
    };
    writeln!(out, "\n{ledger}\n\n{}", Summary(&ledger))?;
    Ok(())
}

/// Somebody sits there, before a terminal that knows more than lines.
fn can_be_drawn_on() -> bool {
    io::stdout().is_terminal() && io::stdin().is_terminal() && std::env::var_os("TERM").is_none_or(|kind| kind != "dumb")
}
