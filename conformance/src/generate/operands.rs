//! Operands: values for the fields of an op, by role, so that programs stay in order and seldom trap.
//!
//! Addresses are cut down to the memory there is and divisors are made odd before they are used, most of the time: a
//! program that always traps at once tests little.

use super::body::Body;
use super::guess::{Guess, Wanted, wanted};
use super::values::MAX_RUN;
use super::{bits, float_bits};
use arbitrary::Result;
use regatta_ir::codec::OperandInfo;
use regatta_ir::operand::{Class, Role};
use regatta_ir::ops::{Effect, Kind};
use regatta_ir::vocabulary::{Special, Tag, access};
use regatta_ir::{Opcode, Type};

/// What an op names, and the run of registers that goes with it.
struct Named {
    what: u64,
    len: usize,
    first: Wanted,
}

/// What an instruction writes, besides what its table says.
pub(super) struct Written {
    pub(super) registers: Vec<u16>,
    pub(super) guess: Guess,
}

impl Body<'_, '_> {
    /// Any instruction that stays in its frame and goes to the next one.
    pub(super) fn plain(&mut self) -> Result<()> {
        let op = self.world.plain_op(self.u)?;
        self.instruction(op, None)
    }

    /// This instruction, with an operand for each role; it writes to `into`, if that is given.
    pub(super) fn instruction(&mut self, op: Opcode, into: Option<u16>) -> Result<()> {
        let Some((args, written)) = self.operands(op, into)? else { return Ok(()) };
        self.code.op(op, &args[..op.info().operands.len()]);
        written.registers.iter().for_each(|&register| self.define_as(register, written.guess));
        Ok(())
    }

    /// An operand for each role of an op (0 for a target); `None` where the program has nothing it could name.
    pub(super) fn operands(&mut self, op: Opcode, into: Option<u16>) -> Result<Option<([u64; 4], Written)>> {
        let info = op.info();
        let Some(any) = self.any_type(op)? else { return Ok(None) };
        let named = self.named(op)?;
        let mut args = [0; 4];
        let mut registers = Vec::new();
        for (n, operand) in info.operands.iter().enumerate() {
            let ty = |class| if let Class::Of(ty) = class { ty } else { any.0 };
            args[n] = match operand.role {
                Role::Src(class) => self.source_for(op, operand, ty(class), n)?,
                Role::InOut(class) => {
                    let register = self.writable_source(ty(class), wanted(info, operand.name))?;
                    registers.push(register);
                    u64::from(register)
                }
                Role::Dst(class) => {
                    let register = into.map_or_else(|| self.destination(ty(class)), Ok)?;
                    registers.push(register);
                    u64::from(register)
                }
                Role::Imm(ty) => self.constant(op, ty, operand.bits)?,
                Role::Global => any.1,
                Role::Func | Role::Class | Role::Pattern => named.what,
                Role::Run => self.run(named.len, named.first)?.into(),
                Role::Len => named.len as u64,
                Role::Bind => {
                    let first = self.values_from + self.u.int_in_range(0..=self.values - named.len)?;
                    registers.extend((first..first + named.len).map(|register| register as u16));
                    first as u64
                }
                role => self.small(role, operand.bits)?,
            };
        }
        let guess = self.guess_of(op, &args);
        Ok(Some((args, Written { registers, guess })))
    }

    /// What an op names that says how many registers it works on: a class, a function, a pattern.
    fn named(&mut self, op: Opcode) -> Result<Named> {
        let has = |role| op.info().operands.iter().any(|operand| operand.role == role);
        let mut named = Named { what: 0, len: 0, first: &[] };
        if has(Role::Len) {
            named.len = self.u.int_in_range(0..=MAX_RUN)?;
        }
        if has(Role::Func) {
            named.what = self.u.choose_index(self.world.signatures.len())? as u64;
            if has(Role::Len) {
                named.first = &[Guess::Is(Tag::Cell)];
                let closures: Vec<usize> = self.world.closures().collect();
                if self.u.ratio(15, 16)? {
                    named.what = *self.u.choose(&closures)? as u64;
                }
            }
        } else if has(Role::Class) {
            named.what = self.u.choose_index(self.world.declared.classes.len())? as u64;
            let fields = self.world.declared.fields[named.what as usize];
            if has(Role::Len) && fields <= MAX_RUN && self.u.ratio(15, 16)? {
                named.len = fields;
            }
        } else if has(Role::Pattern) {
            named.what = self.u.choose_index(self.world.declared.patterns.len())? as u64;
            named.len = self.world.declared.patterns[named.what as usize].bindings();
        }
        Ok(named)
    }

    /// What `any` stands for in an instruction, and the global it names; `None` when there is no global that fits.
    fn any_type(&mut self, op: Opcode) -> Result<Option<(Type, u64)>> {
        if !op.info().operands.iter().any(|operand| operand.role == Role::Global) {
            return Ok(Some((self.ty()?, 0)));
        }
        let sets = op.info().kind == Kind::process_store;
        let globals = self.world.globals.iter().enumerate().filter(|(_, global)| global.mutable || !sets);
        let globals: Vec<(Type, u64)> = globals.map(|(n, global)| (global.ty, n as u64)).collect();
        if globals.is_empty() { Ok(None) } else { self.u.choose(&globals).copied().map(Some) }
    }

    /// A register to read; made harmless first where it is an address or a divisor.
    fn source_for(&mut self, op: Opcode, operand: &OperandInfo, ty: Type, n: usize) -> Result<u64> {
        if ty == Type::Val {
            return self.value(wanted(op.info(), operand.name), n).map(u64::from);
        }
        let source = self.source(ty)?;
        let traps = op.info().effects.contains(&Effect::Traps);
        if !traps || self.u.ratio(1, 16)? {
            return Ok(u64::from(source));
        }
        let scratch = self.scratch[n];
        match (op.info().kind, operand.name) {
            (_, "addr" | "base" | "index" | "other" | "to" | "from" | "len") if op.info().uses_memory() => {
                self.code.op(Opcode::I32AndImm, &[scratch.into(), source.into(), 0x1fff]);
                self.define(scratch);
                Ok(scratch.into())
            }
            (Kind::value, "b") => {
                let (op, scratch) = match ty {
                    Type::I64 => (Opcode::I64OrImm, self.wide_scratch),
                    _ => (Opcode::I32OrImm, scratch),
                };
                self.code.op(op, &[scratch.into(), source.into(), 1]);
                self.define(scratch);
                Ok(scratch.into())
            }
            (Kind::value, "a") if ty == Type::F64 || ty == Type::F32 => {
                let register = self.destination(ty)?;
                let value = self.u.int_in_range(0..=1000)?;
                match ty {
                    Type::F32 => {
                        self.code.op(Opcode::F32Const, &[register.into(), (value as f32 / 8.0).to_bits().into()])
                    }
                    _ => self.code.op(Opcode::F64Const, &[register.into(), (f64::from(value) / 8.0).to_bits()]),
                }
                self.define(register);
                Ok(register.into())
            }
            _ => Ok(u64::from(source)),
        }
    }

    fn constant(&mut self, op: Opcode, ty: Type, width: u8) -> Result<u64> {
        let bits = match ty {
            Type::F32 | Type::F64 => float_bits(self.u, ty)?,
            _ => bits(self.u)?,
        };
        let bits = if width == 64 { bits } else { bits & ((1 << width) - 1) };
        // The constant of an op that traps is a divisor.
        let divisor = op.info().effects.contains(&Effect::Traps);
        Ok(if divisor && bits == 0 { 1 } else { bits })
    }

    /// A small number that means something in this role.
    pub(super) fn small(&mut self, role: Role, width: u8) -> Result<u64> {
        let declared = &self.world.declared;
        let below = match role {
            Role::Tag => Tag::ALL.len(),
            Role::Access => usize::from(access::ALL) + 1,
            Role::Atom | Role::Text => declared.texts.len(),
            Role::Table => declared.tables.len(),
            Role::Index => return Ok(*self.u.choose(&[0, 0, 0, 1, 1, 2, 3])?),
            // Linking chooses sites.
            Role::Site => return Ok(0),
            Role::Special => return Ok(self.u.choose(Special::ALL)?.number().into()),
            _ => 1 << 8,
        };
        if matches!(role, Role::Index | Role::Offset) && self.u.ratio(1, 16)? {
            return Ok(self.u.arbitrary::<u64>()? & ((1 << width.min(16)) - 1));
        }
        Ok(self.u.choose_index(below)? as u64)
    }

    /// A register of this type that has been written; one is written if there is none.
    pub(super) fn source(&mut self, ty: Type) -> Result<u16> {
        let written = self.written(ty, self.registers.len());
        if !written.is_empty() {
            return self.u.choose(&written).copied();
        }
        let register = self.destination(ty)?;
        self.set_constant(register)?;
        Ok(register)
    }

    /// The same, of those that may be written to; one with what is wanted, if there is one.
    pub(super) fn writable_source(&mut self, ty: Type, wanted: Wanted) -> Result<u16> {
        let mut written = self.written(ty, self.free_until);
        if written.iter().any(|&register| self.guess(register).fits(wanted)) {
            written.retain(|&register| self.guess(register).fits(wanted));
        }
        written.retain(|register| self.is_free(*register));
        if !written.is_empty() {
            return self.u.choose(&written).copied();
        }
        let register = self.destination(ty)?;
        self.set_constant(register)?;
        Ok(register)
    }

    /// A register of this type that may be written to.
    pub(super) fn destination(&mut self, ty: Type) -> Result<u16> {
        let free: Vec<u16> = (0..self.free_until as u16).filter(|&r| self.registers[usize::from(r)] == ty).collect();
        self.u.choose(&free).copied()
    }

    /// Writes a constant to a register.
    pub(super) fn set_constant(&mut self, register: u16) -> Result<()> {
        let dst = u64::from(register);
        match self.registers[usize::from(register)] {
            Type::Val => return self.set_value(register),
            Type::I32 => self.code.op(Opcode::I32Const, &[dst, bits(self.u)? & 0xffff_ffff]),
            Type::F32 => self.code.op(Opcode::F32Const, &[dst, float_bits(self.u, Type::F32)?]),
            Type::F64 => self.code.op(Opcode::F64Const, &[dst, float_bits(self.u, Type::F64)?]),
            _ => self.code.op(Opcode::I64ConstWide, &[dst, bits(self.u)?]),
        }
        self.define(register);
        Ok(())
    }
}
