//! The map of a body: where instructions start, where branches land, and what the loops and calls are.
//!
//! One quick walk over the words, before anything is checked: the checks need to know of jumps that come later. Words
//! that are no instruction are stepped over one by one here and in the checks alike, which report them.

use crate::rows::{ROWS, Shape};
use regatta_ir::Opcode;
use regatta_ir::module::Handler;

/// The ops that are more than one word without consequences.
static NOTEWORTHY: [bool; Opcode::COUNT] = {
    let mut noteworthy = [false; Opcode::COUNT];
    let mut n = 0;
    while n < Opcode::COUNT {
        let row = &ROWS[n];
        noteworthy[n] = row.words == 2 || row.safepoint || !matches!(row.shape, Shape::Plain | Shape::Listed);
        n += 1;
    }
    noteworthy
};

/// 64 words of code.
#[derive(Clone, Copy, Default)]
struct Block {
    /// Words that are second words.
    seconds: u64,
    /// Words that branches name.
    targets: u64,
    /// How many targets lie in the blocks before.
    rank: u32,
}

/// A branch back.
#[derive(Clone, Copy)]
pub(crate) struct Latch {
    pub(crate) pc: u32,
    pub(crate) header: u32,
}

/// A call that returns.
#[derive(Clone, Copy)]
pub(crate) struct CallSite {
    pub(crate) pc: u32,
    pub(crate) window: u32,
}

/// See the module documentation.
#[derive(Default)]
pub(crate) struct Map {
    blocks: Vec<Block>,
    words: usize,
    targets: usize,
    /// How many instructions a collector may stop at.
    pub(crate) safepoints: u64,
    pub(crate) latches: Vec<Latch>,
    pub(crate) calls: Vec<CallSite>,
}

impl Map {
    /// Makes the map of this code and its handlers.
    pub(crate) fn survey(&mut self, code: &[u64], handlers: &[Handler]) {
        self.words = code.len();
        self.blocks.clear();
        self.blocks.resize(code.len() / 64 + 1, Block::default());
        self.latches.clear();
        self.calls.clear();
        self.safepoints = 0;
        let mut pc = 0;
        while let Some(&word) = code.get(pc) {
            let op = usize::from(word as u16);
            // Where the next word is does not wait for the table when the branch is foreseen.
            if op < NOTEWORTHY.len() && NOTEWORTHY[op] {
                pc += self.note(code, pc) - 1;
            }
            pc += 1;
        }
        for handler in handlers {
            if self.is_start(handler.target as usize) {
                self.mark(handler.target as usize);
            }
        }
        self.rank();
    }

    /// Notes the instruction at `pc`, and says how many words it has.
    #[inline(never)]
    fn note(&mut self, code: &[u64], pc: usize) -> usize {
        let row = &ROWS[usize::from(code[pc] as u16)];
        let (words, second) = (usize::from(row.words), code.get(pc + 1).copied());
        if words == 2 {
            if second.is_none() {
                return 1;
            }
            self.blocks[(pc + 1) / 64].seconds |= 1 << ((pc + 1) % 64);
        }
        self.safepoints += u64::from(row.safepoint);
        let (end, operand) = (pc + words, row.field(code[pc], second.unwrap_or(0)) as usize);
        match row.shape {
            Shape::Forward | Shape::Unmatched if operand < self.words - end => self.mark(end + operand),
            Shape::Back if operand <= end && operand >= usize::from(row.words) => {
                let header = end - operand;
                if self.is_start(header) {
                    self.mark(header);
                    self.latches.push(Latch { pc: pc as u32, header: header as u32 });
                }
            }
            shape if shape.calls() && !row.ends => {
                self.calls.push(CallSite { pc: pc as u32, window: u32::from((code[pc] >> 16) as u16) });
            }
            _ => {}
        }
        words
    }

    fn mark(&mut self, target: usize) {
        self.blocks[target / 64].targets |= 1 << (target % 64);
    }

    fn rank(&mut self) {
        let mut rank = 0;
        for block in &mut self.blocks {
            block.rank = rank;
            rank += block.targets.count_ones();
        }
        self.targets = rank as usize;
    }

    /// Does an instruction start here? During the survey, for words already walked only.
    #[inline(always)]
    pub(crate) fn is_start(&self, pc: usize) -> bool {
        pc < self.words && self.blocks[pc / 64].seconds >> (pc % 64) & 1 == 0
    }

    /// Does a branch name this word?
    #[inline(always)]
    pub(crate) fn is_target(&self, pc: usize) -> bool {
        self.blocks[pc / 64].targets >> (pc % 64) & 1 != 0
    }

    /// The number of a target among all targets, in order of words.
    #[inline]
    pub(crate) fn target_number(&self, pc: usize) -> usize {
        let block = &self.blocks[pc / 64];
        block.rank as usize + (block.targets & ((1 << (pc % 64)) - 1)).count_ones() as usize
    }

    /// How many words are targets.
    pub(crate) fn target_count(&self) -> usize {
        self.targets
    }

    /// The targets with their numbers, last first.
    pub(crate) fn targets_backward(&self) -> impl Iterator<Item = (usize, u32)> {
        let words = self.blocks.iter().enumerate().rev().flat_map(|(n, block)| {
            let mut left = block.targets;
            std::iter::from_fn(move || {
                let bit = left.checked_ilog2()?;
                left ^= 1 << bit;
                Some((n * 64) as u32 + bit)
            })
        });
        (0..self.targets).rev().zip(words)
    }
}
