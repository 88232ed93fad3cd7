//! What the case files must cover: every op, and every promise of the verifier.

use crate::source::complain;
use regatta_conformance::case::{Case, find};
use regatta_conformance::harness::case_folder;
use regatta_ir::{Instr, Module, Opcode};
use regatta_verifier::Tag;
use std::collections::HashSet;

/// Promises that no case can break, with the reason.
const WITHOUT_CASE: &[(Tag, &str)] = &[(Tag::Sum, "a module in text form has no checksum")];

fn cases() -> Vec<Case> {
    find(&[case_folder()]).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_op_is_run_by_a_case() {
    let cases = cases();
    let modules = cases.iter().filter(|case| !case.runs.is_empty()).filter_map(|case| case.module.as_ref());
    let used: HashSet<Opcode> = modules.flat_map(ops).collect();
    let missing = Opcode::ALL.iter().filter(|op| !used.contains(op));
    complain(missing.map(|op| format!("op `{}` has no case", op.info().mnemonic)).collect());
}

fn ops(module: &Module) -> Vec<Opcode> {
    let mut ops = Vec::new();
    for function in &module.functions {
        let mut rest = &function.code[..];
        while let Some(instr) = Instr::decode(rest) {
            ops.push(instr.op);
            rest = &rest[instr.words()..];
        }
    }
    ops
}

#[test]
fn every_promise_has_a_case_that_breaks_it() {
    let cases = cases();
    let broken: HashSet<&str> = cases.iter().flat_map(|case| &case.errors).filter_map(|e| e.tag.as_deref()).collect();
    let mut complaints = Vec::new();
    for tag in Tag::ALL {
        let excused = WITHOUT_CASE.iter().any(|(excused, _)| excused == tag);
        match (broken.contains(tag.name()), excused) {
            (false, false) => complaints.push(format!("{tag} has no rejecting case")),
            (true, true) => complaints.push(format!("{tag} has a rejecting case, and an excuse for having none")),
            _ => {}
        }
    }
    complain(complaints);
}
