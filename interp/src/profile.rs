//! What a program executes, and what that means for dispatch.
//!
//! A [`Profile`] watches a run and remembers how often control went from each instruction to each other one: all that is
//! reported follows from these edges. Which instructions are executed one after the other; which pairs could be one
//! instruction, because the second is reached from the first alone; how much there is to guess at a dispatch, in bits of
//! entropy, when all instructions share one jump, and when each op has its own; how often an operand was written by the
//! instruction before. With [`Predictors`], each dispatch is also shown to models of what processors guess with.

mod predict;

pub use predict::{Misses, Predictors, Sizes};

use crate::trace::{Observer, Scene, Step};
use regatta_ir::operand::Role;
use regatta_ir::{Instr, Opcode};
use regatta_runtime::Program;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// An instruction of the program: function and word.
type Place = (u32, u32);

/// A run, as watched.
#[derive(Debug, Default)]
pub struct Profile {
    edges: HashMap<(Place, Place), u64>,
    places: HashMap<Place, Site>,
    triples: HashMap<[Opcode; 3], u64>,
    last: Option<(Place, Opcode)>,
    before: Option<Opcode>,
    dispatches: u64,
    reads: u64,
    fresh: u64,
    predictors: Option<Predictors>,
}

/// What is at a place.
#[derive(Debug)]
struct Site {
    op: Opcode,
    words: u32,
    reads: Vec<u16>,
    writes: Option<u16>,
}

impl Site {
    fn of(program: &Program, step: Step) -> Site {
        let code = program.entry(step.func).and_then(|entry| entry.code());
        let instr = code.and_then(|code| Instr::decode(code.get(step.word as usize..)?));
        let operands = || instr.iter().flat_map(Instr::operands);
        let reads = operands().filter(|(operand, _)| matches!(operand.role, Role::Src(_) | Role::InOut(_)));
        let writes = operands().find(|(operand, _)| matches!(operand.role, Role::Dst(_) | Role::InOut(_)));
        Site {
            op: step.op,
            words: instr.as_ref().map_or(1, |instr| instr.words() as u32),
            reads: reads.map(|(_, register)| register as u16).collect(),
            writes: writes.map(|(_, register)| register as u16),
        }
    }
}

impl Observer for Profile {
    fn executes(&mut self, scene: &Scene<'_>, step: Step) -> ControlFlow<()> {
        let place = (step.func.0, step.word);
        let site = self.places.entry(place).or_insert_with(|| Site::of(scene.program, step));
        self.reads += site.reads.len() as u64;
        self.dispatches += 1;
        if let Some((from, op)) = self.last {
            *self.edges.entry((from, place)).or_default() += 1;
            if let Some(before) = self.before {
                *self.triples.entry([before, op, step.op]).or_default() += 1;
            }
            if let Some(predictors) = &mut self.predictors {
                predictors.dispatch((from, op), (place, step.op));
            }
            let written = self.places[&from].writes.filter(|_| from.0 == place.0);
            self.fresh +=
                self.places[&place].reads.iter().filter(|&&register| Some(register) == written).count() as u64;
            self.before = Some(op);
        }
        self.last = Some((place, step.op));
        ControlFlow::Continue(())
    }
}

/// Ops that were executed one after the other, the most frequent first.
#[derive(Clone, PartialEq, Debug)]
pub struct Sequence {
    /// The ops.
    pub ops: Vec<Opcode>,
    /// How often.
    pub count: u64,
}

/// What there is to guess after an op.
#[derive(Clone, PartialEq, Debug)]
pub struct Point {
    /// The op.
    pub op: Opcode,
    /// How often it was executed.
    pub count: u64,
    /// Bits of entropy of what came next.
    pub entropy: f64,
}

impl Profile {
    /// One that shows each dispatch to predictors of these sizes, too.
    pub fn predicting(sizes: Sizes) -> Profile {
        Profile { predictors: Some(Predictors::new(sizes)), ..Profile::default() }
    }

    /// Instructions executed.
    pub fn dispatches(&self) -> u64 {
        self.dispatches
    }

    /// Ops by how often they were executed.
    pub fn ops(&self) -> Vec<Sequence> {
        let mut counts: HashMap<Vec<Opcode>, u64> = HashMap::new();
        for (&(from, _), &count) in &self.edges {
            *counts.entry(vec![self.places[&from].op]).or_default() += count;
        }
        if let Some((_, op)) = self.last {
            *counts.entry(vec![op]).or_default() += 1;
        }
        sorted(counts)
    }

    /// Pairs by how often they were executed.
    pub fn pairs(&self) -> Vec<Sequence> {
        let mut counts: HashMap<Vec<Opcode>, u64> = HashMap::new();
        for (&(from, to), &count) in &self.edges {
            *counts.entry(vec![self.places[&from].op, self.places[&to].op]).or_default() += count;
        }
        sorted(counts)
    }

    /// Triples by how often they were executed.
    pub fn triples(&self) -> Vec<Sequence> {
        sorted(self.triples.iter().map(|(ops, &count)| (ops.to_vec(), count)).collect())
    }

    /// How many dispatches would go if a sequence of two or three ops were one instruction: the sequence, and the
    /// dispatches that would go. Only code that is entered nowhere in its middle counts.
    pub fn fusions(&self) -> Vec<Sequence> {
        let straight = self.straight();
        let mut counts: HashMap<Vec<Opcode>, u64> = HashMap::new();
        for (from, &(second, count)) in &straight {
            let [a, b] = [from, &second].map(|place| self.places[place].op);
            *counts.entry(vec![a, b]).or_default() += count;
            if let Some(&(third, count)) = straight.get(&second) {
                *counts.entry(vec![a, b, self.places[&third].op]).or_default() += 2 * count;
            }
        }
        sorted(counts)
    }

    /// Where control goes from an instruction to the one behind it, which is reached in no other way.
    fn straight(&self) -> HashMap<Place, (Place, u64)> {
        let mut entered: HashMap<Place, u64> = HashMap::new();
        for (&(_, to), &count) in &self.edges {
            *entered.entry(to).or_default() += count;
        }
        let next = |from: Place| (from.0, from.1 + self.places[&from].words);
        let straight = self.edges.iter().filter(|&(&(from, to), &count)| to == next(from) && entered[&to] == count);
        straight.map(|(&(from, to), &count)| (from, (to, count))).collect()
    }

    /// Bits of entropy at a dispatch: when there is one jump for all, and when each op has one of its own.
    pub fn entropies(&self) -> [f64; 2] {
        let all = entropy(self.ops().iter().map(|sequence| sequence.count));
        let points = self.points();
        let total: u64 = points.iter().map(|point| point.count).sum();
        let own = points.iter().map(|point| point.entropy * point.count as f64).sum::<f64>() / total.max(1) as f64;
        [all, own]
    }

    /// What there is to guess after each op, the most frequent first.
    pub fn points(&self) -> Vec<Point> {
        let mut after: HashMap<Opcode, Vec<u64>> = HashMap::new();
        for Sequence { ops, count } in self.pairs() {
            after.entry(ops[0]).or_default().push(count);
        }
        let point = |(op, counts): (Opcode, Vec<u64>)| Point {
            op,
            count: counts.iter().sum(),
            entropy: entropy(counts.into_iter()),
        };
        let mut points: Vec<Point> = after.into_iter().map(point).collect();
        points.sort_by_key(|point| (std::cmp::Reverse(point.count), point.op as u16));
        points
    }

    /// The part of all register operands read that the instruction before had written.
    pub fn reuse(&self) -> f64 {
        self.fresh as f64 / self.reads.max(1) as f64
    }

    /// What predictors guessed wrong.
    pub fn misses(&self) -> Vec<Misses> {
        self.predictors.as_ref().map(Predictors::misses).unwrap_or_default()
    }
}

fn sorted(counts: HashMap<Vec<Opcode>, u64>) -> Vec<Sequence> {
    let mut all: Vec<Sequence> = counts.into_iter().map(|(ops, count)| Sequence { ops, count }).collect();
    all.sort_by_key(|sequence| {
        (std::cmp::Reverse(sequence.count), sequence.ops.iter().map(|&op| op as u16).collect::<Vec<_>>())
    });
    all
}

/// Bits it takes to say which of these it was.
fn entropy(counts: impl Iterator<Item = u64>) -> f64 {
    let counts: Vec<f64> = counts.map(|count| count as f64).collect();
    let total: f64 = counts.iter().sum();
    counts.iter().map(|count| count / total * (total / count).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_is_what_textbooks_say() {
        assert_eq!(entropy([5].into_iter()), 0.0);
        assert_eq!(entropy([7, 7].into_iter()), 1.0);
        assert_eq!(entropy([1, 1, 1, 1].into_iter()), 2.0);
        assert_eq!(entropy([2, 1, 1].into_iter()), 1.5);
        assert_eq!(entropy([].into_iter()), 0.0);
    }
}
