//! Tells the runners the versions that they were built with: those of `Cargo.lock`.

use std::fs;

fn main() {
    println!("cargo::rerun-if-changed=Cargo.lock");
    let lock = fs::read_to_string("Cargo.lock").expect("Cargo.lock lies beside this file");
    for name in ["wasmi", "wasmtime"] {
        let version = version(&lock, name).unwrap_or("of an unknown version");
        println!("cargo::rustc-env={}_VERSION={version}", name.to_uppercase());
    }
}

/// What follows `name = "wasmi"` in a line of its own.
fn version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    Some(rest.split_once('"')?.0)
}
