//! `--with`: modules that import from others, in every command that takes it.

use crate::support::{regatta, run};
use serde_json::json;

const BOTH: &str = "--with math.rga --with mean.rga";

#[test]
fn imports_are_found_in_the_modules_before() {
    run("run squares.rga --with math.rga 7").exits(0).prints("49\n");
    run("run --with math.rga --lazy squares.rga -7").exits(0).prints("49\n");
    run(&format!("run survey.rga {BOTH} 9 2")).exits(0).prints("16\n");
    run(&format!("run survey.rga {BOTH} 9 2 --engine reference")).exits(0).prints("16\n");
}

#[test]
fn functions_are_chosen_among_those_of_the_file() {
    run("run squares.rga --with math.rga --invoke math.divide 7 2").exits(2).says("there is no function `math.divide`");
    run("run squares.rga --with math.rga --invoke divide 7 2").exits(2).says("has\n         %square (i32) -> i32\n");
    run(&format!("run survey.rga {BOTH} --invoke survey.main 9 2")).exits(0).prints("16\n");
    run("run math.rga --with calc.rga 7 2").exits(2).says("there is no `main`");
}

#[test]
fn traps_are_drawn_in_the_file_they_happen_in() {
    for lazy in ["", "--lazy"] {
        let ran = run(&format!("run survey.rga {BOTH} {lazy} 1 0")).exits(4).says("an integer was divided by zero");
        let ran = ran.says(" --> math.rga:10:3").says("i32_div_s a, a, b");
        ran.says("at %divide, math.rga:10\n").says("at %of, mean.rga:13\n").says("at %main, survey.rga:14\n");
    }
}

#[test]
fn missing_imports_say_what_to_do() {
    for command in ["run", "check", "asm -o /dev/null", "diff"] {
        let ran = run(&format!("{command} survey.rga")).exits(3).says("[V-REF]: import \"mean.of\" does not exist");
        ran.says(" --> survey.rga:3:").says("help: say where it is defined: `--with FILE`");
        let ran = run(&format!("{command} survey.rga --with math.rga --with squares.rga")).exits(3);
        let ran = ran.says("linked before this one: module `math` (math.rga), a module without a name (squares.rga);");
        assert!(!ran.err.contains("\"math.square\""), "{ran:?}");
        // The order matters, and the error is that of the module which came too early.
        let ran = run(&format!("{command} survey.rga --with mean.rga --with math.rga")).exits(3);
        ran.says("import \"math.divide\" does not exist\n --> mean.rga:3:");
    }
}

#[test]
fn errors_in_the_modules_before_are_drawn_into_them() {
    for command in ["run", "check", "asm -o /dev/null", "diff"] {
        run(&format!("{command} hello.rga --with broken.rga")).exits(3).prints("").says(" --> broken.rga:5:3");
        run(&format!("{command} hello.rga --with garbled.rga")).exits(3).says("garbled.rga:2:3");
        run(&format!("{command} hello.rga --with nowhere.rga")).exits(3).says("nowhere.rga");
        let ran = run(&format!("{command} squares.rga --with math.rga --with math.rga")).exits(3);
        ran.says("the program already has a function `math.square`").says("math.rga");
    }
    let found = run("check --json hello.rga --with broken.rga").exits(3).json();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["file"]), (3, &json!("broken.rga")));
}

#[test]
fn bodies_found_bad_late_are_drawn_in_their_file() {
    run("run late.rga --with lazy.rga").exits(3).says("[V-DEF]").says(" --> lazy.rga:9:3");
    run("run late.rga --with lazy.rga --lazy").exits(3).says("[V-DEF]").says(" --> lazy.rga:9:3");
}

#[test]
fn files_are_checked_in_company_but_not_linked() {
    let ran = run(&format!("check survey.rga squares.rga hello.rga {BOTH}")).exits(0);
    ran.prints(
        "survey.rga: ok (2 functions, 7 instructions)\nsquares.rga: ok (1 function, 3 instructions)\n\
         hello.rga: ok (1 function, 4 instructions)\n",
    );
    // Each in the same company, not in that of the files before.
    run("check math.rga squares.rga").exits(3).says("import \"math.square\" does not exist");
}

#[test]
fn who_runs_nothing_needs_no_natives() {
    run("check visitor.rga --with speaker.rga").exits(0);
    run("asm visitor.rga --with speaker.rga -o /dev/null").exits(0);
    for command in ["run", "diff"] {
        let ran = run(&format!("{command} visitor.rga --with speaker.rga")).exits(3);
        ran.says("native `nobody.home` is not offered").says("speaker.rga");
    }
}

#[test]
fn binary_modules_import_too() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_string();
    let (math, mean, survey) = (path("math.rgm"), path("mean.rgm"), path("survey.rgm"));
    regatta(&["asm", "math.rga", "-o", &math]).exits(0);
    regatta(&["asm", "mean.rga", "--with", &math, "-o", &mean]).exits(0);
    regatta(&["asm", "survey.rga", "--with", &math, "--with", &mean, "-o", &survey]).exits(0);
    let run = |args: [&str; 2]| regatta(&["run", &survey, "--with", &math, "--with", &mean, args[0], args[1]]);
    run(["9", "2"]).exits(0).prints("16\n");
    let ran = run(["1", "0"]).exits(4).says(&format!("at %divide, word 0 of {math}"));
    ran.says(&format!("at %of, word 2 of {mean}")).says(&format!("at %main, word 2 of {survey}"));
    regatta(&["run", &survey, "1", "2"]).exits(3).says("import \"mean.of\" does not exist").says("--with FILE");
    regatta(&["asm", "survey.rga", "--no-verify", "--with", &math]).exits(2).says("--no-verify");
}

#[test]
fn engines_are_compared_on_all_modules() {
    let ran = run(&format!("diff survey.rga {BOTH} 9 2")).exits(0);
    assert!(ran.out.contains("reference  3 ") && ran.out.contains("16       returned"), "{ran:?}");
    let ran = run(&format!("diff survey.rga {BOTH} 1 0")).exits(0);
    assert!(ran.out.contains("trapped with divide_by_zero at word 0 of"), "{ran:?}");
}
