//! Bodies: structured code of one function, with exact knowledge of which registers are written where.
//!
//! ```text
//!  parameters | locals | counters of loops, scratch | results to return | windows of calls …
//!  ^ 0          free to write ^ free_until            ^ never undone      ^ undone by calls
//! ```
//!
//! Counters are written by their loop alone, so loops end. Windows lie above all else, one for each signature called, so
//! that a call undoes only windows; results in a lower window survive calls through a higher one and are read from there.
//! On entering a loop everything in windows counts as unwritten, because a call in the loop may undo it.

use super::TYPES;
use super::emit::{Code, Label};
use super::program::World;
use arbitrary::{Result, Unstructured};
use regatta_ir::operand::Role;
use regatta_ir::ops::Kind;
use regatta_ir::{Opcode, Signature, Type};
use std::collections::HashMap;

/// Loops inside each other.
const MAX_DEPTH: usize = 3;
/// Statements in one function.
const MAX_STATEMENTS: usize = 60;

/// A function in the making.
pub(super) struct Body<'w, 'd> {
    pub(super) u: &'w mut Unstructured<'d>,
    pub(super) world: &'w World,
    pub(super) code: Code,
    pub(super) registers: Vec<Type>,
    /// Registers below may be written by any instruction.
    pub(super) free_until: usize,
    /// For addresses and divisors of operand 0, 1, 2.
    pub(super) scratch: [u16; 4],
    pub(super) wide_scratch: u16,
    number: usize,
    signature: Signature,
    counters: Vec<Counter>,
    results: u16,
    windows: HashMap<Signature, u16>,
    first_window: usize,
    state: State,
    pending: HashMap<usize, Option<Vec<bool>>>,
    loops: Vec<Loop>,
    statements: usize,
}

/// What is known at a place in the code.
#[derive(Clone, Default)]
struct State {
    written: Vec<bool>,
    /// Can control get here?
    live: bool,
}

/// The registers of a loop at one depth.
#[derive(Clone, Copy)]
struct Counter {
    ty: Type,
    i: u16,
    limit: u16,
    step: u16,
}

/// A loop around the place where we are.
#[derive(Clone, Copy)]
struct Loop {
    header: Label,
    counter: Counter,
    trips: u64,
    down: bool,
}

impl<'w, 'd> Body<'w, 'd> {
    /// The body of the world's function of this number.
    pub(super) fn new(u: &'w mut Unstructured<'d>, world: &'w World, number: usize) -> Result<Body<'w, 'd>> {
        let signature = &world.signatures[number];
        let mut registers = signature.params.to_vec();
        for ty in TYPES {
            registers.extend(vec![ty; u.int_in_range(1..=3)?]);
        }
        let free_until = registers.len();
        let mut add = |ty| {
            registers.push(ty);
            (registers.len() - 1) as u16
        };
        let mut counters = Vec::new();
        for _ in 0..MAX_DEPTH {
            let ty = *u.choose(&[Type::I32, Type::I64])?;
            counters.push(Counter { ty, i: add(ty), limit: add(ty), step: add(ty) });
        }
        let scratch = [(); 4].map(|()| add(Type::I32));
        let wide_scratch = add(Type::I64);
        let results = registers.len() as u16;
        registers.extend_from_slice(&signature.results);
        let mut written = vec![false; registers.len()];
        written[..signature.params.len()].fill(true);
        Ok(Body {
            u,
            world,
            code: Code::default(),
            free_until,
            scratch,
            wide_scratch,
            number,
            signature: signature.clone(),
            counters,
            results,
            windows: HashMap::new(),
            first_window: registers.len(),
            registers,
            state: State { written, live: true },
            pending: HashMap::new(),
            loops: Vec::new(),
            statements: MAX_STATEMENTS,
        })
    }

    /// The registers and the code.
    pub(super) fn make(mut self) -> Result<(Vec<Type>, Vec<u64>)> {
        for register in self.signature.params.len()..self.free_until {
            if self.u.ratio(3, 4)? {
                self.set_constant(register as u16)?;
            }
        }
        self.block()?;
        self.give_back()?;
        Ok((self.registers, self.code.finish()))
    }

    fn block(&mut self) -> Result<()> {
        for _ in 0..self.u.int_in_range(1..=8)? {
            if self.statements == 0 || self.u.is_empty() {
                break;
            }
            self.statements -= 1;
            self.statement()?;
        }
        Ok(())
    }

    fn statement(&mut self) -> Result<()> {
        match self.u.int_in_range(0..=31)? {
            0..=15 => self.plain(),
            16 | 17 => self.if_then(),
            18 => self.if_then_else(),
            19..=21 => self.repeat(),
            22 => self.switch(),
            23..=25 if self.number > 0 || self.u.ratio(1, 16)? => self.call(),
            26 if self.number > 0 => self.call_indirect(),
            27 => self.call_native(),
            28 => self.go_on(),
            29 => self.fuel(),
            30 if self.u.ratio(1, 4)? => self.tail_call(),
            _ if self.u.ratio(1, 8)? => self.leave(),
            _ => self.plain(),
        }
    }

    pub(super) fn ty(&mut self) -> Result<Type> {
        self.u.choose(&TYPES).copied()
    }

    // Which registers are written.

    pub(super) fn define(&mut self, register: u16) {
        self.state.written[usize::from(register)] = true;
    }

    /// The registers of this type below `end` that have been written; where control can't get, all have.
    pub(super) fn written(&self, ty: Type, end: usize) -> Vec<u16> {
        let State { written, live } = &self.state;
        (0..end).filter(|&r| self.registers[r] == ty && (written[r] || !live)).map(|r| r as u16).collect()
    }

    pub(super) fn is_free(&self, register: u16) -> bool {
        usize::from(register) < self.free_until
    }

    fn undo_from(&mut self, register: usize) {
        self.state.written[register..].fill(false);
    }

    /// Control may go to a label ahead from here.
    fn send(&mut self, label: usize) {
        let here = self.state.live.then(|| self.state.written.clone());
        let waiting = self.pending.entry(label).or_default();
        match (waiting, here) {
            (Some(kept), Some(here)) => kept.iter_mut().zip(here).for_each(|(kept, here)| *kept &= here),
            (waiting @ None, Some(here)) => *waiting = Some(here),
            _ => {}
        }
    }

    fn branch(&mut self, op: Opcode, operands: &[u64], to: (usize, Label)) {
        self.send(to.0);
        self.code.branch(op, operands, to.1);
    }

    /// A label ahead: its number for what is known, and its place in the code.
    fn ahead(&mut self) -> (usize, Label) {
        let label = self.code.label();
        self.pending.insert(self.pending.len(), None);
        (self.pending.len() - 1, label)
    }

    fn arrive(&mut self, at: (usize, Label)) {
        self.code.bind(at.1);
        let Some(mut kept) = self.pending.insert(at.0, None).flatten() else { return };
        kept.resize(self.registers.len(), false);
        if self.state.live {
            self.state.written.iter_mut().zip(kept).for_each(|(here, kept)| *here &= kept);
        } else {
            self.state = State { written: kept, live: true };
        }
    }

    // Control.

    /// A conditional branch to `to`, of any kind and on anything.
    fn branch_somehow(&mut self, kind: Kind, to: (usize, Label)) -> Result<()> {
        let ops = if kind == Kind::branch { self.world.branches } else { self.world.latches };
        let op = *self.u.choose(ops)?;
        let mut args = Vec::new();
        for operand in &op.info().operands[..2] {
            args.push(match operand.role {
                Role::Imm(_) => super::bits(self.u)? & 0xffff,
                Role::Src(regatta_ir::operand::Class::Of(ty)) => u64::from(self.source(ty)?),
                other => unreachable!("{other:?} in a branch"),
            });
        }
        match kind {
            Kind::branch => self.branch(op, &args, to),
            _ => self.code.branch(op, &args, to.1),
        }
        Ok(())
    }

    fn if_then(&mut self) -> Result<()> {
        let end = self.ahead();
        self.branch_somehow(Kind::branch, end)?;
        self.block()?;
        self.arrive(end);
        Ok(())
    }

    fn if_then_else(&mut self) -> Result<()> {
        let (otherwise, end) = (self.ahead(), self.ahead());
        self.branch_somehow(Kind::branch, otherwise)?;
        self.block()?;
        self.jump(end);
        self.arrive(otherwise);
        self.block()?;
        self.arrive(end);
        Ok(())
    }

    fn jump(&mut self, to: (usize, Label)) {
        self.branch(Opcode::Br, &[], to);
        self.state.live = false;
    }

    fn switch(&mut self) -> Result<()> {
        let index = self.source(Type::I32)?;
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
    fn repeat(&mut self) -> Result<()> {
        let Some(&counter) = self.counters.get(self.loops.len()) else { return self.plain() };
        let trips = self.u.int_in_range(1..=5)?;
        let steps: Vec<Opcode> = self.world.steps_of(counter.ty).collect();
        let step = if self.u.ratio(2, 3)? { Some(*self.u.choose(&steps)?) } else { None };
        let down = step.is_some_and(|op| op.info().mnemonic.contains("_dec_"));
        let by = self.u.int_in_range(1..=2)?;
        for (register, value) in [(counter.i, if down { trips } else { 0 }), (counter.limit, trips), (counter.step, by)]
        {
            let op = if counter.ty == Type::I32 { Opcode::I32Const } else { Opcode::I64Const };
            self.code.op(op, &[register.into(), value]);
            self.define(register);
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
    fn step(&mut self, op: Opcode, around: Loop) -> Result<()> {
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
    fn go_on(&mut self) -> Result<()> {
        if self.loops.is_empty() {
            return self.plain();
        }
        let around = *self.u.choose(&self.loops.clone())?;
        self.count_and(around, true)
    }

    /// Counts with plain instructions, then goes back on some condition (always, at the end of an endless one).
    fn count_and(&mut self, around: Loop, inside: bool) -> Result<()> {
        let Loop { header, counter, trips, down } = around;
        let (add, over, under) = match counter.ty {
            Type::I32 => (Opcode::I32AddImm, Opcode::BrI32GeSImm, Opcode::BrI32LeSImm),
            _ => (Opcode::I64AddImm, Opcode::BrI64GeSImm, Opcode::BrI64LeSImm),
        };
        let end = self.ahead();
        let i = u64::from(counter.i);
        self.code.op(add, &[i, i, if down { 0xffff } else { 1 }]);
        self.branch(if down { under } else { over }, &[i, if down { 0 } else { trips }], end);
        if inside || self.u.ratio(1, 2)? {
            self.branch_somehow(Kind::latch, (0, header))?;
        } else {
            self.code.branch(Opcode::Loop, &[], header);
            self.state.live = false;
        }
        self.arrive(end);
        Ok(())
    }

    fn fuel(&mut self) -> Result<()> {
        let units = self.u.int_in_range(0..=20)?;
        self.code.op(Opcode::Fuel, &[units]);
        Ok(())
    }

    /// Leaves the function: back, or with a trap.
    fn leave(&mut self) -> Result<()> {
        if self.u.ratio(1, 4)? {
            self.code.op(Opcode::Trap, &[7]);
            self.state.live = false;
            return Ok(());
        }
        self.give_back()
    }

    fn give_back(&mut self) -> Result<()> {
        let results = self.signature.results.clone();
        match &*results {
            [] => self.code.op(Opcode::Ret, &[]),
            [one] => {
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

    // Calls.

    /// Writes some value of this type to the register.
    fn put(&mut self, register: u16, ty: Type) -> Result<()> {
        let source = self.source(ty)?;
        self.code.op(Opcode::Mov, &[register.into(), source.into()]);
        self.define(register);
        Ok(())
    }

    /// The window for calls of this signature, with arguments in it.
    fn window(&mut self, signature: &Signature) -> Result<u16> {
        let window = match self.windows.get(signature) {
            Some(&window) => window,
            None => self.add_window(signature),
        };
        for (n, &ty) in signature.params.iter().enumerate() {
            self.put(window + signature.argument_slot(n) as u16, ty)?;
        }
        Ok(window)
    }

    fn add_window(&mut self, signature: &Signature) -> u16 {
        let window = self.registers.len();
        self.registers.resize(window + signature.window_slots(), Type::I32);
        for (n, &ty) in signature.params.iter().enumerate() {
            self.registers[window + signature.argument_slot(n)] = ty;
        }
        for (n, &ty) in signature.results.iter().enumerate() {
            self.registers[window + signature.result_slot(n)] = ty;
        }
        self.state.written.resize(self.registers.len(), false);
        self.windows.insert(signature.clone(), window as u16);
        window as u16
    }

    fn after_call(&mut self, window: u16, signature: &Signature) {
        self.undo_from(usize::from(window));
        for n in 0..signature.results.len() {
            self.define(window + signature.result_slot(n) as u16);
        }
    }

    /// A function to call: mostly an earlier one, because recursion seldom ends before the stack does.
    fn callee(&mut self) -> Result<(u64, Signature)> {
        let any = self.number == 0 || self.u.ratio(1, 16)?;
        let callee = self.u.choose_index(if any { self.world.signatures.len() } else { self.number })?;
        Ok((callee as u64, self.world.signatures[callee].clone()))
    }

    fn call(&mut self) -> Result<()> {
        let (callee, signature) = self.callee()?;
        let window = self.window(&signature)?;
        self.code.op(Opcode::Call, &[window.into(), callee]);
        self.after_call(window, &signature);
        Ok(())
    }

    fn call_indirect(&mut self) -> Result<()> {
        let (callee, signature) = self.callee()?;
        let window = self.window(&signature)?;
        let id = if self.u.ratio(1, 16)? {
            self.source(Type::I32)?
        } else {
            self.code.op(Opcode::FuncConst, &[self.scratch[0].into(), callee]);
            self.define(self.scratch[0]);
            self.scratch[0]
        };
        let sig = self.world.sig(&signature);
        self.code.op(Opcode::CallIndirect, &[window.into(), id.into(), sig]);
        self.after_call(window, &signature);
        Ok(())
    }

    fn call_native(&mut self) -> Result<()> {
        let native = self.u.choose_index(self.world.natives.len())?;
        let (name, signature) = self.world.natives[native].clone();
        if name == "test.fail" && self.u.ratio(15, 16)? {
            return self.plain();
        }
        let window = self.window(&signature)?;
        self.code.op(Opcode::CallNative, &[window.into(), native as u64]);
        self.after_call(window, &signature);
        Ok(())
    }

    /// Hands over to a function with our results.
    fn tail_call(&mut self) -> Result<()> {
        let same = |signature: &Signature| signature.results == self.signature.results;
        let callees: Vec<usize> =
            (0..self.world.signatures.len()).filter(|&n| same(&self.world.signatures[n])).collect();
        let callee = *self.u.choose(&callees)?;
        let signature = self.world.signatures[callee].clone();
        let window = self.window(&signature)?;
        if self.u.ratio(1, 2)? {
            self.code.op(Opcode::TailCall, &[window.into(), callee as u64]);
        } else {
            let id = self.scratch[0];
            self.code.op(Opcode::FuncConst, &[id.into(), callee as u64]);
            self.define(id);
            self.code.op(Opcode::TailCallIndirect, &[window.into(), id.into(), self.world.sig(&signature)]);
        }
        self.state.live = false;
        Ok(())
    }
}
