//! Where control may come to in a function, and which floats an inner loop works on.

use super::bodies::Body;
use regatta_ir::operand::Role;
use regatta_ir::ops::Effect;
use regatta_ir::{Function, Instr, Type};
use std::collections::HashMap;

/// So many floats are kept around a loop. The other machine registers are for what comes and goes in it.
const MAX_KEPT: usize = 6;

/// See the module documentation.
pub(super) struct Targets {
    /// By word: does control come there from elsewhere in the function?
    is_target: Vec<bool>,
    /// By header: slots that are kept around the loop.
    kept: HashMap<usize, Vec<u16>>,
}

/// From its header to the end of the last latch that leads there.
#[derive(Clone, Copy)]
struct Loop {
    header: usize,
    end: usize,
}

impl Targets {
    pub(super) fn of(body: &Function) -> Targets {
        let mut is_target = vec![false; body.code.len()];
        let mut loops: Vec<Loop> = Vec::new();
        for (word, instr) in instructions(body, 0, body.code.len()) {
            let end = word + instr.words();
            for (operand, value) in instr.operands() {
                match operand.role {
                    Role::Forward => is_target[end + value as usize] = true,
                    Role::Back => loops.push(Loop { header: end - value as usize, end }),
                    _ => {}
                }
            }
        }
        let kept = innermost(&loops).filter(|l| !is_target[l.header]).filter_map(|l| floats(body, l)).collect();
        loops.iter().for_each(|l| is_target[l.header] = true);
        Targets { is_target, kept }
    }

    pub(super) fn is_target(&self, word: usize) -> bool {
        self.is_target[word]
    }

    /// The slots that are kept around the loop whose header this is, if it is worth the while.
    pub(super) fn kept(&self, word: usize) -> Option<&[u16]> {
        self.kept.get(&word).map(Vec::as_slice)
    }
}

fn instructions(body: &Function, from: usize, to: usize) -> impl Iterator<Item = (usize, Instr)> {
    let mut word = from;
    std::iter::from_fn(move || {
        let instr = Instr::decode(body.code.get(word..to)?)?;
        word += instr.words();
        Some((word - instr.words(), instr))
    })
}

/// Loops without other loops inside, each once.
fn innermost(loops: &[Loop]) -> impl Iterator<Item = Loop> {
    let last = loops.iter().filter(|l| loops.iter().all(|other| other.header != l.header || other.end <= l.end));
    last.copied().filter(|l| !loops.iter().any(|other| other.header > l.header && other.header < l.end))
}

/// The header of a loop, and the floats that it names most often; none where something in it leaves no machine register
/// as it is.
fn floats(body: &Function, l: Loop) -> Option<(usize, Vec<u16>)> {
    let mut counts: Vec<(u16, usize)> = Vec::new();
    for (_, instr) in instructions(body, l.header, l.end) {
        if instr.op.info().effects.contains(&Effect::Calls) || Body::get(instr.op).is_none() {
            return None;
        }
        for (operand, value) in instr.operands() {
            let is_register = matches!(operand.role, Role::Src(_) | Role::Dst(_) | Role::InOut(_));
            if !is_register || body.registers.get(value as usize) != Some(&Type::F64) {
                continue;
            }
            match counts.iter_mut().find(|(slot, _)| *slot == value as u16) {
                Some((_, count)) => *count += 1,
                None => counts.push((value as u16, 1)),
            }
        }
    }
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    counts.truncate(MAX_KEPT);
    (!counts.is_empty()).then(|| (l.header, counts.into_iter().map(|(slot, _)| slot).collect()))
}
