//! What a debugger shows of a task that stands still.

use super::path::{Path, SHORT, View, shown};
use super::points::{Place, Point, What};
use super::scope::Unseen;
use super::{Debugger, nearest, path};
use crate::listing::{self, Line};
use regatta_ir::{FuncId, Opcode, Type};
use regatta_runtime::task::Frame;

/// A register of a frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Register {
    /// Its number.
    pub number: u16,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// What it may hold.
    pub ty: Type,
    /// What it holds; `None` where it has no value, or held an object that is not needed any more.
    pub value: Option<String>,
    /// Did it hold an object that is not needed any more?
    pub is_stale: bool,
}

/// A frame, as a trace shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FrameLine {
    /// The function.
    pub func: FuncId,
    /// Its name.
    pub name: String,
    /// The word of the instruction it stands at.
    pub word: u32,
    /// Its source line, where the module has them.
    pub line: Option<u32>,
    /// The parameters, with what they hold now.
    pub parameters: Vec<Register>,
}

impl Debugger<'_> {
    /// Frames from the `first`-th on, counted from the innermost, at most so many.
    pub fn frames(&self, first: usize, most: usize) -> Vec<FrameLine> {
        let frames: Vec<Frame> = self.task.frames(self.program).skip(first).take(most).collect();
        frames.into_iter().map(|frame| self.frame_line(frame)).collect()
    }

    /// How many frames there are.
    pub fn depth(&self) -> usize {
        self.task.frames(self.program).count()
    }

    fn frame_line(&self, frame: Frame) -> FrameLine {
        let entry = self.program.entry(frame.func);
        let line = entry.and_then(|entry| entry.body()).and_then(|body| body.debug.line(frame.pc));
        let parameters = entry.map_or(0, |entry| entry.params());
        let parameters = (0..parameters as u16).filter_map(|number| self.register(frame, number)).collect();
        let name = self.program.function_name(frame.func);
        FrameLine { func: frame.func, name, word: frame.pc, line, parameters }
    }

    /// The registers of a frame, values cut short.
    pub fn registers(&self, up: usize) -> Result<Vec<Register>, String> {
        let frame = self.frame(up)?;
        let count = self.program.entry(frame.func).map_or(0, |entry| entry.frame_slots());
        Ok((0..count as u16).filter_map(|number| self.register(frame, number)).collect())
    }

    fn register(&self, frame: Frame, number: u16) -> Option<Register> {
        let body = self.program.entry(frame.func)?.body()?;
        let ty = *body.registers.get(usize::from(number))?;
        let slot = self.watcher().scope.slot(self.program, self.process, &self.task, frame, number);
        let value = slot.ok().map(|slot| shown(self.program, ty, slot, SHORT));
        let name = body.debug.register_name(number).map(str::to_string);
        Some(Register { number, name, ty, value, is_stale: slot == Err(Unseen::NotNeeded) })
    }

    /// What a path leads to from the frame `up` calls away from the innermost: `n`, `r3`, `point.x`, `list[2]`,
    /// `ages["Ann"]`, `@count`.
    pub fn value(&self, path: &str, up: usize) -> Result<String, String> {
        let frame = self.frame(up)?;
        let body =
            self.program.entry(frame.func).and_then(|entry| entry.body()).ok_or("the function has no code yet")?;
        let path = Path::parse(self.program, body, path)?;
        let mut watcher = self.watcher();
        let (program, process, task) = (self.program, &*self.process, &self.task);
        let found = path.follow(&mut View { program, process, task, scope: &mut watcher.scope }, frame)?;
        Ok(shown(self.program, found.ty, found.slot, path::LONG))
    }

    /// What a watch saw last; nothing for a breakpoint.
    pub fn watched(&self, point: &Point) -> Option<String> {
        match &point.what {
            What::Watch(watch) => Some(watch.value().to_string()),
            What::Break(_) => None,
        }
    }

    /// The instructions of a function.
    pub fn listing(&self, func: FuncId) -> Vec<Line> {
        listing::lines(self.program, func).collect()
    }

    /// The place that people mean: `%fib` or `fib`, `fib:3`, `:3` in the frame `up` calls away, `op call`, `line 12` or
    /// `12`.
    pub fn place(&self, text: &str, up: usize) -> Result<Place, String> {
        let text = text.trim();
        if let Some(name) = text.strip_prefix("op ") {
            return op(name.trim());
        }
        let number = text.strip_prefix("line ").unwrap_or(text).trim();
        if let Ok(line) = number.parse() {
            return self.source_line(line);
        }
        if let Some((name, word)) = text.rsplit_once(':')
            && let Ok(word) = word.trim().parse()
        {
            let func = if name.is_empty() { self.frame(up)?.func } else { self.function(name.trim())? };
            self.check_word(func, word)?;
            return Ok(Place::Word(func, word));
        }
        match self.function(text) {
            Ok(func) => Ok(Place::Function(func)),
            Err(error) => op(text).map_err(|_| error),
        }
    }

    /// The function of this name; of several, the one that came last.
    pub fn function(&self, name: &str) -> Result<FuncId, String> {
        let name = name.strip_prefix('%').unwrap_or(name);
        if let Some(func) = self.program.find(name) {
            return Ok(func);
        }
        let names: Vec<_> =
            self.program.functions().map(|entry| (self.program.function_name(entry.id), entry.id)).collect();
        if let Some((_, func)) = names.iter().rev().find(|(other, _)| other == name) {
            return Ok(*func);
        }
        let near = nearest(name, names.iter().map(|(name, _)| &**name));
        Err(format!(
            "there is no function `{name}`{}",
            near.map_or(String::new(), |near| format!("; there is `{near}`"))
        ))
    }

    fn source_line(&self, line: u32) -> Result<Place, String> {
        let bodies = || self.program.functions().filter_map(|entry| entry.body());
        let mut lines = bodies().flat_map(|body| &body.debug.lines).peekable();
        if lines.peek().is_none() {
            return Err("the program has no source lines (`.line` in its text)".to_string());
        }
        // What is not proved yet may have it.
        let all_proved = self.program.functions().all(|entry| entry.body().is_some());
        if all_proved && !lines.any(|(_, known)| *known == line) {
            return Err(format!("no instruction belongs to line {line}"));
        }
        Ok(Place::Line(line))
    }

    /// An error if no instruction begins at this word of the function.
    pub(super) fn check_word(&self, func: FuncId, word: u32) -> Result<(), String> {
        if self.program.prove(func).is_ok() && self.program.entry(func).is_some_and(|entry| entry.is_start(word)) {
            return Ok(());
        }
        Err(format!("no instruction of %{} begins at word {word}", self.program.function_name(func)))
    }
}

fn op(name: &str) -> Result<Place, String> {
    if let Some(op) = Opcode::from_mnemonic(name) {
        return Ok(Place::Op(op));
    }
    let near = nearest(name, Opcode::ALL.iter().map(|op| op.info().mnemonic));
    Err(format!("there is no op `{name}`{}", near.map_or(String::new(), |near| format!("; there is `{near}`"))))
}
