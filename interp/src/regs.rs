//! Registers of the running frame, without checks: what the fast interpreters read and write.

use regatta_ir::Reg;
use regatta_ir::operand::Registers;

/// The registers from `base` on.
#[derive(Clone, Copy)]
pub(crate) struct Unchecked {
    base: *mut u64,
}

impl Unchecked {
    /// The registers of the frame at `base`.
    ///
    /// # Safety
    /// `base` must point to as many slots as the function that is running has registers `[R-FRAME]`, until this value is
    /// used for the last time; and only registers that the function's code names may be asked for `[V-REG]`.
    #[inline(always)]
    pub(crate) unsafe fn at(base: *mut u64) -> Unchecked {
        Unchecked { base }
    }
}

impl Registers for Unchecked {
    #[inline(always)]
    fn get(&self, r: Reg) -> u64 {
        // SAFETY: [V-REG] `r` is below the function's register count; [R-FRAME] `at` was promised that many slots.
        unsafe { *self.base.add(r.index()) }
    }

    #[inline(always)]
    fn set(&mut self, r: Reg, slot: u64) {
        // SAFETY: [V-REG] [R-FRAME] as in `get`.
        unsafe { *self.base.add(r.index()) = slot }
    }

    #[inline(always)]
    fn run(&self, first: Reg, len: usize) -> &[u64] {
        // SAFETY: [V-REG] all registers of the run are below the register count; [R-FRAME] as in `get`.
        unsafe { std::slice::from_raw_parts(self.base.add(first.index()), len) }
    }

    #[inline(always)]
    fn run_mut(&mut self, first: Reg, len: usize) -> &mut [u64] {
        // SAFETY: as in `run`; nothing else looks at registers while an instruction does.
        unsafe { std::slice::from_raw_parts_mut(self.base.add(first.index()), len) }
    }
}
