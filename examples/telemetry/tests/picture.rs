//! The picture of the pipeline that the README shows, as the declaration has it now.

use telemetry::pipeline::OnThisMachine;

const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/telemetry.svg");

/// `FOREBAY_DRAW=1 cargo test -p telemetry --test picture` draws it anew.
#[test]
fn the_picture_is_that_of_the_pipeline() {
    let drawn = OnThisMachine::TOPOLOGY.to_svg();
    if std::env::var_os("FOREBAY_DRAW").is_some() {
        std::fs::write(PICTURE, &drawn).unwrap();
    }
    let committed = std::fs::read_to_string(PICTURE).unwrap_or_default();
    assert!(
        committed == drawn,
        "docs/telemetry.svg is stale: FOREBAY_DRAW=1 cargo test -p telemetry --test picture"
    );
}
