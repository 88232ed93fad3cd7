//! Programs with small mistakes: what the verifier must judge with care.
//!
//! Some have an instruction changed after they were made; others were made without care for which registers have been
//! written where paths meet and calls return.

use super::nonsense::{field, instruction};
use super::program::{Generated, Style, make};
use super::scalar;
use arbitrary::{Result, Unstructured};
use regatta_ir::operand::Role;
use regatta_ir::{Code, Function, Instr, Opcode, Type};

/// A program with a few mistakes. It may verify all the same; mostly it does not.
pub fn mutated(u: &mut Unstructured<'_>) -> Result<Generated> {
    let dynamic = u.arbitrary()?;
    if u.arbitrary()? {
        return make(u, Style { dynamic, careless: true });
    }
    let mut generated = make(u, Style { dynamic, careless: false })?;
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
        function.registers[register] = *u.choose(&Type::ALL)?;
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
        _ => operand(u, &mut code[at], &function.registers)?,
    }
    let words: Vec<u64> = code.iter().flat_map(|instr| instr.encode().as_words().to_vec()).collect();
    function.code = Code::from(words);
    Ok(())
}

/// Changes an operand; a register mostly to another one of its type, or the verifier would see at once.
fn operand(u: &mut Unstructured<'_>, instr: &mut Instr, registers: &[Type]) -> Result<()> {
    let operands = instr.op.info().operands;
    if operands.is_empty() {
        return Ok(());
    }
    let n = u.choose_index(operands.len())?;
    let is_register = matches!(operands[n].role, Role::Dst(_) | Role::Src(_) | Role::InOut(_));
    instr.args[n] = match registers.get(instr.args[n] as usize).filter(|_| is_register) {
        Some(ty) if u.ratio(7, 8)? => {
            let alike: Vec<u64> = (0..registers.len()).filter(|&r| registers[r] == *ty).map(|r| r as u64).collect();
            *u.choose(&alike)?
        }
        _ => field(u, operands[n].role, operands[n].bits, registers.len())?,
    };
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
