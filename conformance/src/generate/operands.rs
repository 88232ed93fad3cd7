//! Operands: values for the fields of an op, by role, so that programs stay in order and seldom trap.
//!
//! Addresses are cut down to the memory there is and divisors are made odd before they are used, most of the time: a
//! program that always traps at once tests little.

use super::body::Body;
use super::{bits, float_bits};
use arbitrary::Result;
use regatta_ir::codec::OperandInfo;
use regatta_ir::operand::{Class, Role};
use regatta_ir::ops::{Effect, Kind};
use regatta_ir::{Opcode, Type};

impl Body<'_, '_> {
    /// Any instruction that stays in its frame and goes to the next one.
    pub(super) fn plain(&mut self) -> Result<()> {
        let ops = self.world.plain_ops;
        let op = *self.u.choose(ops)?;
        let info = op.info();
        let Some(any) = self.any_type(op)? else { return Ok(()) };
        let mut args = [0; 4];
        let mut written = None;
        for (n, operand) in info.operands.iter().enumerate() {
            let ty = |class| if let Class::Of(ty) = class { ty } else { any.0 };
            args[n] = match operand.role {
                Role::Src(class) => self.source_for(op, operand, ty(class), n)?,
                Role::InOut(class) => {
                    let register = self.writable_source(ty(class))?;
                    written = Some(register);
                    u64::from(register)
                }
                Role::Dst(class) => {
                    let register = self.destination(ty(class))?;
                    written = Some(register);
                    u64::from(register)
                }
                Role::Imm(ty) => self.constant(op, ty, operand.bits)?,
                Role::Global => any.1,
                Role::Func => self.u.choose_index(self.world.signatures.len())? as u64,
                _ => self.small(operand.bits)?,
            };
        }
        self.code.op(op, &args);
        written.into_iter().for_each(|register| self.define(register));
        Ok(())
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
        let source = self.source(ty)?;
        let traps = op.info().effects.contains(&Effect::Traps);
        if !traps || self.u.ratio(1, 16)? {
            return Ok(u64::from(source));
        }
        let scratch = self.scratch[n];
        match (op.info().kind, operand.name) {
            (Kind::load | Kind::store, "addr" | "base" | "index" | "to" | "from" | "len") => {
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

    fn small(&mut self, width: u8) -> Result<u64> {
        let small = u64::from(self.u.arbitrary::<u8>()?);
        if width == 16 && self.u.ratio(1, 16)? { Ok(u64::from(self.u.arbitrary::<u16>()?)) } else { Ok(small) }
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

    /// The same, of those that may be written to.
    pub(super) fn writable_source(&mut self, ty: Type) -> Result<u16> {
        let mut written = self.written(ty, self.free_until);
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
            Type::I32 => self.code.op(Opcode::I32Const, &[dst, bits(self.u)? & 0xffff_ffff]),
            Type::F32 => self.code.op(Opcode::F32Const, &[dst, float_bits(self.u, Type::F32)?]),
            Type::F64 => self.code.op(Opcode::F64Const, &[dst, float_bits(self.u, Type::F64)?]),
            _ => self.code.op(Opcode::I64ConstWide, &[dst, bits(self.u)?]),
        }
        self.define(register);
        Ok(())
    }
}
