//! A load that is killed in the middle, and started again.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// Runs this program's own command line without `--kill` in a child; kills the child when it says that half of the load is done, and runs
/// it again, to the end.
pub fn killed_and_restarted(total: u64) -> Result<()> {
    let mut first = again()?.stdout(Stdio::piped()).spawn()?;
    let mut screen = io::stdout();
    let said = first.stdout.take().context("a pipe was asked for")?;
    let mut was_killed = false;
    for line in BufReader::new(said).lines() {
        let line = line?;
        writeln!(screen, "{line}")?;
        if !was_killed && done(&line).is_some_and(|done| done * 2 >= total) {
            first.kill()?; // SIGKILL: nothing is closed, nothing is written down.
            was_killed = true;
        }
    }
    let status = first.wait()?;
    ensure!(
        was_killed,
        "the load has ended before it could be killed: is this journal one of a load that was done?"
    );
    writeln!(screen, "killed: {status}. And again:")?;
    ensure!(again()?.status()?.success(), "the second run has failed");
    Ok(())
}

fn again() -> Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.args(env::args_os().skip(1).filter(|argument| argument != "--kill"));
    Ok(command)
}

/// How a load says how far it is.
pub(super) fn progress(done: u64, total: u64) -> String {
    format!("{done} of {total} done")
}

fn done(line: &str) -> Option<u64> {
    line.split_once(" of ")?.0.parse().ok()
}
