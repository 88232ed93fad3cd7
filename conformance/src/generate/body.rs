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
use super::control::{Counter, Loop};
use super::emit::Code;
use super::known::State;
use super::program::World;
use arbitrary::{Result, Unstructured};
use regatta_ir::{Signature, Type};
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
    pub(super) number: usize,
    pub(super) signature: Signature,
    pub(super) counters: Vec<Counter>,
    pub(super) results: u16,
    pub(super) windows: HashMap<Signature, u16>,
    pub(super) first_window: usize,
    pub(super) state: State,
    /// By label ahead: what is written wherever control comes to it from.
    pub(super) pending: Vec<Option<Vec<bool>>>,
    pub(super) loops: Vec<Loop>,
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
            pending: Vec::new(),
            loops: Vec::new(),
            statements: MAX_STATEMENTS,
        })
    }

    /// The registers and the code.
    pub(super) fn make(mut self) -> Result<(Vec<Type>, Vec<u64>)> {
        let written = self.u.int_in_range(1..=4)?;
        for register in self.signature.params.len()..self.free_until {
            if self.u.ratio(written, 4u8)? {
                self.set_constant(register as u16)?;
            }
        }
        self.block()?;
        self.give_back()?;
        Ok((self.registers, self.code.finish()))
    }

    pub(super) fn block(&mut self) -> Result<()> {
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
}
