//! A race as tables on the terminal.

use super::preparation::Made;
use super::report::{Gc, Report, Row};
use crate::clock::in_milliseconds;
use std::time::Duration;

/// Laps shorter than this are hard to time.
const SHORT: Duration = Duration::from_micros(100);

/// The line above the first table.
pub(crate) fn head(report: &Report) -> String {
    let versus = format!("/ {}", report.base);
    format!(
        "{:14} {:14}{:>13}{:>13}{:>8}{versus:>14}{:>13}{:>9}{:>6}{:>12}\n",
        "workload",
        "engine",
        "min",
        "median",
        "spread",
        "fuel",
        unit(report),
        "gc",
        "longest"
    )
}

/// What the time of a lap is divided by.
fn unit(report: &Report) -> &'static str {
    if report.calls > 1 { "ns/call" } else { "ns/fuel" }
}

/// The lines of a workload.
pub(crate) fn lines(report: &Report, workload: &str) -> String {
    let rows = report.rows.iter().filter(|row| row.workload == workload);
    rows.enumerate().map(|(n, row)| line(report, row, n == 0)).collect::<String>() + "\n"
}

fn line(report: &Report, row: &Row, is_first: bool) -> String {
    let workload = if is_first { &row.workload } else { "" };
    let (min, median, spread) = (milliseconds(row.ns_min), milliseconds(row.ns_median), percent(row.spread()));
    let ratio = report.ratio(row).map_or(String::new(), |ratio| format!("{ratio:.2}"));
    let fuel = row.fuel.map_or(String::new(), |fuel| fuel.to_string());
    let per_call = row.fuel.filter(|_| report.calls > 1).map(|_| row.ns_min as f64 / f64::from(report.calls));
    let ns = per_call.or_else(|| row.ns_per_fuel().filter(|_| report.calls == 1));
    let ns = ns.map_or(String::new(), |ns| format!("{ns:.2}"));
    let [share, longest] = row.gc.as_ref().map(columns).unwrap_or_default();
    let line = format!("{workload:14} {:14}{min:>13}{median:>13}{spread:>8}{ratio:>14}{fuel:>13}{ns:>9}", row.engine);
    format!("{line}{share:>6}{longest:>12}").trim_end().to_string() + "\n"
}

/// `35 %, 16.250 ms`; nothing where nothing was collected.
fn columns(gc: &Gc) -> [String; 2] {
    if !gc.has_run() {
        return Default::default();
    }
    [percent(gc.share), milliseconds(gc.ns_longest)]
}

fn percent(part: f64) -> String {
    format!("{:.0} %", 100.0 * part)
}

fn milliseconds(ns: u64) -> String {
    in_milliseconds(Duration::from_nanos(ns))
}

/// What stands below the first table.
pub(crate) fn summary(report: &Report) -> String {
    let all = report.workloads().len();
    let mut text = match all {
        0 => String::new(),
        _ => format!("geometric mean over {all} workloads, time relative to {}\n", report.base),
    };
    for (engine, mean, count) in report.means() {
        let over = if count == all { String::new() } else { format!("  over {count}") };
        text += &format!("{:14} {engine:14}{mean:>6.2}{over}\n", "");
    }
    text += &(preparations(report) + &counts(report));
    if report.versions.build == "debug" {
        text += "this is a debug build, its times say nothing: cargo run --release -- race\n";
    }
    let is_short = |row: &&Row| row.fuel.is_some() && Duration::from_nanos(row.ns_min) < SHORT;
    if report.rows.iter().any(|row| is_short(&row)) {
        text += "some laps are too short for the clock: --calls N makes a lap of N calls\n";
    }
    for line in &report.skipped {
        text += &format!("{line}\n");
    }
    text
}

/// What engines make of the code, and in which time.
fn preparations(report: &Report) -> String {
    if report.preparations.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n{:14} {:14}{:>18}{:>18}{:>14}\n",
        "made of code", "engine", "bytes / function", "bytes / .rgm byte", "time / MB"
    );
    for engine in report.prepared() {
        text += &match Made::by(engine, &report.preparations) {
            Some(made) => format!(
                "{:14} {engine:14}{:>18.0}{:>18.2}{:>14}\n",
                "",
                made.bytes_per_function,
                made.bytes_per_byte,
                in_milliseconds(made.time_per_mb)
            ),
            None => format!("{:14} {engine:14}{:>18}\n", "", "nothing"),
        };
    }
    text + "\n"
}

/// Machine instructions, where they were counted.
fn counts(report: &Report) -> String {
    if report.counts.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "{:14} {:14}{:>16}{:>14}{:>14}{:>18}\n",
        "a small lap",
        "engine",
        "instructions",
        "/ executed",
        if report.calls > 1 { "/ call" } else { "/ fuel" },
        "jumps / executed"
    );
    for workload in report.workloads() {
        let counts = report.counts.iter().filter(|count| count.workload == workload);
        for (n, count) in counts.enumerate() {
            let per_call = (report.calls > 1).then(|| count.instructions as f64 / f64::from(report.calls));
            let per_unit = per_call.or_else(|| count.per_fuel()).map_or(String::new(), |per| format!("{per:.2}"));
            text += &format!(
                "{:14} {:14}{:>16}{:>14.2}{per_unit:>14}{:>18.2}\n",
                if n == 0 { workload } else { "" },
                count.engine,
                count.instructions,
                count.per_executed(),
                count.jumps()
            );
        }
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::instructions::Count;
    use super::super::peers::Peers;
    use super::*;
    use regatta_benches::Size;

    fn report() -> Report {
        let mut report = Report::new(Size::Full, &["match"], &Peers::default(), vec![], None);
        let mut row = Row::of_test("fib", "match", 2_000_000);
        (row.ns_median, row.fuel) = (2_100_000, Some(1000));
        report.rows = vec![row, Row::of_test("fib", "lua", 3_000_000)];
        report
    }

    fn words(line: &str) -> Vec<&str> {
        line.split_whitespace().collect()
    }

    #[test]
    fn times_are_divided_by_fuel_or_by_calls() {
        let mut report = report();
        let text = lines(&report, "fib");
        let rows: Vec<_> = text.lines().map(words).collect();
        assert_eq!(rows[0], ["fib", "match", "2.000", "ms", "2.100", "ms", "5", "%", "1.00", "1000", "2000.00"]);
        assert_eq!(rows[1], ["lua", "3.000", "ms", "3.000", "ms", "0", "%", "1.50"]);
        assert!(head(&report).contains("ns/fuel") && lines(&report, "loop").trim().is_empty());
        report.calls = 50;
        assert!(head(&report).contains("ns/call") && lines(&report, "fib").contains(" 40000.00"));
    }

    #[test]
    fn instructions_are_divided_by_fuel_where_there_is_any_or_by_calls() {
        let mut report = report();
        let count = |fuel| Count {
            workload: "fib".into(),
            engine: "match".into(),
            executed: 100,
            fuel,
            instructions: 250,
            indirect: 50,
        };
        report.counts = vec![count(10), count(0)];
        let rows = |report: &Report| counts(report).lines().map(|line| words(line).join(" ")).collect::<Vec<_>>();
        assert_eq!(rows(&report)[1..3], ["fib match 250 2.50 25.00 0.50", "match 250 2.50 0.50"]);
        report.calls = 2;
        assert_eq!(rows(&report)[2], "match 250 2.50 125.00 0.50");
        report.counts.clear();
        assert!(counts(&report).is_empty());
    }
}
