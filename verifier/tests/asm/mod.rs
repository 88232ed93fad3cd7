//! A small assembler for tests: instructions by mnemonic, branches by label.

#![allow(dead_code, reason = "each test file uses its part")]

use regatta_ir::module::{Debug, Memory};
use regatta_ir::operand::Role;
use regatta_ir::{Function, Instr, Module, Opcode, SigId, Signature, Type};
use regatta_verifier::{EmptyEnvironment, Tag, VerifyErrors, verify};

/// A line of code.
#[derive(Clone, Copy)]
pub(crate) enum Line<'a> {
    /// An instruction with the raw bits of its operands; a branch gives its distance.
    Op(&'a str, &'a [i64]),
    /// A branch to a label; the distance is left out of the operands.
    To(&'a str, &'a [i64], &'a str),
    /// A label.
    Label(&'a str),
    /// Any word.
    Word(u64),
}

pub(crate) use Line::*;

fn instr(mnemonic: &str, operands: &[i64]) -> Instr {
    let op = Opcode::from_mnemonic(mnemonic).unwrap_or_else(|| panic!("no op is called {mnemonic}"));
    assert_eq!(op.info().operands.len(), operands.len(), "{mnemonic} has other operands");
    let mut args = [0; 4];
    for ((arg, operand), info) in args.iter_mut().zip(operands).zip(op.info().operands) {
        *arg = *operand as u64 & if info.bits == 64 { u64::MAX } else { (1 << info.bits) - 1 };
    }
    Instr { op, args }
}

/// Words from lines.
pub(crate) fn code(lines: &[Line]) -> Vec<u64> {
    let words = |line: &Line| match line {
        Op(mnemonic, _) | To(mnemonic, ..) => Opcode::from_mnemonic(mnemonic).map_or(1, |op| op.info().words.into()),
        Label(_) => 0,
        Word(_) => 1,
    };
    let place = |name: &str| {
        let at = lines.iter().position(|line| matches!(line, Label(label) if *label == name));
        lines[..at.unwrap_or_else(|| panic!("no label {name}"))].iter().map(words).sum::<usize>() as i64
    };
    let mut code = Vec::new();
    for line in lines {
        match line {
            Op(mnemonic, operands) => code.extend_from_slice(instr(mnemonic, operands).encode().as_words()),
            To(mnemonic, operands, label) => {
                let end = (code.len() + words(line)) as i64;
                let op = Opcode::from_mnemonic(mnemonic).expect("no such op");
                let back = op.info().operands.iter().any(|operand| operand.role == Role::Back);
                let distance = if back { end - place(label) } else { place(label) - end };
                let operands: Vec<i64> = operands.iter().copied().chain([distance]).collect();
                code.extend_from_slice(instr(mnemonic, &operands).encode().as_words());
            }
            Label(_) => {}
            Word(word) => code.push(*word),
        }
    }
    code
}

/// A function with signature 0.
pub(crate) fn function(registers: &[Type], lines: &[Line]) -> Function {
    Function {
        name: "f".into(),
        sig: SigId(0),
        registers: registers.into(),
        code: code(lines).into(),
        handlers: vec![],
        debug: Debug::default(),
    }
}

/// A module with one function, one page of memory, and these signatures; the function has the first one.
pub(crate) fn module(types: &[Signature], registers: &[Type], lines: &[Line]) -> Module {
    Module {
        types: types.into(),
        memory: Some(Memory { min: 1, max: 1 }),
        functions: vec![function(registers, lines)],
        ..Module::default()
    }
}

/// `(params) -> (results)`.
pub(crate) fn sig(params: &[Type], results: &[Type]) -> Signature {
    Signature::new(params, results)
}

/// Verifies in the empty environment.
pub(crate) fn check(module: Module) -> Result<(), VerifyErrors> {
    verify(module, &EmptyEnvironment).map(|_| ())
}

/// Words and tags of all errors; the word is -1 for those outside code.
pub(crate) fn faults(module: Module) -> Vec<(i64, Tag)> {
    let errors = check(module).err().map_or(Vec::new(), |errors| errors.errors);
    errors.iter().map(|error| (error.loc.pc.map_or(-1, i64::from), error.kind.tag())).collect()
}
