//! Dynamic values: registers that probably hold what an instruction would like, made where there are none.
//!
//! What makes a value of some kind is looked up in the op table: an op that gives it and asks for nothing special. One
//! operand in [`WRONG`] takes what is there, whatever it is, because each wrong kind must end in a trap that a handler
//! sees.

use super::bits;
use super::body::Body;
use super::guess::{Guess, Wanted, given, wanted};
use arbitrary::Result;
use regatta_ir::operand::{Class, Role};
use regatta_ir::ops::Kind;
use regatta_ir::vocabulary::{Special, Tag};
use regatta_ir::{Opcode, Type};
use std::sync::LazyLock;

/// One in so many operands is of any kind.
const WRONG: u8 = 24;
/// The most registers in a run.
pub(super) const MAX_RUN: usize = 4;

const VAL: Class = Class::Of(Type::Val);

/// Ops that make a value of some kind out of nothing, or out of anything.
static MAKERS: LazyLock<Vec<(Guess, Opcode)>> = LazyLock::new(|| {
    let is_maker = |op: &Opcode| {
        let info = op.info();
        let picky =
            |role, name| matches!(role, Role::InOut(_)) || role == Role::Src(VAL) && !wanted(info, name).is_empty();
        let plain =
            !matches!(info.kind, Kind::control | Kind::magic | Kind::branch | Kind::skip | Kind::latch | Kind::step);
        plain
            && info.operands.first().is_some_and(|operand| operand.role == Role::Dst(VAL))
            && !info.operands.iter().any(|operand| picky(operand.role, operand.name))
    };
    Opcode::ALL.iter().filter(|op| is_maker(op)).map(|&op| (given(op.info()), op)).collect()
});

fn has_run(op: Opcode) -> bool {
    op.info().operands.iter().any(|operand| operand.role == Role::Run)
}

impl Body<'_, '_> {
    /// A `val` register for operand `n` of an instruction: probably what it would like.
    pub(super) fn value(&mut self, wanted: Wanted, n: usize) -> Result<u16> {
        if self.u.ratio(1, WRONG)? {
            return self.source(Type::Val);
        }
        let small = wanted == [Guess::Is(Tag::I32)] && self.u.ratio(3, 4)?;
        let mut known = self.written(Type::Val, self.registers.len());
        known.retain(|&register| self.guess(register).fits(wanted) && !small);
        match known.is_empty() {
            false => self.u.choose(&known).copied(),
            true => self.make_value(wanted, n),
        }
    }

    /// Makes a value: mostly where nothing else is written, so that it stays for a while.
    fn make_value(&mut self, wanted: Wanted, n: usize) -> Result<u16> {
        let register = if self.u.ratio(1, 3)? {
            self.destination(Type::Val)?
        } else {
            self.val_scratch[n % self.val_scratch.len()]
        };
        match wanted.first() {
            Some(Guess::Is(Tag::I32)) => {
                // Mostly an index there is something at.
                let small = *self.u.choose(&[0, 0, 0, 1, 1, 2, 3, 5])?;
                self.code.op(Opcode::ValConstI32, &[register.into(), small]);
                self.define_as(register, Guess::Is(Tag::I32));
            }
            Some(Guess::Is(Tag::Null | Tag::Nothing)) => {
                self.code.op(Opcode::SpecialConst, &[register.into(), Special::Null.number().into()]);
                self.define_as(register, Guess::Is(Tag::Null));
            }
            Some(Guess::Is(Tag::Object)) => self.make_object(register)?,
            _ => {
                let makes = |guess: Guess| guess != Guess::Unknown && guess.fits(wanted);
                let mut makers: Vec<_> = MAKERS.iter().filter(|(guess, _)| makes(*guess)).map(|&(_, op)| op).collect();
                // Something is in what is made of a run.
                if makers.iter().any(|op| has_run(*op)) && self.u.ratio(3, 4)? {
                    makers.retain(|op| has_run(*op));
                }
                match makers.is_empty() {
                    true => self.set_constant(register)?,
                    false => {
                        let op = *self.u.choose(&makers)?;
                        self.instruction(op, Some(register))?;
                    }
                }
            }
        }
        Ok(register)
    }

    /// A new prototype object, perhaps with properties and methods.
    fn make_object(&mut self, register: u16) -> Result<()> {
        let prototypes: Vec<u16> = self.written(Type::Val, self.registers.len());
        let prototypes: Vec<u16> =
            prototypes.into_iter().filter(|&r| self.guess(r) == Guess::Is(Tag::Object)).collect();
        let proto = match prototypes.is_empty() || self.u.ratio(1, 2)? {
            true => {
                self.code.op(Opcode::SpecialConst, &[register.into(), Special::Null.number().into()]);
                register
            }
            false => *self.u.choose(&prototypes)?,
        };
        self.code.op(Opcode::ProtoNew, &[register.into(), proto.into()]);
        self.define_as(register, Guess::Is(Tag::Object));
        for _ in 0..self.u.int_in_range(0..=2)? {
            self.furnish(register)?;
        }
        Ok(())
    }

    /// Gives an object a property: a method under a name that is called, else anything.
    pub(super) fn furnish(&mut self, object: u16) -> Result<()> {
        let name = self.u.choose_index(self.world.declared.texts.len())?;
        let value = match self.world.declared.takes(name) {
            Some(takes) => {
                let value = self.val_scratch[1];
                let func = self.function_of(takes)?;
                self.code.op(Opcode::FuncVal, &[value.into(), func as u64]);
                self.define_as(value, Guess::Callable(takes));
                value
            }
            None => self.source(Type::Val)?,
        };
        self.code.op(Opcode::PropSet, &[value.into(), object.into(), name as u64]);
        Ok(())
    }

    /// A function that takes and gives values only, and takes so many.
    pub(super) fn function_of(&mut self, takes: usize) -> Result<usize> {
        let fitting: Vec<usize> = self.world.functions_of(takes).collect();
        if fitting.is_empty() { Ok(0) } else { self.u.choose(&fitting).copied() }
    }

    /// Writes a constant of type `val`.
    pub(super) fn set_value(&mut self, register: u16) -> Result<()> {
        let dst = u64::from(register);
        let texts = self.world.declared.texts.len() as u64;
        let text = if texts == 0 { 0 } else { self.u.int_in_range(0..=texts - 1)? };
        let (op, operand, guess) = match self.u.int_in_range(0..=7)? {
            0 => {
                let special = *self.u.choose(Special::ALL)?;
                let tag = Tag::from_word(special.word()).unwrap_or(Tag::Bool);
                (Opcode::SpecialConst, special.number().into(), tag)
            }
            1 => (Opcode::ValConstF64, super::float_bits(self.u, Type::F64)?, Tag::F64),
            2 if texts > 0 => (Opcode::AtomConst, text, Tag::Atom),
            3 | 4 if texts > 0 => (Opcode::StrConst, text, Tag::String),
            5 => (Opcode::ValConstI32, bits(self.u)? & 0xffff_ffff, Tag::I32),
            _ => (Opcode::ValConstI32, self.u.int_in_range(0..=9)?, Tag::I32),
        };
        self.code.op(op, &[dst, operand]);
        self.define_as(register, Guess::Is(guess));
        Ok(())
    }

    /// A run of `len` registers that have been written, the first of them probably with what is wanted.
    pub(super) fn run(&mut self, len: usize, first: Wanted) -> Result<u16> {
        let start = self.values_from + self.u.int_in_range(0..=self.values - len)?;
        for n in 0..len {
            let register = (start + n) as u16;
            let known = self.state.written[start + n] || !self.state.live;
            if n == 0 && !first.is_empty() && !self.guess(register).fits(first) {
                let made = self.value(first, n)?;
                let guess = self.guess(made);
                self.code.op(Opcode::Mov, &[register.into(), made.into()]);
                self.define_as(register, guess);
            } else if !known || self.u.ratio(1, 8)? {
                self.set_value(register)?;
            }
        }
        Ok(start as u16)
    }

    /// What an instruction probably gives, after the table and what it worked on.
    pub(super) fn guess_of(&self, op: Opcode, args: &[u64]) -> Guess {
        let info = op.info();
        let place = |role| info.operands.iter().position(|operand| operand.role == role);
        let takes = place(Role::Func).map(|n| self.world.takes(args[n] as usize));
        match (given(info), takes) {
            (Guess::Closure(_), Some(takes)) => Guess::Closure(takes.saturating_sub(1)),
            (Guess::Callable(_), Some(takes)) => Guess::Callable(takes),
            (Guess::Callable(_), None) => match self.guess(args[info.operands.len() - 1] as u16) {
                Guess::Callable(takes) | Guess::Closure(takes) => Guess::Callable(takes.saturating_sub(1)),
                _ => Guess::Callable(0),
            },
            (Guess::Unknown, _) if op == Opcode::Mov => self.guess(args[1] as u16),
            (guess, _) => guess,
        }
    }
}
