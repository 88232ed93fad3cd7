//! `regatta race FILE`: any program, and any call of it.

use crate::support::run;
use serde_json::{Value, json};
use std::path::Path;

/// Counts to n, and says how to race it.
const COUNTER: &str = "; counts
; race: full %count(30) == 30
; race: quick %count(3) == 3
module \"counter\"
func %count(n: i32) -> i32 {
  reg i: i32
  i32_const i, 0
top:
  i32_add_imm i, i, 1
  loop_i32_lt_s i, n, top
  ret_value i
}
";

/// A file with this text, and its path.
fn file(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.rga").display().to_string();
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn rows(race: &Value) -> Vec<(&str, &str, &str, u64)> {
    let rows = race["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let text = |name: &str| row[name].as_str().unwrap();
        (text("workload"), text("engine"), text("result"), row["fuel"].as_u64().unwrap())
    })
    .collect()
}

#[test]
fn directives_of_a_file_say_how_to_race_it() {
    let (_folder, path) = file(COUNTER);
    let race = run(&format!("race {path} --engines match,call --reps 1 --json")).exits(0).json();
    assert_eq!(rows(&race), [("mine", "match", "30", 30), ("mine", "call", "30", 30)]);
    let race = run(&format!("race {path} fib --quick --engines match --reps 1 --json")).exits(0).json();
    assert_eq!(rows(&race), [("mine", "match", "3", 3), ("fib", "match", "46368", 150_049)]);
    let ran = run(&format!("race --list {path}")).exits(0);
    assert!(
        ran.out.contains("mine           counts") && ran.out.contains("full %count(30), quick %count(3)"),
        "{ran:#?}"
    );
}

#[test]
fn a_wrong_directive_is_found_out_and_one_that_makes_no_sense_is_shown() {
    let (_folder, path) = file(&COUNTER.replace("== 30", "== 31"));
    run(&format!("race {path} --engines match --reps 1"))
        .exits(1)
        .says("mine on match: %count(30) gave 30, right is 31");
    let (_folder, path) = file(&COUNTER.replace("%count(3) ==", "%count(x) =="));
    run(&format!("race {path}"))
        .exits(3)
        .says("mine.rga:3:1")
        .says("`x` is not a value of type i32")
        .says("; race: quick %count(x) == 3");
}

#[test]
fn any_call_of_a_file_is_raced_and_engines_must_agree() {
    let race = run("race calc.rga --function divide --args 7,-2 --calls 3 --reps 1 --quick --json").exits(0).json();
    let engines = run("engines --json").json().as_array().unwrap().len();
    assert_eq!(rows(&race).len(), engines);
    for (workload, _, result, fuel) in rows(&race) {
        assert_eq!((workload, result, fuel), ("calc.divide", "-3", 0));
    }
    assert_eq!(race["calls"], 3);
    let swapped = run("race calc.rga --function swap --args 1 -2.5 --engines match --reps 1").exits(0);
    assert!(swapped.out.contains("calc.swap      match") && swapped.out.contains("ns/fuel"), "{swapped:#?}");
    let often = run("race calc.rga --invoke %negate --args nan --calls 20 --engines match --reps 1").exits(0);
    assert!(often.out.contains("ns/call") && !often.out.contains("ns/fuel"), "{often:#?}");
    let fuel = |calls: u32| {
        let race =
            run(&format!("race squares.rga --with math.rga --calls {calls} --args 4 --engines call --reps 1 --json"));
        race.exits(0).json()["rows"][0]["fuel"].as_u64().unwrap()
    };
    assert_eq!(fuel(3), 3 * fuel(1));
}

#[test]
fn calls_that_can_t_be_raced_are_explained() {
    run("race calc.rga").exits(2).says("%main of calc.rga can't be called").says("it takes 2 arguments").says("--args");
    run("race calc.rga --function twice")
        .exits(2)
        .says("there is no function `twice`")
        .says("%divide (i32, i32) -> i32");
    run("race calc.rga --function divide --args 1 x").exits(2).says("`x` is not a value of type i32");
    run("race fib --function run").exits(2).says("--function is about one file to race on, and none is given");
    run("race calc.rga hello.rga --args 1").exits(2).says("--args is about one file to race on, and 2 are given");
    run("race nowhere.rga").exits(3).says("nowhere.rga");
    run("race broken.rga").exits(3).says("broken.rga:5:3").says("V-DEF");
    run("race squares.rga").exits(3).says("import \"math.square\" does not exist").says("--with FILE");
    run("race calc.rga --function divide --args 7 0 --engines match --reps 1")
        .exits(1)
        .says("calc.divide on match: %divide(7, 0) trapped: an integer was divided by zero");
    run("race fib --calls 0").exits(2).says("--calls");
    run("race fib --calls 2 --peers").exits(2).says("--peers");
}

#[test]
fn what_engines_make_of_code_is_measured() {
    let (_folder, path) = file(COUNTER);
    let race = run(&format!("race {path} --engines match,closure --reps 1 --json")).exits(0).json();
    let [by_match, by_closure] = &race["preparations"].as_array().unwrap()[..] else { panic!("{race}") };
    assert_eq!((&by_match["engine"], &by_match["code_bytes"]), (&json!("match"), &Value::Null));
    assert_eq!(by_closure["workload"], "mine");
    let number = |name: &str| by_closure[name].as_u64().unwrap();
    // A place in the table for each of four words, and closures that hold what their words say.
    assert!(number("code_bytes") > number("functions") * 4 * 16, "{by_closure}");
    assert_eq!(by_match["rgm_bytes"], by_closure["rgm_bytes"]);
    let table = run(&format!("race {path} --engines match,closure --reps 1")).exits(0).out;
    assert!(table.contains("made of code") && table.contains("nothing"), "{table}");
}

/// A folder with something that calls itself valgrind: it runs the command, and finds 500 instructions in a lap.
#[cfg(unix)]
fn counter(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let script = "#!/bin/sh
[ \"$1\" = --version ] && echo valgrind-0 && exit
while [ \"${1#--}\" != \"$1\" ]; do shift; done
\"$@\" || exit 1
for word; do case $word in --laps=*) laps=${word#--laps=} ;; esac; done
echo \"==1== Events    : Ir Bc Bcm Bi Bim\" >&2
echo \"==1== Collected : $((1000 + laps * 500)) 1 1 $((laps * 7)) 1\" >&2
";
    let path = folder.join("valgrind");
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn instructions_are_counted_where_there_is_a_counter() {
    let (folder, path) = file(COUNTER);
    let race = |search: String| {
        let words = ["race", &path, "--engines", "match", "--reps", "1", "--instructions", "--json"];
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_regatta")).args(words).env("PATH", search).output();
        serde_json::from_slice::<Value>(&output.unwrap().stdout).unwrap()
    };
    let without = race(String::new());
    assert_eq!(
        without["skipped"][0],
        "instructions are not counted: `valgrind` is not installed (scripts/install-tools valgrind)"
    );
    assert_eq!(without["counts"], json!([]));

    counter(folder.path());
    let usual = std::env::var("PATH").unwrap();
    let with = race(format!("{}:{usual}", folder.path().display()));
    // One before the loop, two in each of three turns, one after.
    let count =
        json!({"workload": "mine", "engine": "match", "executed": 8, "fuel": 3, "instructions": 500, "indirect": 7});
    assert_eq!((&with["counts"], &with["wrong"]), (&json!([count]), &json!([])));
}

#[test]
fn a_race_is_shown_again() {
    let (folder, path) = file(COUNTER);
    let json = run(&format!("race {path} --engines match,closure --reps 2 --json")).exits(0).out;
    let saved = folder.path().join("race.json").display().to_string();
    std::fs::write(&saved, &json).unwrap();
    assert_eq!(run(&format!("race --from {saved} --json")).exits(0).out, json);
    let table = run(&format!("race --from {saved} --base closure")).exits(0).out;
    assert!(
        table.contains("/ closure") && table.contains("mine           match") && table.contains("spread"),
        "{table}"
    );
    let markdown = run(&format!("race --from {saved} --markdown")).exits(0).out;
    assert!(
        markdown.contains("the least of 2 rounds") && markdown.contains("| / match | mine | geometric mean |"),
        "{markdown}"
    );
    run(&format!("race --from {saved} --base call"))
        .exits(2)
        .says("`call` is not in the race; there are match, closure");
    run(&format!("race --from {saved} fib")).exits(2).says("--from");
    run(&format!("race --from {path}")).exits(2).says("mine.rga is no race");
}
