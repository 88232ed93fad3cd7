//! Control: branches, switches, loops that end, and ways out.

use super::body::Body;
use super::emit::{Label, target};
use super::guess::Guess;
use super::known::Ahead;
use arbitrary::Result;
use regatta_ir::operand::Role;
use regatta_ir::ops::Kind;
use regatta_ir::vocabulary::Tag;
use regatta_ir::{Opcode, Type};

/// The registers of a loop at one depth.
#[derive(Clone, Copy)]
pub(super) struct Counter {
    pub(super) ty: Type,
    pub(super) i: u16,
    pub(super) limit: u16,
    pub(super) step: u16,
}

/// A loop around the place where we are.
#[derive(Clone, Copy)]
pub(super) struct Loop {
    header: Label,
    counter: Counter,
    trips: u64,
    down: bool,
}

impl Body<'_, '_> {
    /// A conditional branch to `to`, of any kind and on anything.
    pub(super) fn branch_somehow(&mut self, kind: Kind, to: Ahead) -> Result<()> {
        let op = if kind == Kind::latch { self.world.latch(self.u)? } else { self.world.branch(self.u)? };
        self.branch_with(op, to)
    }

    /// A branch with this op. What it writes is written where it is not taken.
    pub(super) fn branch_with(&mut self, op: Opcode, to: Ahead) -> Result<()> {
        let Some((args, written)) = self.operands(op, None)? else { return Ok(()) };
        let mut args = args[..op.info().operands.len()].to_vec();
        args.remove(target(op));
        if op.info().kind == Kind::latch {
            self.code.branch(op, &args, to.1);
        } else {
            self.branch(op, &args, to);
        }
        written.registers.iter().for_each(|&register| self.define(register));
        Ok(())
    }

    pub(super) fn if_then(&mut self) -> Result<()> {
        let end = self.ahead();
        self.branch_somehow(Kind::branch, end)?;
        self.block()?;
        self.arrive(end);
        Ok(())
    }

    pub(super) fn if_then_else(&mut self) -> Result<()> {
        let (otherwise, end) = (self.ahead(), self.ahead());
        self.branch_somehow(Kind::branch, otherwise)?;
        self.block()?;
        self.jump(end);
        self.arrive(otherwise);
        self.block()?;
        self.arrive(end);
        Ok(())
    }

    pub(super) fn jump(&mut self, to: Ahead) {
        self.branch(Opcode::Br, &[], to);
        self.state.live = false;
    }

    pub(super) fn switch(&mut self) -> Result<()> {
        let index = if self.world.is_dynamic() && self.u.ratio(1, 2)? {
            self.instruction(Opcode::KeyIndex, Some(self.scratch[0]))?;
            self.scratch[0]
        } else {
            self.source(Type::I32)?
        };
        let count = self.u.int_in_range(0..=3)?;
        self.code.op(Opcode::Switch, &[index.into(), count]);
        let arms: Vec<_> = (0..=count).map(|_| self.ahead()).collect();
        let end = self.ahead();
        for &arm in &arms {
            self.branch(Opcode::Br, &[], arm);
        }
        self.state.live = false;
        for arm in arms {
            self.arrive(arm);
            self.block()?;
            if self.u.ratio(3, 4)? {
                self.jump(end);
            }
        }
        self.arrive(end);
        Ok(())
    }

    /// A loop of a few rounds.
    pub(super) fn repeat(&mut self) -> Result<()> {
        let Some(&counter) = self.counters.get(self.loops.len()) else { return self.plain() };
        let trips = self.u.int_in_range(1..=5)?;
        let steps: Vec<Opcode> = self.world.steps_of(counter.ty).collect();
        let step = if self.u.ratio(1, 2)? { Some(*self.u.choose(&steps)?) } else { None };
        let down = step.is_some_and(|op| op.info().mnemonic.contains("_dec_"));
        let by = self.u.int_in_range(1..=2)?;
        for (register, value) in [(counter.i, if down { trips } else { 0 }), (counter.limit, trips), (counter.step, by)]
        {
            let op = match counter.ty {
                Type::I32 => Opcode::I32Const,
                Type::I64 => Opcode::I64Const,
                _ => Opcode::ValConstI32,
            };
            self.code.op(op, &[register.into(), value]);
            self.define_as(register, Guess::Is(Tag::I32));
        }
        self.undo_from(self.first_window);
        let header = self.code.label();
        self.code.bind(header);
        self.loops.push(Loop { header, counter, trips, down });
        self.block()?;
        let around = self.loops.pop().expect("it has been pushed");
        match step {
            Some(op) => self.step(op, around),
            None => self.count_and(around, false),
        }
    }

    /// Goes back with an instruction that also counts.
    pub(super) fn step(&mut self, op: Opcode, around: Loop) -> Result<()> {
        let operands = op.info().operands;
        let args: Vec<u64> = operands[..operands.len() - 1]
            .iter()
            .map(|operand| match (operand.name, operand.role) {
                (_, Role::InOut(_)) => u64::from(around.counter.i),
                (_, Role::Imm(_)) => {
                    if around.down {
                        0
                    } else {
                        around.trips
                    }
                }
                ("step", _) => u64::from(around.counter.step),
                _ => u64::from(around.counter.limit),
            })
            .collect();
        self.code.branch(op, &args, around.header);
        Ok(())
    }

    /// Goes back to a loop around us, if it has rounds left: from its end, or from somewhere inside.
    pub(super) fn go_on(&mut self) -> Result<()> {
        if self.loops.is_empty() {
            return self.plain();
        }
        let around = *self.u.choose(&self.loops.clone())?;
        self.count_and(around, true)
    }

    /// Counts with plain instructions, then goes back on some condition (always, at the end of an endless one).
    pub(super) fn count_and(&mut self, around: Loop, inside: bool) -> Result<()> {
        let Loop { header, counter, trips, down } = around;
        let (add, over, under) = match counter.ty {
            Type::I32 => (Opcode::I32AddImm, Opcode::BrI32GeSImm, Opcode::BrI32LeSImm),
            Type::Val => (Opcode::NumAddImm, Opcode::BrValGeImm, Opcode::BrValLeImm),
            _ => (Opcode::I64AddImm, Opcode::BrI64GeSImm, Opcode::BrI64LeSImm),
        };
        let end = self.ahead();
        let i = u64::from(counter.i);
        self.code.op(add, &[i, i, if down { 0xffff } else { 1 }]);
        self.branch(if down { under } else { over }, &[i, if down { 0 } else { trips }], end);
        if inside || self.u.ratio(3, 4)? {
            self.branch_somehow(Kind::latch, (0, header))?;
        } else {
            self.code.branch(Opcode::Loop, &[], header);
            self.state.live = false;
        }
        self.arrive(end);
        Ok(())
    }

    pub(super) fn fuel(&mut self) -> Result<()> {
        let units = self.u.int_in_range(0..=20)?;
        self.code.op(Opcode::Fuel, &[units]);
        Ok(())
    }

    /// Leaves the function: back, or with a trap.
    pub(super) fn leave(&mut self) -> Result<()> {
        if self.world.is_dynamic() && self.u.ratio(1, 4)? {
            return self.throw();
        }
        if self.u.ratio(1, 4)? {
            self.code.op(Opcode::Trap, &[7]);
            self.state.live = false;
            return Ok(());
        }
        self.give_back()
    }

    /// Returns a result with an instruction that does something else, too; or perhaps not: says whether it always does.
    fn give(&mut self, ty: Type) -> Result<bool> {
        let ops: Vec<Opcode> = self.world.gives(ty).collect();
        let op = *self.u.choose(&ops)?;
        let Some((mut args, _)) = self.operands(op, None)? else { return Ok(false) };
        if op.info().kind == Kind::guard {
            args[0] = self.source(ty)?.into();
        }
        self.code.op(op, &args[..op.info().operands.len()]);
        self.state.live = !op.info().ends();
        Ok(op.info().ends())
    }

    pub(super) fn give_back(&mut self) -> Result<()> {
        let results = self.signature.results.clone();
        match &*results {
            [] => self.code.op(Opcode::Ret, &[]),
            [one] => {
                if self.u.ratio(1, 4)? && self.give(*one)? {
                    return Ok(());
                }
                let source = self.source(*one)?;
                self.code.op(Opcode::RetValue, &[source.into()]);
            }
            many => {
                for (register, &ty) in (self.results..).zip(many) {
                    self.put(register, ty)?;
                }
                self.code.op(Opcode::RetValues, &[self.results.into()]);
            }
        }
        self.state.live = false;
        Ok(())
    }
}
