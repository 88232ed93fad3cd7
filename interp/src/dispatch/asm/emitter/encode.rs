//! Encoding: registers, addresses, and machine instructions that have an operand in memory.
//!
//! They are encoded here in their shortest form: dynasm would take 32 bits for each displacement that it learns at run
//! time, and would want a line for each form of an address.

use super::Emitter;
use dynasmrt::{DynamicLabel, DynasmApi, DynasmLabelApi, dynasm};

/// Machine registers, as their numbers.
pub(in super::super) mod reg {
    pub(in super::super::super) const RAX: u8 = 0;
    pub(in super::super::super) const RCX: u8 = 1;
    pub(in super::super::super) const RDX: u8 = 2;
    pub(in super::super::super) const RBX: u8 = 3;
    pub(in super::super::super) const RBP: u8 = 5;
    pub(in super::super::super) const RSI: u8 = 6;
    pub(in super::super::super) const RDI: u8 = 7;
    pub(in super::super::super) const R8: u8 = 8;
    pub(in super::super::super) const R9: u8 = 9;
    pub(in super::super::super) const R10: u8 = 10;
    pub(in super::super::super) const R12: u8 = 12;
    pub(in super::super::super) const R13: u8 = 13;
    pub(in super::super::super) const R14: u8 = 14;
}
/// An address: `base + index * scale + disp`.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Mem {
    base: u8,
    index: Option<u8>,
    scale: u8,
    disp: i32,
}

impl Mem {
    /// `[base + disp]`.
    pub(in super::super) const fn at(base: u8, disp: i32) -> Mem {
        Mem { base, index: None, scale: 0, disp }
    }

    /// `[base + index * 2^scale + disp]`.
    pub(in super::super) const fn indexed(base: u8, index: u8, scale: u8, disp: i32) -> Mem {
        Mem { base, index: Some(index), scale, disp }
    }

    /// The upper half of a slot, where the tag of a value is.
    pub(in super::super) const fn tag(self) -> Mem {
        Mem { disp: self.disp + 4, ..self }
    }
}

/// An instruction with a register and memory: its bytes before the ModRM byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) struct Form {
    prefix: u8,
    wide: bool,
    opcode: [u8; 3],
    len: u8,
}

impl Form {
    /// One byte of opcode.
    pub(in super::super) const fn one(opcode: u8) -> Form {
        Form { prefix: 0, wide: false, opcode: [opcode, 0, 0], len: 1 }
    }

    /// `0F` and one byte.
    pub(in super::super) const fn two(opcode: u8) -> Form {
        Form { prefix: 0, wide: false, opcode: [0x0F, opcode, 0], len: 2 }
    }

    /// `0F 3A` and one byte; an immediate follows.
    pub(in super::super) const fn three(opcode: u8) -> Form {
        Form { prefix: 0, wide: false, opcode: [0x0F, 0x3A, opcode], len: 3 }
    }

    /// With a prefix.
    pub(in super::super) const fn prefixed(self, prefix: u8) -> Form {
        Form { prefix, ..self }
    }

    /// On 64 bits, or on 32.
    pub(in super::super) const fn wide(self, wide: bool) -> Form {
        Form { wide, ..self }
    }
}

/// Forms by name: the register is written, but in `STORE` and its like.
pub(in super::super) mod form {
    use super::Form;

    pub(in super::super::super) const ADD: Form = Form::one(0x03);
    pub(in super::super::super) const OR: Form = Form::one(0x0B);
    pub(in super::super::super) const AND: Form = Form::one(0x23);
    pub(in super::super::super) const SUB: Form = Form::one(0x2B);
    pub(in super::super::super) const XOR: Form = Form::one(0x33);
    pub(in super::super::super) const CMP: Form = Form::one(0x3B);
    pub(in super::super::super) const LOAD: Form = Form::one(0x8B);
    pub(in super::super::super) const STORE: Form = Form::one(0x89);
    pub(in super::super::super) const STORE8: Form = Form::one(0x88);
    pub(in super::super::super) const STORE16: Form = Form::one(0x89).prefixed(0x66);
    pub(in super::super::super) const LEA: Form = Form::one(0x8D).wide(true);
    pub(in super::super::super) const IMUL: Form = Form::two(0xAF);
    pub(in super::super::super) const CMOVNZ: Form = Form::two(0x45);
    pub(in super::super::super) const LOAD_U8: Form = Form::two(0xB6);
    pub(in super::super::super) const LOAD_U16: Form = Form::two(0xB7);
    pub(in super::super::super) const LOAD_S8: Form = Form::two(0xBE);
    pub(in super::super::super) const LOAD_S16: Form = Form::two(0xBF);
    pub(in super::super::super) const LOAD_S32: Form = Form::one(0x63).wide(true);
    /// Loads of floats; for 32-bit ones with prefix `F3`.
    pub(in super::super::super) const LOAD_F: Form = Form::two(0x10).prefixed(0xF2);
    /// Copies a machine register for floats.
    pub(in super::super::super) const COPY_F: Form = Form::two(0x28);
    pub(in super::super::super) const STORE_F: Form = Form::two(0x11).prefixed(0xF2);
    pub(in super::super::super) const STORE_F32: Form = Form::two(0x11).prefixed(0xF3);
    pub(in super::super::super) const FROM_INT: Form = Form::two(0x2A);
    /// Compares an immediate of 32 bits with memory; the register number is part of the opcode.
    pub(in super::super::super) const CMP_IMM: Form = Form::one(0x81);
}

/// Conditions after `cmp` or `ucomis`, as their codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) struct Condition(pub(in super::super) u8);

impl Condition {
    pub(in super::super) const OVERFLOW: Condition = Condition(0x0);
    pub(in super::super) const BELOW: Condition = Condition(0x2);
    pub(in super::super) const ABOVE_EQUAL: Condition = Condition(0x3);
    pub(in super::super) const EQUAL: Condition = Condition(0x4);
    pub(in super::super) const NOT_EQUAL: Condition = Condition(0x5);
    pub(in super::super) const BELOW_EQUAL: Condition = Condition(0x6);
    pub(in super::super) const ABOVE: Condition = Condition(0x7);
    pub(in super::super) const LESS: Condition = Condition(0xC);
    pub(in super::super) const GREATER_EQUAL: Condition = Condition(0xD);
    pub(in super::super) const LESS_EQUAL: Condition = Condition(0xE);
    pub(in super::super) const GREATER: Condition = Condition(0xF);

    /// Its contrary.
    pub(in super::super) const fn not(self) -> Condition {
        Condition(self.0 ^ 1)
    }
}

/// Encoding.
impl Emitter<'_> {
    /// An instruction with a register and memory.
    pub(in super::super) fn rm(&mut self, form: Form, reg: u8, mem: Mem) {
        self.head(form, reg, mem.index.unwrap_or(0), mem.base);
        let short = i8::try_from(mem.disp).is_ok();
        let mode = match mem.disp {
            0 if mem.base & 7 != reg::RBP => 0,
            _ if short => 1,
            _ => 2,
        };
        let (reg, base) = (reg & 7, mem.base & 7);
        match mem.index {
            None if base != 4 => self.asm.push(mode << 6 | reg << 3 | base),
            None => self.asm.extend([mode << 6 | reg << 3 | 4, 4 << 3 | base]),
            Some(index) => self.asm.extend([mode << 6 | reg << 3 | 4, mem.scale << 6 | (index & 7) << 3 | base]),
        }
        match mode {
            0 => {}
            1 => self.asm.push_i8(mem.disp as i8),
            _ => self.asm.push_i32(mem.disp),
        }
    }

    /// The same with two registers.
    pub(in super::super) fn rr(&mut self, form: Form, reg: u8, other: u8) {
        self.head(form, reg, 0, other);
        self.asm.push(0xC0 | (reg & 7) << 3 | other & 7);
    }

    fn head(&mut self, form: Form, reg: u8, index: u8, base: u8) {
        if form.prefix != 0 {
            self.asm.push(form.prefix);
        }
        // Always there: without it, registers of 8 bits would be others.
        self.asm.push(0x40 | u8::from(form.wide) << 3 | (reg >> 3) << 2 | (index >> 3) << 1 | base >> 3);
        self.asm.extend(&form.opcode[..usize::from(form.len)]);
    }

    /// Compares 32 bits of memory with a constant.
    pub(in super::super) fn compare(&mut self, mem: Mem, with: u32) {
        self.rm(form::CMP_IMM, 7, mem);
        self.asm.push_u32(with);
    }

    /// Jumps on a condition.
    pub(in super::super) fn jump_if(&mut self, condition: Condition, to: DynamicLabel) {
        match condition.0 {
            0x0 => dynasm!(self.asm; .arch x64; jo =>to),
            0x1 => dynasm!(self.asm; .arch x64; jno =>to),
            0x2 => dynasm!(self.asm; .arch x64; jb =>to),
            0x3 => dynasm!(self.asm; .arch x64; jae =>to),
            0x4 => dynasm!(self.asm; .arch x64; je =>to),
            0x5 => dynasm!(self.asm; .arch x64; jne =>to),
            0x6 => dynasm!(self.asm; .arch x64; jbe =>to),
            0x7 => dynasm!(self.asm; .arch x64; ja =>to),
            0x8 => dynasm!(self.asm; .arch x64; js =>to),
            0x9 => dynasm!(self.asm; .arch x64; jns =>to),
            0xC => dynasm!(self.asm; .arch x64; jl =>to),
            0xD => dynasm!(self.asm; .arch x64; jge =>to),
            0xE => dynasm!(self.asm; .arch x64; jle =>to),
            0xF => dynasm!(self.asm; .arch x64; jg =>to),
            _ => unreachable!("no instruction tests parity"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mode;
    use super::*;

    /// What is encoded here, and what dynasm makes of the same instruction.
    macro_rules! same {
        ($($form:expr, $reg:expr, $mem:expr => ($($dynasm:tt)*);)*) => { $(
            let mut ours = Emitter::new(Mode::Threaded);
            ours.rm($form, $reg, $mem);
            let mut dynasm = Emitter::new(Mode::Threaded);
            dynasm!(dynasm.asm; .arch x64; $($dynasm)*);
            assert_eq!(ours.finish(), dynasm.finish(), "{}", stringify!($($dynasm)*));
        )* };
    }

    #[test]
    fn addresses_are_encoded_as_dynasm_does() {
        let load = form::LOAD.wide(true);
        same! {
            load, reg::RAX, Mem::at(reg::R12, 0) => (mov rax, [r12]);
            load, reg::RAX, Mem::at(reg::R12, 8) => (mov rax, [r12 + 8]);
            load, reg::R8, Mem::at(reg::R12, -16) => (mov r8, [r12 - 16]);
            load, reg::RSI, Mem::at(reg::R12, 4096) => (mov rsi, [r12 + 4096]);
            load, reg::RDX, Mem::at(reg::R13, 8) => (mov rdx, [r13 + 8]);
            load, reg::RDX, Mem::at(reg::RAX, 0) => (mov rdx, [rax]);
            load, reg::RAX, Mem::indexed(reg::R12, reg::RCX, 3, 0) => (mov rax, [r12 + rcx * 8]);
            load, reg::RAX, Mem::indexed(reg::R12, reg::R8, 3, 4) => (mov rax, [r12 + r8 * 8 + 4]);
            load, reg::R9, Mem::indexed(reg::RAX, reg::RDX, 2, 512) => (mov r9, [rax + rdx * 4 + 512]);
            form::STORE.wide(true), reg::R10, Mem::at(reg::RDI, -8) => (mov [rdi - 8], r10);
            form::LEA, reg::R13, Mem::indexed(reg::R13, reg::RCX, 3, 16) => (lea r13, [r13 + rcx * 8 + 16]);
            form::LOAD_S32, reg::RAX, Mem::at(reg::R14, 100) => (movsxd rax, DWORD [r14 + 100]);
            form::LOAD_F, 9, Mem::at(reg::R12, 24) => (movsd xmm9, [r12 + 24]);
        }
    }

    #[test]
    fn conditions_have_contraries() {
        assert_eq!(Condition::LESS.not(), Condition::GREATER_EQUAL);
        assert_eq!(Condition::ABOVE.not(), Condition::BELOW_EQUAL);
        assert_eq!(Condition::EQUAL.not().not(), Condition::EQUAL);
    }
}
