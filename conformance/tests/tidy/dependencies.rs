//! Who may depend on whom. Changing an edge means changing this table, where a reader will see it.

use crate::source::{complain, root};
use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// A crate and the crates of this workspace it may use; without the `regatta-` of their names.
const MAY_USE: &[(&str, &[&str])] = &[
    ("ir", &[]),
    // It knows no instructions, no classes and no frames.
    ("heap", &[]),
    // No values, heaps or executors: verification is a pure function of code and environment.
    ("verifier", &["ir"]),
    // It calls executors only through its own trait.
    ("runtime", &["heap", "ir", "verifier"]),
    // No program counter, no dispatch, no code memory.
    ("semantics", &["heap", "ir", "runtime"]),
    ("interp", &["heap", "ir", "runtime", "semantics", "verifier"]),
    // No engine and no instruction's meaning: what calls back is code of its prelude.
    ("natives", &["heap", "ir", "runtime"]),
    // Where the lists of engines meet.
    ("vm", &["interp", "ir", "natives", "runtime", "semantics", "verifier"]),
    // It does not know which engines exist.
    ("conformance", &["ir", "runtime", "verifier", "vm"]),
    ("benches", &["conformance", "vm"]),
    ("cli", &["benches", "conformance", "vm"]),
];

/// Foreign crates, and who may use them; `thiserror` is everybody's.
const OWNERS: &[(&str, &[&str])] = &[
    ("annotate-snippets", &["cli"]),
    ("arbitrary", &["conformance"]),
    ("boxcar", &["runtime"]),
    ("bytemuck", &["ir"]),
    ("clap", &["cli"]),
    ("crc32fast", &["ir"]),
    ("dynasm", &["interp"]),
    ("dynasmrt", &["interp"]),
    ("indicatif", &["cli"]),
    ("libtest-mimic", &["conformance"]),
    ("memmap2", &["ir"]),
    ("regex", &["natives"]),
    ("rustix", &["cli", "interp"]),
    ("serde", &["cli"]),
    ("serde_json", &["cli"]),
    ("tempfile", &["cli"]),
    ("thiserror", &["benches", "cli", "conformance", "heap", "interp", "ir", "runtime", "semantics", "verifier", "vm"]),
    ("toml", &["cli"]),
];

/// Foreign crates that tests and benchmarks use.
const FOR_TESTS: &[(&str, &[&str])] = &[
    ("arbitrary", &["conformance", "ir", "verifier"]),
    ("arbtest", &["conformance", "ir", "semantics", "verifier"]),
    ("cargo_metadata", &["conformance"]),
    ("criterion", &["benches"]),
    ("iai-callgrind", &["benches"]),
    ("serde_json", &["benches", "cli"]),
    ("tempfile", &["benches", "conformance", "ir", "runtime", "vm"]),
    ("wasmparser", &["benches", "verifier"]),
    ("wat", &["benches", "verifier"]),
];

#[test]
fn crates_depend_on_what_the_table_allows() {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec();
    let packages = metadata.expect("cargo describes the workspace").packages;
    let mut complaints = Vec::new();
    for package in &packages {
        match own(&package.name).and_then(|name| MAY_USE.iter().find(|(known, _)| *known == name)) {
            Some((name, allowed)) => check(name, allowed, package, &mut complaints),
            None => complaints.push(format!("{} is not in the table", package.name)),
        }
    }
    for (name, _) in MAY_USE {
        if !packages.iter().any(|package| own(&package.name) == Some(name)) {
            complaints.push(format!("the table lists {name}, and there is no such crate"));
        }
    }
    complain(complaints);
}

fn check(name: &str, allowed: &[&str], package: &Package, complaints: &mut Vec<String>) {
    for dependency in &package.dependencies {
        let for_tests = dependency.kind == DependencyKind::Development;
        let fine = match own(&dependency.name) {
            Some(used) => allowed.contains(&used) || for_tests && used == name,
            None => owns(OWNERS, &dependency.name, name) || for_tests && owns(FOR_TESTS, &dependency.name, name),
        };
        if !fine {
            let what = if for_tests { "the tests of " } else { "" };
            complaints.push(format!("{what}{name} may not use {}", dependency.name));
        }
    }
}

fn owns(table: &[(&str, &[&str])], foreign: &str, name: &str) -> bool {
    table.iter().any(|(known, owners)| *known == foreign && owners.contains(&name))
}

fn own(package: &str) -> Option<&str> {
    package.strip_prefix("regatta-")
}
