//! Operands one by one, by role: what is wrong with an instruction that the fast check did not pass.
//!
//! This is the definition; the pressed rows only say quickly that there is nothing to say here. It also checks the
//! references that are no branches and no calls.

use crate::body::{At, Walk};
use crate::environment::Found;
use crate::error::VerifyErrorKind as Kind;
use regatta_ir::codec::unused_bits;
use regatta_ir::operand::{Class, Role};
use regatta_ir::vocabulary::{Special, Tag, access};
use regatta_ir::{ClassId, FuncId, GlobalId, Instr, PatternId, SiteId, TableId, TextId, Type};

impl Walk<'_> {
    /// Reports everything that is wrong with the words and register operands of an instruction.
    #[cold]
    pub(crate) fn explain(&mut self, at: &At) {
        let info = at.info();
        let (first, second) = unused_bits(info.op);
        for (word, unused) in [(at.word, first), (at.second, second)] {
            if word & unused != 0 {
                self.error(at.pc, Kind::UnusedBits { op: info.mnemonic, word });
            }
        }
        if at.row.memory & self.forbidden != 0 {
            self.error(at.pc, Kind::NoMemory { op: info.mnemonic });
        }
        let instr = Instr::decode(&[at.word, at.second]).expect("a row was found for this number");
        let mut any = None;
        for (operand, value) in instr.operands() {
            let (class, reads) = match operand.role {
                Role::Dst(class) => (class, false),
                Role::Src(class) | Role::InOut(class) => (class, true),
                _ => continue,
            };
            if operand.at < 64 {
                self.register(at, value as u16, class, reads, &mut any);
            }
        }
    }

    /// Checks operands that are no registers and need nothing but to exist, runs of registers, and a register in the second
    /// word.
    pub(crate) fn listed(&mut self, at: &At) {
        let (pc, scope) = (at.pc, self.subject.scope);
        let instr = Instr::decode(&[at.word, at.second]).expect("a row was found for this number");
        let mut first = 0;
        for (operand, value) in instr.operands() {
            let (id, number) = (value as u32, value as u16);
            let missing = match operand.role {
                Role::Atom | Role::Text if !scope.has_text(TextId(id)) => Kind::NoText { text: TextId(id) },
                Role::Class if !scope.has_class(ClassId(id)) => Kind::NoClass { class: ClassId(id) },
                Role::Site if id != 0 => Kind::ChosenSite { site: SiteId(id) },
                Role::Table if !scope.has_table(TableId(id)) => Kind::NoTable { table: TableId(id) },
                Role::Tag if Tag::from_number(number).is_none() => Kind::UnknownWord { what: "a tag", number },
                Role::Special if Special::from_number(number).is_none() => {
                    Kind::UnknownWord { what: "a special value", number }
                }
                Role::Access if number & !access::ALL != 0 => Kind::UnknownWord { what: "an access", number },
                Role::Src(class) if operand.at >= 64 => {
                    self.register(at, number, class, true, &mut None);
                    continue;
                }
                Role::Run => {
                    first = number;
                    continue;
                }
                Role::Len => {
                    self.run_of_values(at, first, value as usize);
                    continue;
                }
                _ => continue,
            };
            self.error(pc, missing);
        }
    }

    /// Registers of type `val` that are read.
    fn run_of_values(&mut self, at: &At, first: u16, len: usize) {
        if !self.has_run(at.pc, first, len) {
            return;
        }
        for register in first..first + len as u16 {
            self.register(at, register, Class::Of(Type::Val), true, &mut None);
        }
    }

    /// Are there so many registers from this one on?
    fn has_run(&mut self, pc: usize, first: u16, len: usize) -> bool {
        let count = self.count();
        let fits = usize::from(first) + len <= count;
        if !fits {
            self.error(pc, Kind::RunTooLong { first, len: len as u32, count: count as u32 });
        }
        fits
    }

    /// A branch on a pattern: what it binds is written where it is not taken.
    pub(crate) fn unmatched(&mut self, at: &At) {
        self.forward(at);
        let instr = Instr::decode(&[at.word, at.second]).expect("a row was found for this number");
        let operand = |role| instr.operands().find(|(operand, _)| operand.role == role).map_or(0, |(_, value)| value);
        let (first, pattern) = (operand(Role::Bind) as u16, PatternId(operand(Role::Pattern) as u32));
        let Some(len) = self.subject.scope.bindings(pattern) else {
            return self.error(at.pc, Kind::NoPattern { pattern });
        };
        if self.has_run(at.pc, first, len) {
            for register in first..first + len as u16 {
                self.register(at, register, Class::Of(Type::Val), false, &mut None);
                self.flow.write(register.into(), 1);
            }
        }
    }

    /// One register operand; `any` is the first operand of no fixed type.
    fn register(&mut self, at: &At, register: u16, class: Class, reads: bool, any: &mut Option<(u16, Type)>) {
        if !self.in_range(at.pc, register) {
            return;
        }
        let is = self.type_of(usize::from(register));
        match (class, *any) {
            (Class::Of(takes), _) if is != takes => {
                self.error(at.pc, Kind::RegisterType { register, is, op: at.info().mnemonic, takes });
            }
            (Class::Any, Some((other, other_is))) if is != other_is => {
                self.error(at.pc, Kind::RegistersDisagree { register, is, other, other_is });
            }
            (Class::Any, None) => *any = Some((register, is)),
            _ => {}
        }
        if reads {
            self.read(at.pc, register);
        }
    }

    /// Is this a register of the function?
    pub(crate) fn in_range(&mut self, pc: usize, register: u16) -> bool {
        let count = self.count() as u32;
        let below = u32::from(register) < count;
        if !below {
            self.error(pc, Kind::RegisterOutOfRange { register: register.into(), count });
        }
        below
    }

    /// Reads a register below the count.
    #[inline]
    pub(crate) fn read(&mut self, pc: usize, register: u16) {
        if self.flow.live && self.flow.is_written(usize::from(register)) == 0 {
            self.error(pc, Kind::Undefined { register });
            self.flow.write(usize::from(register), 1);
        }
    }

    pub(crate) fn func_const(&mut self, at: &At) {
        let func = FuncId(at.operand());
        if let Found::Missing = self.subject.scope.function(func) {
            self.error(at.pc, Kind::NoFunction { func });
        }
    }

    pub(crate) fn global(&mut self, at: &At) {
        let global = GlobalId(at.operand());
        let Some(found) = self.subject.scope.global(global) else {
            return self.error(at.pc, Kind::NoGlobal { global });
        };
        let register = at.field(0);
        if usize::from(register) < self.count() {
            let is = self.type_of(usize::from(register));
            if is != found.ty {
                self.error(at.pc, Kind::GlobalDisagrees { register, is, global, global_is: found.ty });
            }
        }
        if at.row.writes == 0 && !found.mutable {
            self.error(at.pc, Kind::Immutable { global });
        }
    }
}
