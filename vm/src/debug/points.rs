//! Where to stop: breakpoints and watches.

use super::path::{Found, Path, Root, SHORT, View, shown};
use super::scope::{Unseen, collections};
use regatta_interp::trace::Step;
use regatta_ir::{FuncId, Opcode, Type};
use regatta_runtime::heap::Value;
use regatta_runtime::task::Frame;
use regatta_runtime::{Program, Task};
use std::fmt;

/// A place to stop at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Where a function is entered.
    Function(FuncId),
    /// An instruction.
    Word(FuncId, u32),
    /// Every instruction of this op.
    Op(Opcode),
    /// Wherever a source line begins.
    Line(u32),
}

/// A breakpoint or a watch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    /// Its number.
    pub number: u32,
    /// How often it has stopped the program.
    pub hits: u64,
    /// Is it gone after it has stopped the program once?
    pub is_temporary: bool,
    pub(crate) what: What,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum What {
    Break(Place),
    Watch(Watch),
}

impl Place {
    /// Is this the place? `entered` says that the function has just been called.
    pub(crate) fn is_at(self, program: &Program, step: Step, entered: bool) -> bool {
        match self {
            Place::Function(func) => step.func == func && step.word == 0 && entered,
            Place::Word(func, word) => (step.func, step.word) == (func, word),
            Place::Op(op) => step.op == op,
            Place::Line(line) => begins(program, step.func, step.word) == Some(line),
        }
    }

    /// As people write it.
    pub fn in_words(self, program: &Program) -> String {
        match self {
            Place::Function(func) => format!("%{}", program.function_name(func)),
            Place::Word(func, word) => format!("%{}:{word}", program.function_name(func)),
            Place::Op(op) => format!("op {}", op.info().mnemonic),
            Place::Line(line) => format!("line {line}"),
        }
    }
}

/// The source line that begins at a word.
fn begins(program: &Program, func: FuncId, word: u32) -> Option<u32> {
    let lines = &program.entry(func)?.body()?.debug.lines;
    let at = lines.partition_point(|entry| entry.0 < word);
    // Of several entries for one word the last one counts.
    lines[at..].iter().take_while(|entry| entry.0 == word).last().map(|entry| entry.1)
}

impl Point {
    /// The place of a breakpoint.
    pub fn place(&self) -> Option<Place> {
        match self.what {
            What::Break(place) => Some(place),
            What::Watch(_) => None,
        }
    }

    /// What it stops for.
    pub fn in_words(&self, program: &Program) -> String {
        match &self.what {
            What::Break(place) => format!("break at {}", place.in_words(program)),
            What::Watch(watch) => format!("watch {watch} in %{}", program.function_name(watch.frame.func)),
        }
    }
}

/// A value that is looked at before every instruction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Watch {
    path: Path,
    /// The frame it is about; only `func` and `base` count.
    frame: Frame,
    last: Option<Seen>,
}

/// What was there last time.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Seen {
    found: Found,
    text: String,
    /// How many collections there had been.
    collections: u64,
}

/// What came of looking at a watch.
pub(crate) enum Look {
    Same,
    Changed { old: String, new: String },
    Over { why: String },
}

/// What a watch says where there is nothing to see.
const NOTHING: &str = "nothing";

impl Watch {
    /// Watches what `path` leads to in `frame`.
    pub(crate) fn new(path: Path, view: &mut View<'_>, frame: Frame) -> Watch {
        let mut watch = Watch { path, frame, last: None };
        let found = watch.path.follow(view, frame).ok();
        watch.last = found.map(|found| watch.seen(view, found));
        watch
    }

    /// What is there now, as text.
    pub(crate) fn value(&self) -> &str {
        self.last.as_ref().map_or(NOTHING, |seen| &seen.text)
    }

    fn seen(&self, view: &View<'_>, found: Found) -> Seen {
        let text = shown(view.program, found.ty, found.slot, SHORT);
        Seen { found, text, collections: collections(view.process) }
    }

    /// Looks whether something is different now.
    pub(crate) fn look(&mut self, view: &mut View<'_>) -> Look {
        let frame = match self.path.root {
            Root::Global(_) => self.frame,
            Root::Register(_) => match self.frame_now(view.task, view.program) {
                Some(frame) => frame,
                None => return Look::Over { why: "the frame is gone".to_string() },
            },
        };
        match self.path.start(view, frame) {
            // Between two writes of a register there may be places where it has no value.
            Err(Unseen::NotWritten | Unseen::NoRegister) => return Look::Same,
            Err(unseen @ Unseen::NotNeeded) => {
                let why = unseen.in_words(&self.path.text);
                return if self.path.is_plain() { Look::Same } else { Look::Over { why } };
            }
            Ok(_) => {}
        }
        let found = self.path.follow(view, frame).ok();
        if !self.differs(view, found) {
            return Look::Same;
        }
        let last = found.map(|found| self.seen(view, found));
        let [old, new] = [std::mem::replace(&mut self.last, last), self.last.clone()]
            .map(|seen| seen.map_or(NOTHING.to_string(), |seen| seen.text));
        Look::Changed { old, new }
    }

    /// Objects move when they are collected; then what they look like decides.
    fn differs(&mut self, view: &View<'_>, found: Option<Found>) -> bool {
        let (Some(seen), Some(found)) = (&mut self.last, found) else { return self.last.is_some() != found.is_some() };
        if seen.found == found {
            return false;
        }
        let now = collections(view.process);
        let has_moved = found.ty == Type::Val
            && now != seen.collections
            && [found.slot, seen.found.slot].iter().all(|&slot| Value::from_bits(slot).as_object().is_some())
            && shown(view.program, found.ty, found.slot, SHORT) == seen.text;
        if has_moved {
            (seen.found, seen.collections) = (found, now);
        }
        !has_moved
    }

    /// Where its frame stands now; `None` if it is gone.
    fn frame_now(&self, task: &Task, program: &Program) -> Option<Frame> {
        let mut frames = task.frames(program);
        let frame = frames.find(|frame| frame.base <= self.frame.base)?;
        ((frame.base, frame.func) == (self.frame.base, self.frame.func)).then_some(frame)
    }
}

/// `total`, `point.x`.
impl fmt::Display for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path.text)
    }
}
