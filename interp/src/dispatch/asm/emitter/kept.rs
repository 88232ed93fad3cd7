//! Floats kept in machine registers between instructions of template code.
//!
//! A slot is always written, so the task is whole at every instruction, but it need not be read again: what a float
//! instruction has read or written is kept in one of `xmm8` to `xmm15` until another takes its place. What waits for a
//! float then waits for the addition, not for a store and a load too. That is all there is to it; the rules:
//!
//! * At a label nothing is kept, since control may come from elsewhere, and nothing after a call of a meaning.
//! * The header of an inner loop is no such label: what the loop works on is loaded before it, has its place to the end, and
//!   is there again when a latch goes back.
//! * Code off the hot path that has called a meaning loads what the hot path keeps before it joins it again.
//! * A slot that is written in another way is forgotten ([`Emitter::store`]). Only registers of type `f64` are kept, which
//!   no instruction on values writes.
//! * Who comes from outside may enter only where nothing is kept, or by a side entry of a loop that loads what is; up to
//!   there the engine goes by meanings.

use super::encode::{Form, Mem, form, reg::*};
use super::{Emitter, Mode};
use dynasmrt::{DynasmApi, DynasmLabelApi, dynasm};
use regatta_ir::Type;

/// The first machine register that keeps something, and how many do.
const FIRST: u8 = 8;
const COUNT: usize = 8;

/// Which slot each machine register holds, and who is next to go.
#[derive(Clone, Copy, Default)]
pub(in super::super) struct Kept {
    slots: [Option<u16>; COUNT],
    /// Which slot each has to hold when a loop begins again: it holds no other meanwhile.
    places: [Option<u16>; COUNT],
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
        let place = self.places.iter().position(|&place| place == Some(slot));
        let n = place.or_else(|| self.slots.iter().position(|&kept| kept == Some(slot))).unwrap_or_else(|| self.free());
        self.slots[n] = Some(slot);
        FIRST + n as u8
    }

    /// A machine register without a place for another slot: one that holds nothing, or whose turn it is.
    fn free(&mut self) -> usize {
        let open = |n: &usize| self.places[*n].is_none();
        if let Some(n) = (0..COUNT).filter(open).find(|&n| self.slots[n].is_none()) {
            return n;
        }
        let n = (0..COUNT).map(|n| (n + usize::from(self.next)) % COUNT).find(open).expect("loops leave some");
        self.next = (n as u8 + 1) % COUNT as u8;
        n
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
        self.load_missing(&self.here.kept.slots.clone(), &[None; COUNT]);
    }

    /// Loads what is wanted and not there.
    fn load_missing(&mut self, wanted: &[Option<u16>; COUNT], there: &[Option<u16>; COUNT]) {
        for ((register, wanted), there) in (FIRST..).zip(wanted).zip(there) {
            if let Some(slot) = wanted
                && wanted != there
            {
                self.rm(form::LOAD_F, register, Mem::at(R12, 8 * i32::from(*slot)));
            }
        }
    }

    /// Is register operand `n` a double?
    pub(in super::super) fn is_double(&self, n: usize) -> bool {
        self.mode == Mode::Template && self.types.get(self.field(n) as usize) == Some(&Type::F64)
    }
}

/// Loops.
impl Emitter<'_> {
    /// Begins a loop around which these slots are kept.
    pub(in super::super) fn keep_around(&mut self, header: usize, slots: &[u16]) {
        let mut kept = Kept::default();
        for (n, &slot) in slots.iter().enumerate() {
            (kept.slots[n], kept.places[n]) = (Some(slot), Some(slot));
        }
        let before = std::mem::replace(&mut self.here.kept, kept);
        self.load_missing(&kept.slots, &before.slots);
        self.around.push((header, kept));
    }

    /// What is kept at the target of the branch, if that is the header of a loop.
    pub(super) fn kept_at_target(&self) -> Option<Kept> {
        let target = self.target_word();
        self.around.iter().find(|(header, _)| *header == target).map(|&(_, kept)| kept)
    }

    /// Is something that is kept at the target of the branch not there?
    pub(super) fn lacks(&self, kept: &Kept) -> bool {
        kept.slots != std::array::from_fn(|n| kept.slots[n].and(self.here.kept.slots[n]))
    }

    /// Loads what is kept at the target of the branch and not there.
    pub(super) fn load_lacking(&mut self, kept: &Kept) {
        let there = self.here.kept.slots;
        self.load_missing(&kept.slots, &there);
    }

    /// For each loop, a way in from outside: its header, and where in the code the way begins.
    pub(in super::super) fn side_entries(&mut self) -> Vec<(usize, usize)> {
        let around = std::mem::take(&mut self.around);
        let mut entries = Vec::new();
        for (header, kept) in &around {
            entries.push((*header, self.asm.offset().0));
            self.load_missing(&kept.slots, &[None; COUNT]);
            let label = self.labels[*header];
            dynasm!(self.asm; .arch x64; jmp =>label);
        }
        self.around = around;
        entries
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

    #[test]
    fn what_a_loop_works_on_has_its_place() {
        let mut kept = Kept::default();
        (kept.slots[0], kept.places[0]) = (Some(50), Some(50));
        let registers: Vec<u8> = (0..9).map(|slot| kept.take(100 + slot)).collect();
        assert_eq!(registers, [9, 10, 11, 12, 13, 14, 15, 9, 10]);
        kept.forget(50);
        assert_eq!((kept.take(200), kept.take(50)), (11, 8), "nobody else takes its place");
    }
}
