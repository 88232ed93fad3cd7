//! Which registers can be shown where.
//!
//! Frames are not cleared, so a register that has not been written holds bits of an earlier frame; and after a collection,
//! a `val` register that nobody will read again holds the address of an object that is gone. Neither may be looked at. A
//! register is shown when it is *written* on every path to the place, and, if it holds an object and there has been a
//! collection, when it is still *needed*. The second is what the collector itself asks ([`Liveness`]); the first is found
//! here, by following states through the code until nothing changes.
//!
//! [`Liveness`]: regatta_runtime::liveness::Liveness

use super::accesses;
use regatta_ir::{Function, Instr, Opcode, Type};
use regatta_runtime::heap::Value;
use regatta_runtime::liveness::Moment;
use regatta_runtime::task::Frame;
use regatta_runtime::{Process, Program, Task};
use std::collections::HashMap;

/// Bits of state that are kept for one function; of larger ones only what is needed is shown.
const MAX_SCOPE_BITS: usize = 1 << 28;

/// The registers of one function that are written before each word.
#[derive(Debug)]
struct Written {
    /// Words of a state.
    width: usize,
    /// By word of code.
    states: Vec<u64>,
    reached: Vec<bool>,
}

impl Written {
    /// Follows the code of a function; `None` when it is too large.
    fn of(program: &Program, function: &Function) -> Option<Written> {
        let width = function.registers.len() / 64 + 1;
        let words = function.code.len();
        if words.saturating_mul(width * 64) > MAX_SCOPE_BITS {
            return None;
        }
        let mut written = Written { width, states: vec![0; words * width], reached: vec![false; words] };
        let params = program.type_of(function.sig).map_or(0, |signature| signature.params.len());
        let mut start = vec![0; width];
        (0..params as u16).for_each(|register| write(&mut start, register));
        let mut waiting = Vec::new();
        written.join(0, &start, &mut waiting);
        while let Some(word) = waiting.pop() {
            written.follow(program, function, word, &mut waiting);
        }
        Some(written)
    }

    /// Follows all ways from the instruction at `word`.
    fn follow(&mut self, program: &Program, function: &Function, word: usize, waiting: &mut Vec<usize>) {
        let Some(instr) = function.code.get(word..).and_then(Instr::decode) else { return };
        let before = self.states[word * self.width..][..self.width].to_vec();
        let window = accesses::window(&instr);
        let mut after = before.clone();
        if let Some(window) = window {
            undo_from(&mut after, window);
        }
        for handler in &function.handlers {
            if (handler.start as usize..handler.end as usize).contains(&word) && instr.op.info().throws() {
                let mut caught = after.clone();
                write(&mut caught, handler.exception);
                self.join(handler.target as usize, &caught, waiting);
            }
        }
        accesses::writes(&instr).for_each(|register| write(&mut after, register));
        if window.is_some() {
            let results = accesses::results_of_call(program, &function.code[word..]);
            results.into_iter().for_each(|register| write(&mut after, register));
        }
        if let Some(target) = accesses::target(word, &instr) {
            self.join(target, &after, waiting);
        }
        let next = word + instr.words();
        if instr.op == Opcode::Switch {
            let entries = instr.args[1] as usize + 1;
            (next..next + entries).for_each(|entry| self.join(entry, &after, waiting));
        } else if !instr.op.info().ends() {
            accesses::binds(program, &instr).for_each(|register| write(&mut after, register));
            self.join(next, &after, waiting);
        }
    }

    /// One more way leads to `word`.
    fn join(&mut self, word: usize, state: &[u64], waiting: &mut Vec<usize>) {
        let Some(reached) = self.reached.get_mut(word) else { return };
        let kept = &mut self.states[word * self.width..][..self.width];
        let is_new = !std::mem::replace(reached, true);
        if is_new {
            kept.copy_from_slice(state);
            return waiting.push(word);
        }
        let mut changed = 0;
        for (kept, state) in kept.iter_mut().zip(state) {
            changed |= *kept & !state;
            *kept &= state;
        }
        if changed != 0 {
            waiting.push(word);
        }
    }

    fn has(&self, word: u32, register: u16) -> bool {
        let word = word as usize;
        self.reached.get(word) == Some(&true)
            && self.states[word * self.width + usize::from(register) / 64] >> (register % 64) & 1 != 0
    }
}

fn write(state: &mut [u64], register: u16) {
    if let Some(word) = state.get_mut(usize::from(register) / 64) {
        *word |= 1 << (register % 64);
    }
}

fn undo_from(state: &mut [u64], first: u16) {
    if let Some((word, rest)) = state.get_mut(usize::from(first) / 64..).and_then(<[u64]>::split_first_mut) {
        *word &= (1 << (first % 64)) - 1;
        rest.fill(0);
    }
}

/// What can be shown of the registers of frames.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    known: HashMap<u32, Option<Written>>,
}

impl Scope {
    /// Is the register written wherever control comes to this place?
    pub(crate) fn is_written(&mut self, program: &Program, frame: Frame, is_top: bool, register: u16) -> bool {
        let Some(function) = program.entry(frame.func).and_then(|entry| entry.body()) else { return false };
        if !is_top && called_window(function, frame.pc).is_none_or(|window| register >= window) {
            return false; // the frame that was called lies there
        }
        let written = self.known.entry(frame.func.0).or_insert_with(|| Written::of(program, function));
        written.as_ref().is_some_and(|written| written.has(frame.pc, register))
            || written.is_none() && reads(program, function, frame.pc).contains(&register)
    }

    /// The slot of a register, if it can be looked at.
    pub(crate) fn slot(
        &mut self,
        program: &Program,
        process: &Process,
        task: &Task,
        frame: Frame,
        register: u16,
    ) -> Result<u64, Unseen> {
        let is_top = frame.base == task.base();
        let entry = program.entry(frame.func).ok_or(Unseen::NotWritten)?;
        let function = entry.body().ok_or(Unseen::NotWritten)?;
        let ty = function.registers.get(usize::from(register)).ok_or(Unseen::NoRegister)?;
        if !self.is_written(program, frame, is_top, register) {
            return Err(Unseen::NotWritten);
        }
        let slot = *task.slots().get(frame.base + usize::from(register)).ok_or(Unseen::NotWritten)?;
        if *ty != Type::Val || Value::from_bits(slot).as_object().is_none() || !has_collected(process) {
            return Ok(slot);
        }
        let mut is_needed = false;
        if let Some(liveness) = entry.liveness(program) {
            let moment = if is_top { Moment::Before } else { Moment::Across };
            liveness.each(program, function, frame.pc, moment, |needed| is_needed |= needed == register);
        }
        if is_needed { Ok(slot) } else { Err(Unseen::NotNeeded) }
    }
}

/// Why a register has no value to show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unseen {
    /// The function has none of this number.
    NoRegister,
    /// It may not have been written.
    NotWritten,
    /// It held an object that nobody needs any more.
    NotNeeded,
}

fn has_collected(process: &Process) -> bool {
    collections(process) > 0
}

/// How many collections there have been: between two alike numbers, objects have stayed where they were.
pub(crate) fn collections(process: &Process) -> u64 {
    let stats = process.heap.stats();
    stats.copies + stats.minor + stats.full
}

fn reads(program: &Program, function: &Function, word: u32) -> Vec<u16> {
    let instr = function.code.get(word as usize..).and_then(Instr::decode);
    instr.map_or(vec![], |instr| accesses::reads(program, function, &instr))
}

fn called_window(function: &Function, word: u32) -> Option<u16> {
    accesses::window(&Instr::decode(function.code.get(word as usize..)?)?)
}
