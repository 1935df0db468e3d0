//! Questions on the documentation of Rust, where it is installed.

use std::process::Command;

fn answer(question: &str) -> String {
    let cache = concat!(env!("CARGO_TARGET_TMPDIR"), "/orchestrator");
    let output = Command::new(env!("CARGO_BIN_EXE_orchestrator"))
        .args(["--cache", cache, question])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "indexes the documentation of Rust: cargo test --release -p orchestrator -- --ignored"]
fn answers_are_right_and_say_where_from() {
    let expected = [
        ("How do I pin a future?", "Box::pin", "std/pin/"),
        (
            "What is the difference between Rc and Arc?",
            "uses atomic operations for its reference counting",
            "std/sync/struct.Arc.html",
        ),
        (
            "How does the borrow checker treat two mutable references?",
            "no other references to that value",
            "book/ch04-02",
        ),
        (
            "How do I read a file line by line?",
            ".lines()",
            "rust-by-example/std_misc/file/read_lines.html",
        ),
        (
            "What does the ? operator do?",
            "propagating values up the call stack",
            "std/option/index.html#the-question-mark-operator",
        ),
        (
            "How can I share state between threads?",
            "Arc::new(Mutex::new(0))",
            "book/ch16-03-shared-state.html",
        ),
        (
            "How do I convert a string to an integer?",
            "parse",
            "rust-by-example/conversion/string.html",
        ),
        (
            "What is ownership?",
            "a set of rules that govern how a Rust program manages memory",
            "book/ch04-01",
        ),
        (
            "What does Vec::retain do?",
            "Retains only the elements specified by the predicate",
            "std/vec/struct.Vec.html#method.retain",
        ),
        ("How do I create a thread?", "thread::spawn", "book/ch16-01-threads.html"),
    ];
    for (question, says, cites) in expected {
        let answer = answer(question);
        let flat = answer.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(says), "{question}\n{answer}");
        assert!(answer.contains(cites), "{question}\n{answer}");
    }
}
