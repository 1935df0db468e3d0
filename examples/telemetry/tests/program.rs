//! The program itself, on this machine.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};

fn telemetry(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_telemetry"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn has_its_ledger(text: &str) {
    for line in ["  readings ", "  narrate ", "judge    took ", "into the history."] {
        assert!(text.contains(line), "{line:?} is not in\n{text}");
    }
}

#[test]
fn it_runs_for_a_time_and_gives_its_ledger() {
    let output = telemetry(&["--for", "600ms"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    has_its_ledger(&String::from_utf8(output.stdout).unwrap());
}

#[cfg(unix)]
#[test]
fn it_is_interrupted_and_gives_its_ledger() {
    for signal in ["-INT", "-TERM"] {
        let mut running = telemetry(&[]).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(running.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("CPU ") {
            line.clear();
            assert_ne!(lines.read_line(&mut line).unwrap(), 0, "it goes on");
        }
        assert!(
            Command::new("kill")
                .args([signal, &running.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
        let mut rest = String::new();
        lines.read_to_string(&mut rest).unwrap();
        assert!(running.wait().unwrap().success(), "{rest}");
        has_its_ledger(&rest);
    }
}

#[test]
fn who_has_seen_enough_may_leave() {
    let mut running = telemetry(&[]).stdout(Stdio::piped()).spawn().unwrap();
    drop(running.stdout.take());
    assert!(running.wait().unwrap().success());
}

#[test]
fn it_draws_the_pipeline() {
    for (format, start) in [("text", "Telemetry: "), ("dot", "digraph"), ("mermaid", "flowchart")] {
        let output = telemetry(&["--graph", format]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && text.starts_with(start), "{text}");
    }
}
