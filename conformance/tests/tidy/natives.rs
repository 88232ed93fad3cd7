//! `docs/natives.md`: the standard natives for people, written from their table. `BLESS=1` writes it anew.

use crate::source::root;
use regatta_vm::natives::table::{ROWS, Row};
use std::fmt::Write;
use std::fs;

const PREFACE: &str = "\
# Standard natives

Written from the table in `natives/src/table.rs` by `conformance/tests/tidy/natives.rs`; do not edit.

A module declares what it calls, `native !array.push (val, val) -> val`: all parameters and results are dynamic values, and
a parameter that may be left out (`end?`) is passed as `undefined`. Natives that call back are code: the module imports
them, `import %std.array.map (val, val) -> val`, and the prelude comes with that. What goes wrong is thrown as a string
that says what was wanted. A host may leave out natives that touch more than their arguments.

Places and lengths of strings count characters where a character is meant, and bytes where the text says offset. `null` is
what is not there.
";

#[test]
fn the_page_of_natives_is_the_table() {
    let path = root().join("docs/natives.md");
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).expect("the page can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/natives.md is not the table; BLESS=1 writes it");
}

fn page() -> String {
    let mut out = String::from(PREFACE);
    let mut family = "";
    for row in ROWS {
        let (of, _) = row.name.split_once('.').expect("names have a family");
        if of != family {
            family = of;
            write!(out, "\n## {of}\n\n| no. | native | touches | does |\n|--:|---|---|---|\n")
                .expect("strings take everything");
        }
        line(&mut out, row);
    }
    out
}

fn line(out: &mut String, row: &Row) {
    let parameters: Vec<_> =
        row.parameters().map(|(name, optional)| format!("{name}{}", if optional { "?" } else { "" })).collect();
    let name = if row.is_of_prelude() { format!("std.{}", row.name) } else { row.name.to_string() };
    let touches = if row.permission.name() == "pure" { "" } else { row.permission.name() };
    let doc: Vec<_> = row.doc.iter().map(|line| line.trim()).collect();
    let doc = doc.join(" ").replace('|', "\\|");
    writeln!(out, "| 0x{:04X} | `{name}({})` | {touches} | {doc} |", row.id, parameters.join(", "))
        .expect("strings take everything");
}
