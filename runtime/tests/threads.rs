//! A small pipeline on threads of its own: short enough for Miri and for the thread sanitizer.

use forebay::prelude::*;

#[stage]
fn double(n: u64) -> u64 {
    n * 2
}
#[stage]
fn not_six(n: u64) -> Result<u64, String> {
    assert!(n != 4, "four");
    if n == 6 { Err("six".to_owned()) } else { Ok(n) }
}
#[stage]
fn word(n: u64) -> Box<str> {
    n.to_string().into()
}
#[stage]
fn failed(f: Failed<u64, String>) -> Box<str> {
    format!("{}", f.cause).into()
}
pipeline! {
    Small {
        input  numbers: u64 [2];
        output words: Box<str> [2];
        output failures: Box<str> [4];
        numbers -> double -[2]-> not_six { workers: 2 } -[2]-> word -> words;
        not_six.errors -[4]-> failed -> failures;
    }
}

#[test]
fn records_move_between_threads() {
    let SmallHandle {
        numbers,
        mut words,
        mut failures,
        control,
    } = Small::builder().start_threads().unwrap();
    let feed = std::thread::spawn(move || (1..=8).for_each(|n| numbers.send_blocking(n).unwrap()));
    let mut got: Vec<_> = std::iter::from_fn(|| words.recv_blocking()).collect();
    let mut lost: Vec<_> = std::iter::from_fn(|| failures.recv_blocking()).collect();
    feed.join().unwrap();
    got.sort_unstable();
    lost.sort_unstable();
    assert_eq!(got.join(" "), "10 12 14 16 2 8");
    assert_eq!(lost.join(" "), "panicked: four six");
    control.finished_blocking().check().unwrap();
}

#[test]
fn an_abort_leaves_nothing() {
    let SmallHandle { numbers, control, .. } = Small::builder().start_threads().unwrap();
    for n in 0..4 {
        let _ = numbers.try_send(n);
    }
    control.abort_blocking().check().unwrap();
}
