//! `regatta run --trace`: a line for each instruction, the same under every engine.

use crate::support::{engines, run};

/// Lines without the spaces that put them into columns.
fn squeezed(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn each_instruction_is_a_line() {
    let ran = run("run turns.rga 2 --trace").exits(0).prints("2\n");
    let expected = [
        "%turns:0 i32_const i, 0 -> i = 0",
        "%turns:1 i32_add_imm i, i, 1 i = 0 -> i = 1",
        "%turns:2 loop_i32_lt_s i, n, L1 i = 1, n = 2",
        "%turns:1 i32_add_imm i, i, 1 i = 1 -> i = 2",
        "%turns:2 loop_i32_lt_s i, n, L1 i = 2, n = 2",
        "%turns:3 ret_value i i = 2",
    ];
    assert_eq!(squeezed(&ran.err), expected);
}

#[test]
fn filters_and_limits_choose() {
    let ran = run("run calc.rga 7 2 --trace=div*").exits(0).prints("3\n");
    let expected = ["%divide:0 i32_div_s a, a, b a = 7, b = 2 -> a = 3", "%divide:1 ret_value a a = 3 -> q = 3"];
    assert_eq!(squeezed(&ran.err), expected);
    let ran = run("run turns.rga 1000 --trace --trace-limit 3").exits(0).prints("1000\n");
    assert_eq!(ran.err.lines().count(), 4);
    ran.says("that was the limit");
    run("run turns.rga 2 --trace=nobody").exits(0).prints("2\n").exits(0);
    run("run turns.rga 2 --trace-limit 3").exits(2).says("--trace");
}

#[test]
fn the_last_line_says_how_it_ended() {
    run("run calc.rga 7 0 --trace").exits(4).says("traps: divide_by_zero\n").says("an integer was divided by zero");
    run("run calc.rga --invoke spin --fuel 2 --trace").exits(5).says("out of fuel\n");
    run("run thrower.rga --invoke main :gone --trace").exits(4).says("%middle:0 line 7").says("nobody catches it\n");
}

#[test]
fn a_trace_goes_to_a_file_and_is_the_same_under_every_engine() {
    let directory = tempfile::tempdir().unwrap();
    let mut first = None;
    for engine in engines() {
        let path = directory.path().join(&engine);
        let to = path.to_str().unwrap();
        // Cells move while this runs: an instruction that waits for a collection is shown once.
        let command =
            format!("run eater.rga 300 --gc-zeal --engine {engine} --trace --trace-limit 2000 --trace-to {to}");
        run(&command).exits(0).prints("45150\n");
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 2001);
        assert!(text.contains("object_make next, value, 2, &Cell"), "{text}");
        assert_eq!(first.get_or_insert_with(|| text.clone()), &text, "{engine}");
    }
    let nowhere = directory.path().join("no/such/folder");
    run(&format!("run turns.rga 2 --trace --trace-to {}", nowhere.display())).exits(1).says("can't be written");
}
