//! How often each instruction was run.

use regatta_ir::Opcode;
use regatta_ir::ops::Effect;
use std::sync::atomic::{AtomicU64, Ordering};

/// How often each instruction was run and did what it is for. One that trapped where it should have given a value has not.
#[derive(Debug)]
pub struct Tally([AtomicU64; Opcode::COUNT]);

impl Default for Tally {
    fn default() -> Tally {
        Tally([const { AtomicU64::new(0) }; Opcode::COUNT])
    }
}

impl Tally {
    /// How often this instruction did its work.
    pub fn of(&self, op: Opcode) -> u64 {
        self.0[op as usize].load(Ordering::Relaxed)
    }

    /// An instruction has ended, well or not.
    pub(super) fn note(&self, op: Option<Opcode>, well: bool) {
        // What neither goes on nor calls is there to trap or to throw.
        let fails = |op: Opcode| op.info().ends() && op.info().throws() && !op.info().effects.contains(&Effect::Calls);
        if let Some(op) = op.filter(|&op| well || fails(op)) {
            self.0[op as usize].fetch_add(1, Ordering::Relaxed);
        }
    }
}
