//! Tells the program under which profile and by which compiler it was built.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    let fat = Path::new(&out).iter().any(|part| part == "fat");
    println!("cargo::rustc-env=BENCHES_FAT={}", if fat { "yes" } else { "no" });

    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc)
        .arg("--version")
        .output()
        .map(|out| out.stdout)
        .unwrap_or_default();
    println!("cargo::rustc-env=BENCHES_RUSTC={}", String::from_utf8_lossy(&version).trim());
    println!("cargo::rerun-if-changed=build.rs");
}
