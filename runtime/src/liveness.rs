//! Liveness: which `val` registers of a function still matter where a collection can find it.
//!
//! Registers are not cleared, so a frame holds old bits next to values, and values nobody will read again next to those
//! that count. A collector that moves objects must know exactly: it changes what it takes for a reference, and whatever it
//! keeps alive for nothing counts against the heap's limit. Both follow from the code alone: a register matters where some
//! path leads to a read of it before a write. [V-DEF] then says that it has been written.
//!
//! A frame can be found at two *moments* of an instruction:
//!
//! ```text
//!   before   the instruction has not begun, or is a native call under way: what it reads counts, arguments included
//!   across   a call that another frame has taken over: the registers below the window that are read after it
//! ```
//!
//! The answers for all instructions that may allocate (before) and all calls (across; natives: before) are worked out
//! together when a collection first meets the function, and kept in its [`Entry`](crate::Entry): a table of places, and of
//! sets of registers, equal sets once. Any other place, where a task may be parked by its fuel or its owner, is worked out
//! when asked for. A function without `val` registers has no table. How sets are found: `graph` (the code as nodes,
//! edges and events), then `solve` (backwards, 64 registers at a time).
//!
//! Contrast with clearing registers on entry and scanning all of them: simpler, but a call pays for it, and dead values
//! stay alive. Size is bounded by the verifier: a function's safepoints times its `val` registers.

mod graph;
mod solve;

#[cfg(test)]
mod tests;

use crate::program::Program;
use graph::Graph;
use regatta_ir::{Function, Type};
use std::collections::HashMap;
use std::sync::Mutex;

/// When a frame is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// The instruction has not begun, or is a call of a native that has not returned.
    Before,
    /// The instruction is a call, and the frame it made is still there.
    Across,
}

/// Which `val` registers of one function matter where.
#[derive(Debug)]
pub struct Liveness {
    /// The `val` registers, rising. Sets count by position in here.
    registers: Box<[u16]>,
    /// Words of a set.
    width: usize,
    /// Words of code and moments that have been worked out, rising.
    places: Box<[u32]>,
    /// The number of the set of each place.
    sets: Box<[u32]>,
    words: Box<[u64]>,
    /// Places that no instruction's nature foretold.
    others: Mutex<HashMap<u32, Box<[u64]>>>,
}

/// Places outside the table that one function remembers.
const MAX_OTHER_PLACES: usize = 64;

/// A word of code and a moment, as one number. Words of code are counted in 26 bits.
const fn place(pc: u32, moment: Moment) -> u32 {
    pc << 1 | matches!(moment, Moment::Across) as u32
}

impl Liveness {
    /// Works out the table of a function, in the program's numbers; `None` when it has no `val` registers.
    pub fn of(program: &Program, function: &Function) -> Option<Liveness> {
        let registers = val_registers(function)?;
        let width = registers.len().div_ceil(64);
        let graph = Graph::new(program, function, None);
        let rows = solve::solve(&graph, width);
        let (mut sets, mut words) = (Vec::with_capacity(graph.points.len()), Vec::new());
        let mut known: HashMap<&[u64], u32> = HashMap::new();
        for row in rows.chunks_exact(width) {
            let next = known.len() as u32;
            sets.push(*known.entry(row).or_insert_with(|| {
                words.extend_from_slice(row);
                next
            }));
        }
        let places = graph.points.iter().map(|point| place(point.pc, point.moment)).collect();
        let others = Mutex::default();
        Some(Liveness { registers, width, places, sets: sets.into(), words: words.into(), others })
    }

    /// Shows every register that matters at this word and moment to `visit`.
    #[inline]
    pub fn each(&self, program: &Program, function: &Function, pc: u32, moment: Moment, mut visit: impl FnMut(u16)) {
        let Ok(at) = self.places.binary_search(&place(pc, moment)) else {
            return self.other(program, function, pc, moment).iter().for_each(|&register| visit(register));
        };
        let set = self.sets[at] as usize * self.width;
        each_bit(&self.words[set..set + self.width], &self.registers, visit);
    }

    /// The registers that matter at a place outside the table.
    #[cold]
    fn other(&self, program: &Program, function: &Function, pc: u32, moment: Moment) -> Vec<u16> {
        let mut others = self.others.lock().expect("nobody panics in here");
        if others.len() >= MAX_OTHER_PLACES {
            others.clear();
        }
        let set = others.entry(place(pc, moment)).or_insert_with(|| {
            let graph = Graph::new(program, function, Some((pc, moment)));
            solve::solve(&graph, self.width).into()
        });
        let mut registers = vec![];
        each_bit(set, &self.registers, |register| registers.push(register));
        registers
    }
}

/// The `val` registers of a function; `None` if there are none.
fn val_registers(function: &Function) -> Option<Box<[u16]>> {
    let vals = function.registers.iter().enumerate().filter(|(_, ty)| **ty == Type::Val);
    let registers: Box<[u16]> = vals.map(|(register, _)| register as u16).collect();
    (!registers.is_empty()).then_some(registers)
}

#[inline]
fn each_bit(set: &[u64], registers: &[u16], mut visit: impl FnMut(u16)) {
    for (word, registers) in set.iter().zip(registers.chunks(64)) {
        let mut left = *word;
        while left != 0 {
            visit(registers[left.trailing_zeros() as usize]);
            left &= left - 1;
        }
    }
}
