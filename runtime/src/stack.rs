//! The VM stack of a task: an array of 64-bit slots that starts small, grows by moving and has a limit.
//!
//! ```text
//!            caller's frame                                  callee's frame
//!  … | r0 … r(w-1) | call word | return address | r0 = argument 0 | r1 = argument 1 | … registers |
//!      ^ base        ^ window w                   ^ base of the callee
//! ```
//!
//! A frame is a header of two slots and the registers. The *call word* is the call instruction itself, `op | window |
//! function`, so a walker can go from frame to frame with nothing else; an indirect call puts the function it found where
//! a direct call has it. The *return address* is the address of the instruction after the call. Arguments are not copied:
//! the caller has put them where the callee's first registers are. The first two results overwrite the header, more land
//! behind the arguments. Bit 15 of a call word, above all op numbers, belongs to the collector: it says that the frame has
//! been seen as it is. A frame that is entered, by a call or by a tail call, gets a call word without it.
//!
//! Nothing in a frame points into the stack, so it can move.

pub use regatta_ir::HEADER;
use regatta_ir::{FuncId, Opcode};

/// Slots of a new stack.
const FIRST_SLOTS: usize = 128;

/// The slots of one task.
#[derive(Debug)]
pub struct Stack {
    slots: Vec<u64>,
    /// The address of its end, at hand for every call.
    end: usize,
    limit: usize,
}

impl Stack {
    /// A stack that may grow to `limit` slots.
    pub fn new(limit: usize) -> Stack {
        let slots = vec![0; FIRST_SLOTS.min(limit)];
        Stack { end: slots.as_ptr_range().end.addr(), slots, limit }
    }

    /// The slots that exist now.
    pub fn slots(&self) -> &[u64] {
        &self.slots
    }

    /// The slots that exist now, to change.
    pub fn slots_mut(&mut self) -> &mut [u64] {
        &mut self.slots
    }

    /// The address where the slots that exist now end.
    #[inline(always)]
    pub fn end(&self) -> usize {
        self.end
    }

    /// The slots this stack may grow to.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Makes sure there are `needed` slots; `false` when that would pass the limit. May move the stack.
    #[cold]
    #[inline(never)]
    pub fn grow_to(&mut self, needed: usize) -> bool {
        if needed > self.limit {
            return false;
        }
        if needed > self.slots.len() {
            let len = needed.max(self.slots.len() * 2).min(self.limit);
            self.slots.resize(len, 0);
            self.end = self.slots.as_ptr_range().end.addr();
        }
        true
    }
}

/// The first slot of a frame header: which function runs here, and where its window was in the caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallWord(pub u64);

const _: () = assert!(Opcode::COUNT < 1 << 14, "op numbers leave bit 15 of a call word to the collector");

/// Which of the halves of a slot in memory is the lower one.
const LOW: usize = if cfg!(target_endian = "little") { 0 } else { 1 };

impl CallWord {
    /// The bit that a collector sets when it has seen the frame.
    pub const SEEN: u64 = 1 << 15;

    /// The word for a call of `func` through `window`, made from the word of any call instruction through that window, or
    /// of the frame that `func` takes over.
    #[inline(always)]
    pub fn redirect(word: u64, func: FuncId) -> CallWord {
        CallWord(word & (0xFFFF_FFFF & !Self::SEEN) | u64::from(func.0) << 32)
    }

    /// Writes the word that [`CallWord::redirect`] makes, in halves: on the way back, an engine reads only the one with the
    /// window, and so does not wait for the finding of who was called, which may take several loads.
    ///
    /// # Safety
    /// `slot` must be that of a frame's call word.
    #[inline(always)]
    pub unsafe fn write(slot: *mut u64, word: u64, func: FuncId) {
        // SAFETY: [R-FRAME] the slot exists, and these are its halves.
        unsafe {
            *slot.cast::<u32>().add(LOW) = word as u32 & !(Self::SEEN as u32);
            *slot.cast::<u32>().add(1 - LOW) = func.0;
        }
    }

    /// The window that a call word says, from the half that has it.
    ///
    /// # Safety
    /// `slot` must be that of a frame's call word.
    #[inline(always)]
    pub unsafe fn window_at(slot: *const u64) -> usize {
        // SAFETY: [R-FRAME] as in `write`.
        usize::from((unsafe { *slot.cast::<u32>().add(LOW) } >> 16) as u16)
    }

    /// The word of a frame that nobody in the program called.
    pub fn root(func: FuncId) -> CallWord {
        CallWord::redirect(0, func)
    }

    /// The function that runs in the frame.
    #[inline(always)]
    pub fn func(self) -> FuncId {
        FuncId((self.0 >> 32) as u32)
    }

    /// Has a collector seen the frame as it is?
    #[inline]
    pub fn is_seen(self) -> bool {
        self.0 & Self::SEEN != 0
    }

    /// How many words the call instruction has.
    #[inline]
    pub fn words(self) -> usize {
        Opcode::of_word(self.0 & !Self::SEEN).map_or(1, |op| usize::from(op.info().words))
    }

    /// The window in the caller's frame.
    #[inline(always)]
    pub fn window(self) -> usize {
        usize::from((self.0 >> 16) as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regatta_ir::operand::Operand;
    use regatta_ir::operand::{FuncRef, Window};
    use regatta_ir::ops::Call;

    #[test]
    fn a_call_instruction_is_a_call_word() {
        let call = Call { window: Window::from_bits(7), func: FuncRef(0x8000_0003) };
        let word = CallWord(call.encode().as_words()[0]);
        assert_eq!((word.window(), word.func()), (7, FuncId(0x8000_0003)));
    }

    #[test]
    fn halves_make_the_word() {
        let (word, func, mut slot) = (0x1234_5678_0007_8123, FuncId(0x8000_0009), 0);
        // SAFETY: the slot is there.
        let window = unsafe {
            CallWord::write(&mut slot, word, func);
            CallWord::window_at(&slot)
        };
        assert_eq!((CallWord(slot), window), (CallWord::redirect(word, func), 7));
    }

    #[test]
    fn a_frame_taken_over_is_not_seen() {
        let call = Call { window: Window::from_bits(7), func: FuncRef(3) };
        let seen = call.encode().as_words()[0] | CallWord::SEEN;
        let word = CallWord::redirect(seen, FuncId(4));
        assert_eq!((word.words(), word.window(), word.func()), (1, 7, FuncId(4)));
        assert_eq!(word.0 & CallWord::SEEN, 0);
        assert_eq!(CallWord(seen).words(), 1);
    }

    #[test]
    fn growth_keeps_slots_and_stops_at_the_limit() {
        let mut stack = Stack::new(1000);
        stack.slots_mut()[3] = 42;
        assert!(stack.grow_to(1000));
        assert_eq!(stack.slots()[3], 42);
        assert!(!stack.grow_to(1001));
    }
}
