//! A load that is killed in the middle and started again: nothing vanishes.

use std::{
    path::Path,
    process::{Command, Output},
};

fn run(cache: &Path, args: &[&str]) -> Output {
    let handbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/handbook");
    let mut command = Command::new(env!("CARGO_BIN_EXE_orchestrator"));
    command.arg("--cache").arg(cache).arg("--corpus").arg(handbook).args(args);
    command.output().expect("the program runs")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// The number in the row `what` of the table.
fn row(table: &str, what: &str) -> u64 {
    let row = table
        .lines()
        .find_map(|line| line.trim().strip_prefix(what))
        .unwrap_or_else(|| panic!("{what}: {table}"));
    row.split_whitespace()
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("{what}: {table}"))
}

/// The child says how far it is, and is killed (SIGKILL) when that is the half.
fn killed_load(total: u64, more: &[&str]) -> String {
    let cache = tempfile::tempdir().unwrap();
    let (total_text, journal) = (total.to_string(), cache.path().join("journal"));
    let load = [
        "--load",
        &total_text,
        "--worker",
        "slow",
        "--burst",
        "--poison",
        "100",
        "--journal",
        journal.to_str().unwrap(),
    ];
    let output = run(cache.path(), &[&load, more, &["--kill"]].concat());
    let table = said(&output);
    assert!(table.contains("killed: signal: 9"), "{table}");
    assert!(table.contains("in 2 runs, 1 of them killed"), "{table}");
    assert_eq!((row(&table, "requests"), row(&table, "nowhere")), (total, 0), "{table}");
    let (answered, dead, shed) = (
        row(&table, "answered"),
        row(&table, "in the dead letters"),
        row(&table, "shed"),
    );
    assert_eq!(answered + dead + shed, total, "{table}");
    assert!(answered > 0 && dead > 0, "{table}");

    // The load is done: the same command has nothing to ask, and the same table.
    let again = run(cache.path(), &load);
    assert!(
        said(&again).contains("0 answered, 0 refused at the input, 0 failed"),
        "{}",
        said(&again)
    );
    assert_eq!(row(&said(&again), "shed"), shed);

    // Every letter is whole, and can be asked again: a model that knows no poison answers it.
    let letters = journal.join("dead-letters.redb");
    let dlq = |args: &[&str]| {
        said(&run(
            cache.path(),
            &[&["dlq", "--letters", letters.to_str().unwrap()], args].concat(),
        ))
    };
    let listed = dlq(&["list"]);
    assert_eq!(
        listed.lines().filter(|line| line.contains("poison")).count() as u64,
        dead,
        "{listed}"
    );
    let replayed = dlq(&["--worker", "echo", "replay"]);
    assert!(
        replayed.contains(&format!("{dead} answered, 0 failed again, 0 set aside")),
        "{replayed}"
    );
    assert!(dlq(&["list"]).contains("0 of 0 letters"));
    table
}

#[test]
fn after_a_kill_every_request_is_answered_dead_or_shed() {
    // Fewer at a time than the input holds: nothing is shed, so all the poison there is gets through.
    let table = killed_load(2_000, &["--clients", "400"]);
    assert_eq!((row(&table, "in the dead letters"), row(&table, "shed")), (20, 0), "{table}");
}

/// `cargo test -p orchestrator --test crash -- --ignored --nocapture` shows the table.
#[test]
#[ignore = "takes a minute"]
fn after_a_kill_in_a_flood_too() {
    println!("{}", killed_load(100_000, &[]));
}
