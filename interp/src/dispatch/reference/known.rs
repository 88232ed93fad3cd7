//! What the judge knows of slots: which of them nobody has written yet.

use super::Judge;
use regatta_ir::operand::{Class, Registers, Role};
use regatta_ir::{Instr, Reg, Signature, Type};
use regatta_runtime::stack::HEADER;

/// What is known of slots.
impl Judge<'_, '_> {
    /// Of a frame nobody has run yet, only the arguments are written.
    pub(super) fn meet_first_frame(&mut self) {
        if self.task.base() == HEADER && self.task.pc() == 0 {
            let entry = self.task.current().and_then(|func| self.program().entry(func));
            let entry = promised!("V-REF", entry, "the first function does not exist");
            self.forget(HEADER + entry.params()..HEADER + entry.frame_slots());
        }
    }

    /// After a call through the window at slot `window`, of all slots up to `end` only the results hold something.
    pub(super) fn know_results(&mut self, window: usize, end: usize, signature: &Signature) {
        self.forget(window..end);
        for n in 0..signature.results.len() {
            let slot = window + signature.result_slot(n);
            self.remember(slot..slot + 1);
        }
    }

    /// A handler has taken over: the instruction at word `from` of this frame came to nothing. If it was a call, its window
    /// holds nothing now; the exception is in its register.
    pub(super) fn know_exception(&mut self, from: u32, exception: Reg) {
        let entry = self.task.current().and_then(|func| self.program().entry(func));
        let entry = promised!("V-REF", entry, "the handler is in no function");
        let body = promised!("V-REF", entry.body(), "the handler is in a function without a proof");
        promise!("V-HANDLER", from < self.task.pc(), "word {} is not behind word {from}", self.task.pc());
        self.check_register(body, exception, Class::Of(Type::Val), None);
        let instr = promised!("V-OP", Instr::decode(&body.code[from as usize..]), "word {from} does not decode");
        let (base, window) = (self.task.base(), instr.operands().find(|(operand, _)| operand.role == Role::Window));
        if let Some((_, window)) = window {
            self.forget(base + window as usize..base + entry.frame_slots());
        }
        self.remember(base + exception.index()..base + exception.index() + 1);
    }

    pub(super) fn forget(&mut self, slots: std::ops::Range<usize>) {
        if self.unwritten.len() < slots.end {
            self.unwritten.resize(slots.end, false);
        }
        if slots.start < slots.end {
            self.unwritten[slots].fill(true);
        }
    }

    pub(super) fn remember(&mut self, slots: std::ops::Range<usize>) {
        let end = slots.end.min(self.unwritten.len());
        if slots.start < end {
            self.unwritten[slots.start..end].fill(false);
        }
    }
}

/// Registers that check themselves and note what is written.
pub(super) struct Checked<'a> {
    pub(super) registers: &'a mut [u64],
    pub(super) base: usize,
    pub(super) unwritten: &'a mut [bool],
}

impl Registers for Checked<'_> {
    fn get(&self, r: Reg) -> u64 {
        *promised!("V-REG", self.registers.get(r.index()), "register {r} is not below {}", self.registers.len())
    }

    fn set(&mut self, r: Reg, slot: u64) {
        let registers = self.registers.len();
        *promised!("V-REG", self.registers.get_mut(r.index()), "register {r} is not below {registers}") = slot;
        if let Some(unwritten) = self.unwritten.get_mut(self.base + r.index()) {
            *unwritten = false;
        }
    }

    fn run(&self, first: Reg, len: usize) -> &[u64] {
        let run = self.registers.get(first.index()..first.index() + len);
        promised!("V-REG", run, "a run of {len} registers from {first} on is not below {}", self.registers.len())
    }

    fn run_mut(&mut self, first: Reg, len: usize) -> &mut [u64] {
        let registers = self.registers.len();
        let range = first.index()..first.index() + len;
        if let Some(unwritten) = self.unwritten.get_mut(self.base + range.start..self.base + range.end) {
            unwritten.fill(false);
        }
        let run = self.registers.get_mut(range);
        promised!("V-REG", run, "a run of {len} registers from {first} on is not below {registers}")
    }
}
