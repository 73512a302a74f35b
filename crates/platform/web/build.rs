//! Only looks: the scripts and styles are built by `make ui`, not here.

use std::path::Path;

fn main() {
    let manifest = Path::new("../../../ui/dist/manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    println!("cargo::rerun-if-changed=build.rs");
    if !manifest.exists() {
        println!("cargo::error=ui/dist is missing: run `make ui` first (it needs Node 20 or later)");
    }
}
