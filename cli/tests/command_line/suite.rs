//! `regatta test` and `regatta diff`: what engines must do, and whether they agree.

use crate::support::{regatta, run};
use std::fs;

#[test]
fn cases_pass_on_every_engine() {
    let engines = run("engines --json").json().as_array().unwrap().len();
    let ran = run("test cases").exits(0);
    assert_eq!(ran.out, format!("{} passed, 0 failed\n", engines + 1));
    run("test cases --engine match").exits(0).prints("2 passed, 0 failed\n");
    run("test cases/rejected.rga --engine reference").exits(0).prints("1 passed, 0 failed\n");
}

#[test]
fn failures_say_what_how_and_again() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("wrong.rga");
    fs::write(&file, "func %one() -> i32 {\n  reg r: i32\n  i32_const r, 1\n  ret_value r\n}\n; run: %one() == 2\n")
        .unwrap();
    let path = file.to_str().unwrap();
    let ran = regatta(&["test", path, "--engine", "match"]).exits(1).prints("0 passed, 1 failed\n");
    ran.says("wrong.rga:6").says("%one() == 2").says(&format!("regatta test {path} --engine match"));
    fs::write(&file, "func %one() {\n  ret ; error: [V-END] nothing wrong here\n}\n").unwrap();
    regatta(&["test", path]).exits(1).prints("0 passed, 1 failed\n");
    fs::write(&file, "; a file that checks nothing\n").unwrap();
    regatta(&["test", path]).exits(1).prints("0 passed, 1 failed\n").says("no directive");
    regatta(&["test", "nowhere.rga"]).exits(1).says("nowhere.rga");
    regatta(&["test", "cases", "--engine", "nope"]).exits(2).says("there are reference, match");
    fs::remove_file(&file).unwrap();
    regatta(&["test", directory.path().to_str().unwrap()]).exits(2).says("no case files");
}

#[test]
fn engines_agree() {
    let ran = run("diff calc.rga -7 2").exits(0);
    let rows: Vec<Vec<&str>> = ran.out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["engine", "fuel", "output", "state", "results", "exit"]);
    assert!(rows.len() >= 3, "{ran:#?}");
    for row in &rows[1..] {
        assert_eq!((row[1], row[2], row[4], row[5]), ("1", "-", "-3", "returned"), "{ran:#?}");
    }
    let ran = run("diff hello.rga").exits(0);
    assert_eq!(ran.out.matches("3 bytes").count(), rows.len() - 1, "{ran:#?}");
}

#[test]
fn engines_agree_on_misfortune() {
    let ran = run("diff calc.rga 7 0").exits(0);
    assert!(ran.out.contains("trapped with divide_by_zero at word 0 of %1, 2 frames deep"), "{ran:#?}");
    let ran = run("diff calc.rga --invoke spin --fuel 1000").exits(0);
    assert!(ran.out.contains("ran out of fuel"), "{ran:#?}");
    run("diff large.rga --memory-bytes 64K 1").exits(0);
    run("diff calc.rga --stack 1 1 1").exits(0);
    run("diff broken.rga 1").exits(3).says("[V-DEF]");
    run("diff lonely.rga").exits(3).says("nobody.home");
    run("diff nowhere.rga").exits(3);
    run("diff calc.rga").exits(2).says("it takes 2 arguments");
}
