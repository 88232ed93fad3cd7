//! Registers: how they are handed out, and what is known about each while code is emitted.
//!
//! Ordinary registers are numbered from 0 up, and these numbers are final. The area of call windows lies above all of
//! them, so its place is only known at the end; until then its registers are numbered from 65534 *down* and every use is
//! noted, to be moved into place by `finish`. The two ranges share the 65535 numbers as they need them.
//!
//! For each register the builder keeps a stamp: the instruction that last wrote it, in program order. A register without
//! a stamp is undefined on every path, and along straight code a stamp older than a call below the register means that
//! the call has clobbered it. What crosses a label is the verifier's to judge.

use super::{BuildErrorKind as Error, FunctionBuilder, Named};
use crate::index::Reg;
use crate::limits::{MAX_NAME_BYTES, MAX_REGISTERS};
use crate::operand::Class;
use crate::types::Type;

/// The register that no function has: what a builder hands out when there is none.
pub(super) const NOWHERE: Reg = Reg(u16::MAX);

/// Stamp of a register that nothing was written to.
pub(super) const NEVER: u32 = 0;
/// Stamp of a parameter.
const AT_ENTRY: u32 = 1;

/// What is known about an ordinary register.
pub(super) struct Register {
    pub(super) ty: Type,
    pub(super) stamp: u32,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Kept,
    Temporary,
    Free,
}

/// What is known about a register in the area of call windows; the header of a window has no type.
#[derive(Clone, Copy)]
pub(super) struct AreaSlot {
    pub(super) ty: Option<Type>,
    pub(super) stamp: u32,
}

/// Where a register lies: ordinary ones below [`AREA`], those of windows from there on. Order is the final order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Position(u32);

/// Position of the first register in the area of call windows.
const AREA: u32 = 1 << 16;

impl Position {
    /// Above every register.
    pub(super) const LAST: Position = Position(u32::MAX);

    pub(super) fn register(n: usize) -> Position {
        Position(n as u32)
    }

    /// As it is called in messages.
    pub(super) fn named(self) -> Named {
        match self.in_area() {
            Some(offset) => Named::Window(offset),
            None => Named::Register(self.0 as u16),
        }
    }

    /// Its offset in the area, when it lies there.
    #[inline]
    pub(super) fn in_area(self) -> Option<u16> {
        self.0.checked_sub(AREA).map(|offset| offset as u16)
    }

    /// The register, as it is numbered until the end.
    pub(super) fn register_until_end(self) -> Reg {
        match self.in_area() {
            Some(offset) => area_register(usize::from(offset)),
            None => Reg(self.0 as u16),
        }
    }

    /// The number of the register when the area starts at `base`.
    pub(super) fn place(self, base: usize) -> usize {
        match self.in_area() {
            Some(offset) => base + usize::from(offset),
            None => self.0 as usize,
        }
    }

    /// The position `n` further on.
    #[inline]
    pub(super) fn plus(self, n: usize) -> Position {
        Position(self.0 + n as u32)
    }

    /// How far it is above `other`.
    pub(super) fn above(self, other: Position) -> Option<u16> {
        self.0.checked_sub(other.0).and_then(|n| u16::try_from(n).ok())
    }
}

/// The register at an offset of the area, as it is numbered until the end.
pub(super) fn area_register(offset: usize) -> Reg {
    Reg((MAX_REGISTERS - 1 - offset) as u16)
}

impl FunctionBuilder {
    /// The register of the `n`-th parameter.
    pub fn param(&mut self, n: usize) -> Reg {
        let params = self.signature.params.len();
        if n < params {
            return Reg(n as u16);
        }
        self.fail_in("param", Error::NoParam { number: n, params });
        NOWHERE
    }

    /// A new register of this type, for the whole function.
    pub fn reg(&mut self, ty: Type) -> Reg {
        self.allocate(ty, State::Kept)
    }

    /// The same with a name, for people.
    pub fn named(&mut self, ty: Type, name: impl Into<String>) -> Reg {
        let reg = self.reg(ty);
        self.name(reg, name);
        reg
    }

    /// Gives a parameter or register a name, for people.
    pub fn name(&mut self, reg: Reg, name: impl Into<String>) {
        let name = name.into();
        if name.len() > MAX_NAME_BYTES {
            self.fail_in("name", Error::LongName { len: name.len(), limit: MAX_NAME_BYTES });
        }
        if usize::from(reg.0) >= self.registers.len() {
            self.fail_in("name", Error::NoRegister { operand: "reg" });
        }
        self.names.push((reg.0, name));
    }

    /// A register of this type that can be given back with [`free`](Self::free), to be used again by a later `temp`.
    pub fn temp(&mut self, ty: Type) -> Reg {
        match self.free[ty as usize].pop() {
            Some(reg) => {
                self.registers[reg.index()].state = State::Temporary;
                reg
            }
            None => self.allocate(ty, State::Temporary),
        }
    }

    /// Gives a temporary back. It cannot be read again before `temp` has handed it out anew and it was written.
    pub fn free(&mut self, temp: Reg) {
        match self.registers.get_mut(temp.index()) {
            Some(register) if register.state == State::Temporary => {
                register.state = State::Free;
                self.free[register.ty as usize].push(temp);
            }
            _ => self.fail_in("free", Error::NotTemporary),
        }
    }

    /// The type of a register, if it is one of this function.
    pub fn type_of(&self, reg: Reg) -> Option<Type> {
        self.type_at(self.position(reg)?)
    }

    fn allocate(&mut self, ty: Type, state: State) -> Reg {
        let n = self.registers.len();
        if n + self.area.len() >= MAX_REGISTERS {
            self.fail_in("reg", Error::TooManyRegisters { limit: MAX_REGISTERS });
            return NOWHERE;
        }
        self.registers.push(Register { ty, stamp: NEVER, state });
        Reg(n as u16)
    }

    pub(super) fn add_params(&mut self) {
        for n in 0..self.signature.params.len() {
            if self.allocate(self.signature.params[n], State::Kept) == NOWHERE {
                return;
            }
            if let Some(register) = self.registers.last_mut() {
                register.stamp = AT_ENTRY;
            }
        }
    }

    #[inline]
    pub(super) fn position(&self, reg: Reg) -> Option<Position> {
        if usize::from(reg.0) < self.registers.len() {
            return Some(Position(u32::from(reg.0)));
        }
        let offset = (MAX_REGISTERS - 1).checked_sub(reg.index())?;
        (offset < self.area.len()).then_some(Position(AREA + offset as u32))
    }

    pub(super) fn type_at(&self, position: Position) -> Option<Type> {
        match position.in_area() {
            Some(offset) => self.area[usize::from(offset)].ty,
            None => Some(self.registers[position.0 as usize].ty),
        }
    }

    fn stamp_at(&mut self, position: Position) -> &mut u32 {
        match position.in_area() {
            Some(offset) => &mut self.area[usize::from(offset)].stamp,
            None => &mut self.registers[position.0 as usize].stamp,
        }
    }

    /// A register operand: is it one, and of the right type? `agreed` is the type that `Any` operands have so far.
    #[inline]
    pub(super) fn typed(&mut self, operand: &'static str, reg: Reg, class: Class, agreed: &mut Option<Type>) {
        let Some(position) = self.position(reg) else {
            return self.fail(Error::NoRegister { operand });
        };
        if position.in_area().is_some_and(|offset| usize::from(offset) >= self.top) {
            return self.fail(Error::ClosedWindow { register: position.named() });
        }
        if position.in_area().is_none() && self.registers[position.0 as usize].state == State::Free {
            return self.fail(Error::Freed { register: position.named() });
        }
        let Some(is) = self.type_at(position) else { return };
        let asked = match class {
            Class::Of(ty) => ty,
            Class::Any => *agreed.get_or_insert(is),
        };
        if is != asked {
            self.fail(Error::WrongType { operand, register: position.named(), is, asked });
        }
    }

    /// Notes that the current instruction reads a register.
    #[inline]
    pub(super) fn reads(&mut self, reg: Reg) {
        if let Some(position) = self.position(reg)
            && self.live
        {
            self.reads_at(position);
        }
    }

    fn reads_at(&mut self, position: Position) {
        let stamp = *self.stamp_at(position);
        // The clobbers rise in position and time, so the last one at or below the register is the one that counts.
        if let Some(clobber) = self.clobbers.iter().rev().find(|clobber| clobber.window <= position)
            && clobber.stamp > stamp
        {
            return self.reads_after_call(position, *clobber);
        }
        if stamp == NEVER && position < self.unknown_results {
            self.fail(Error::Unwritten { register: position.named() });
        }
    }

    /// Notes that the current instruction writes a register.
    #[inline]
    pub(super) fn writes(&mut self, reg: Reg) {
        if let Some(position) = self.position(reg) {
            let now = self.now();
            *self.stamp_at(position) = now;
        }
    }

    /// The stamp of the current instruction.
    #[inline]
    pub(super) fn now(&self) -> u32 {
        self.emitted + AT_ENTRY + 1
    }

    pub(super) fn instruction_of(stamp: u32) -> u32 {
        stamp - AT_ENTRY - 1
    }
}
