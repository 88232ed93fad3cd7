//! Code cut into what is printed line by line.

use crate::codec::Instr;
use crate::module::Function;
use crate::operand::Role;

/// What stands at a place of the code.
pub(super) enum Statement {
    Instruction(Instr),
    /// A word that would not come back the same as an instruction.
    Word(u64),
    /// Nothing any more, but a label or a line number may stand here.
    End,
}

/// The statements of a function, each with its first word and the source line that begins there.
pub(super) fn statements(function: &Function) -> impl Iterator<Item = (usize, Option<u32>, Statement)> {
    let code = &*function.code;
    let mut lines = function.debug.lines.as_slice();
    let mut pc = Some(0);
    std::iter::from_fn(move || {
        let at = pc?;
        let mut line = None;
        while let Some((entry, rest)) = lines.split_first().filter(|(entry, _)| entry.0 as usize <= at) {
            line = (entry.0 as usize == at).then_some(entry.1).or(line);
            lines = rest;
        }
        let Some(word) = code.get(at) else {
            pc = None;
            return Some((at, line, Statement::End));
        };
        let instr = instruction(&code[at..]).filter(|instr| {
            // A line that begins within the instruction can only be kept between raw words.
            instr.words() == 1 || lines.first().is_none_or(|entry| entry.0 as usize > at + 1)
        });
        pc = Some(at + instr.map_or(1, |instr| instr.words()));
        Some((at, line, instr.map_or(Statement::Word(*word), Statement::Instruction)))
    })
}

/// The instruction at the start of `code`, if its words are what encoding it gives.
fn instruction(code: &[u64]) -> Option<Instr> {
    let instr = Instr::decode(code)?;
    code.starts_with(instr.encode().as_words()).then_some(instr)
}

/// Where a branch goes; `None` when it goes the wrong way round or leaves the code at the front.
pub(super) fn target(pc: usize, instr: &Instr, role: Role, distance: u64) -> Option<usize> {
    let end = pc + instr.words();
    let distance = usize::try_from(distance).ok()?;
    if role == Role::Forward {
        return end.checked_add(distance);
    }
    end.checked_sub(distance).filter(|target| *target <= pc)
}

/// Where statements start, and which of them branches and handlers name.
pub(super) struct Landmarks {
    starts: Bits,
    targets: Bits,
}

impl Landmarks {
    pub(super) fn of(function: &Function) -> Landmarks {
        let mut starts = Bits::new(function.code.len() + 1);
        let mut targets = Bits::new(function.code.len() + 1);
        for (pc, _, statement) in statements(function) {
            starts.set(pc);
            let Statement::Instruction(instr) = statement else { continue };
            for (operand, bits) in instr.operands() {
                if matches!(operand.role, Role::Forward | Role::Back)
                    && let Some(target) = target(pc, &instr, operand.role, bits)
                {
                    targets.set(target);
                }
            }
        }
        for handler in &function.handlers {
            let places = [handler.start, handler.end, handler.target];
            places.into_iter().for_each(|place| targets.set(place as usize));
        }
        Landmarks { starts, targets }
    }

    pub(super) fn is_start(&self, pc: usize) -> bool {
        self.starts.has(pc)
    }

    pub(super) fn is_target(&self, pc: usize) -> bool {
        self.targets.has(pc)
    }
}

/// A set of small numbers; larger ones are never in it.
struct Bits(Vec<u64>);

impl Bits {
    fn new(len: usize) -> Bits {
        Bits(vec![0; len.div_ceil(64)])
    }

    fn set(&mut self, n: usize) {
        if let Some(word) = self.0.get_mut(n / 64) {
            *word |= 1 << (n % 64);
        }
    }

    fn has(&self, n: usize) -> bool {
        self.0.get(n / 64).is_some_and(|word| word >> (n % 64) & 1 != 0)
    }
}
