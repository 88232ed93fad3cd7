//! `regatta profile`: figures that can be worked out by hand.

use crate::support::run;
use serde_json::{Value, json};

/// `i32_const` once, `i32_add_imm` and `loop_i32_lt_s` three times, `ret_value` once.
#[test]
fn three_turns_are_counted() {
    let figures = run("profile turns.rga 3 --json").exits(0).json();
    assert_eq!(figures["dispatches"], 8);
    let row = |ops: &[&str], count: u64| json!({"ops": ops, "count": count});
    let (add, latch) = ("i32_add_imm", "loop_i32_lt_s");
    assert_eq!(figures["ops"][0]["count"], 3);
    assert_eq!(figures["pairs"][0], row(&[add, latch], 3));
    assert_eq!(figures["pairs"][1], row(&[latch, add], 2));
    assert_eq!(figures["triples"][0], row(&[add, latch, add], 2));
    // The addition is also reached from the latch, so `i32_const` can't take it along.
    let fusions = figures["fusions"].as_array().unwrap();
    let expected = [row(&[add, latch], 3), row(&[add, latch, "ret_value"], 2), row(&[latch, "ret_value"], 1)];
    assert!(fusions.len() == 3 && expected.iter().all(|row| fusions.contains(row)), "{fusions:?}");
    // Of ten registers read, `i` was just written before the first addition and before each latch.
    assert_eq!(figures["reuse"], 0.4);
    let close = |value: &Value, expected: f64| (value.as_f64().unwrap() - expected).abs() < 1e-3;
    assert!(close(&figures["entropy"]["shared"], 1.811), "{figures}");
    assert!(close(&figures["entropy"]["replicated"], 0.394), "{figures}");
    assert_eq!(figures["misses"], json!([]));
}

#[test]
fn tables_come_after_the_results() {
    let ran = run("profile turns.rga 1000 --predict --top 2").exits(0);
    assert!(ran.out.starts_with("1000\n2002 instructions were executed\n"), "{ran:#?}");
    for text in ["i32_add_imm loop_i32_lt_s", "dispatches saved", "shared", "replicated", "inlined", "ittage"] {
        assert!(ran.out.contains(text), "{text} is missing in {ran:#?}");
    }
}

/// With one jump for all, the target of last time is never right; a jump for each op, and history, make it easy.
#[test]
fn predictors_see_layouts() {
    let figures = run("profile turns.rga 1000 --predict --json").exits(0).json();
    let wrong = |layout: &str, predictor: &str| {
        let misses = figures["misses"].as_array().unwrap();
        let row = misses.iter().find(|row| row["layout"] == layout && row["predictor"] == predictor).unwrap();
        (row["jumps"].as_u64().unwrap(), row["wrong"].as_u64().unwrap())
    };
    assert_eq!(wrong("shared", "btb"), (2001, 2001));
    assert!(wrong("shared", "two-level").1 < 20 && wrong("shared", "ittage").1 < 40, "{figures}");
    assert!(wrong("replicated", "btb").1 < 10);
    assert_eq!(wrong("inlined", "btb").0, 1000);
}

#[test]
fn a_program_that_traps_has_a_profile_too() {
    let ran = run("profile eater.rga 342 --heap-bytes 8192 --top 1 --json");
    assert_eq!(ran.code, 4);
    assert!(ran.json()["dispatches"].as_u64() > Some(0));
    run("profile nowhere.rga").exits(3);
    run("profile turns.rga 3 --entries 5").exits(2).says("--predict");
}
