//! `regatta run`: results, arguments, limits, and every way to end.

use crate::support::{fixtures, regatta, run};

#[test]
fn results_follow_the_output() {
    run("run hello.rga").exits(0).prints("42\n42\n");
    run("run calc.rga --invoke swap 1 2.5").exits(0).prints("2.5\n1\n");
    run("run hello.rga --engine reference").exits(0).prints("42\n42\n");
}

#[test]
fn negative_arguments_need_no_dashes() {
    run("run calc.rga -7 2").exits(0).prints("-3\n");
    run("run calc.rga -7 -0x2 --stats").exits(0).prints("3\n");
    run("run calc.rga -- -7 2").exits(0).prints("-3\n");
    run("run calc.rga --invoke negate -inf").exits(0).prints("inf\n");
    run("run calc.rga --invoke negate -.5e1").exits(0).prints("5.0\n");
    run("run calc.rga --invoke negate -nan").exits(0).prints("nan\n");
    run("run calc.rga 0xffffffff 1").exits(0).prints("-1\n");
}

#[test]
fn functions_have_short_and_full_names() {
    for name in ["divide", "%divide", "calc.divide"] {
        run(&format!("run calc.rga --invoke {name} 7 2")).exits(0).prints("3\n");
    }
}

#[test]
fn wrong_usage_is_code_2_and_says_what_there_is() {
    run("run calc.rga --invoke nope").exits(2).says("no function `nope`").says("%swap (i32, f64) -> (f64, i32)");
    run("run lazy.rga --engine nope").exits(2).says("there are reference, match");
    run("run calc.rga 1").exits(2).says("(i32, i32) -> i32: it takes 2 arguments, given were 1");
    run("run calc.rga 1 one").exits(2).says("`one` is not a value of type i32");
    run("run calc.rga 1 99999999999").exits(2).says("`99999999999` is not a value of type i32");
    run("run calc.rga --bogus").exits(2).says("--bogus");
    run("run hello.rga --fuel 99999999999999999999").exits(2).says("--fuel");
    run("run hello.rga --fuel -1").exits(2).says("--fuel");
    run("run hello.rga --stack 0").exits(2).says("--stack");
    run("run hello.rga --stack 18446744073709551615").exits(2).says("--stack");
    run("run hello.rga --memory-bytes 99999999999G").exits(2).says("--memory-bytes");
    run("run").exits(2).says("<FILE>");
    run("frobnicate").exits(2).says("frobnicate");
}

#[test]
fn without_main_and_with_a_choice_one_must_be_chosen() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("two.rga");
    std::fs::write(&file, "func %a() {\n  ret\n}\nfunc %b() {\n  ret\n}\n").unwrap();
    let file = file.to_str().unwrap();
    regatta(&["run", file]).exits(2).says("--invoke").says("%a () -> ()").says("%b () -> ()");
    regatta(&["run", file, "--invoke", "b"]).exits(0).prints("");
    std::fs::write(file, "memory 1 1\n").unwrap();
    regatta(&["run", file]).exits(2).says("defines no function");
}

#[test]
fn rejected_files_are_code_3() {
    run("run broken.rga 1").exits(3).says("error[V-DEF]").says("broken.rga:5:3");
    run("run garbled.rga 1").exits(3).says("garbled.rga:2:3");
    run("run lonely.rga").exits(3).says("native `nobody.home` is not offered").says("lonely.rga");
    run("run nowhere.rga").exits(3).says("nowhere.rga");
    run("run .").exits(3);
}

#[test]
fn traps_are_code_4_and_show_the_way_there() {
    let ran = run("run calc.rga 1 0").exits(4).says("an integer was divided by zero").prints("");
    let ran = ran.says("calc.rga:13:3").says("i32_div_s a, a, b");
    ran.says("at %divide, calc.rga:13").says("at %main, calc.rga:8");
    let ran = run("run calc.rga --invoke deep").exits(4).says("the call stack reached its limit");
    ran.says("at %deep, calc.rga:36, 32 times").says("more calls");
    run("run calc.rga --stack 1 1 1").exits(4).says("the call stack reached its limit");
}

#[test]
fn what_nobody_catches_is_code_4_too() {
    let ran = run("run thrower.rga --invoke main :gone").exits(4).says("nobody caught gone").prints("");
    let ran = ran.says("thrower.rga:12:3").says("throw value");
    ran.says("at %middle, thrower.rga:12, line 7").says("at %main, thrower.rga:6");
    run("run thrower.rga --invoke array").exits(4).says("nobody caught [...]");
}

#[test]
fn dynamic_values_are_written_as_in_the_text_form() {
    for value in ["null", "true", "-7", "2.5", ":atom", "\"text\""] {
        run(&format!("run thrower.rga --invoke same {value}")).exits(0).prints(&format!("{value}\n"));
    }
    run("run thrower.rga --invoke same nul").exits(2).says("`nul` is not a value of type val");
}

#[test]
fn out_of_fuel_is_code_5() {
    run("run calc.rga --invoke spin --fuel 1000").exits(5).says("used up its 1000 units of fuel");
    run("run calc.rga --invoke spin --fuel 0").exits(5);
    run("run calc.rga --fuel 1 7 2").exits(0).prints("3\n");
    run("run calc.rga --fuel 0 7 2").exits(5);
}

#[test]
fn heap_limits_linear_memory() {
    run("run large.rga 12").exits(0).prints("4\n");
    run("run large.rga 13").exits(0).prints("-1\n");
    run("run large.rga --memory-bytes 512K 4").exits(0).prints("4\n");
    run("run large.rga --memory-bytes 512K 5").exits(0).prints("-1\n");
    run("run large.rga --memory-bytes 65536 0")
        .exits(3)
        .says("262144 bytes of linear memory, above the limit of 65536");
}

#[test]
fn lazy_looks_only_at_what_runs() {
    run("run lazy.rga").exits(3).says("[V-DEF]").says("lazy.rga:9:3");
    run("run lazy.rga --lazy").exits(0).prints("1\n");
    run("run lazy.rga --lazy --invoke broken").exits(3).says("[V-DEF]").says("lazy.rga:9:3");
}

#[test]
fn stats_go_to_standard_error() {
    let ran = run("run calc.rga --stats 7 2").exits(0).prints("3\n");
    let ran = ran.says("engine  match\n").says("fuel    1\n").says("memory  0 pages\n");
    for what in ["load", "verify", "run"] {
        let line = ran.err.lines().find(|line| line.starts_with(what)).expect("each step has a line");
        assert!(line.ends_with(" ms"), "{line}");
    }
    run("run calc.rga --stats 7 0").exits(4).says("engine  match\n");
}

#[test]
fn a_heap_has_a_limit() {
    // 8192 bytes are 341 cells of 24 bytes and 8 bytes more.
    run("run eater.rga 341 --heap-bytes 8192").exits(0).prints("58311\n");
    run("run eater.rga 341 --heap-bytes 8K --gc-zeal=move").exits(0).prints("58311\n");
    for engine in run("engines --json").json().as_array().expect("a list") {
        let engine = engine["name"].as_str().expect("engines have names");
        let ran = run(&format!("run eater.rga 342 --heap-bytes 8192 --engine {engine}")).exits(4).prints("");
        ran.says("error: the heap reached its limit").says("eater.rga:13:3").says("object_make next, value, 2, &Cell");
    }
    run("run eater.rga 342 --heap-bytes 64K").exits(0).prints("58653\n");
}

#[test]
fn stats_tell_what_the_collector_did() {
    let ran = run("run eater.rga 20000 --stats").exits(0).prints("200010000\n");
    ran.says("heap    480000 bytes, 480000 allocated\n")
        .says(" copying, 1 minor, 0 full\n")
        .says("% of the time, longest ");
}

#[test]
fn a_closed_pipe_is_no_panic() {
    use std::process::{Command, Stdio};
    for words in [&["engines"][..], &["run", "hello.rga"], &["dis", "calc.rga"], &["--help"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_regatta"))
            .args(words)
            .current_dir(fixtures())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{words:?}: {output:?}");
        assert!(output.status.code().is_some(), "{words:?}: {output:?}");
    }
}

#[test]
fn output_that_can_not_be_written_is_said() {
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else { return };
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_regatta"))
        .args(["run", "calc.rga", "7", "2"])
        .current_dir(fixtures())
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("the output can't be written"), "{output:?}");
}
