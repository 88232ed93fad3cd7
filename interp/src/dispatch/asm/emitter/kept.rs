//! Floats kept in machine registers between instructions of template code.
//!
//! A slot is always written, so the task is whole at every instruction, but it need not be read again: what a float
//! instruction has read or written is kept in one of `xmm8` to `xmm15` until another takes its place. What waits for a
//! float then waits for the addition, not for a store and a load too. That is all there is to it; the rules:
//!
//! * At a label nothing is kept, since control may come from elsewhere, and nothing after a call of a meaning.
//! * Code off the hot path that has called a meaning loads what the hot path keeps before it joins it again.
//! * A slot that is written in another way is forgotten ([`Emitter::store`]). Only registers of type `f64` are kept, which
//!   no instruction on values writes.
//! * Who comes from outside may enter only where nothing is kept; up to there the engine goes by meanings.

use super::encode::{Form, Mem, form, reg::*};
use super::{Emitter, Mode};

/// The first machine register that keeps something, and how many do.
const FIRST: u8 = 8;
const COUNT: usize = 8;

/// Which slot each machine register holds, and who is next to go.
#[derive(Clone, Copy, Default)]
pub(in super::super) struct Kept {
    slots: [Option<u16>; COUNT],
    next: u8,
}

impl Kept {
    pub(super) fn is_empty(&self) -> bool {
        self.slots.iter().all(Option::is_none)
    }

    fn find(&self, slot: u16) -> Option<u8> {
        let n = self.slots.iter().position(|&kept| kept == Some(slot))?;
        Some(FIRST + n as u8)
    }

    /// The machine register that holds a slot from now on.
    fn take(&mut self, slot: u16) -> u8 {
        if let Some(register) = self.find(slot) {
            return register;
        }
        let free = self.slots.iter().position(Option::is_none);
        let n = free.unwrap_or(usize::from(self.next));
        if free.is_none() {
            self.next = (self.next + 1) % COUNT as u8;
        }
        self.slots[n] = Some(slot);
        FIRST + n as u8
    }

    fn forget(&mut self, slot: u16) {
        if let Some(register) = self.find(slot) {
            self.slots[usize::from(register - FIRST)] = None;
        }
    }
}

impl Emitter<'_> {
    /// Applies `form`, on doubles, to `xmm` and register operand `n`.
    pub(in super::super) fn with_double(&mut self, form: Form, xmm: u8, n: usize, scratch: u8) {
        if self.mode == Mode::Threaded {
            return self.with(form, false, xmm, n, scratch);
        }
        let slot = self.field(n) as u16;
        let register = match self.here.kept.find(slot) {
            Some(register) => register,
            None => {
                let register = self.here.kept.take(slot);
                self.rm(form::LOAD_F, register, Mem::at(R12, 8 * i32::from(slot)));
                register
            }
        };
        // A move of all of it waits for nothing.
        let form = if form == form::LOAD_F { form::COPY_F } else { form };
        self.rr(form, xmm, register);
    }

    /// Stores the double in `xmm0` to register operand `n`.
    pub(in super::super) fn store_double(&mut self, n: usize, scratch: u8) {
        let place = self.slot(n, scratch);
        self.rm(form::STORE_F, 0, place);
        if self.mode == Mode::Template {
            let slot = self.field(n) as u16;
            let register = self.here.kept.take(slot);
            self.rr(form::COPY_F, register, 0);
        }
    }

    /// Register operand `n` is written in another way.
    pub(super) fn forget(&mut self, n: usize) {
        if self.mode == Mode::Template {
            let slot = self.field(n) as u16;
            self.here.kept.forget(slot);
        }
    }

    /// Nothing is kept from here on.
    pub(in super::super) fn forget_all(&mut self) {
        self.here.kept = Kept::default();
    }

    /// Loads all that is kept.
    pub(super) fn load_kept(&mut self) {
        let slots = self.here.kept.slots;
        for (register, slot) in (FIRST..).zip(slots) {
            if let Some(slot) = slot {
                self.rm(form::LOAD_F, register, Mem::at(R12, 8 * i32::from(slot)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_to_come_is_the_first_to_go() {
        let mut kept = Kept::default();
        assert!(kept.is_empty());
        let registers: Vec<u8> = (0..9).map(|slot| kept.take(100 + slot)).collect();
        assert_eq!(registers, [8, 9, 10, 11, 12, 13, 14, 15, 8]);
        assert_eq!((kept.find(100), kept.find(108), kept.take(101)), (None, Some(8), 9));
        kept.forget(104);
        kept.forget(100);
        assert_eq!((kept.find(104), kept.take(7)), (None, 12), "what was forgotten makes room");
        assert!(!kept.is_empty());
    }
}
