//! Handlers, throws and patterns: where control goes when something is not as expected.
//!
//! A handler may read what was written before its range, and what a harmless instruction at the start of the range wrote:
//! whatever throws comes later. Windows count as unwritten in it, since any call may be what failed.

use super::body::Body;
use super::guess::Guess;
use super::guess::wanted_by_name;
use arbitrary::Result;
use regatta_ir::module::Handler;
use regatta_ir::ops::Kind;
use regatta_ir::vocabulary::Tag;
use regatta_ir::{Opcode, Type};

/// Ranges of handlers inside each other.
const MAX_GUARDS: usize = 3;

impl Body<'_, '_> {
    /// A block whose exceptions are caught.
    pub(super) fn guarded(&mut self) -> Result<()> {
        if self.guards == MAX_GUARDS {
            return self.plain();
        }
        let start = self.code.here();
        let register = self.destination(Type::Val)?;
        self.code.op(Opcode::ValConstI32, &[register.into(), self.u.int_in_range(0..=9)?]);
        self.define_as(register, Guess::Is(Tag::I32));
        let mut caught = self.state.clone();
        if !self.world.careless {
            caught.written[self.first_window..].fill(false);
        }
        self.guards += 1;
        self.block()?;
        self.guards -= 1;
        let (end, after) = (self.code.here(), self.ahead());
        self.jump(after);
        let target = self.code.here();
        let (exception, traps) = (self.destination(Type::Val)?, self.u.ratio(3, 4)?);
        let [start, end, target] = [start, end, target].map(|word| word as u32);
        self.handlers.push(Handler { start, end, target, exception, traps });
        self.state = caught;
        self.know_all();
        self.define_as(exception, if traps { Guess::Is(Tag::String) } else { Guess::Unknown });
        self.block()?;
        self.arrive(after);
        Ok(())
    }

    /// Throws some value.
    pub(super) fn throw(&mut self) -> Result<()> {
        self.instruction(Opcode::Throw, None)?;
        self.state.live = false;
        Ok(())
    }

    /// Takes a value apart, probably one of the right kind; what else is done depends on whether it matched.
    pub(super) fn match_pattern(&mut self) -> Result<()> {
        let unmatched: Vec<Opcode> =
            Opcode::ALL.iter().copied().filter(|op| op.info().kind == Kind::unmatched).collect();
        let (op, kind) = (*self.u.choose(&unmatched)?, *self.u.choose(&["array", "tuple", "enum", "any"])?);
        let value = self.value(wanted_by_name(kind), 0)?;
        self.code.op(Opcode::Mov, &[self.val_scratch[0].into(), value.into()]);
        self.define_as(self.val_scratch[0], self.guess(value));
        let end = self.ahead();
        self.branch_with(op, end)?;
        self.block()?;
        self.arrive(end);
        Ok(())
    }
}
