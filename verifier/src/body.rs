//! One body, checked in one walk over its words.
//!
//! After the survey ([`crate::map`]) and the extents ([`crate::loops`]), the walk looks at each instruction once: the
//! pressed row ([`crate::rows`]) decides in a few operations whether its operands are in order; only if they may not be,
//! [`crate::operands`] goes through them one by one and says what is wrong. What is special about branches, calls and
//! references comes after that, by shape. After an error the walk assumes the best, so that one mistake is one error.

use crate::environment::Scope;
use crate::error::{Errors, Loc, VerifyErrorKind as Kind};
use crate::flow::{Flow, LatchFault};
use crate::handlers::Guards;
use crate::loops::{self, Extent};
use crate::map::Map;
use crate::rows::{NO_TYPE, ROWS, Row, SECOND_UNUSED, Shape};
use regatta_ir::codec::OpInfo;
use regatta_ir::limits::MAX_LIVENESS_BITS;
use regatta_ir::{FuncId, Function, Opcode, Signature, Type};

/// Buffers for one body at a time, used again for the next.
#[derive(Default)]
pub(crate) struct Scratch {
    map: Map,
    flow: Flow,
    extents: Vec<Extent>,
    guards: Guards,
    types: Vec<u8>,
    /// Work done so far, in steps of bounded size.
    pub(crate) steps: u64,
}

/// A function whose header is in order.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) id: Option<FuncId>,
    pub(crate) function: &'a Function,
    pub(crate) sig: &'a Signature,
    pub(crate) scope: Scope<'a>,
}

/// An instruction of the walk.
#[derive(Clone, Copy)]
pub(crate) struct At {
    pub(crate) pc: usize,
    pub(crate) word: u64,
    pub(crate) second: u64,
    pub(crate) row: &'static Row,
}

impl At {
    /// Its place in the op table.
    pub(crate) fn info(&self) -> &'static OpInfo {
        Opcode::of_word(self.word).expect("a row was found for this number").info()
    }

    /// The first word after it.
    #[inline(always)]
    fn end(&self) -> usize {
        self.pc + usize::from(self.row.words)
    }

    /// The 16 bits of a field of the first word.
    #[inline(always)]
    pub(crate) fn field(&self, n: usize) -> u16 {
        (self.word >> (16 + 16 * n)) as u16
    }

    /// The distance or the reference.
    #[inline(always)]
    pub(crate) fn operand(&self) -> u32 {
        self.row.field(self.word, self.second)
    }
}

/// Checks the body of a function whose header is in order.
pub(crate) fn check(subject: Subject<'_>, scratch: &mut Scratch, errors: &mut Errors) {
    let (function, code) = (subject.function, &*subject.function.code);
    if !function.code.is_intact() {
        errors.push(|| Loc::function(subject.id, function, None), Kind::Damaged);
    }
    if code.is_empty() {
        errors.push(|| Loc::function(subject.id, function, None), Kind::NoCode);
        return;
    }
    let registers = function.registers.len();
    scratch.types.clear();
    scratch.types.extend(function.registers.iter().map(|ty| ty.code()));
    scratch.types.push(NO_TYPE);
    scratch.map.survey(code, &function.handlers);
    check_liveness(subject, scratch.map.safepoints, errors);
    scratch.flow.begin(registers, subject.sig.params.len(), scratch.map.target_count());
    scratch.steps += 2 * code.len() as u64;
    scratch.steps += loops::measure(&scratch.map, &mut scratch.flow.targets, &mut scratch.extents);
    let forbidden = u8::from(!subject.scope.has_memory());
    let Scratch { map, flow, guards, types, .. } = scratch;
    guards.begin(subject, map, errors);
    Walk { subject, code, map, flow, guards, types, forbidden, errors }.run();
    scratch.steps += scratch.flow.work();
}

/// Which registers live where is kept at run time, so it must not be too much.
fn check_liveness(subject: Subject<'_>, safepoints: u64, errors: &mut Errors) {
    if safepoints == 0 {
        return;
    }
    let values = subject.function.registers.iter().filter(|ty| **ty == Type::Val).count() as u64;
    let (is, limit) = (safepoints * values, MAX_LIVENESS_BITS);
    if is > limit {
        let what = "registers of type val times instructions that may collect";
        errors.push(|| Loc::function(subject.id, subject.function, None), Kind::TooMany { what, is, limit });
    }
}

/// The walk over one body.
pub(crate) struct Walk<'a> {
    pub(crate) subject: Subject<'a>,
    pub(crate) code: &'a [u64],
    pub(crate) map: &'a Map,
    pub(crate) flow: &'a mut Flow,
    pub(crate) guards: &'a mut Guards,
    /// The type of each register, and [`NO_TYPE`] after the last.
    pub(crate) types: &'a [u8],
    /// 1 when memory may not be used.
    pub(crate) forbidden: u8,
    errors: &'a mut Errors,
}

impl Walk<'_> {
    fn run(&mut self) {
        let mut pc = 0;
        while pc < self.code.len() {
            let until = self.guards.boundary().min(self.code.len());
            pc = if self.guards.any() { self.stretch::<true>(pc, until) } else { self.stretch::<false>(pc, until) };
            self.guards.cross(pc);
        }
        if let Some((what, is, limit)) = self.flow.exhausted {
            self.errors.push(
                || Loc::function(self.subject.id, self.subject.function, None),
                Kind::TooMany { what, is, limit },
            );
        }
    }

    /// Checks the instructions from `pc` to `until`, all of them inside some handler's range or none.
    fn stretch<const GUARDED: bool>(&mut self, mut pc: usize, until: usize) -> usize {
        while pc < until {
            if self.map.is_target(pc) {
                self.flow.arrive(self.map.target_number(pc));
                if GUARDED {
                    self.guards.join();
                }
            }
            pc = self.step::<GUARDED>(pc);
        }
        pc
    }

    /// Checks the instruction at `pc`, and says where the next one is.
    #[inline(always)]
    fn step<const GUARDED: bool>(&mut self, pc: usize) -> usize {
        let word = self.code[pc];
        let Some(row) = ROWS.get(usize::from(word as u16)) else { return self.unknown(pc) };
        // Two ways, so that where the next word is does not wait for the table when the branch is foreseen.
        match row.words {
            2 => self.two_words::<GUARDED>(pc, row),
            _ => self.instruction::<1, GUARDED>(At { pc, word, second: 0, row }),
        }
    }

    #[inline(never)]
    fn two_words<const GUARDED: bool>(&mut self, pc: usize, row: &'static Row) -> usize {
        match self.code[pc..] {
            [word, second, ..] => self.instruction::<2, GUARDED>(At { pc, word, second, row }),
            _ => self.cut_off(pc),
        }
    }

    #[inline(always)]
    fn instruction<const WORDS: usize, const GUARDED: bool>(&mut self, at: At) -> usize {
        let (pc, row, end) = (at.pc, at.row, at.pc + WORDS);
        let (in_order, first) = self.glance(&at);
        if !in_order || WORDS == 2 && at.second & SECOND_UNUSED[usize::from(at.word as u16)] != 0 {
            self.explain(&at);
        }
        if GUARDED && row.throws && (row.ends || !row.shape.calls()) {
            self.guards.may_throw(self.map, self.flow);
        }
        if row.shape != Shape::Plain {
            self.special(&at);
        }
        self.flow.write(first, u64::from(row.writes));
        if row.ends {
            self.flow.live = false;
        } else if end == self.code.len() {
            self.error(pc, Kind::RunsPastEnd { op: at.info().mnemonic });
        }
        end
    }

    /// Are the words and register operands in order? Also the first register, as a place that may be written.
    #[inline(always)]
    fn glance(&self, at: &At) -> (bool, usize) {
        let (row, count) = (at.row, self.types.len() - 1);
        let fields = (at.word >> 16) | row.absent;
        let register = |n: u32| usize::from((fields >> (16 * n)) as u16).min(count);
        let (a, b, c) = (register(0), register(1), register(2));
        let ty = |register: usize| u32::from(self.types[register]);
        let is = ty(a) | (ty(b) << 8) | (ty(c) << 16);
        let wrong = (is ^ row.wants ^ (ty(a) * row.same)) & row.cares;
        let written = self.flow.is_written(a) | (self.flow.is_written(b) << 1) | (self.flow.is_written(c) << 2);
        let unwritten = u64::from(row.reads) & !written & (u64::from(self.flow.live) * 7);
        let stray = (at.word & row.unused) | u64::from(row.memory & self.forbidden);
        (u64::from(wrong) | unwritten | stray == 0, a)
    }

    /// Checks what is no register operand.
    fn special(&mut self, at: &At) {
        if at.row.listed {
            self.listed(at);
        }
        match at.row.shape {
            Shape::Plain | Shape::Listed => {}
            Shape::Forward => self.forward(at),
            Shape::Back => self.back(at),
            Shape::Switch => self.switch(at),
            Shape::Call => self.call(at),
            Shape::CallIndirect => self.call_indirect(at),
            Shape::CallNative => self.call_native(at),
            Shape::Return => self.give_back(at),
            Shape::FuncConst => self.func_const(at),
            Shape::Global => self.global(at),
            Shape::Magic => self.magic(at),
            Shape::Unmatched => self.unmatched(at),
        }
    }

    #[inline]
    pub(crate) fn forward(&mut self, at: &At) {
        let target = at.end().saturating_add(at.operand() as usize);
        if self.map.is_start(target) {
            self.flow.send(self.map.target_number(target));
        } else {
            self.no_start(at.pc, target as i64);
        }
    }

    #[inline]
    fn back(&mut self, at: &At) {
        let (end, distance) = (at.end(), at.operand());
        if (distance as usize) < usize::from(at.row.words) {
            return self.error(at.pc, Kind::TargetNotBehind { distance, words: at.row.words });
        }
        let target = end as i64 - i64::from(distance);
        if target < 0 || !self.map.is_start(target as usize) {
            return self.no_start(at.pc, target);
        }
        match self.flow.latch(self.map.target_number(target as usize), at.pc as u32) {
            Ok(()) => {}
            Err(LatchFault::OnlyFromBelow) => self.error(at.pc, Kind::OnlyFromBelow { header: target as u32 }),
            Err(LatchFault::Loses(register)) => {
                self.error(at.pc, Kind::LoopLoses { register, header: target as u32 });
            }
        }
    }

    /// The state goes to each entry of the table, and from an entry that nothing else jumps to straight on to where the
    /// entry goes.
    fn switch(&mut self, at: &At) {
        let entries = u64::from(at.operand()) + 1;
        let table = self.code[at.end()..].iter().zip(at.end()..).take(entries.min(usize::MAX as u64) as usize);
        let mut left = entries;
        for (&word, pc) in table {
            if word as u16 != Opcode::Br as u16 {
                let is = Opcode::of_word(word).map_or("no op", |op| op.info().mnemonic).into();
                return self.error(at.pc, Kind::TableEntry { entry: entries - left, is });
            }
            left -= 1;
            let target = (pc + 1).saturating_add(ROWS[Opcode::Br as usize].field(word, 0) as usize);
            if self.map.is_target(pc) {
                // Whatever else comes in there, the entry passes on.
                self.flow.send(self.map.target_number(pc));
            } else if self.map.is_start(target) {
                self.flow.send(self.map.target_number(target));
            }
        }
        if left > 0 {
            self.error(at.pc, Kind::TableTooShort { entries });
        }
    }

    #[cold]
    fn unknown(&mut self, pc: usize) -> usize {
        self.error(pc, Kind::UnknownOp { number: self.code[pc] as u16 });
        self.flow.live = false;
        pc + 1
    }

    #[cold]
    fn cut_off(&mut self, pc: usize) -> usize {
        let op = Opcode::of_word(self.code[pc]).expect("a row was found for this number");
        self.error(pc, Kind::MissingSecondWord { op: op.info().mnemonic });
        pc + 1
    }

    #[cold]
    fn no_start(&mut self, pc: usize, target: i64) {
        let words = self.code.len();
        if (0..words as i64).contains(&target) {
            self.error(pc, Kind::TargetInside { target: target as u32 });
        } else {
            self.error(pc, Kind::TargetOutside { target, words: words as u32 });
        }
    }

    /// The type of a register below the count.
    pub(crate) fn type_of(&self, register: usize) -> Type {
        self.subject.function.registers[register]
    }

    /// How many registers the function has.
    pub(crate) fn count(&self) -> usize {
        self.types.len() - 1
    }

    #[cold]
    pub(crate) fn error(&mut self, pc: usize, kind: Kind) {
        let subject = self.subject;
        self.errors.push(|| Loc::function(subject.id, subject.function, Some(pc as u32)), kind);
    }
}

#[cfg(test)]
mod tests;
