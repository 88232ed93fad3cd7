//! Calls and returns: windows, arguments, results.
//!
//! ```text
//!   window        w          w+1        w+2     w+3    behind the arguments
//!   before  |   free   |   free   | arg 0 | arg 1 |                          arguments have the callee's types and are written
//!   during  |     frame header    | the callee's registers
//!   after   | result 0 | result 1 |    undone     | result 2 | ... | undone  results have the callee's types
//! ```
//!
//! A tail call gives its callee's results as its own, so it needs no room for them, but they must be exactly its own. A
//! call of a value needs room for two more arguments, which the value may add ([`regatta_ir::MAX_BOUND_ARGUMENTS`]); what the registers
//! there are and hold is no matter, as they are undone.

use crate::body::{At, Walk};
use crate::environment::Found;
use crate::error::VerifyErrorKind as Kind;
use regatta_ir::operand::Role;
use regatta_ir::{FuncId, HEADER, MAX_BOUND_ARGUMENTS, NativeId, Opcode, SigId, Signature, Type};

impl Walk<'_> {
    pub(crate) fn call(&mut self, at: &At) {
        let func = FuncId(at.operand());
        let callee = self.subject.scope.function(func);
        self.enter(at, callee, Kind::NoFunction { func });
    }

    pub(crate) fn call_indirect(&mut self, at: &At) {
        let sig = SigId(at.operand());
        let callee = self.subject.scope.signature(sig).map_or(Found::Missing, Found::Signature);
        if let Found::Signature(sig) = &callee
            && matches!(at.info().op, Opcode::CallVirtual | Opcode::CallMethod)
            && sig.params.first() != Some(&Type::Val)
        {
            self.error(at.pc, Kind::NoReceiver { op: at.info().mnemonic });
        }
        self.enter(at, callee, Kind::NoSignature { sig });
    }

    pub(crate) fn call_native(&mut self, at: &At) {
        let native = NativeId(at.operand());
        let callee = self.subject.scope.native(native);
        self.enter(at, callee, Kind::NoNative { native });
    }

    #[inline]
    fn enter(&mut self, at: &At, callee: Found<'_>, missing: Kind) {
        let window = at.field(0);
        let fits = self.in_range(at.pc, window);
        match callee {
            Found::Signature(sig) if fits => self.window(at, window, sig),
            Found::Missing => self.error(at.pc, missing),
            _ => {}
        }
    }

    /// Checks a window that begins inside the registers.
    fn window(&mut self, at: &At, window: u16, sig: &Signature) {
        let first = usize::from(window);
        let during = HEADER + sig.params.len() + usize::from(at.row.spare);
        let needs = if at.row.ends { during } else { sig.window_slots().max(during) };
        if first + needs > self.count() {
            let (needs, count) = (needs as u32, self.count() as u32);
            return self.error(at.pc, Kind::WindowTooLarge { window, needs, count });
        }
        for (n, &takes) in sig.params.iter().enumerate() {
            let register = first + sig.argument_slot(n);
            self.argument(at, register, n, takes);
            if at.row.brings && n == 0 {
                self.argument(at, at.field(1).into(), n, takes);
            } else {
                self.read(at.pc, register as u16);
            }
        }
        if at.row.brings && sig.params.is_empty() {
            self.error(at.pc, Kind::NoArgument { op: at.info().mnemonic });
        }
        if at.row.ends {
            if sig.results != self.subject.sig.results {
                self.error(at.pc, Kind::TailResults { op: at.info().mnemonic });
            }
            return;
        }
        self.enters(first);
        for (n, &gives) in sig.results.iter().enumerate() {
            let register = first + sig.result_slot(n);
            let is = self.type_of(register);
            if is != gives {
                let (register, result) = (register as u32, n as u32);
                self.error(at.pc, Kind::CallResultType { register, is, result, gives });
            }
            self.flow.write(register, 1);
        }
    }

    /// Is the register of the type that argument `n` has?
    #[inline]
    fn argument(&mut self, at: &At, register: usize, n: usize, takes: Type) {
        if register < self.count() && self.type_of(register) != takes {
            let (is, register, argument) = (self.type_of(register), register as u32, n as u32);
            self.error(at.pc, Kind::ArgumentType { register, is, argument, takes });
        }
    }

    /// A call whose callee its operands find: it takes the values and the atom, and gives one value.
    pub(crate) fn magic(&mut self, at: &At) {
        let (window, info) = (at.field(0), at.info());
        let is_argument = |role| matches!(role, Role::Src(_) | Role::Atom);
        let arguments = info.operands.iter().filter(|operand| is_argument(operand.role)).count();
        // What the method is may add to them, as for any value that is called.
        let (first, needs) = (usize::from(window), HEADER + arguments + MAX_BOUND_ARGUMENTS);
        if !self.in_range(at.pc, window) {
            return;
        }
        if first + needs > self.count() {
            let (needs, count) = (needs as u32, self.count() as u32);
            return self.error(at.pc, Kind::WindowTooLarge { window, needs, count });
        }
        let (register, is, gives) = (window.into(), self.type_of(first), Type::Val);
        if is != gives {
            self.error(at.pc, Kind::CallResultType { register, is, result: 0, gives });
        }
        self.enters(first);
        self.flow.write(first, 1);
    }

    /// A call undoes its window and all above it, and may throw then.
    fn enters(&mut self, first: usize) {
        self.flow.undo_from(first);
        if self.guards.any() {
            self.guards.throw(self.map, self.flow);
        }
    }

    /// `ret`, `ret_value` and its fused forms, and `ret_values`, for none, one and more results.
    pub(crate) fn give_back(&mut self, at: &At) {
        let op = at.info();
        let results = &self.subject.sig.results;
        let fits = match op.op {
            Opcode::Ret => results.is_empty(),
            Opcode::RetValues => results.len() > 1,
            _ => results.len() == 1,
        };
        if !fits {
            self.error(at.pc, Kind::ResultCount { op: op.mnemonic, count: results.len() as u32 });
        } else if op.gives_first() {
            let register = at.field(0);
            if usize::from(register) < self.count() && self.type_of(usize::from(register)) != results[0] {
                let is = self.type_of(usize::from(register));
                self.error(at.pc, Kind::ResultDisagrees { register, is, result: results[0] });
            }
        }
        if op.op == Opcode::RetValues && self.in_range(at.pc, at.field(0)) && fits {
            self.results(at, at.field(0));
        }
    }

    /// Two or more results, from a register below the count on.
    fn results(&mut self, at: &At, first: u16) {
        let sig = self.subject.sig;
        let (start, results) = (usize::from(first), sig.results.len());
        if start + results > self.count() {
            let (results, count) = (results as u32, self.count() as u32);
            return self.error(at.pc, Kind::ResultsTooFar { first, results, count });
        }
        for (n, &gives) in sig.results.iter().enumerate() {
            let is = self.type_of(start + n);
            if is != gives {
                let (register, result) = ((start + n) as u32, n as u32);
                self.error(at.pc, Kind::ResultType { register, is, result, gives });
            }
            self.read(at.pc, (start + n) as u16);
        }
    }
}
