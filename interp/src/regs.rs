//! Registers of the running frame and fields of the running instruction, without checks: what the fast interpreters
//! read and write.

use regatta_ir::Reg;
use regatta_ir::codec::Fields;
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
}

/// The fields of the instruction at a place in code, each read from memory when it is needed: one load, where taking it
/// out of the word would be a copy, a shift and a mask.
#[derive(Clone, Copy)]
pub(crate) struct InPlace {
    pc: *const u64,
}

impl InPlace {
    /// The fields of the instruction at `pc`.
    ///
    /// # Safety
    /// A whole instruction must be at `pc` `[V-OP]`, and only its own fields may be asked for, until this value is used
    /// for the last time.
    #[inline(always)]
    pub(crate) unsafe fn at(pc: *const u64) -> InPlace {
        InPlace { pc }
    }
}

impl Fields for InPlace {
    #[inline(always)]
    fn field(&self, at: u8, bits: u8) -> u64 {
        let (word, bit) = (usize::from(at / 64), at % 64);
        // Within its word, a field starts at this byte.
        let byte = usize::from(if cfg!(target_endian = "little") { bit } else { 64 - bit - bits } / 8);
        // SAFETY: [V-OP] the instruction at `pc` has this field; fields are aligned to their width.
        unsafe {
            let field = self.pc.add(word).cast::<u8>().add(byte);
            match bits {
                16 => u64::from(field.cast::<u16>().read()),
                32 => u64::from(field.cast::<u32>().read()),
                _ => field.cast::<u64>().read(),
            }
        }
    }
}
