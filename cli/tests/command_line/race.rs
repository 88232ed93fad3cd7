//! `regatta race`: quick races, their figures, and names that nobody knows.

use crate::support::run;

#[test]
fn a_quick_race_has_every_engine_on_each_workload() {
    let ran = run("race fib dyn-churn --quick --reps 2 --json").exits(0);
    assert_eq!(ran.err, "", "no progress bar, no complaint");
    let race = ran.json();
    let rows = race["rows"].as_array().unwrap();
    let engines = run("engines --json").json().as_array().unwrap().len();
    assert_eq!(rows.len(), engines * 2);
    for row in rows {
        let number = |name: &str| row[name].as_u64().unwrap_or_else(|| panic!("{name} in {row}"));
        assert!(0 < number("ns_min") && number("ns_min") <= number("ns_median"), "{row}");
        assert_eq!(number("reps"), 2);
        assert!(number("fuel") > 0, "{row}");
        assert!(row["gc"]["share"].as_f64().is_some_and(|share| (0.0..=1.0).contains(&share)), "{row}");
        assert!(row["result"].as_str().is_some_and(|result| !result.is_empty()), "{row}");
    }
    let fib = rows.iter().find(|row| row["workload"] == "fib" && row["engine"] == "match").unwrap();
    assert_eq!(fib["result"], "46368");
    assert_eq!(fib["gc"], serde_json::json!({"copies": 0, "minor": 0, "full": 0, "share": 0.0, "ns_longest": 0}));
    let churn = rows.iter().find(|row| row["workload"] == "dyn-churn" && row["engine"] == "match").unwrap();
    assert!(churn["gc"]["copies"].as_u64() > Some(0) && churn["gc"]["ns_longest"].as_u64() > Some(0), "{churn}");
    assert_eq!((&race["size"], &race["skipped"]), (&"quick".into(), &serde_json::json!([])));
    assert!(race["wrong"].as_array().unwrap().is_empty() && race["machine"]["arch"].is_string());
}

#[test]
fn the_table_names_who_ran() {
    let ran = run("race fib loop --quick --engines match,reference --reps 1").exits(0);
    for text in ["workload", "/ match", "longest", "fib            match", "geometric mean over 2 workloads"] {
        assert!(ran.out.contains(text), "{text} is missing in {ran:#?}");
    }
    assert!(!ran.out.contains("left out"), "{ran:#?}");
    assert!(!ran.out.contains('\x1b'), "{ran:#?}");
}

#[test]
fn workloads_are_listed() {
    let ran = run("race --list").exits(0);
    assert!(ran.out.contains("fib ") && ran.out.contains("full %run(35), quick %run(24)"), "{ran:#?}");
    run("race --list sieve").exits(0);
    let ran = run("race --list dyn").exits(0);
    assert!(ran.out.contains("dyn-fib ") && !ran.out.contains("\nfib "), "{ran:#?}");
}

#[test]
fn unknown_names_are_answered_with_known_ones() {
    run("race fob").exits(2).says("there is no workload `fob`; there are fib, collatz, loop, sieve");
    run("race --engines mitch").exits(2).says("there is no engine `mitch`; there are reference, match");
    run("race --reps 0").exits(2).says("--reps");
    run("race --reps 99999999999").exits(2).says("--reps");
}

#[test]
fn races_are_compared_and_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let race = run("race fib --quick --engines match --reps 1 --json").exits(0).out;
    std::fs::write(path("then.json"), race).unwrap();
    let line = format!(
        "race fib --quick --engines match --reps 1 --against {} --html {}",
        path("then.json"),
        path("page.html")
    );
    let ran = run(&line).exits(0);
    assert!(ran.out.contains("against the earlier race") && ran.out.contains("over 1"), "{ran:#?}");
    let page = std::fs::read_to_string(path("page.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("fib") && page.contains("<svg"));
    run("race fib --against nowhere.json").exits(2).says("nowhere.json");
}
