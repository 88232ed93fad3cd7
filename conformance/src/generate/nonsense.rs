//! Modules whose parts are mostly in range, and mean nothing.

use super::slot;
use arbitrary::{Result, Unstructured};
use regatta_ir::module::{Data, Debug, Global, Import, Memory, Native};
use regatta_ir::operand::Role;
use regatta_ir::{Code, Function, Instr, Module, Opcode, SigId, Signature, Type};

/// A module without sense. Names are unique, because the text form can't keep others.
pub fn nonsense(u: &mut Unstructured<'_>) -> Result<Module> {
    let mut module = Module { name: name(u, 0)?, ..Module::default() };
    for _ in 0..u.int_in_range(0..=4)? {
        module.types.push(Signature::new(types(u, 4)?, types(u, 3)?));
    }
    for n in 0..u.int_in_range(0..=2)? {
        module.imports.push(Import { name: name(u, n)?, sig: sig(u)? });
        module.natives.push(Native { name: name(u, n)?, sig: sig(u)? });
    }
    for n in 0..u.int_in_range(0..=3)? {
        let ty = *u.choose(&Type::ALL)?;
        let init = if u.ratio(1, 8)? { u.arbitrary()? } else { slot(u, ty)? };
        module.globals.push(Global { name: name(u, n)?, ty, mutable: u.arbitrary()?, init });
    }
    if u.ratio(3, 4)? {
        module.memory = Some(Memory { min: u.int_in_range(0..=2)?, max: u.int_in_range(0..=3)? });
    }
    for _ in 0..u.int_in_range(0..=2)? {
        let offset = if u.ratio(1, 8)? { u.arbitrary()? } else { u.int_in_range(0..=100)? };
        module.data.push(Data { offset, bytes: u.arbitrary()? });
    }
    let imports = module.imports.len();
    for n in 0..u.int_in_range(0..=4)? {
        let name = name(u, imports + n)?;
        let function = function(u, name)?;
        module.functions.push(function);
    }
    Ok(module)
}

fn types(u: &mut Unstructured<'_>, most: usize) -> Result<Vec<Type>> {
    let count = u.int_in_range(0..=most)?;
    (0..count).map(|_| u.choose(&Type::ALL).copied()).collect()
}

fn sig(u: &mut Unstructured<'_>) -> Result<SigId> {
    Ok(SigId(if u.ratio(1, 16)? { u.int_in_range(0..=0xffff)? } else { u.int_in_range(0..=4)? }))
}

/// A name that ends in `n`: plain, odd, or none.
fn name(u: &mut Unstructured<'_>, n: usize) -> Result<String> {
    const ODD: [&str; 8] = ["r", "_", "a b", "\"", "\\", "\n\0", "ü;", "-"];
    Ok(match u.int_in_range(0..=3)? {
        0 => String::new(),
        1 => format!("{}{n}", u.choose(&ODD)?),
        _ => format!("f{n}"),
    })
}

fn function(u: &mut Unstructured<'_>, name: String) -> Result<Function> {
    let registers = types(u, 12)?;
    let mut words = Vec::new();
    let mut starts = Vec::new();
    for _ in 0..u.int_in_range(0..=20)? {
        starts.push(words.len() as u32);
        match u.int_in_range(0..=31)? {
            0 => words.push(u.arbitrary()?),
            _ => words.extend_from_slice(instruction(u, registers.len())?.encode().as_words()),
        }
    }
    let debug = debug(u, registers.len(), &starts)?;
    Ok(Function { name, sig: sig(u)?, registers, code: Code::from(words), handlers: vec![], debug })
}

/// Any instruction, its operands mostly in range.
pub(super) fn instruction(u: &mut Unstructured<'_>, registers: usize) -> Result<Instr> {
    let op = *u.choose(Opcode::ALL)?;
    let mut args = [0; 4];
    for (arg, operand) in args.iter_mut().zip(op.info().operands) {
        *arg = field(u, operand.role, operand.bits, registers)?;
    }
    Ok(Instr { op, args })
}

/// A field of this role.
pub(super) fn field(u: &mut Unstructured<'_>, role: Role, width: u8, registers: usize) -> Result<u64> {
    let value = if u.ratio(1, 32)? {
        u.arbitrary()?
    } else {
        match role {
            Role::Dst(_) | Role::Src(_) | Role::InOut(_) | Role::Window | Role::First | Role::Run | Role::Bind => {
                u.int_in_range(0..=registers.saturating_sub(1))? as u64
            }
            Role::Imm(ty) if width == 64 || ty == Type::F32 => slot(u, ty)?,
            Role::Imm(_) | Role::Offset => u.arbitrary::<u16>()?.into(),
            Role::Forward | Role::Back => u.int_in_range(0..=8)?,
            _ => u.int_in_range(0..=4)?,
        }
    };
    Ok(if width == 64 { value } else { value & ((1 << width) - 1) })
}

/// Names and lines in order, of registers and instructions that exist.
fn debug(u: &mut Unstructured<'_>, registers: usize, starts: &[u32]) -> Result<Debug> {
    let mut debug = Debug::default();
    for register in 0..registers {
        if u.ratio(1, 4)? {
            debug.names.push((register as u16, format!("v{}", name(u, register)?)));
        }
    }
    for &start in starts {
        if u.ratio(1, 8)? {
            debug.lines.push((start, u.arbitrary()?));
        }
    }
    Ok(debug)
}
