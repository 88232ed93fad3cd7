//! Which registers are written, followed in one pass.
//!
//! Program order is an order in which every forward edge comes from above, so the state at a word is known when the
//! walk gets there: the meet (intersection) of the fall-through and of the states that branches have left for it. Back
//! edges are not followed but checked: a loop header takes what comes from above, less what the calls of its loop undo
//! (see [`crate::loops`]), and each latch must bring all of that back. So the states found satisfy every edge, which
//! is all that soundness needs; nothing is ever visited twice.
//!
//! Contrast with a fixpoint over blocks, which also accepts a loop entered in its middle with fewer registers written
//! than at its header; compilers of structured languages do not make those. States waiting for their word lie in a
//! pool of bit sets; memory and work have limits with names, as both grow with registers times branches.

use crate::limits::{MAX_FLOW_BITS, MAX_FLOW_WORK};

/// No pool place, no latch, no bound.
pub(crate) const NONE: u32 = u32::MAX;

/// A word that branches name.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    /// Where in the pool its state is: before the walk comes by, the meet of branches to it; after, what a header has.
    place: u32,
    /// The last latch that comes back to it: then it is a loop header.
    pub(crate) last_latch: u32,
    /// Registers from this one on are undone by calls of the loop.
    pub(crate) keep: u32,
}

/// What is wrong at a latch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LatchFault {
    OnlyFromBelow,
    Loses(u16),
}

/// The state of the walk.
#[derive(Default)]
pub(crate) struct Flow {
    /// Can control get here? Where it cannot, every register counts as written.
    pub(crate) live: bool,
    /// Which limit was passed, and by how much. From then on nothing is live.
    pub(crate) exhausted: Option<(&'static str, u64, u64)>,
    written: Vec<u64>,
    registers: usize,
    pub(crate) targets: Vec<Target>,
    pool: Vec<u64>,
    vacant: Vec<u32>,
    work: u64,
}

impl Flow {
    /// At the start of a function: its parameters are written.
    pub(crate) fn begin(&mut self, registers: usize, params: usize, targets: usize) {
        self.live = true;
        self.exhausted = None;
        self.registers = registers;
        // One bit more than registers: the place of an operand that is no register of the function.
        self.written.clear();
        self.written.resize(registers / 64 + 1, 0);
        self.write_all(0, params);
        self.targets.clear();
        self.targets.resize(targets, Target { place: NONE, last_latch: NONE, keep: NONE });
        self.pool.clear();
        self.vacant.clear();
        self.work = 0;
    }

    /// Is it written? 1 or 0; `register` is at most the register count.
    #[inline(always)]
    pub(crate) fn is_written(&self, register: usize) -> u64 {
        self.written[register / 64] >> (register % 64) & 1
    }

    /// Writes the register if `bit` is 1; `register` is at most the register count.
    #[inline(always)]
    pub(crate) fn write(&mut self, register: usize, bit: u64) {
        self.written[register / 64] |= bit << (register % 64);
    }

    /// Writes `count` registers from `first` on.
    pub(crate) fn write_all(&mut self, first: usize, count: usize) {
        for register in first..(first + count).min(self.registers) {
            self.write(register, 1);
        }
    }

    /// Undoes the registers from `first` on.
    #[inline]
    pub(crate) fn undo_from(&mut self, first: usize) {
        if let Some((word, rest)) = self.written.get_mut(first / 64..).and_then(<[u64]>::split_first_mut) {
            *word &= (1 << (first % 64)) - 1;
            rest.fill(0);
        }
    }

    /// A branch from here to a target ahead.
    #[inline]
    pub(crate) fn send(&mut self, target: usize) {
        if !self.live {
            return;
        }
        let place = self.targets[target].place;
        if place == NONE {
            self.targets[target].place = self.store();
        } else {
            self.spend();
            for (kept, here) in self.pool[range(place, self.written.len())].iter_mut().zip(&self.written) {
                *kept &= here;
            }
        }
    }

    /// The same, with one register more that is written.
    pub(crate) fn send_with(&mut self, target: usize, register: usize) {
        let missing = 1 - self.is_written(register);
        self.write(register, 1);
        self.send(target);
        self.written[register / 64] ^= missing << (register % 64);
    }

    /// The walk comes to a target.
    #[inline]
    pub(crate) fn arrive(&mut self, target: usize) {
        let Target { place, last_latch, keep } = self.targets[target];
        if place != NONE {
            self.meet(place);
        }
        if last_latch != NONE && self.live {
            if keep != NONE {
                self.undo_from(keep as usize);
            }
            self.targets[target].place = self.store();
        }
    }

    /// Takes the state out of the pool into what comes from above.
    fn meet(&mut self, place: u32) {
        self.vacant.push(place);
        self.spend();
        if self.exhausted.is_some() {
            return;
        }
        let kept = &self.pool[range(place, self.written.len())];
        if self.live {
            self.written.iter_mut().zip(kept).for_each(|(here, kept)| *here &= kept);
        } else {
            self.written.copy_from_slice(kept);
            self.live = true;
        }
    }

    /// A branch from here, at word `pc`, back to a header.
    #[inline]
    pub(crate) fn latch(&mut self, target: usize, pc: u32) -> Result<(), LatchFault> {
        let Target { place, last_latch, .. } = self.targets[target];
        if place == NONE {
            return if self.live { Err(LatchFault::OnlyFromBelow) } else { Ok(()) };
        }
        if last_latch == pc {
            self.vacant.push(place);
        }
        if !self.live {
            return Ok(());
        }
        self.spend();
        let kept = &self.pool[range(place, self.written.len())];
        for (n, (kept, here)) in kept.iter().zip(&self.written).enumerate() {
            let lost = n * 64 + (kept & !here).trailing_zeros() as usize;
            if kept & !here != 0 && lost < self.registers {
                return Err(LatchFault::Loses(lost as u16));
            }
        }
        Ok(())
    }

    /// Puts the state into the pool.
    fn store(&mut self) -> u32 {
        self.spend();
        let words = self.written.len();
        if let Some(place) = self.vacant.pop() {
            self.pool[range(place, words)].copy_from_slice(&self.written);
            return place;
        }
        let bits = (self.pool.len() + words) * 64;
        if bits > MAX_FLOW_BITS {
            self.exhaust("bits of definedness kept for branches", bits as u64, MAX_FLOW_BITS as u64);
            return NONE;
        }
        self.pool.extend_from_slice(&self.written);
        (self.pool.len() / words - 1) as u32
    }

    #[inline]
    fn spend(&mut self) {
        self.work += self.written.len() as u64;
        if self.work * 64 > MAX_FLOW_WORK {
            self.exhaust("bits of definedness merged for branches", self.work * 64, MAX_FLOW_WORK);
        }
    }

    #[cold]
    fn exhaust(&mut self, what: &'static str, is: u64, limit: u64) {
        self.live = false;
        self.exhausted.get_or_insert((what, is, limit));
    }

    /// Words of state moved so far.
    pub(crate) fn work(&self) -> u64 {
        self.work
    }
}

fn range(place: u32, words: usize) -> std::ops::Range<usize> {
    let start = place as usize * words;
    start..start + words
}
