//! Bodies: structured code of one function, with exact knowledge of which registers are written where.
//!
//! ```text
//!  parameters | locals, `val` last | counters of loops, scratch | results to return | windows of calls …
//!  ^ 0          free to write        ^ free_until                 ^ never undone      ^ undone by calls
//! ```
//!
//! Counters are written by their loop alone, so loops end. Windows lie above all else, one for each signature called, so
//! that a call undoes only windows; results in a lower window survive calls through a higher one and are read from there.
//! On entering a loop everything in windows counts as unwritten, because a call in the loop may undo it.

use super::TYPES;
use super::control::{Counter, Loop};
use super::emit::Code;
use super::guess::{Guess, WITH_PROPERTIES};
use super::known::State;
use super::values::MAX_RUN;
use super::world::World;
use arbitrary::{Result, Unstructured};
use regatta_ir::module::Handler;
use regatta_ir::{Signature, Type};
use std::collections::HashMap;

/// Loops inside each other.
const MAX_DEPTH: usize = 3;
/// Statements in one function.
const MAX_STATEMENTS: usize = 60;

/// What comes of a body.
pub(super) struct Made {
    pub(super) registers: Vec<Type>,
    pub(super) code: Vec<u64>,
    pub(super) handlers: Vec<Handler>,
}

/// A function in the making.
pub(super) struct Body<'w, 'd> {
    pub(super) u: &'w mut Unstructured<'d>,
    pub(super) world: &'w World,
    pub(super) code: Code,
    pub(super) registers: Vec<Type>,
    /// Registers below may be written by any instruction.
    pub(super) free_until: usize,
    /// The first of the locals of type `val`, which lie side by side for runs.
    pub(super) values_from: usize,
    /// How many they are.
    pub(super) values: usize,
    /// For addresses and divisors of operand 0, 1, 2.
    pub(super) scratch: [u16; 4],
    pub(super) wide_scratch: u16,
    /// For values that an operand needs and nobody has.
    pub(super) val_scratch: Vec<u16>,
    pub(super) number: usize,
    pub(super) signature: Signature,
    pub(super) counters: Vec<Counter>,
    pub(super) results: u16,
    pub(super) windows: HashMap<Signature, u16>,
    pub(super) first_window: usize,
    pub(super) state: State,
    /// By label ahead: what is known wherever control comes to it from.
    pub(super) pending: Vec<Option<State>>,
    pub(super) loops: Vec<Loop>,
    pub(super) handlers: Vec<Handler>,
    /// How many ranges of handlers there are around the place where we are.
    pub(super) guards: usize,
    pub(super) statements: usize,
}

impl<'w, 'd> Body<'w, 'd> {
    /// The body of the world's function of this number.
    pub(super) fn new(u: &'w mut Unstructured<'d>, world: &'w World, number: usize) -> Result<Body<'w, 'd>> {
        let signature = &world.signatures[number];
        let mut registers = signature.params.to_vec();
        for ty in TYPES {
            registers.extend(vec![ty; u.int_in_range(1..=3)?]);
        }
        let (values_from, dynamic) = (registers.len(), world.is_dynamic());
        let values = if dynamic { u.int_in_range(MAX_RUN + 1..=MAX_RUN + 5)? } else { 0 };
        registers.extend(vec![Type::Val; values]);
        let free_until = registers.len();
        let mut add = |ty| {
            registers.push(ty);
            (registers.len() - 1) as u16
        };
        let mut counters = Vec::new();
        for _ in 0..MAX_DEPTH {
            let types = [Type::I32, Type::I64, Type::Val, Type::Val];
            let ty = *u.choose(if dynamic { &types } else { &types[..2] })?;
            counters.push(Counter { ty, i: add(ty), limit: add(ty), step: add(ty) });
        }
        let scratch = [(); 4].map(|()| add(Type::I32));
        let wide_scratch = add(Type::I64);
        let val_scratch = (0..if dynamic { 3 } else { 0 }).map(|_| add(Type::Val)).collect();
        let results = registers.len() as u16;
        registers.extend_from_slice(&signature.results);
        let mut written = vec![false; registers.len()];
        written[..signature.params.len()].fill(true);
        let mut guesses = vec![Guess::Unknown; registers.len()];
        world.parts[number].guess(&mut guesses[..signature.params.len()]);
        Ok(Body {
            u,
            world,
            code: Code::default(),
            free_until,
            values_from,
            values,
            scratch,
            wide_scratch,
            val_scratch,
            number,
            signature: signature.clone(),
            counters,
            results,
            windows: HashMap::new(),
            first_window: registers.len(),
            registers,
            state: State { written, guesses, live: true },
            pending: Vec::new(),
            loops: Vec::new(),
            handlers: Vec::new(),
            guards: 0,
            statements: MAX_STATEMENTS,
        })
    }

    /// The registers, the code and its handlers.
    pub(super) fn make(mut self) -> Result<Made> {
        let written = self.u.int_in_range(1..=4)?;
        for register in self.signature.params.len()..self.free_until {
            if self.u.ratio(written, 4u8)? {
                self.set_constant(register as u16)?;
            }
        }
        if self.world.is_dynamic() && self.u.ratio(1, 2)? {
            self.guarded()?
        } else {
            self.block()?
        }
        self.give_back()?;
        Ok(Made { registers: self.registers, code: self.code.finish(), handlers: self.handlers })
    }

    pub(super) fn block(&mut self) -> Result<()> {
        for _ in 0..self.u.int_in_range(1..=8)? {
            if self.statements == 0 || self.u.is_empty() {
                break;
            }
            self.statements -= 1;
            if self.world.is_dynamic() && self.u.arbitrary()? { self.dynamic_statement()? } else { self.statement()? }
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

    fn dynamic_statement(&mut self) -> Result<()> {
        match self.u.int_in_range(0..=15)? {
            0..=3 => self.call_dynamic(),
            4..=6 => self.guarded(),
            7 | 8 => self.match_pattern(),
            9 | 10 => self.call_native(),
            11 => {
                let object = self.value(WITH_PROPERTIES, 0)?;
                self.furnish(object)
            }
            14 if self.guards > 0 && self.u.ratio(1, 2)? => self.throw(),
            15 => self.repeat(),
            _ => (0..self.u.int_in_range(1..=4)?).try_for_each(|_| self.plain()),
        }
    }

    pub(super) fn ty(&mut self) -> Result<Type> {
        if self.world.is_dynamic() && self.u.ratio(2, 3)? { Ok(Type::Val) } else { self.u.choose(&TYPES).copied() }
    }
}
