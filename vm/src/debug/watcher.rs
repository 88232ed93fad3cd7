//! The observer that says where to stop.

use super::path::View;
use super::points::{Look, Point, What};
use super::scope::Scope;
use regatta_interp::trace::{Observer, Scene, Step};
use regatta_ir::{FuncId, Opcode};
use regatta_runtime::Program;
use std::ops::ControlFlow;

/// How far a command goes, where no point stops it before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Goal {
    /// As far as it gets.
    Run,
    /// To the next instruction.
    Step,
    /// To the next instruction of this frame, or of one that called it.
    Over { base: usize },
    /// Until this frame is gone.
    Out { base: usize },
    /// To the next instruction of this frame that belongs to another source line, or out of it.
    Line { base: usize, func: FuncId, line: Option<u32> },
    /// To a word of this frame's function, or out of it.
    Until { base: usize, func: FuncId, word: u32 },
}

/// Why the observer stopped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Hit {
    Goal,
    Break(u32),
    Watch { number: u32, what: String, old: String, new: String },
    Over { number: u32, what: String, why: String },
}

/// See the module documentation.
#[derive(Debug)]
pub(crate) struct Watcher {
    pub(crate) points: Vec<Point>,
    pub(crate) goal: Goal,
    /// The next instruction is the one at which the program stopped last time: it is not to stop there again.
    pub(crate) stands: bool,
    pub(crate) hit: Option<Hit>,
    pub(crate) scope: Scope,
    /// The frame and the instruction before this one.
    last: Option<(usize, Step)>,
}

impl Default for Watcher {
    fn default() -> Watcher {
        let (points, scope) = (vec![], Scope::default());
        Watcher { points, goal: Goal::Step, stands: false, hit: None, scope, last: None }
    }
}

impl Watcher {
    /// Nobody watched for a while.
    pub(crate) fn looks_away(&mut self) {
        self.last = None;
    }

    /// The first watch that sees something new.
    fn look(&mut self, scene: &Scene<'_>) -> Option<Hit> {
        let Scene { program, process, task, .. } = *scene;
        let mut first = None;
        let mut over = None;
        for (n, point) in self.points.iter_mut().enumerate() {
            let What::Watch(watch) = &mut point.what else { continue };
            let number = point.number;
            let what = watch.to_string();
            let hit = match watch.look(&mut View { program, process, task, scope: &mut self.scope }) {
                Look::Same => continue,
                Look::Changed { old, new } => Hit::Watch { number, what, old, new },
                Look::Over { why } if over.is_none() => {
                    over = Some(n);
                    Hit::Over { number, what, why }
                }
                Look::Over { .. } => continue, // the next instruction will say so
            };
            point.hits += u64::from(matches!(hit, Hit::Watch { .. }));
            first.get_or_insert(hit);
        }
        if let (Some(over), Some(Hit::Over { .. })) = (over, &first) {
            self.points.remove(over);
        }
        first
    }

    /// The first breakpoint here.
    fn breaks(&mut self, program: &Program, step: Step, entered: bool) -> Option<Hit> {
        let is_here = |point: &Point| match &point.what {
            What::Break(place) => place.is_at(program, step, entered),
            What::Watch(_) => false,
        };
        let at = self.points.iter().position(is_here)?;
        self.points[at].hits += 1;
        let number = self.points[at].number;
        if self.points[at].is_temporary {
            self.points.remove(at);
        }
        Some(Hit::Break(number))
    }

    fn is_reached(&self, program: &Program, base: usize, step: Step) -> bool {
        match self.goal {
            Goal::Run => false,
            Goal::Step => true,
            Goal::Over { base: from } => base <= from,
            Goal::Out { base: from } => base < from,
            Goal::Line { base: from, func, line } => {
                let here = || program.entry(step.func).and_then(|entry| entry.body()?.debug.line(step.word));
                base < from || base == from && (step.func != func || here() != line)
            }
            Goal::Until { base: from, func, word } => {
                base < from || base == from && (step.func, step.word) == (func, word)
            }
        }
    }
}

impl Observer for Watcher {
    fn executes(&mut self, scene: &Scene<'_>, step: Step) -> ControlFlow<()> {
        let base = scene.task.base();
        let stands = std::mem::take(&mut self.stands);
        let last = self.last.replace((base, step));
        if stands {
            return ControlFlow::Continue(());
        }
        let entered = last.is_none_or(|(before, last)| {
            before != base
                || last.func != step.func
                || matches!(last.op, Opcode::TailCall | Opcode::TailCallIndirect | Opcode::TailCallValue)
        });
        // A breakpoint counts even where something else is said first.
        let broken = self.breaks(scene.program, step, entered);
        let hit = self.look(scene).or(broken);
        let hit = hit.or_else(|| self.is_reached(scene.program, base, step).then_some(Hit::Goal));
        match hit {
            Some(hit) => {
                self.hit = Some(hit);
                ControlFlow::Break(())
            }
            None => ControlFlow::Continue(()),
        }
    }
}
