//! The whole program, on a folder of five small pages.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn handbook() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/handbook")
}

fn run(cache: &Path, corpus: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orchestrator"));
    command.arg("--cache").arg(cache).arg("--corpus").arg(corpus).args(args);
    command.output().expect("the program runs")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn noted(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn it_answers_with_text_code_and_sources() {
    let cache = tempfile::tempdir().unwrap();
    let answer = said(&run(cache.path(), &handbook(), &["How do I open a gate?"]));
    assert!(
        answer.contains("You can open a gate by turning its hand wheel to the left"),
        "{answer}"
    );
    assert!(
        answer.contains("gate.open(Level::Half)?;") && !answer.contains("fn main"),
        "{answer}"
    );
    assert!(
        answer.contains("[1] Gates › Opening a gate, The Mill Handbook\n    gates.html#opening-a-gate"),
        "{answer}"
    );
    assert!(answer.contains("no language model"), "the model says what it is: {answer}");
    assert!(!answer.contains('\u{1b}'), "no colours in a pipe");
    assert!(
        !answer.contains("recycled") && !answer.contains("Moved to"),
        "no decoration, no redirects: {answer}"
    );
}

#[test]
fn other_questions_find_other_pages() {
    let cache = tempfile::tempdir().unwrap();
    let oil = said(&run(
        cache.path(),
        &handbook(),
        &["What is the difference between summer oil and winter oil?"],
    ));
    assert!(
        oil.contains("Unlike summer oil, winter oil does not thicken") && oil.contains("tools/oiling.md#which-oil-to-use"),
        "{oil}"
    );
    let flood = said(&run(cache.path(), &handbook(), &["What happens in a flood?"]));
    assert!(
        flood.contains("the warden opens the spillway") && flood.contains("floods.txt"),
        "{flood}"
    );
}

#[test]
fn the_index_is_built_once_and_again_when_a_page_has_changed() {
    let (cache, corpus) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let page = corpus.path().join("page.md");
    fs::write(&page, "# Bells\n\nThe bell rings at noon.\n").unwrap();
    let ask = || run(cache.path(), corpus.path(), &["When does the bell ring?"]);
    assert!(noted(&ask()).contains("Indexed 1 pages in 1 passages"));
    let second = ask();
    assert!(said(&second).contains("rings at noon") && noted(&second).is_empty());

    fs::write(&page, "# Bells\n\nSince this year the bell rings at midnight.\n").unwrap();
    let third = ask();
    assert!(said(&third).contains("at midnight") && noted(&third).contains("Indexed"));
    let kept: Vec<_> = fs::read_dir(cache.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(kept.iter().filter(|path| path.is_dir()).count(), 1, "the old index is gone");
}

#[test]
fn half_an_index_is_never_used() {
    let cache = tempfile::tempdir().unwrap();
    said(&run(cache.path(), &handbook(), &["How do I open a gate?"]));
    // What a crash in the middle leaves: a folder under construction, or one without its last file.
    let mut kept = fs::read_dir(cache.path()).unwrap().map(|entry| entry.unwrap().path());
    let complete = kept.find(|path| path.is_dir()).unwrap();
    fs::remove_file(complete.join("orchestrator.json")).unwrap();
    fs::create_dir(cache.path().join("building-abc")).unwrap();
    let again = run(cache.path(), &handbook(), &["How do I open a gate?"]);
    assert!(noted(&again).contains("Indexed") && said(&again).contains("hand wheel"));
    let third = run(cache.path(), &handbook(), &["How do I open a gate?"]);
    assert!(noted(&third).is_empty(), "{}", noted(&third));
}

#[test]
fn what_cannot_be_answered_is_said_with_its_stage() {
    let cache = tempfile::tempdir().unwrap();
    let nothing = said(&run(cache.path(), &handbook(), &["quantum chromodynamics"]));
    assert!(
        nothing.contains("No answer: no page speaks of this (the stage `rag` gave it up; kept as dead letter 1)"),
        "{nothing}"
    );
    let empty = said(&run(cache.path(), &handbook(), &["how do I?"]));
    assert!(empty.contains("says nothing that could be looked for"), "{empty}");
}

#[test]
fn a_folder_that_is_not_there_is_an_error_for_people() {
    let cache = tempfile::tempdir().unwrap();
    let output = run(cache.path(), Path::new("/there/is/no/such/folder"), &["Why?"]);
    assert!(!output.status.success());
    assert!(
        noted(&output).starts_with("error: there is no folder /there/is/no/such/folder"),
        "{}",
        noted(&output)
    );
}

#[test]
fn a_flood_is_answered_to_the_last() {
    let cache = tempfile::tempdir().unwrap();
    let report = said(&run(
        cache.path(),
        &handbook(),
        &["--load", "300", "--worker", "echo", "--clients", "32"],
    ));
    assert!(report.contains("300 answered, 0 refused at the input, 0 failed"), "{report}");
}

fn dlq(cache: &Path, args: &[&str]) -> Output {
    run(cache, &handbook(), &[&["dlq"], args].concat())
}

#[test]
fn dead_letters_are_listed_shown_replayed_and_purged() {
    let cache = tempfile::tempdir().unwrap();
    for question in ["quantum chromodynamics", "why?", "How do I open a gate?"] {
        said(&run(cache.path(), &handbook(), &[question]));
    }
    let list = said(&dlq(cache.path(), &["list"]));
    assert!(list.contains("quantum chromodynamics (no page speaks of this)"), "{list}");
    assert!(list.contains("2 of 2 letters: 2 waiting, 0 out, 0 aside"), "{list}");
    assert!(said(&dlq(cache.path(), &["list", "--node", "infer"])).contains("0 of 2 letters"));

    let shown = said(&dlq(cache.path(), &["show", "1"]));
    assert!(
        shown.contains("stage     rag") && shown.contains(r#""question": "quantum chromodynamics""#),
        "{shown}"
    );
    assert!(noted(&dlq(cache.path(), &["show", "9"])).contains("there is no dead letter 9"));

    for _ in 0..3 {
        assert!(said(&dlq(cache.path(), &["replay"])).contains("0 answered, 2 failed again, 0 set aside"));
    }
    let aside = said(&dlq(cache.path(), &["list", "--state", "aside"]));
    assert!(aside.contains("2 of 2 letters: 0 waiting, 0 out, 2 aside"), "{aside}");
    let again = said(&dlq(cache.path(), &["replay", "1"]));
    assert!(
        again.contains("letter 1 is set aside") && again.contains("0 answered, 0 failed again, 1 set aside"),
        "{again}"
    );
    assert!(said(&dlq(cache.path(), &["replay", "1", "--force"])).contains("0 answered, 1 failed again"));

    assert!(said(&dlq(cache.path(), &["purge", "1"])).contains("1 letters removed"));
    assert!(said(&dlq(cache.path(), &["list"])).contains("1 of 1 letters"));
    assert!(said(&dlq(cache.path(), &["purge", "--all"])).contains("1 letters removed"));
    assert!(
        !dlq(cache.path(), &["purge"]).status.success(),
        "nothing is purged by mistake"
    );
}

#[test]
fn who_comes_second_is_answered_and_told_that_its_failures_are_not_kept() {
    let cache = tempfile::tempdir().unwrap();
    let file = cache.path().join("dead-letters.redb");
    let first = forebay::dead_letters::DeadLetters::open(&file).unwrap();
    let second = run(cache.path(), &handbook(), &["quantum chromodynamics"]);
    assert!(said(&second).contains("No answer") && noted(&second).contains("in use by another program"));
    assert!(noted(&dlq(cache.path(), &["list"])).contains("in use by another program"));
    assert_eq!(first.totals().unwrap().records, 0);
}
