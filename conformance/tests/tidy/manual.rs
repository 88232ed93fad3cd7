//! `docs/ops.md`: the op table for people, written from the table itself. `BLESS=1` writes it anew.

use crate::source::root;
use regatta_ir::operand::{Class, Role};
use regatta_ir::ops::{Effect, Kind};
use regatta_ir::{Opcode, codec::OperandInfo};
use std::fmt::Write;
use std::fs;

const PREFACE: &str = "\
# Operations

Written from the table in `ir/src/ops.rs` by `conformance/tests/tidy/manual.rs`; do not edit. How operands lie in an
instruction is told in `ir/src/codec.rs`, what a kind means to an engine in `ir/src/ops.rs`.

| operand | is |
|---|---|
| `dst: out i32` | a register of type i32 that is written |
| `a: i32` | a register of type i32 that is read |
| `x: in out i32` | a register that is read, then written |
| `any` | a register of any type, the same for all such operands of one instruction |
| `b: imm16 i32` | a constant of 16 bits, sign-extended to i32 |
| `to: forward16`, `to: back16` | a distance in words from the end of the instruction, ahead or back |
| `first: first of a run of val` | the first of so many registers of type val that are read; the next operand says how many |
| `first: first of the registers bound` | the first of the registers of type val that the pattern writes |
| `site` | a place where the program remembers what it found here; in the text form mostly left out |

Ops of the kinds `latch` and `step`, and all calls, take one unit of fuel before they do anything; `fuel` takes what it
says; nothing else takes any. An op that *traps* has changed nothing then; one that *ends* never continues with the next
instruction; one that *calls* enters another function; one that *throws* goes to a handler; a call that *binds* needs two
registers more in its window than its signature says, for what the called value adds; one that *allocates* may find that
values must be collected first, and is then done again.
";

#[test]
fn the_manual_is_the_table() {
    let path = root().join("docs/ops.md");
    let manual = manual();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &manual).expect("the manual can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let stale = written.lines().zip(manual.lines()).position(|(written, manual)| written != manual);
    assert!(
        written == manual,
        "docs/ops.md is not the table from line {} on; BLESS=1 writes it",
        stale.unwrap_or(0) + 1
    );
}

fn manual() -> String {
    let mut out = String::from(PREFACE);
    for (section, ops) in sections() {
        write!(
            out,
            "\n## {section}\n\n| no. | op | operands | kind | words | effects | does |\n|--:|---|---|---|--:|---|---|\n"
        )
        .expect("strings take everything");
        for op in ops {
            row(&mut out, op);
        }
    }
    out
}

/// The table's sections, which are comments in its source, each with its ops.
fn sections() -> Vec<(String, Vec<Opcode>)> {
    let source = fs::read_to_string(root().join("ir/src/ops.rs")).expect("the table is where it should be");
    let table = source.split("macro_rules! for_each_op").nth(1).expect("the file has the table");
    let table = table.split("\n}\n").next().expect("the table ends");
    let mut sections: Vec<(String, Vec<Opcode>)> = Vec::new();
    for line in table.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix("// ") {
            sections.push((section.to_string(), vec![]));
        } else if let Some(row) = line.strip_prefix('[') {
            let mnemonic = row.split_whitespace().nth(1).expect("a row has a mnemonic");
            let op = Opcode::from_mnemonic(mnemonic).expect("a row is an op");
            sections.last_mut().expect("the table begins with a section").1.push(op);
        }
    }
    let listed: usize = sections.iter().map(|(_, ops)| ops.len()).sum();
    assert_eq!(listed, Opcode::COUNT, "every op is in a section");
    sections
}

fn row(out: &mut String, op: Opcode) {
    let info = op.info();
    let operands: Vec<String> = info.operands.iter().map(operand).collect();
    let operands = if operands.is_empty() { String::new() } else { format!("`{}`", operands.join(", ")) };
    let effects: Vec<&str> = info.effects.iter().map(|&effect| word(effect)).collect();
    let doc = doc(info.doc);
    let (number, mnemonic, kind) = (op as u16, info.mnemonic, kind(info.kind));
    let (words, effects) = (info.words, effects.join(", "));
    writeln!(out, "| {number} | `{mnemonic}` | {operands} | {kind} | {words} | {effects} | {doc} |")
        .expect("strings take everything");
}

/// The doc comment of a row; links to other ops become their mnemonics.
fn doc(doc: &str) -> String {
    let mut doc = doc.trim().replace('|', "\\|");
    for op in Opcode::ALL {
        doc = doc.replace(&format!("[`{op:?}`]"), &format!("`{}`", op.info().mnemonic));
    }
    doc
}

fn operand(operand: &OperandInfo) -> String {
    let OperandInfo { name, role, bits, .. } = operand;
    match role {
        Role::Dst(class) => format!("{name}: out {}", type_name(*class)),
        Role::Src(class) => format!("{name}: {}", type_name(*class)),
        Role::InOut(class) => format!("{name}: in out {}", type_name(*class)),
        Role::Imm(ty) => format!("{name}: imm{bits} {ty}"),
        Role::Forward => format!("{name}: forward{bits}"),
        Role::Back => format!("{name}: back{bits}"),
        Role::Func => format!("{name}: function"),
        Role::Sig => format!("{name}: signature"),
        Role::Global => format!("{name}: global"),
        Role::Native => format!("{name}: native"),
        Role::Window => format!("{name}: first register of a call window"),
        Role::First => format!("{name}: first of the results' registers"),
        Role::Count | Role::Units | Role::TrapCode | Role::Offset | Role::Len | Role::Index => {
            format!("{name}: number of {bits} bits")
        }
        Role::Run => format!("{name}: first of a run of val"),
        Role::Bind => format!("{name}: first of the registers bound"),
        Role::Atom => format!("{name}: atom"),
        Role::Text => format!("{name}: text"),
        Role::Class => format!("{name}: class"),
        Role::Site => format!("{name}: site"),
        Role::Table => format!("{name}: table"),
        Role::Pattern => format!("{name}: pattern"),
        Role::Tag => format!("{name}: tag"),
        Role::Special => format!("{name}: special value"),
        Role::Access => format!("{name}: access"),
    }
}

fn type_name(class: Class) -> &'static str {
    match class {
        Class::Of(ty) => ty.name(),
        Class::Any => "any",
    }
}

fn kind(kind: Kind) -> String {
    format!("{kind:?}").replace('_', " ")
}

fn word(effect: Effect) -> &'static str {
    match effect {
        Effect::Traps => "traps",
        Effect::Throws => "throws",
        Effect::Calls => "calls",
        Effect::Binds => "binds",
        Effect::Ends => "ends",
        Effect::Allocates => "allocates",
    }
}
