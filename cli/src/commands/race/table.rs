//! A race as a table on the terminal.

use super::report::{Gc, Report, Row};
use crate::clock::in_milliseconds;
use std::time::Duration;

/// The line above the table.
pub(crate) fn head(report: &Report) -> String {
    let versus = format!("/ {}", report.base);
    format!(
        "{:14} {:14}{:>14}{:>14}{versus:>14}{:>14}{:>7}{:>13}\n",
        "workload", "engine", "min", "median", "fuel", "gc", "longest"
    )
}

/// The lines of the last `count` rows, which are of one workload.
pub(crate) fn lines(report: &Report, count: usize) -> String {
    let fresh = &report.rows[report.rows.len() - count..];
    fresh.iter().enumerate().map(|(n, row)| line(report, row, n == 0)).collect::<String>() + "\n"
}

fn line(report: &Report, row: &Row, is_first: bool) -> String {
    let workload = if is_first { &row.workload } else { "" };
    let (min, median) = (milliseconds(row.ns_min), milliseconds(row.ns_median));
    let ratio = report.ratio(row).map_or(String::new(), |ratio| format!("{ratio:.2}"));
    let fuel = row.fuel.map_or(String::new(), |fuel| fuel.to_string());
    let [share, longest] = row.gc.as_ref().map(columns).unwrap_or_default();
    let line = format!("{workload:14} {:14}{min:>14}{median:>14}{ratio:>14}{fuel:>14}", row.engine);
    format!("{line}{share:>7}{longest:>13}").trim_end().to_string() + "\n"
}

/// `35 %, 16.250 ms`; nothing where nothing was collected.
fn columns(gc: &Gc) -> [String; 2] {
    if !gc.has_run() {
        return Default::default();
    }
    [format!("{:.0} %", 100.0 * gc.share), milliseconds(gc.ns_longest)]
}

fn milliseconds(ns: u64) -> String {
    in_milliseconds(Duration::from_nanos(ns))
}

/// The lines below the table.
pub(crate) fn summary(report: &Report) -> String {
    let all = report.workloads().len();
    let mut text = format!("geometric mean over {all} workloads, time relative to {}\n", report.base);
    for (engine, mean, count) in report.means() {
        let over = if count == all { String::new() } else { format!("  over {count}") };
        text += &format!("{:14} {engine:14}{mean:>6.2}{over}\n", "");
    }
    if report.versions.build == "debug" {
        text += "this is a debug build, its times say nothing: cargo run --release -- race\n";
    }
    for line in &report.skipped {
        text += &format!("{line}\n");
    }
    text
}
