//! `regatta debug`: sessions, the same under every engine, and the one that the manual shows.

use crate::support::{Ran, engines, fixtures, run, run_with};
use std::fs;
use std::path::Path;

/// A session over a fixture: the commands, and what the debugger said to all of them.
fn debug(line: &str, commands: &[&str]) -> Ran {
    run_with(&fixtures(), &format!("debug {line}"), &(commands.join("\n") + "\n"))
}

/// What was said to the `n`-th command, from 0.
fn answer(ran: &Ran, n: usize) -> String {
    let answers: Vec<&str> = ran.out.split("(regatta) ").skip(1).collect();
    let (_, answer) = answers[n].split_once('\n').expect("the command is a line");
    answer.to_string()
}

#[test]
fn steps_go_as_far_as_they_say() {
    let commands = ["step", "next 2", "step", "out", "next", "line", "until 9", "next", "run"];
    let ran = debug("ledger.rga 1", &commands).exits(4);
    let expected = [
        "%main:1 line 10: val_const_i32 balance, 0\n",
        "%main:4 line 11: mov a, account\n", // `object_make` has two words
        "%main:5 line 11: val_const_i32 b, 5\n",
        "stopped: trap divide_by_zero at %main:10 line 13: an integer was divided by zero\n\
         %main:10 line 13: i32_div_s rounds, rounds, rounds\n",
    ];
    for (n, expected) in expected.iter().enumerate() {
        assert_eq!(answer(&ran, n), *expected, "{n}: {ran:#?}");
    }
    let ran = debug("ledger.rga 2", &["line", "step 3", "out", "line", "until 9", "line", "until 5", "l"]).exits(4);
    let expected = [
        "%main:4 line 11: mov a, account\n",
        "%deposit:0 line 20: field_get balance, account, 1\n",
        "%main:7 line 12: i32_add_imm rounds, rounds, -1\n",
        "%main:4 line 11: mov a, account\n",
        "%main:9 line 13: field_get balance, account, 1\n",
        "stopped: trap divide_by_zero at %main:10 line 13: an integer was divided by zero\n\
         %main:10 line 13: i32_div_s rounds, rounds, rounds\n",
    ];
    for (n, expected) in expected.iter().enumerate() {
        assert_eq!(answer(&ran, n), *expected, "{n}: {ran:#?}");
    }
}

#[test]
fn breakpoints_stop_where_they_are() {
    let ran = debug(
        "ledger.rga 3",
        &["b deposit", "tb line 12", "b op i32_div_s", "run", "run", "run", "info", "d 1", "c", "d all", "c", "q"],
    );
    let ran = ran.exits(4);
    assert_eq!(answer(&ran, 1), "2: break at line 12, once\n");
    assert_eq!(answer(&ran, 3), "stopped: breakpoint 1\n%deposit:0 line 20: field_get balance, account, 1\n");
    assert_eq!(answer(&ran, 4), "stopped: breakpoint 2\n%main:7 line 12: i32_add_imm rounds, rounds, -1\n");
    assert_eq!(answer(&ran, 5), "stopped: breakpoint 1\n%deposit:0 line 20: field_get balance, account, 1\n");
    assert_eq!(answer(&ran, 6), "1: break at %deposit, hit 2 times\n3: break at op i32_div_s\n");
    assert_eq!(answer(&ran, 8), "stopped: breakpoint 3\n%main:10 line 13: i32_div_s rounds, rounds, rounds\n");
    assert!(answer(&ran, 10).starts_with("stopped: trap divide_by_zero at %main:10 line 13"), "{ran:#?}");
}

/// A function whose first word is the target of a loop is entered once.
#[test]
fn a_function_is_entered_by_calls_only() {
    let ran = debug("calc.rga --invoke spin --fuel 5", &["b spin", "run", "fuel 3", "run", "fuel", "step"]).exits(5);
    assert_eq!(answer(&ran, 1), "stopped: out of fuel at %spin:0 (`fuel N` gives more)\n%spin:0: loop L0\n");
    assert_eq!(answer(&ran, 2), "5 units used, 3 left\n");
    assert_eq!(answer(&ran, 4), "8 units used, 0 left\n");
}

#[test]
fn watches_see_registers_and_what_is_in_objects() {
    let commands = ["watch rounds", "line", "watch account.balance", "watch @deposits", "run", "run", "run", "info"];
    let ran = debug("ledger.rga 2", &commands).exits(0);
    assert_eq!(answer(&ran, 0), "1: watch rounds in %main, now 2\n");
    assert_eq!(answer(&ran, 2), "2: watch account.balance in %main, now 0\n");
    let expected = ["watch 2, account.balance: 0 -> 5\n", "watch 3, @deposits: 0 -> 1\n", "watch 1, rounds: 2 -> 1\n"];
    for (n, expected) in expected.iter().enumerate() {
        assert!(answer(&ran, 4 + n).starts_with(&format!("stopped: {expected}")), "{ran:#?}");
    }
    assert_eq!(
        answer(&ran, 7),
        "1: watch rounds in %main, now 1, hit 1 time\n2: watch account.balance in %main, now 5, hit 1 time\n\
         3: watch @deposits in %main, now 1, hit 1 time\n"
    );
    let ran = debug("ledger.rga 1", &["b deposit", "run", "watch count", "run", "run", "run"]).exits(0);
    assert!(answer(&ran, 3).starts_with("stopped: watch 2, count: nothing -> 0\n"), "{ran:#?}");
    assert!(answer(&ran, 4).starts_with("stopped: watch 2, count: 0 -> 1\n"), "{ran:#?}");
    assert!(answer(&ran, 5).starts_with("stopped: watch 2, count, is over: the frame is gone\n"), "{ran:#?}");
}

/// Objects move at every request for memory here, and nothing that is shown may come from where they were.
#[test]
fn what_moves_is_still_seen() {
    let commands = [
        "step 3",
        "watch next.value",
        "run",
        "run",
        "d 1",
        "until 6",
        "p list.next.next.value",
        "p next",
        "heap",
        "run",
    ];
    for zeal in ["move", "generations"] {
        let ran = debug(&format!("eater.rga 40 --gc-zeal={zeal}"), &commands).exits(0);
        assert_eq!(answer(&ran, 1), "1: watch next.value in %main, now 1\n");
        // Not when the cell moves, but when there is another one.
        assert!(answer(&ran, 2).starts_with("stopped: watch 1, next.value: 1 -> 2\n%main:4:"), "{ran:#?}");
        assert!(answer(&ran, 3).starts_with("stopped: watch 1, next.value: 2 -> 3\n%main:4:"), "{ran:#?}");
        assert_eq!(answer(&ran, 6), "list.next.next.value = 38\n");
        assert_eq!(answer(&ran, 7), "`next` held an object that is not needed any more\n");
        assert!(!answer(&ran, 8).contains("0 copying, 0 minor and 0 full"), "{ran:#?}");
        assert_eq!(answer(&ran, 9), "stopped: the program has returned 820\n");
    }
}

#[test]
fn an_end_stops_before_it_ends() {
    let ran = debug("thrower.rga --invoke main :gone", &["run", "bt", "p value", "run"]).exits(4);
    assert_eq!(
        answer(&ran, 0),
        "stopped: nobody caught :gone, thrown at %middle:0 line 7\n%middle:0 line 7: throw value\n"
    );
    assert!(answer(&ran, 1).contains("*#0   %middle:0 line 7 (value = :gone)\n #1   %main:1"), "{ran:#?}");
    assert_eq!(answer(&ran, 2), "value = :gone\n");
    assert!(answer(&ran, 3).starts_with("the program can't go on\nstopped: nobody caught :gone"), "{ran:#?}");
    let ran = debug("calc.rga --invoke swap 1 2.5", &["run", "bt", "regs", "list", "print a"]).exits(0);
    assert_eq!(answer(&ran, 0), "stopped: the program has returned 2.5, 1\n");
    assert_eq!(answer(&ran, 1), "the program has returned: there are no frames\n");
    let ran = debug("calc.rga --invoke deep", &["run", "bt 2", "up", "heap"]).exits(4);
    assert!(answer(&ran, 0).starts_with("stopped: trap stack_overflow at %deep:0"), "{ran:#?}");
    assert!(answer(&ran, 1).ends_with("more frames\n") || answer(&ran, 1).contains(" and "), "{ran:#?}");
    debug("calc.rga 7 2", &["next"]).exits(0);
    debug("calc.rga 7 2", &["quit"]).exits(0);
}

#[test]
fn what_is_meant_is_suggested() {
    let commands =
        ["brek deposit", "break deposi", "print acount", "b op field_gett", "xyzzy", "until 3", "b 99", "help brek"];
    let ran = debug("ledger.rga 1", &commands).exits(0);
    let expected =
        ["`break`", "`deposit`", "`account`", "`field_get`", "no command `xyzzy` (", "word 3", "line 99", "`break`"];
    for (n, expected) in expected.iter().enumerate() {
        assert!(answer(&ran, n).contains(expected), "{expected}: {ran:#?}");
    }
    for command in
        ["watch", "print", "until", "delete", "delete x", "step x", "up 5", "regs 5", "info x", "fuel x", "run x"]
    {
        let ran = debug("ledger.rga 1", &[command]).exits(0);
        assert_eq!(answer(&ran, 0).lines().count(), 1, "{command}: {ran:#?}");
    }
    // Whatever comes in, it is no panic.
    let odd = [
        "p [",
        "p r",
        "p .",
        "p account[",
        "p account[\"",
        "p account[\"x",
        "p @",
        "p é",
        "b :",
        "b x:y",
        "\u{1}",
        "p rounds.x",
    ];
    debug("ledger.rga 1", &odd).exits(0);
    debug("broken.rga 1", &["run"]).exits(3).says("error[V-DEF]");
    debug("lazy.rga --lazy --invoke broken", &["run", "step", "bt", "regs"]).exits(3).says("[V-DEF]");
}

/// All commands in one session, over several programs: not one byte depends on the engine.
#[test]
fn every_engine_shows_the_same() {
    const SCRIPT: &[&str] = &[
        "list",
        "step 2",
        "regs all",
        "b op call",
        "run",
        "step",
        "bt",
        "regs",
        "out",
        "d all",
        "watch @deposits",
        "run",
        "run",
        "d all",
        "tb line 12",
        "run",
        "frames",
        "run",
        "regs",
        "bt",
        "p account",
        "heap",
        "fuel",
        "run",
    ];
    const SLOW_AND_FAST: &[&str] =
        &["step 5", "run", "regs", "bt 3", "heap", "fuel", "fuel 700", "run", "bt 3", "regs", "step", "fuel"];
    let sessions = [
        ("ledger.rga 4", SCRIPT),
        ("ledger.rga 4 --gc-zeal", SCRIPT),
        ("calc.rga 7 0", SLOW_AND_FAST),
        ("calc.rga --invoke deep", SLOW_AND_FAST),
        ("calc.rga --invoke spin --fuel 1000", SLOW_AND_FAST),
        ("turns.rga 100000 --fuel 500", SLOW_AND_FAST),
        ("eater.rga 100 --fuel 50 --gc-zeal=move", SLOW_AND_FAST),
        ("eater.rga 342 --heap-bytes 8192", SLOW_AND_FAST),
        ("thrower.rga --invoke main 5", SLOW_AND_FAST),
    ];
    for (line, script) in sessions {
        let judge = debug(&format!("{line} --engine reference"), script);
        for engine in engines() {
            let ran = debug(&format!("{line} --engine {engine}"), script);
            assert_eq!((ran.code, ran.out), (judge.code, judge.out.clone()), "{line} {engine}");
        }
    }
}

/// The manual's program and session, as they are printed there.
#[test]
fn the_session_of_the_manual_is_what_happens() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/debugging.md")).unwrap();
    let blocks: Vec<&str> =
        page.split("```").skip(1).step_by(2).map(|block| block.trim_start_matches("text")).collect();
    let program = blocks.iter().find(|block| block.contains("\nfunc %")).expect("the page has a program");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ledger.rga"), program).unwrap();
    let mut replayed = 0;
    for session in blocks.iter().filter_map(|block| block.strip_prefix("\n$ regatta ")) {
        let (line, shown) = session.split_once('\n').expect("it goes on");
        let commands: Vec<&str> = shown.lines().filter_map(|line| line.strip_prefix("(regatta) ")).collect();
        let ran = run_with(folder.path(), line, &(commands.join("\n") + "\n"));
        let said = if line.starts_with("debug") { &ran.out } else { &ran.err };
        let trimmed = |text: &str| text.lines().map(|line| line.trim_end().to_string()).collect::<Vec<_>>();
        assert_eq!(trimmed(said), trimmed(shown), "{ran:#?}");
        replayed += 1;
    }
    assert_eq!(replayed, 2, "a session and a trace");
    run("debug --help").exits(0);
}
