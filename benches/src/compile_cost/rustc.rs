//! The compiler at work on the generated crates.
//!
//! Cargo is told to call this program in place of rustc for them (`RUSTC_WORKSPACE_WRAPPER`). So the CPU time is that of the one
//! process that compiles the crate, without cargo's own, and an unstable option is open to that process alone: what the
//! dependencies build does not depend on it.

use std::error::Error;
use std::io::Write;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, thread};

use nix::sys::resource::UsageWho;

use super::krate::{Shape, Workspace};
use crate::measure::cpu;

/// Says to this program that it is called in place of rustc, and where to note the CPU time.
const NOTE: &str = "FOREBAY_BENCHES_RUSTC_NOTE";

/// The CPU time in ms that rustc takes to check the package, from nothing but its dependencies.
pub(super) fn check_ms(workspace: &Workspace, shape: Shape) -> Result<f64, Box<dyn Error>> {
    let note = workspace.root().join("rustc-ms");
    workspace.touch(shape)?;
    let mut check = cargo(workspace, &["check", "--quiet", "--package", shape.package()])?;
    let status = check.env(NOTE, &note).status()?;
    if !status.success() {
        return Err(format!("the generated package `{}` does not compile", shape.package()).into());
    }
    Ok(fs::read_to_string(note)?.trim().parse()?)
}

/// How many lines the package has once it is expanded and formatted: without blank ones and comments.
pub(super) fn expanded_lines(workspace: &Workspace, shape: Shape) -> Result<usize, Box<dyn Error>> {
    workspace.touch(shape)?;
    let expand = [
        "rustc",
        "--quiet",
        "--profile",
        "check",
        "--package",
        shape.package(),
        "--",
        "-Zunpretty=expanded",
    ];
    let expanded = cargo(workspace, &expand)?
        .env(NOTE, workspace.root().join("expand-ms"))
        .output()?;
    if !expanded.status.success() {
        return Err(String::from_utf8_lossy(&expanded.stderr).into());
    }
    let text = formatted(workspace, expanded.stdout)?;
    fs::write(workspace.root().join(format!("{}.expanded.rs", shape.package())), &text)?;
    Ok(text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count())
}

fn cargo(workspace: &Workspace, args: &[&str]) -> Result<Command, Box<dyn Error>> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(workspace.root())
        .arg("--offline")
        .args(args)
        .env("CARGO_TARGET_DIR", workspace.root().join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTC_WORKSPACE_WRAPPER", env::current_exe()?);
    Ok(cargo)
}

fn formatted(workspace: &Workspace, text: Vec<u8>) -> Result<String, Box<dyn Error>> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .current_dir(workspace.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = rustfmt.stdin.take().ok_or("rustfmt has no input")?;
    let writer = thread::spawn(move || stdin.write_all(&text));
    let output = rustfmt.wait_with_output()?;
    writer.join().map_err(|_| "the writer to rustfmt has panicked")??;
    if !output.status.success() {
        return Err("rustfmt does not take the expansion".into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// When cargo calls this program in place of rustc: runs rustc and notes its CPU time.
pub(crate) fn as_rustc_wrapper() -> Option<ExitCode> {
    let note = env::var_os(NOTE)?;
    let mut args = env::args_os().skip(1);
    let status = Command::new(args.next()?)
        .args(args)
        .env_remove(NOTE)
        .env("RUSTC_BOOTSTRAP", "1")
        .status();
    let noted = fs::write(note, format!("{}\n", cpu(UsageWho::RUSAGE_CHILDREN).as_secs_f64() * 1e3));
    match (status, noted) {
        (Ok(status), Ok(())) if status.success() => Some(ExitCode::SUCCESS),
        (status, noted) => {
            if let Err(error) = status.map(drop).and(noted) {
                eprintln!("forebay-benches in place of rustc: {error}");
            }
            Some(ExitCode::FAILURE)
        }
    }
}
