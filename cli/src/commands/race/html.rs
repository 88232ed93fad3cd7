//! A race as a page: bar charts and tables in one file that needs nothing else.
//!
//! Bars are drawn as SVG, one chart for the means and one for each workload, as wide as the window; times are written out
//! beside them, so the page can be read without comparing lengths.

use super::preparation::Made;
use super::report::{Report, Row};
use crate::clock::in_milliseconds;
use std::fmt::Write;
use std::time::Duration;

/// The height of a bar with what is around it, in units of the drawing.
const STEP: usize = 26;
/// The width of a drawing, of its names, and of its longest bar.
const WIDTH: usize = 460;
const NAMES: usize = 110;
const LONGEST: usize = 260;

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1c2430; --soft: #667085; --paper: #ffffff; --line: #d9dee7; --bar: #7aa2d6; --base: #2f6db5; --peer: #c2a36b }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #98a2b3; --paper: #14181f; --line: #303846; --bar: #4d74a8; --base: #8ab8f0; --peer: #a3854d } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin: 2rem 0 .25rem }
p, dd { color: var(--soft) } dt { font-weight: 600 } dd { margin: 0 0 .5rem }
svg { width: 100%; max-width: 34rem; height: auto; display: block }
i { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin: 0 .3em 0 .8em } svg text { fill: var(--ink); font: 13px system-ui, sans-serif }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 2rem }
.wide { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap }
th:first-child, td:first-child { text-align: left }
.wrong { color: #c0392b }
";

/// The page.
pub(crate) fn page(report: &Report) -> String {
    let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
    out +=
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>A race of engines</title>\n";
    let _ = write!(out, "<style>{STYLE}</style>\n<h1>A race of engines</h1>\n{}", about(report));
    for wrong in &report.wrong {
        let _ = writeln!(out, "<p class=\"wrong\">{}</p>", escaped(wrong));
    }
    let _ = writeln!(
        out,
        "<h2>Geometric means</h2>\n<p>Time relative to {}; shorter is faster.{}</p>",
        escaped(&report.base),
        legend(report)
    );
    out += &means(report);
    out += "<h2>Workloads</h2>\n<div class=\"charts\">\n";
    for workload in report.workloads() {
        let _ = writeln!(out, "<section>\n<h2>{}</h2>\n{}</section>", escaped(workload), times(report, workload));
    }
    out + "</div>\n<h2>All times</h2>\n"
        + &table(report)
        + &preparations(report)
        + &counts(report)
        + &versions(report)
        + "</html>\n"
}

/// What the colours say.
fn legend(report: &Report) -> String {
    let colour = |class, text: &str| format!("<i style=\"background: var({class})\"></i>{text}");
    let mut legend = colour("--base", &escaped(&report.base)) + &colour("--bar", "engines of Regatta");
    if !report.versions.peers.is_empty() {
        legend += &colour("--peer", "others");
    }
    legend
}

/// What kind of race it was.
fn about(report: &Report) -> String {
    let reps = report.rows.iter().map(|row| row.reps).max().unwrap_or(0);
    let cpu = report.machine.cpu.as_deref().unwrap_or("an unknown processor");
    let (arch, os, size, build) = (&report.machine.arch, &report.machine.os, &report.size, &report.versions.build);
    format!(
        "<p>CPU time of the run alone, the fastest of {reps} interleaved rounds, results checked, fuel counted. Size: {}. \
         {}, {}, {}; Regatta {}, {} build.</p>\n",
        escaped(size),
        escaped(cpu),
        escaped(arch),
        escaped(os),
        escaped(&report.versions.regatta),
        escaped(build),
    )
}

fn means(report: &Report) -> String {
    let means = report.means();
    let bar = |&(engine, mean, count): &(&str, f64, usize)| Bar {
        name: engine.to_string(),
        length: mean,
        label: format!("{mean:.2}"),
        title: format!("{engine}: {mean:.3} over {count} workloads"),
        class: class(report, engine),
    };
    chart("geometric means", &means.iter().map(bar).collect::<Vec<_>>())
}

fn times(report: &Report, workload: &str) -> String {
    let mut rows: Vec<&Row> = report.rows.iter().filter(|row| row.workload == workload).collect();
    rows.sort_by_key(|row| row.ns_min);
    let bar = |row: &&Row| Bar {
        name: row.engine.clone(),
        length: row.ns_min as f64,
        label: milliseconds(row.ns_min),
        title: format!("{}: {}, median {}", row.engine, milliseconds(row.ns_min), milliseconds(row.ns_median)),
        class: class(report, &row.engine),
    };
    chart(workload, &rows.iter().map(bar).collect::<Vec<_>>())
}

/// How bars of an engine look.
fn class(report: &Report, engine: &str) -> &'static str {
    if engine == report.base {
        "--base"
    } else if report.versions.peers.iter().any(|peer| peer.name == engine) {
        "--peer"
    } else {
        "--bar"
    }
}

/// A bar of a chart.
struct Bar {
    name: String,
    length: f64,
    label: String,
    title: String,
    class: &'static str,
}

fn chart(title: &str, bars: &[Bar]) -> String {
    let longest = bars.iter().map(|bar| bar.length).fold(f64::MIN_POSITIVE, f64::max);
    let height = STEP * bars.len();
    let mut out = format!("<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">\n", escaped(title));
    for (n, Bar { name, length, label, title, class }) in bars.iter().enumerate() {
        let (top, middle) = (STEP * n + 3, STEP * n + STEP / 2 + 5);
        let width = (length / longest * LONGEST as f64).max(1.0);
        let (name_end, after) = (NAMES - 10, NAMES as f64 + width + 8.0);
        let _ = writeln!(
            out,
            "<g><title>{}</title><text x=\"{name_end}\" y=\"{middle}\" text-anchor=\"end\">{}</text>\
             <rect x=\"{NAMES}\" y=\"{top}\" width=\"{width:.1}\" height=\"{}\" rx=\"3\" fill=\"var({class})\"/>\
             <text x=\"{after:.1}\" y=\"{middle}\">{}</text></g>",
            escaped(title),
            escaped(name),
            STEP - 6,
            escaped(label),
        );
    }
    out + "</svg>\n"
}

/// Workloads down, engines across: ratios to the base, and the times of the base.
fn table(report: &Report) -> String {
    let engines = report.engines();
    let mut out = String::from("<div class=\"wide\"><table>\n<tr><th>workload</th>");
    let _ = write!(out, "<th>{} takes</th>", escaped(&report.base));
    for engine in &engines {
        let _ = write!(out, "<th>{}</th>", escaped(engine));
    }
    out += "</tr>\n";
    for workload in report.workloads() {
        let base = report.row(workload, &report.base).map_or(String::new(), |row| milliseconds(row.ns_min));
        let _ = write!(out, "<tr><td>{}</td><td>{base}</td>", escaped(workload));
        for engine in &engines {
            let row = report.row(workload, engine);
            let ratio = row.and_then(|row| report.ratio(row)).map_or(String::new(), |ratio| format!("{ratio:.2}"));
            let _ = write!(out, "<td>{ratio}</td>");
        }
        out += "</tr>\n";
    }
    out + "</table></div>\n"
}

/// What engines make of the code before they run it.
fn preparations(report: &Report) -> String {
    if report.preparations.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "<h2>What engines make of the code</h2>\n<p>Before they run it, from all workloads of the race.</p>\n\
         <div class=\"wide\"><table>\n<tr><th>engine</th><th>bytes for a function</th><th>for a byte of .rgm</th>\
         <th>time for 1 MB of .rgm</th></tr>\n",
    );
    for engine in report.prepared() {
        let _ = write!(out, "<tr><td>{}</td>", escaped(engine));
        let _ = match Made::by(engine, &report.preparations) {
            Some(made) => writeln!(
                out,
                "<td>{:.0}</td><td>{:.2}</td><td>{}</td></tr>",
                made.bytes_per_function,
                made.bytes_per_byte,
                in_milliseconds(made.time_per_mb)
            ),
            None => writeln!(out, "<td>nothing</td><td></td><td></td></tr>"),
        };
    }
    out + "</table></div>\n"
}

/// Machine instructions, where they were counted.
fn counts(report: &Report) -> String {
    if report.counts.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "<h2>Machine instructions</h2>\n<p>One lap of the small size, counted by Callgrind.</p>\n\
         <div class=\"wide\"><table>\n<tr><th>workload</th><th>engine</th><th>instructions</th><th>for each executed</th>\
         <th>for each unit of fuel</th></tr>\n",
    );
    for count in &report.counts {
        let (workload, engine, instructions) = (escaped(&count.workload), escaped(&count.engine), count.instructions);
        let executed = count.per_executed();
        let fuel = count.per_fuel().map_or(String::new(), |fuel| format!("{fuel:.2}"));
        let _ = writeln!(
            out,
            "<tr><td>{workload}</td><td>{engine}</td><td>{instructions}</td><td>{executed:.2}</td><td>{fuel}</td></tr>"
        );
    }
    out + "</table></div>\n"
}

fn versions(report: &Report) -> String {
    let mut out = String::new();
    if !report.versions.peers.is_empty() {
        out += "<h2>Peers</h2>\n<dl>\n";
        for peer in &report.versions.peers {
            let (name, about, version) = (escaped(&peer.name), escaped(&peer.about), escaped(&peer.version));
            let _ = writeln!(out, "<dt>{name}</dt><dd>{about}. {version}</dd>");
        }
        out += "</dl>\n";
    }
    for line in &report.skipped {
        let _ = writeln!(out, "<p>{}</p>", escaped(line));
    }
    out
}

fn milliseconds(ns: u64) -> String {
    in_milliseconds(Duration::from_nanos(ns))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::instructions::Count;
    use super::super::peers::Peers;
    use super::super::preparation::Preparation;
    use super::*;
    use regatta_benches::Size;

    #[test]
    fn the_page_has_every_time_and_nothing_from_outside() {
        let mut report =
            Report::new(Size::Full, &["match"], &Peers::default(), vec!["<b>x</b> is not here".into()], None);
        let row = |engine, ns_min| Row::of_test("fib", engine, ns_min);
        report.rows = vec![row("match", 2_000_000), row("a<b", 1_000_000)];
        let page = page(&report);
        for text in ["2.000 ms", "1.000 ms", "0.50", "a&lt;b", "&lt;b&gt;x&lt;/b&gt; is not here", "<rect", "</html>"] {
            assert!(page.contains(text), "{text} is missing in {page}");
        }
        assert!(!page.contains("http") && !page.contains("<b>x") && !page.contains("Machine instructions"));
        assert!(page.find("a&lt;b:") < page.find("match:"), "the fastest first");
    }

    #[test]
    fn what_is_made_and_counted_has_a_table() {
        let mut report = Report::new(Size::Full, &["match"], &Peers::default(), vec![], None);
        let (workload, engine) = ("fib".to_string(), "a<b".to_string());
        let (functions, rgm_bytes, code_bytes) = (2, 1000, Some(500));
        report.preparations = vec![Preparation {
            workload: workload.clone(),
            engine: engine.clone(),
            functions,
            rgm_bytes,
            code_bytes,
            ns: 3000,
        }];
        report.counts = vec![Count { workload, engine, executed: 10, fuel: 5, instructions: 25, indirect: 10 }];
        let page = page(&report);
        assert!(page.contains("<td>a&lt;b</td><td>250</td><td>0.50</td><td>3.000 ms</td>"), "{page}");
        assert!(page.contains("<td>fib</td><td>a&lt;b</td><td>25</td><td>2.50</td><td>5.00</td>"), "{page}");
    }
}
