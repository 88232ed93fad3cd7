//! `regatta asm`, `regatta dis` and the small commands.

use crate::support::{fixtures, regatta, run};
use serde_json::json;
use std::fs;

#[test]
fn text_and_binary_are_one_module() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_string();
    let (binary, text, again) = (path("calc.rgm"), path("calc.rga"), path("again.rgm"));
    regatta(&["asm", "calc.rga", "-o", &binary]).exits(0).prints("");
    regatta(&["run", &binary, "-7", "2"]).exits(0).prints("-3\n");
    regatta(&["run", &binary, "7", "0"]).exits(4).says("at %divide, word 0").says("at %main, word 2");
    regatta(&["check", &binary]).exits(0);
    regatta(&["dis", &binary, "-o", &text]).exits(0).prints("");
    regatta(&["asm", &text, "-o", &again]).exits(0);
    assert_eq!(fs::read(&binary).unwrap(), fs::read(&again).unwrap());
    let printed = regatta(&["dis", &binary]).exits(0).out;
    assert_eq!(printed, fs::read_to_string(&text).unwrap());
    assert_eq!(printed, run("dis calc.rga").exits(0).out);
}

#[test]
fn the_binary_lies_next_to_the_text() {
    let directory = tempfile::tempdir().unwrap();
    let text = directory.path().join("hello.rga");
    fs::copy(fixtures().join("hello.rga"), &text).unwrap();
    let text = text.to_str().unwrap();
    regatta(&["asm", text]).exits(0);
    let binary = text.replace(".rga", ".rgm");
    regatta(&["run", &binary]).exits(0).prints("42\n42\n");
    regatta(&["asm", &binary]).exits(2).says("over itself");
    // Also onto itself: the file is replaced when the new one is complete.
    regatta(&["asm", &binary, "-o", &binary]).exits(0);
    regatta(&["run", &binary]).exits(0).prints("42\n42\n");
    let files: Vec<_> = fs::read_dir(directory.path()).unwrap().collect();
    assert_eq!(files.len(), 2, "{files:?}");
}

#[test]
fn what_is_not_verified_is_not_written_unless_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let binary = directory.path().join("broken.rgm");
    let binary = binary.to_str().unwrap();
    regatta(&["asm", "broken.rga", "-o", binary]).exits(3).says("[V-DEF]");
    assert!(!fs::exists(binary).unwrap());
    regatta(&["asm", "--no-verify", "broken.rga", "-o", binary]).exits(0).says("is not verified");
    regatta(&["dis", binary]).exits(0);
    regatta(&["run", binary]).exits(3);
}

#[test]
fn places_that_can_not_be_written_are_said() {
    regatta(&["asm", "hello.rga", "-o", "/nowhere/hello.rgm"]).exits(1).says("`/nowhere/hello.rgm` can't be written");
    regatta(&["dis", "hello.rga", "-o", "/nowhere/hello.rga"]).exits(1).says("can't be written");
}

#[test]
fn engines_are_listed() {
    let ran = run("engines").exits(0);
    assert!(ran.out.lines().any(|line| line.starts_with("match ") && line.ends_with("(default)")), "{ran:?}");
    let rows = run("engines --json").exits(0).json();
    let rows = rows.as_array().unwrap();
    assert!(rows.iter().any(|row| row["name"] == "reference" && row["default"] == json!(false)));
    assert_eq!(rows.iter().filter(|row| row["default"] == json!(true)).count(), 1);
    assert!(rows.iter().all(|row| row["summary"].as_str().is_some_and(|text| !text.is_empty())));
}

#[test]
fn help_has_examples_and_exit_codes() {
    let help = run("--help").exits(0).out;
    assert!(help.contains("Examples:") && help.contains("Exit codes:"), "{help}");
    for command in ["run", "check", "asm", "dis", "test", "diff", "race", "engines"] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
        let own = regatta(&[command, "--help"]).exits(0).out;
        assert!(own.contains("Usage: regatta"), "{own}");
    }
    assert!(run("--version").exits(0).out.starts_with("regatta "));
    run("").exits(2).says("Usage: regatta");
}
