//! Which registers an instruction reads and writes, by its operands' roles.

use regatta_ir::operand::Role;
use regatta_ir::{FuncId, Function, HEADER, Instr, NativeId, PatternId, SigId, Signature};
use regatta_runtime::Program;
use std::ops::Range;

/// The registers an instruction reads, in the order of its operands; the arguments of a call are among them.
pub(crate) fn reads(program: &Program, function: &Function, instr: &Instr) -> Vec<u16> {
    let len = operand(instr, |role| role == Role::Len).unwrap_or(0) as u16;
    let mut registers = Vec::new();
    for (operand, arg) in instr.operands() {
        let first = arg as u16;
        match operand.role {
            Role::Src(_) | Role::InOut(_) => registers.push(first),
            Role::Run => registers.extend(first..first + len),
            Role::First => registers.extend(first..first + results(program, function) as u16),
            Role::Window => {
                let arguments = called(program, instr).map_or(0, |signature| signature.params.len());
                registers.extend((first + HEADER as u16..).take(arguments));
            }
            _ => {}
        }
    }
    registers.dedup();
    registers
}

/// The registers that an instruction of its own writes when control goes on behind it. The results of a call are written
/// when it comes back: [`results_of_call`].
pub(crate) fn writes(instr: &Instr) -> impl Iterator<Item = u16> + '_ {
    let written = instr.operands().filter(|(operand, _)| matches!(operand.role, Role::Dst(_) | Role::InOut(_)));
    written.map(|(_, register)| register as u16)
}

/// The registers that a pattern binds when the instruction matches.
pub(crate) fn binds(program: &Program, instr: &Instr) -> Range<u16> {
    let of = |wanted| operand(instr, |role| role == wanted);
    let (Some(first), Some(pattern)) = (of(Role::Bind), of(Role::Pattern)) else { return 0..0 };
    let count = program.bindings(PatternId(pattern as u32));
    first as u16..first as u16 + count as u16
}

/// Where the results of a call land.
pub(crate) fn results_of_call(program: &Program, code: &[u64]) -> Vec<u16> {
    let Some((instr, window)) = Instr::decode(code).and_then(|instr| Some((instr, window(&instr)?))) else {
        return vec![];
    };
    let signature = native(program, &instr).or_else(|| program.call_signature(code));
    let slots = signature
        .into_iter()
        .flat_map(|signature| (0..signature.results.len()).map(|n| window + signature.result_slot(n) as u16));
    slots.collect()
}

/// The first register of an instruction's call window.
pub(crate) fn window(instr: &Instr) -> Option<u16> {
    operand(instr, |role| role == Role::Window).map(|window| window as u16)
}

/// Where a branch goes when it is taken.
pub(crate) fn target(word: usize, instr: &Instr) -> Option<usize> {
    let end = word + instr.words();
    instr.operands().find_map(|(operand, arg)| match operand.role {
        Role::Forward => Some(end + arg as usize),
        Role::Back => end.checked_sub(arg as usize),
        _ => None,
    })
}

/// How many results a function has.
fn results(program: &Program, function: &Function) -> usize {
    program.type_of(function.sig).map_or(0, |signature| signature.results.len())
}

/// The signature that a call names.
fn called<'p>(program: &'p Program, instr: &Instr) -> Option<&'p Signature> {
    native(program, instr).or_else(|| {
        instr.operands().find_map(|(operand, arg)| match operand.role {
            Role::Func => program.function_signature(FuncId(arg as u32)),
            Role::Sig => program.type_of(SigId(arg as u32)),
            _ => None,
        })
    })
}

fn native<'p>(program: &'p Program, instr: &Instr) -> Option<&'p Signature> {
    let native = operand(instr, |role| role == Role::Native)?;
    program.type_of(program.native(NativeId(native as u32))?.sig)
}

fn operand(instr: &Instr, is_wanted: impl Fn(Role) -> bool) -> Option<u64> {
    instr.operands().find_map(|(operand, arg)| is_wanted(operand.role).then_some(arg))
}
