//! `--perf-map` and `--gdb`: what the machine's own tools know of machine code.

use crate::support::{fixtures, run};
use std::collections::HashMap;
use std::process::Command;

/// A map, by name: where code begins, and how long it is.
fn map(line: &str) -> HashMap<String, (u64, u64)> {
    let ran = run(line).exits(0);
    let path = ran.err.lines().find_map(|line| line.strip_prefix("machine code is named in ")).expect("it says where");
    let text = std::fs::read_to_string(path).expect("it is there");
    let _ = std::fs::remove_file(path);
    let hex = |word: &str| u64::from_str_radix(word, 16).expect("a number");
    let parse = |line: &str| {
        let mut words = line.splitn(3, ' ');
        let (start, bytes) = (hex(words.next().unwrap()), hex(words.next().unwrap()));
        (words.next().expect("a name").to_string(), (start, bytes))
    };
    text.lines().map(parse).collect()
}

fn has(engine: &str) -> bool {
    crate::support::engines().iter().any(|name| name == engine)
}

#[test]
fn perf_finds_functions_and_handlers() {
    if !has("template") {
        return eprintln!("SKIPPED: no engine makes machine code here");
    }
    let functions = map("run calc.rga 7 2 --engine template --perf-map");
    for name in ["main", "divide", "(enter)", "(meaning)"] {
        let (start, bytes) = functions[&format!("regatta::template::{name}")];
        assert!(start > 0 && bytes > 8, "{functions:?}");
    }
    let handlers = map("run calc.rga 7 2 --engine threaded --perf-map");
    let mut pieces: Vec<_> = handlers.iter().map(|(name, place)| (*place, name)).collect();
    assert!(handlers.contains_key("regatta::threaded::i32_div_s"), "{handlers:?}");
    assert!(handlers.contains_key("regatta::threaded::(slow paths)"));
    // Piece by piece, with nothing between them.
    pieces.sort_unstable();
    for pair in pieces.windows(2) {
        assert_eq!(pair[0].0.0 + pair[0].0.1, pair[1].0.0, "{pair:?}");
    }
    assert!(map("run calc.rga 7 2 --engine match --perf-map").is_empty());
    run("run calc.rga 7 2 --engine template --gdb").exits(0).prints("3\n");
}

/// A backtrace from the system call in a native that prints, through machine code, to `main` of this process.
#[test]
fn gdb_names_functions() {
    if !has("template") {
        return eprintln!("SKIPPED: no engine makes machine code here");
    }
    for (engine, expected) in [("template", "regatta::template::main"), ("threaded", "regatta::threaded::")] {
        let output = Command::new("gdb")
            .args(["-nx", "-batch", "-ex", "set debuginfod enabled off", "-ex", "set jit-reader-load off"])
            .args(["-ex", "catch syscall write", "-ex", "run", "-ex", "bt 60", "-ex", "kill", "--args"])
            .arg(env!("CARGO_BIN_EXE_regatta"))
            .args(["run", "hello.rga", "--engine", engine, "--gdb"])
            .current_dir(fixtures())
            .output();
        let Ok(output) = output else { return eprintln!("SKIPPED: there is no gdb here") };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        if !text.contains("(call to syscall write)") {
            return eprintln!("SKIPPED: gdb can't run programs here: {errors}");
        }
        let named = text.lines().position(|line| line.contains(expected));
        let named = named.unwrap_or_else(|| panic!("{expected} is not in {text}{errors}"));
        // The way on is known too: frames of Rust code, down to the first one.
        assert!(text.lines().skip(named).any(|line| line.contains("main (")), "{text}{errors}");
    }
}
