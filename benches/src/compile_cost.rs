//! tmp
pub(crate) fn as_rustc_wrapper() -> Option<std::process::ExitCode> { None }
pub(crate) fn run(_quick: bool) -> Result<(), Box<dyn std::error::Error>> { Ok(()) }
