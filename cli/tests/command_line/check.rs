//! `regatta check`: good files, errors at the right places, JSON, and files from hell.

use crate::support::{regatta, run};
use serde_json::{Value, json};

#[test]
fn good_files_are_counted() {
    run("check hello.rga calc.rga")
        .exits(0)
        .prints("hello.rga: ok (1 function, 4 instructions)\ncalc.rga: ok (6 functions, 14 instructions)\n");
}

#[test]
fn errors_are_drawn_where_they_are() {
    let ran = run("check broken.rga").exits(3).prints("");
    let ran = ran.says("error[V-DEF]: register r1 is not written on every path to here\n --> broken.rga:5:3");
    let ran = ran.says("5 |   i32_add n, a, n\n  |   ^^^^^^^^^^^^^^^");
    let ran = ran.says("error[V-REG]: register r9 is not below the function's 2 registers\n --> broken.rga:6:3");
    ran.says("error[V-MODULE]: memory of 2 pages may grow to 1 only\n --> broken.rga:9:1");
    let ran = run("check garbled.rga").exits(3);
    ran.says("garbled.rga:2:3").says("did you mean `i32_add`?").says("garbled.rga:3:13");
}

#[test]
fn one_bad_file_does_not_hide_the_others() {
    let ran = run("check broken.rga hello.rga garbled.rga nowhere.rga").exits(3);
    let ran = ran.prints("hello.rga: ok (1 function, 4 instructions)\n");
    ran.says("broken.rga:5:3").says("garbled.rga:2:3").says("nowhere.rga");
}

#[test]
fn pipes_get_no_colours() {
    assert!(!run("check broken.rga").err.contains('\x1b'));
}

#[test]
fn json_lists_every_problem() {
    let found = run("check --json hello.rga").exits(0).json();
    assert_eq!(found, json!([]));

    let ran = run("check --json hello.rga broken.rga garbled.rga nowhere.rga").exits(3);
    assert_eq!(ran.err, "");
    let found = ran.json();
    let found = found.as_array().unwrap();
    let of = |file: &str| found.iter().filter(|problem| problem["file"] == file).collect::<Vec<_>>();
    let undefined = json!({
        "file": "broken.rga", "line": 5, "column": 3, "tag": "V-DEF",
        "message": "register r1 is not written on every path to here", "function": "broken", "word": 0,
    });
    assert!(of("broken.rga").contains(&&undefined), "{found:?}");
    assert_eq!(of("broken.rga").len(), 3);
    let lines: Vec<_> = of("garbled.rga").iter().map(|problem| problem["line"].as_u64()).collect();
    assert_eq!(lines, [Some(2), Some(3)]);
    let [nowhere] = of("nowhere.rga")[..] else { panic!("{found:?}") };
    assert_eq!((&nowhere["line"], &nowhere["tag"], &nowhere["function"]), (&Value::Null, &Value::Null, &Value::Null));
}

#[test]
fn binary_modules_name_function_and_word() {
    let directory = tempfile::tempdir().unwrap();
    let binary = directory.path().join("broken.rgm");
    let binary = binary.to_str().unwrap();
    regatta(&["asm", "--no-verify", "broken.rga", "-o", binary]).exits(0);
    regatta(&["check", binary]).exits(3).says("%broken, word 1: i32_add n, n, r9").says("error[V-REG]");
    let found = regatta(&["check", "--json", binary]).exits(3).json();
    let register = &found.as_array().unwrap()[2];
    assert_eq!((&register["function"], &register["word"]), (&json!("broken"), &json!(1)));
    assert_eq!((&register["line"], &register["column"]), (&Value::Null, &Value::Null));
}

#[test]
fn hostile_files_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_string()
    };
    let whole = directory.path().join("whole.rgm");
    let whole = whole.to_str().unwrap();
    regatta(&["asm", "calc.rga", "-o", whole]).exits(0);
    let bytes = std::fs::read(whole).unwrap();
    let cut = file("cut.rgm", &bytes[..bytes.len() / 2]);
    let mut damaged = bytes.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let damaged = file("damaged.rgm", &damaged);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let noise = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    });
    let noise = noise.take(4096).collect::<Vec<_>>();
    let noise = file("noise.bin", &noise);
    let magic = file("magic.rgm", &bytes[..8]);
    let zeros = file("zeros.rga", &[0; 100]);
    let long = file("long.rga", format!("{}oops", " ".repeat(1 << 20)).as_bytes());
    let many = file("many.rga", "oops\n".repeat(100_000).as_bytes());
    let huge = file(
        "huge.rga",
        b"func %f() -> i32 {\n  reg r: i32\n  i32_const r, 99999999999999999999999\n  ret_value r\n}\n",
    );
    let here = directory.path().to_str().unwrap();
    for bad in [&*cut, &damaged, &noise, &magic, &zeros, &long, &many, &huge, here, "/nowhere/at/all"] {
        for command in ["check", "run", "dis", "asm"] {
            // Code is summed when it is verified, and `dis` verifies nothing.
            let code = if command == "dis" && bad == damaged { 0 } else { 3 };
            let ran = regatta(&[command, bad]).exits(code);
            assert!(ran.err.len() < 100_000, "{command} {bad} says too much");
        }
        regatta(&["check", "--json", bad]).exits(3).json();
    }
    let empty = file("empty.rga", b"");
    regatta(&["check", &empty]).exits(0);
}

#[test]
fn long_lines_keep_their_columns() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("long.rga");
    std::fs::write(&path, format!("\n{}oops {}\n", " ".repeat(9999), "x".repeat(9999))).unwrap();
    let ran = regatta(&["check", path.to_str().unwrap()]).exits(3);
    ran.says("long.rga:2:10000\n");
}
