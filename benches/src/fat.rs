//! The profile that is measured.
//!
//! Peers and subject are compared under `lto = "fat"` and one codegen unit. A profile's `lto` holds for everything that is
//! built with it, and `release` builds the examples too, so the benchmarks have a profile of their own, `fat`. Started from any
//! other, the program builds itself once more and goes on there.

use std::env;
use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Whether this is the program to measure with.
pub(crate) const IS: bool = matches!(env!("BENCHES_FAT").as_bytes(), b"yes");

/// Builds this program under the profile `fat` and hands it the arguments.
pub(crate) fn again() -> Result<ExitCode, Box<dyn Error>> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--profile", "fat", "--manifest-path"])
        .arg(manifest)
        .args(cfg!(feature = "pin").then_some("--features=pin"))
        .arg("--")
        .args(env::args_os().skip(1))
        .status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
