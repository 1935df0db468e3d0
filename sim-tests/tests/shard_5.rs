//! A shard of the generated topologies.

include!(concat!(env!("OUT_DIR"), "/shard_5.rs"));

#[test]
fn every_record_is_accounted_for() {
    forebay_sim_tests::runs::all(CASES, 10);
}
