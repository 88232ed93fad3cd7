//! Emission: one instruction, checked operand by operand and appended.
//!
//! All generated methods end here. The row of the op table says what each operand is; what it must be is looked up, what
//! is not known yet (targets, places of windows, what a function id stands for) is noted for later. A mistake is noted
//! too, and the instruction emitted all the same, so that one mistake does not cause others.

use super::registers::Position;
use super::window::Clobber;
use super::{BuildError, BuildErrorKind as Error, FunctionBuilder, Place};
use crate::codec::{OpInfo, OperandInfo};
use crate::index::Reg;
use crate::operand::{Class, Role};
use crate::ops::{Effect, Opcode};
use crate::types::Type;
use crate::vocabulary::access;

/// Something outside of the function that an instruction names; only a module can tell whether it exists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    pub(super) place: Place,
    pub(super) role: Role,
    pub(super) id: u32,
    pub(super) needs: Needs,
}

/// What must be true about it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Needs {
    /// That it exists.
    Nothing,
    /// That the global has this type.
    Get(Type),
    /// The same, and that it is mutable.
    Set(Type),
    /// That its bindings fit the registers from this one on.
    Bind(Position),
    /// That its signature fits the window.
    Call { window: Position, shape: Option<(u16, u16)>, relied: u16, read: u32, tail: bool },
}

impl Needs {
    /// Puts a window of the area in its place.
    pub(super) fn place_window(&mut self, base: usize) {
        if let Needs::Call { window: first, .. } | Needs::Bind(first) = self {
            *first = Position::register(first.place(base));
        }
    }
}

impl FunctionBuilder {
    /// Appends an instruction.
    pub(super) fn emit(&mut self, op: Opcode, given: [u64; 4]) {
        let info = op.info();
        self.current = info.mnemonic;
        self.begin(info);
        let mut agreed = self.returned(op);
        let mut words = [op as u64, 0];
        for (operand, &value) in info.operands.iter().zip(&given) {
            let bits = self.operand(info, operand, value, &mut agreed);
            words[usize::from(operand.at / 64)] |= bits << (operand.at % 64);
        }
        self.refer(info, &given, agreed);
        self.several(info, &given);
        for (operand, &value) in info.operands.iter().zip(&given) {
            if let Role::Dst(_) | Role::InOut(_) = operand.role {
                self.writes(Reg(value as u16));
            }
        }
        self.code.extend_from_slice(&words[..usize::from(info.words)]);
        self.emitted += 1;
    }

    /// Control flow around the next instruction.
    #[inline]
    fn begin(&mut self, info: &OpInfo) {
        if !(self.open || self.bound) {
            self.fail(Error::Unreached);
        }
        if self.bound && !self.live {
            self.dead.push(self.code.len() as u32);
        }
        if self.memory.is_none() && info.uses_memory() {
            self.memory = Some(self.place());
        }
        self.bound = false;
        self.open = !info.ends();
    }

    /// The bits of one operand.
    #[inline]
    fn operand(&mut self, info: &OpInfo, operand: &OperandInfo, value: u64, agreed: &mut Option<Type>) -> u64 {
        let reg = Reg(value as u16);
        match operand.role {
            Role::Dst(class) => {
                self.typed(operand.name, reg, class, agreed);
                self.register_bits(operand, reg)
            }
            Role::Src(class) | Role::InOut(class) => {
                self.typed(operand.name, reg, class, agreed);
                self.reads(reg);
                self.register_bits(operand, reg)
            }
            Role::Window | Role::First | Role::Run | Role::Bind => {
                if self.position(reg).is_none() {
                    self.fail(Error::NoRegister { operand: operand.name });
                }
                self.register_bits(operand, reg)
            }
            Role::Imm(Type::I32 | Type::I64) => self.signed(operand, value as i64),
            Role::Access => self.within(operand, value, access::ALL.into()),
            Role::Forward | Role::Back => {
                self.target(info, operand, value);
                0
            }
            _ => self.unsigned(operand, value),
        }
    }

    /// The field of a register; one in the area of windows is put into place later.
    #[inline]
    fn register_bits(&mut self, operand: &OperandInfo, reg: Reg) -> u64 {
        if reg.index() < self.registers.len() {
            return u64::from(reg.0);
        }
        let Some(offset) = self.position(reg).and_then(Position::in_area) else { return 0 };
        let at = u32::from(operand.at);
        self.moved.push((self.code.len() as u32 + at / 64, at % 64));
        u64::from(offset)
    }

    fn signed(&mut self, operand: &OperandInfo, value: i64) -> u64 {
        if operand.bits == 64 {
            return value as u64;
        }
        let max = (1 << (operand.bits - 1)) - 1;
        if !(-max - 1..=max).contains(&value) {
            self.fail(Error::OutOfRange { operand: operand.name, value, min: -max - 1, max });
        }
        value as u64 & ((1 << operand.bits) - 1)
    }

    fn unsigned(&mut self, operand: &OperandInfo, value: u64) -> u64 {
        if operand.bits == 64 {
            return value;
        }
        self.within(operand, value, (1 << operand.bits) - 1)
    }

    fn within(&mut self, operand: &OperandInfo, value: u64, max: u64) -> u64 {
        if value > max {
            self.fail(Error::OutOfRange { operand: operand.name, value: value as i64, min: 0, max: max as i64 });
        }
        value.min(max)
    }

    /// Notes what only a module can check, and what a call does to registers.
    #[inline]
    fn refer(&mut self, info: &OpInfo, given: &[u64; 4], agreed: Option<Type>) {
        let found = info
            .operands
            .iter()
            .zip(given)
            .find(|(operand, _)| matches!(operand.role, Role::Func | Role::Sig | Role::Global | Role::Native));
        match found {
            Some((operand, &id)) => self.refer_to(info, operand.role, id as u32, given[0], agreed),
            None if info.op == Opcode::RetValues => self.returns_from(Reg(given[0] as u16)),
            None if info.effects.contains(&Effect::Calls) => self.calls_method(Reg(given[0] as u16)),
            None => {}
        }
    }

    /// A call whose callee is found by the operands: it gives one value.
    fn calls_method(&mut self, window: Reg) {
        self.typed("window", window, Class::Of(Type::Val), &mut None);
        if let Some(position) = self.position(window) {
            let stamp = self.now();
            self.clobber(Clobber { window: position, stamp, reference: None });
            self.writes(window);
        }
    }

    /// Operands that stand for several registers, and references of which there may be several.
    #[inline]
    fn several(&mut self, info: &OpInfo, given: &[u64; 4]) {
        let mut first = None;
        for (operand, &value) in info.operands.iter().zip(given) {
            match operand.role {
                Role::Run | Role::Bind => first = self.position(Reg(value as u16)),
                Role::Len => self.reads_run(first, value as usize),
                Role::Atom | Role::Text | Role::Class | Role::Table => {
                    self.references.push(Reference {
                        place: self.place(),
                        role: operand.role,
                        id: value as u32,
                        needs: Needs::Nothing,
                    });
                }
                Role::Pattern => self.binds(first, value as u32),
                _ => {}
            }
        }
    }

    /// Reads `len` registers of type `val`.
    fn reads_run(&mut self, first: Option<Position>, len: usize) {
        let Some(first) = first else { return };
        for n in 0..len {
            let reg = first.plus(n).register_until_end();
            if self.position(reg) != Some(first.plus(n)) {
                return self.fail(Error::NoRegister { operand: "first" });
            }
            self.typed("first", reg, Class::Of(Type::Val), &mut None);
            self.reads(reg);
        }
    }

    /// A pattern writes registers from `first` on; how many, its module knows.
    fn binds(&mut self, first: Option<Position>, pattern: u32) {
        let needs = first.map_or(Needs::Nothing, Needs::Bind);
        self.references.push(Reference { place: self.place(), role: Role::Pattern, id: pattern, needs });
        let Some(first) = first else { return };
        for n in 0.. {
            let reg = first.plus(n).register_until_end();
            if self.position(reg) != Some(first.plus(n)) || self.type_of(reg) != Some(Type::Val) {
                return;
            }
            self.writes(reg);
        }
    }

    fn refer_to(&mut self, info: &OpInfo, role: Role, id: u32, first: u64, agreed: Option<Type>) {
        let first = self.position(Reg(first as u16));
        let needs = match (info.op, agreed) {
            (Opcode::GlobalGet, Some(ty)) => Needs::Get(ty),
            (Opcode::GlobalSet, Some(ty)) => Needs::Set(ty),
            _ => match first {
                Some(window) if info.effects.contains(&Effect::Calls) => {
                    Needs::Call { window, shape: None, relied: 0, read: 0, tail: info.ends() }
                }
                _ => Needs::Nothing,
            },
        };
        if let Needs::Call { window, tail: false, .. } = needs {
            let stamp = self.now();
            self.clobber(Clobber { window, stamp, reference: Some(self.references.len() as u32) });
        }
        self.references.push(Reference { place: self.place(), role, id, needs });
    }

    /// For ops that return: do they return what the function has? The type that a single result must have.
    #[inline]
    fn returned(&mut self, op: Opcode) -> Option<Type> {
        let has = self.signature.results.len();
        let (given, right) = match op {
            Opcode::Ret => ("none", has == 0),
            Opcode::RetValues => ("two or more", has >= 2),
            _ if op.info().gives_first() => ("one", has == 1),
            _ => return None,
        };
        if !right {
            self.fail(Error::WrongResults { has, given });
            return None;
        }
        if !op.info().gives_first() {
            return None;
        }
        let gives = self.signature.results.first().copied();
        match (op.info().operands[0].role, gives) {
            (Role::Src(Class::Of(is)), Some(result)) if is != result => {
                self.fail(Error::ResultType { is, result });
                None
            }
            _ => gives,
        }
    }

    /// `ret_values`: the results in order, from a register on.
    fn returns_from(&mut self, first: Reg) {
        let Some(first) = self.position(first) else { return };
        for n in 0..self.signature.results.len() {
            let asked = self.signature.results[n];
            let reg = first.plus(n).register_until_end();
            if self.position(reg) != Some(first.plus(n)) {
                return self.fail(Error::NoRegister { operand: "first" });
            }
            self.typed("first", reg, Class::Of(asked), &mut None);
            self.reads(reg);
        }
    }

    /// The instruction that is being emitted.
    pub(super) fn place(&self) -> Place {
        Place { instruction: self.emitted, mnemonic: self.current }
    }

    /// Notes a mistake in the current instruction.
    #[cold]
    pub(super) fn fail(&mut self, kind: Error) {
        self.fail_at(Some(self.place()), kind);
    }

    /// Notes a mistake in a method of the builder, as that of the instruction that would come next.
    #[cold]
    pub(super) fn fail_in(&mut self, method: &'static str, kind: Error) {
        self.fail_at(Some(Place { instruction: self.emitted, mnemonic: method }), kind);
    }

    #[cold]
    pub(super) fn fail_at(&mut self, place: Option<Place>, kind: Error) {
        self.errors.push(BuildError { function: self.name.clone(), place, kind });
    }

    /// `dst = src`, or nothing when they are the same register.
    pub fn copy(&mut self, dst: Reg, src: Reg) {
        if dst != src {
            self.mov(dst, src);
        }
    }
}
