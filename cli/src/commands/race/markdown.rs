//! A race as tables in Markdown: what the manual shows.

use super::instructions::Count;
use super::preparation::Made;
use super::report::{Report, geometric_mean};
use crate::clock::in_milliseconds;
use clap::ValueEnum;
use std::fmt::Write;

/// What can be shown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Table {
    /// Times relative to the base, with where and how they were taken.
    Times,
    /// What engines make of the code.
    Code,
    /// Machine instructions.
    Instructions,
}

/// The tables asked for, or all.
pub(crate) fn page(report: &Report, asked: &[Table]) -> String {
    let all = [
        (Table::Times, about(report)),
        (Table::Times, times(report)),
        (Table::Code, preparations(report)),
        (Table::Instructions, counts(report)),
    ];
    let asked = all.into_iter().filter(|(table, text)| !text.is_empty() && (asked.is_empty() || asked.contains(table)));
    asked.map(|(_, text)| text).collect::<Vec<_>>().join("\n")
}

/// Where, how, and who.
fn about(report: &Report) -> String {
    let reps = report.rows.iter().map(|row| row.reps).max().unwrap_or(0);
    let cpu = report.machine.cpu.as_deref().unwrap_or("An unknown processor");
    let (arch, size, base) = (&report.machine.arch, &report.size, name(report, &report.base));
    let date = if report.date.is_empty() { String::new() } else { format!("{}. ", report.date) };
    let mut text =
        format!("{date}{cpu} ({arch}), {size} size, the least of {reps} rounds in turns, time for 1 of {base}.",);
    let peers = report.versions.peers.iter().map(|peer| format!("{}: {}", peer.name, short(&peer.version)));
    let peers = peers.collect::<Vec<_>>().join("; ");
    if !peers.is_empty() {
        let _ = write!(text, "\n{peers}.");
    }
    text + "\n"
}

/// Engines and peers down, the fastest first; workloads across.
fn times(report: &Report) -> String {
    let workloads = report.workloads();
    let family = family(&workloads);
    let heads = workloads.iter().map(|workload| &workload[family.len()..]);
    let mut text = row(heads.map(String::from).chain(["geometric mean".to_string()]), &format!("/ {}", report.base));
    text += &line(workloads.len() + 1);
    for (engine, mean, count) in report.means() {
        let ratio = |workload: &&str| {
            let ratio = report.row(workload, engine).and_then(|row| report.ratio(row));
            ratio.map_or(String::new(), |ratio| format!("{ratio:.2}"))
        };
        let over = if count == workloads.len() { String::new() } else { format!(" over {count}") };
        let cells = workloads.iter().map(ratio).chain([format!("{mean:.2}{over}")]);
        text += &row(cells, &name(report, engine));
    }
    text
}

fn preparations(report: &Report) -> String {
    let made = report.prepared().into_iter().map(|engine| (engine, Made::by(engine, &report.preparations)));
    let made: Vec<_> = made.collect();
    if made.iter().all(|(_, made)| made.is_none()) {
        return String::new();
    }
    let heads = ["bytes for a function", "for a byte of `.rgm`", "time for 1 MB of `.rgm`"];
    let mut text = row(heads.map(String::from), "made before running") + &line(heads.len());
    for (engine, made) in made {
        let cells = match made {
            Some(made) => [
                format!("{:.0}", made.bytes_per_function),
                format!("{:.2}", made.bytes_per_byte),
                in_milliseconds(made.time_per_mb),
            ],
            None => ["nothing".into(), String::new(), String::new()],
        };
        text += &row(cells, &name(report, engine));
    }
    text
}

/// Machine instructions for each of the program's.
fn counts(report: &Report) -> String {
    let workloads: Vec<_> = report.workloads();
    let count = |workload: &str, engine: &str| {
        let found = report.counts.iter().find(|count| count.workload == workload && count.engine == engine);
        found.map(Count::per_executed)
    };
    let family = family(&workloads);
    let heads = workloads.iter().map(|workload| workload[family.len()..].to_string());
    let mut text =
        row(heads.chain(["geometric mean".into()]), "machine instructions / executed") + &line(workloads.len() + 1);
    let before = text.len();
    for engine in report.prepared() {
        let counts = || workloads.iter().map(|workload| count(workload, engine));
        let Some((mean, _)) = geometric_mean(counts().flatten()) else { continue };
        let cells = counts().map(|count| count.map_or(String::new(), |count| format!("{count:.2}")));
        text += &row(cells.chain([format!("{mean:.2}")]), &name(report, engine));
    }
    if text.len() == before { String::new() } else { text }
}

/// A version without who has the rights.
fn short(version: &str) -> &str {
    let end = version.find("Copyright").or_else(|| version.find("(C)")).unwrap_or(version.len());
    version[..end].trim_end_matches([' ', '-', ','])
}

/// What all names begin with, up to a dash.
fn family<'a>(names: &[&'a str]) -> &'a str {
    let Some(first) = names.first() else { return "" };
    let family = first.find('-').map_or("", |dash| &first[..=dash]);
    if names.iter().all(|name| name.starts_with(family)) { family } else { "" }
}

fn row(cells: impl IntoIterator<Item = String>, first: &str) -> String {
    let cells = [first.to_string()].into_iter().chain(cells).map(|cell| cell.replace('|', "\\|"));
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

fn line(numbers: usize) -> String {
    format!("|---|{}\n", "---:|".repeat(numbers))
}

/// Engines of ours are code.
fn name(report: &Report, engine: &str) -> String {
    let is_peer = report.versions.peers.iter().any(|peer| peer.name == engine);
    if is_peer { engine.to_string() } else { format!("`{engine}`") }
}

#[cfg(test)]
mod tests {
    use super::super::peers::Peers;
    use super::super::preparation::Preparation;
    use super::super::report::{PeerVersion, Row};
    use super::*;
    use regatta_benches::Size;

    #[test]
    fn every_figure_has_its_place() {
        let mut report = Report::new(Size::Full, &["match"], &Peers::default(), vec![], None);
        let time = |workload, engine, ns_min| Row::of_test(workload, engine, ns_min);
        report.rows = vec![time("dyn-a", "match", 200), time("dyn-a", "lua", 100), time("dyn-b", "match", 100)];
        report.versions.peers = vec![PeerVersion {
            name: "lua".into(),
            about: String::new(),
            version: "5|4  -- Copyright (C) 1994".into(),
        }];
        report.machine.cpu = Some("Abacus".into());
        report.machine.arch = "wood".into();
        report.date = "1 April 1999".into();
        assert_eq!(
            page(&report, &[]),
            "1 April 1999. Abacus (wood), full size, the least of 5 rounds in turns, time for 1 of `match`.\nlua: 5|4.\n\n\
             | / match | a | b | geometric mean |\n|---|---:|---:|---:|\n\
             | lua | 0.50 |  | 0.50 over 1 |\n| `match` | 1.00 | 1.00 | 1.00 |\n"
        );
        let prepared = |engine: &str, code_bytes| Preparation {
            workload: "dyn-a".into(),
            engine: engine.into(),
            functions: 2,
            rgm_bytes: 1000,
            code_bytes,
            ns: 3000,
        };
        report.preparations = vec![prepared("match", None), prepared("closure", Some(500))];
        let (workload, engine) = ("dyn-b".to_string(), "match".to_string());
        report.counts = vec![Count { workload, engine, executed: 10, fuel: 5, instructions: 25, indirect: 10 }];
        let page = super::page(&report, &[]);
        assert!(page.contains("| `match` | nothing |  |  |\n| `closure` | 250 | 0.50 | 3.000 ms |\n"), "{page}");
        assert!(
            page.ends_with("| a | b | geometric mean |\n|---|---:|---:|---:|\n| `match` |  | 2.50 | 2.50 |\n"),
            "{page}"
        );
        let code = super::page(&report, &[Table::Code]);
        assert!(code.starts_with("| made before running |") && code.ends_with("3.000 ms |\n"), "{code}");
    }
}
