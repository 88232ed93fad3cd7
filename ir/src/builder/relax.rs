//! The last step: distances, with detours where 16 bits are not enough.
//!
//! A conditional branch reaches 65535 words. One whose target is farther becomes a short branch around a far one:
//!
//! ```text
//! br_i32_eq a, b, far          br_i32_eq a, b, +1         loop_i32_eq a, b, far         br_i32_eq a, b, +1
//!                       =>     br +1                                             =>     br +1
//!                              br far                                                   loop far
//! ```
//!
//! A latch that steps a counter becomes the step, then the same. A far latch pays its unit of fuel only when it is taken:
//! it is the `loop` that pays. Each detour moves code, which may push other targets out of reach; so this repeats until
//! nothing changes. A detour is never taken back, so it ends.

use super::label::{Branch, twin};
use super::{BuildErrorKind as Error, FunctionBuilder};
use crate::codec::Instr;
use crate::module::Handler;
use crate::operand::Role;
use crate::ops::{Kind, Opcode};

/// The farthest that 16 bits reach.
const REACH: u32 = u16::MAX as u32;

/// Branches that get a detour, by rising word, and how many words have been put in up to each.
#[derive(Default)]
struct Detours {
    branches: Vec<Detour>,
}

#[derive(Clone, Copy)]
struct Detour {
    /// The word of the branch, as emitted.
    word: u32,
    /// Words put in by this one and those before.
    extra: u32,
}

impl Detours {
    /// Where an instruction or label at `word` is now.
    fn moved(&self, word: u32) -> u32 {
        match self.branches.partition_point(|detour| detour.word < word) {
            0 => word,
            n => word + self.branches[n - 1].extra,
        }
    }

    fn contains(&self, word: u32) -> bool {
        self.branches.binary_search_by_key(&word, |detour| detour.word).is_ok()
    }

    /// Adds branches by their words and how many words their detours put in.
    fn add(&mut self, new: &[(u32, u32)]) {
        let mut before = 0;
        let mut all: Vec<(u32, u32)> = Vec::with_capacity(self.branches.len() + new.len());
        for detour in &self.branches {
            all.push((detour.word, detour.extra - before));
            before = detour.extra;
        }
        all.extend_from_slice(new);
        all.sort_unstable();
        let mut sum = 0;
        self.branches.clear();
        self.branches.extend(all.into_iter().map(|(word, extra)| {
            sum += extra;
            Detour { word, extra: sum }
        }));
    }
}

impl FunctionBuilder {
    /// Fills in all distances, and gives the handlers. Labels are bound and instructions decode, or there have been errors
    /// already.
    pub(super) fn resolve(&mut self) -> Vec<Handler> {
        let mut detours = Detours::default();
        if self.code.len() > REACH as usize {
            self.find_detours(&mut detours);
        }
        if !detours.branches.is_empty() {
            self.take(&detours);
        }
        let branches = std::mem::take(&mut self.branches);
        for branch in &branches {
            self.fill(*branch, &detours);
        }
        self.handlers(|word| detours.moved(word))
    }

    fn find_detours(&mut self, detours: &mut Detours) {
        loop {
            let mut new = Vec::new();
            for n in 0..self.branches.len() {
                let branch = self.branches[n];
                let Some(instr) = self.instruction(branch.word) else { continue };
                let far = self.distance(branch, detours, &instr).is_some_and(|distance| distance > REACH);
                if far && target_bits(&instr) == 16 && !detours.contains(branch.word) {
                    new.push((branch.word, self.detour_words(branch, &instr)));
                }
            }
            if new.is_empty() {
                return;
            }
            detours.add(&new);
        }
    }

    /// How many words a detour puts in. A step cannot be taken apart when its limit changes with the counter.
    fn detour_words(&mut self, branch: Branch, instr: &Instr) -> u32 {
        if instr.op.info().kind != Kind::step {
            return 2;
        }
        if matches!(instr.op.info().operands[1].role, Role::Src(_)) && instr.args[0] == instr.args[1] {
            self.fail_at(Some(branch.place), Error::TooFar);
        }
        3
    }

    /// Rewrites the code with the detours in it. Their distances are filled in later, like all others.
    fn take(&mut self, detours: &Detours) {
        let mut code = Vec::with_capacity(self.code.len() + 3 * detours.branches.len());
        let mut from = 0;
        for detour in &detours.branches {
            let word = detour.word as usize;
            code.extend_from_slice(&self.code[from..word]);
            from = word + 1;
            if let Some(instr) = self.instruction(detour.word) {
                self.take_one(&mut code, instr);
                from = word + instr.words();
            }
        }
        code.extend_from_slice(&self.code[from..]);
        self.code = code;
        self.lines.iter_mut().for_each(|entry| entry.0 = detours.moved(entry.0));
    }

    fn take_one(&self, code: &mut Vec<u64>, mut instr: Instr) {
        let far = if target_role(&instr) == Some(Role::Forward) { Opcode::Br } else { Opcode::Loop };
        if let Some((branch, step)) = plain(instr.op) {
            let i = instr.args[0];
            push(code, step.op, [i, i, step.by as u64, 0]);
            instr.op = branch;
            if step.exchanges {
                instr.args.swap(0, 1);
            }
        } else if far == Opcode::Loop {
            instr.op = twin(instr.op).expect("every latch but the steps has a twin");
        }
        if let Some(at) = target_at(&instr) {
            instr.args[at] = 1;
        }
        push(code, instr.op, instr.args);
        push(code, Opcode::Br, [1, 0, 0, 0]);
        push(code, far, [0; 4]);
    }

    /// Fills in one distance.
    fn fill(&mut self, branch: Branch, detours: &Detours) {
        let moved = detours.moved(branch.word);
        // Of a detour, the last word is the one that goes there.
        let word = match detours.branches.binary_search_by_key(&branch.word, |detour| detour.word) {
            Ok(n) => branch.word + detours.branches[n].extra,
            Err(_) => moved,
        };
        let Some(target) = self.labels.get(branch.label as usize).and_then(|label| label.word) else { return };
        let target = detours.moved(target);
        let Some(mut instr) = self.instruction(word) else { return };
        let end = word + instr.words() as u32;
        let Some(at) = target_at(&instr) else { return };
        instr.args[at] = u64::from(target.abs_diff(end));
        let encoded = instr.encode();
        self.code[word as usize..end as usize].copy_from_slice(encoded.as_words());
    }

    /// How far the target of a branch is, when it is bound.
    fn distance(&self, branch: Branch, detours: &Detours, instr: &Instr) -> Option<u32> {
        let target = detours.moved(self.labels.get(branch.label as usize)?.word?);
        Some(target.abs_diff(detours.moved(branch.word) + instr.words() as u32))
    }

    fn instruction(&self, word: u32) -> Option<Instr> {
        Instr::decode(self.code.get(word as usize..)?)
    }
}

fn push(code: &mut Vec<u64>, op: Opcode, args: [u64; 4]) {
    code.extend_from_slice(Instr { op, args }.encode().as_words());
}

fn is_target(role: Role) -> bool {
    matches!(role, Role::Forward | Role::Back)
}

/// Which operand is the target.
fn target_at(instr: &Instr) -> Option<usize> {
    instr.operands().position(|(operand, _)| is_target(operand.role))
}

fn target_role(instr: &Instr) -> Option<Role> {
    instr.operands().map(|(operand, _)| operand.role).find(|&role| is_target(role))
}

fn target_bits(instr: &Instr) -> u8 {
    instr.operands().find(|(operand, _)| is_target(operand.role)).map_or(0, |(operand, _)| operand.bits)
}

/// How a counter is stepped.
pub(super) struct Step {
    op: Opcode,
    by: i64,
    /// Does the branch take counter and limit in the other order?
    exchanges: bool,
}

/// What a latch with a step is made of: a branch, and the step before it. `loop_i32_inc_lt_imm` is `i32_add_imm` and
/// `br_i32_lt_s_imm`; `loop_num_dec_gt` is `num_add_imm` and `br_val_lt` with its operands exchanged.
pub(super) fn plain(op: Opcode) -> Option<(Opcode, Step)> {
    if op.info().kind != Kind::step {
        return None;
    }
    let (ty, rest) = op.info().mnemonic.strip_prefix("loop_")?.split_once('_')?;
    let (way, cond) = rest.split_once('_')?;
    let (cond, imm) = cond.strip_suffix("_imm").map_or((cond, ""), |cond| (cond, "_imm"));
    let branch = |cond| match ty {
        "num" => Opcode::from_mnemonic(&format!("br_val_{cond}{imm}")),
        _ => Opcode::from_mnemonic(&format!("br_{ty}_{cond}_s{imm}")),
    };
    let op = Opcode::from_mnemonic(&format!("{ty}_add_imm"))?;
    let by = if way == "inc" { 1 } else { -1 };
    let exchanged = match cond {
        "gt" => "lt",
        "ge" => "le",
        _ => cond,
    };
    let straight = branch(cond).map(|branch| (branch, Step { op, by, exchanges: false }));
    straight.or_else(|| Some((branch(exchanged)?, Step { op, by, exchanges: true })))
}
