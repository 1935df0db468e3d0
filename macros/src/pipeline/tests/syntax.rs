//! What is not the language at all, and what the parser says of it.

use super::{gives, read, refuses};

#[test]
fn nothing_but_a_name() {
    assert_eq!(
        read("").unwrap_err(),
        ["expected the name of a pipeline: `pipeline! { Name { … } }`"]
    );
    assert_eq!(
        read("pub").unwrap_err(),
        ["expected the name of a pipeline: `pipeline! { Name { … } }`"]
    );
    assert_eq!(
        read("P").unwrap_err(),
        ["expected `{`, the clauses and wires of the pipeline, and `}`"]
    );
    assert_eq!(
        read("P { every 1s -> a; } Q {}").unwrap_err(),
        ["a pipeline ends here; another one has a `pipeline!` of its own"]
    );
}

#[test]
fn attributes() {
    assert_eq!(
        read("#[derive(Debug)] P { #[cfg(test)] input a: u8 [1]; a -> b; }").unwrap_err(),
        [
            "only doc comments may stand here: a pipeline has no other attributes",
            "only doc comments may stand here: a pipeline has no other attributes"
        ]
    );
    refuses(
        "/// Once. \n every 1s -> a;",
        &["a wire has no documentation: write `//`, or document a port, a resource or a node"],
    );
}

#[test]
fn clause_unknown() {
    refuses(
        "service chat: Ask => Token [256]; input a: u8 [1]; a -> b;",
        &[
            "`service` is not a clause; the clauses are `budget`, `drain`, `input`, `output`, `topic`, `shared`, `local`, `node`, and wires",
        ],
    );
}

#[test]
fn a_missing_semicolon() {
    refuses("input a: u8 [1] input b: u8 [1]; a -> x; b -> y;", &["expected `;`"]);
    refuses("input a: u8 [1]; a -> x", &["expected `;` at the end of this clause"]);
    refuses(
        "input a: u8 [1]; a -> x => y;",
        &["expected `;`: an arrow is `->`, or `-[512]->` with a ring in it"],
    );
    refuses(
        "input a: u8 [1]; a -> x -[64] y;",
        &["expected `->`: an edge with a ring is `-[512]->`"],
    );
}

#[test]
fn what_ends_a_wire() {
    refuses(
        "input a: u8 [1]; a -> { x, y } -> z;",
        &["a group ends its wire: the branches go on inside of it"],
    );
    refuses(
        "input a: u8 [1]; a -> match { 1 => drop } -> z;",
        &["a `match` ends its wire: the arms go on inside of it"],
    );
    refuses(
        "input a: u8 [1]; a -> drop -> z;",
        &["`drop` ends its wire: nothing is left to go on with"],
    );
    refuses(
        "input a: u8 [1]; a -> x -[8]-> drop;",
        &["`drop` takes no ring: write `-> drop`"],
    );
    refuses(
        "input a: u8 [1]; a -> {};",
        &["a group has at least one branch; `-> drop` ends a wire on purpose"],
    );
    refuses(
        "input a: u8 [1]; node m: M; a -> m.one -> z;",
        &["an inlet ends its wire: go on with the node in a wire of its own"],
    );
    refuses("input a: u8 [1]; a;", &["expected an arrow: `a -> …`"]);
    refuses("input a: u8 [1]; a -> self;", &["expected the path of a stage"]);
    refuses("every 1s;", &["expected an arrow: `every` leads somewhere"]);
    refuses(
        "input a: u8 [1]; a -> x; x.errors;",
        &["expected an arrow: an outlet leads somewhere"],
    );
    refuses(
        "input a: u8 [1]; a -> match { x => x, };",
        &["expected an arrow: an arm leads somewhere, or is `drop`"],
    );
}

#[test]
fn the_words_of_clauses_are_names_too() {
    gives(
        "input input: u8 [8]; shared shared: S; input -> local(shared) -> node -> budget -> every(shared);",
        "
        node 0 local: local(shared) -> node#0
          in takes u8
        node 1 node: node -> budget#0
          in takes out of local
        node 2 budget: budget -> every#0
          in takes out of node
        node 3 every: every(shared) -> end
          in takes out of budget
        ring 0 input [8] of u8: outside => local
        segment local [0 -> local#0] local node budget every
        ",
    );
}

/// What the macro does with many stages stays small beside what the compiler does with them.
#[test]
fn a_thousand_stages() {
    let wire: String = (0..1000).map(|at| format!("-> s{at} ")).collect();
    let ringed: String = (0..1000).map(|at| format!("-[8]-> r{at} ")).collect();
    let body = format!("P {{ input a: u8 [8]; input b: u8 [8]; a {wire}; b -> q {ringed}; errors -[8]-> note; }}");
    let start = std::time::Instant::now();
    let dump = read(&body).unwrap();
    assert!(dump.lines().count() > 6000);
    println!("{:?}", start.elapsed());
}
