use super::{ORCHESTRATOR, gives, read};

#[test]
fn the_orchestrator() {
    read(ORCHESTRATOR).unwrap_or_else(|errors| panic!("{errors:#?}"));
}
