//! Small changes to programs that verify: what the verifier must judge with care.

use super::nonsense::{field, instruction};
use super::program::{Generated, program};
use super::{TYPES, scalar};
use arbitrary::{Result, Unstructured};
use regatta_ir::{Code, Function, Instr, Opcode};

/// A program with a few changes. It may no longer verify; mostly it does not.
pub fn mutated(u: &mut Unstructured<'_>) -> Result<Generated> {
    let mut generated = program(u)?;
    for _ in 0..u.int_in_range(1..=3)? {
        let n = u.choose_index(generated.module.functions.len())?;
        change(u, &mut generated.module.functions[n])?;
    }
    for (n, args) in &mut generated.calls {
        let params =
            generated.module.function_signature(generated.module.function_id(*n)).expect("it was made with one");
        *args = params.params.iter().map(|&ty| scalar(u, ty)).collect::<Result<_>>()?;
    }
    Ok(generated)
}

fn change(u: &mut Unstructured<'_>, function: &mut Function) -> Result<()> {
    if u.ratio(1, 8)? {
        let register = u.choose_index(function.registers.len())?;
        function.registers[register] = *u.choose(&TYPES)?;
        return Ok(());
    }
    let mut code = taken_apart(&function.code);
    let at = u.choose_index(code.len())?;
    match u.int_in_range(0..=7)? {
        0 => drop(code.remove(at)),
        1 => code.insert(at, code[at]),
        2 => code.insert(at, instruction(u, function.registers.len())?),
        3 if at > 0 => code.swap(at, at - 1),
        4 => code[at].op = *u.choose(&like(code[at].op))?,
        _ => {
            let operands = code[at].op.info().operands;
            if !operands.is_empty() {
                let n = u.choose_index(operands.len())?;
                code[at].args[n] = field(u, operands[n].role, operands[n].bits, function.registers.len())?;
            }
        }
    }
    let words: Vec<u64> = code.iter().flat_map(|instr| instr.encode().as_words().to_vec()).collect();
    function.code = Code::from(words);
    Ok(())
}

fn taken_apart(code: &[u64]) -> Vec<Instr> {
    let mut rest = code;
    let mut instrs = Vec::new();
    while let Some(instr) = Instr::decode(rest) {
        instrs.push(instr);
        rest = &rest[instr.words()..];
    }
    instrs
}

/// The ops with operands of the same roles.
fn like(op: Opcode) -> Vec<Opcode> {
    let roles = |op: Opcode| op.info().operands.iter().map(|operand| (operand.role, operand.bits)).collect::<Vec<_>>();
    let wanted = roles(op);
    Opcode::ALL.iter().copied().filter(|&op| roles(op) == wanted).collect()
}
