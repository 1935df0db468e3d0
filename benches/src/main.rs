//! Forebay and its peers on the same work, in one run: `forebay-benches report`, and what else [`USAGE`] says.

mod alloc;
mod busy;
mod compile_cost;
mod cores;
mod ends;
mod fat;
mod figures;
mod machine;
mod measure;
mod page;
mod peers;
mod ports;
mod report;
mod rings;
mod rows;
mod sink;
mod soak;
mod stats;
mod table;
mod work;

use std::process::ExitCode;

use lexopt::prelude::*;

const USAGE: &str = "\
Usage: forebay-benches report [--quick] [--here] [--runs N] [--page] [--only CONTENDER]
                              [FILTER]
       forebay-benches page
       forebay-benches compile-cost [--quick]
       forebay-benches soak [--minutes N]

report        measures this project and its peers on the same work, interleaved;
              FILTER keeps the groups whose name contains it,
              --only the contenders (to profile one of them),
              --runs measures so many times: a ratio is met when each run met it,
              --page writes the page afterwards,
              --here measures under the profile at hand, without the fat build
page          writes the figures of docs/performance.md, and its pictures, from the
              last report of all groups
compile-cost  measures what a stage costs to expand and to check
soak          floods a pipeline with faults for 10 minutes, or N; fails when its memory
              grows or a record is not accounted for
--quick       fewer and shorter rounds, here: a smoke, not a measurement";

enum Command {
    Help,
    Report {
        options: report::Options,
        here: bool,
        page: bool,
    },
    Page,
    CompileCost {
        quick: bool,
    },
    Soak {
        minutes: f64,
    },
}

fn main() -> ExitCode {
    if let Some(code) = compile_cost::as_rustc_wrapper() {
        return code;
    }
    match parse().and_then(run) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("forebay-benches: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse() -> Result<Command, Box<dyn std::error::Error>> {
    let (mut words, mut only, mut runs) = (Vec::new(), String::new(), 1);
    let (mut quick, mut here, mut page) = (false, false, false);
    let mut minutes = 10.0;
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Long("quick") => quick = true,
            Long("here") => here = true,
            Long("page") => page = true,
            Long("only") => only = args.value()?.string()?,
            Long("runs") => runs = args.value()?.parse()?,
            Long("minutes") => minutes = args.value()?.parse()?,
            Long("help") | Short('h') => return Ok(Command::Help),
            Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let mut words = words.into_iter();
    let command = match words.next().as_deref() {
        Some("report") => Command::Report {
            options: report::Options {
                quick,
                runs,
                filter: words.next().unwrap_or_default(),
                only,
            },
            here: here || quick,
            page,
        },
        Some("page") => Command::Page,
        Some("compile-cost") => Command::CompileCost { quick },
        Some("soak") => Command::Soak { minutes },
        Some(other) => return Err(format!("no command `{other}`\n{USAGE}").into()),
        None => Command::Help,
    };
    match words.next() {
        Some(extra) => Err(format!("`{extra}` is one word too many\n{USAGE}").into()),
        None => Ok(command),
    }
}

fn run(command: Command) -> Result<ExitCode, Box<dyn std::error::Error>> {
    match command {
        Command::Help => println!("{USAGE}"),
        Command::CompileCost { quick } => compile_cost::run(quick)?,
        Command::Soak { minutes } => soak::run(std::time::Duration::from_secs_f64(minutes * 60.0))?,
        Command::Page => page::write(&figures::Figures::load()?)?,
        Command::Report { options, page: true, .. } if !options.of_all() => {
            return Err("the page wants a report of all groups and contenders".into());
        }
        Command::Report { here: false, .. } if !fat::IS => return fat::again(),
        Command::Report { options, page, .. } => {
            let measured = report::run(&options)?;
            if options.of_all() {
                measured.save()?;
            }
            if page {
                page::write(&measured)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
