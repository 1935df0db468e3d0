//! A shard of the generated topologies.

include!(concat!(env!("OUT_DIR"), "/shard_0.rs"));

#[test]
fn every_record_is_accounted_for() {
    forebay_sim_tests::runs::all(CASES, 10);
}

#[test]
fn twins_that_lose_or_double_one_record_are_found_out() {
    forebay_sim_tests::runs::twins(CASES);
}
