//! What came of a call: results, or what stood in their way, with a trace.

use crate::vm::VmError;
use regatta_ir::FuncId;
use regatta_runtime::{Context, Dynamic, Executor, Exit, Scalar, Task, Trap, text_of};
use std::fmt;

/// A trap with where it happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trapped {
    /// What happened.
    pub trap: Trap,
    /// What a failed native had to say.
    pub failure: Option<String>,
    /// The frames, innermost first.
    pub trace: Vec<TraceFrame>,
    /// Frames beyond those in `trace`.
    pub more: usize,
}

/// An exception that nobody caught, with where it was thrown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Threw {
    /// The value.
    pub exception: Dynamic,
    /// What it looks like.
    pub text: String,
    /// The frames, innermost first.
    pub trace: Vec<TraceFrame>,
    /// Frames beyond those in `trace`.
    pub more: usize,
}

/// Frames a trace shows at most.
pub const MAX_TRACE_FRAMES: usize = 32;

/// One line of a trace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceFrame {
    /// The function.
    pub func: FuncId,
    /// Its name.
    pub name: String,
    /// The word of its code.
    pub pc: u32,
    /// The source line, if known.
    pub line: Option<u32>,
}

/// What the exit of a task comes to.
pub(crate) fn outcome(
    executor: &dyn Executor,
    cx: &Context<'_>,
    task: &Task,
    exit: Exit,
    fuel: Option<u64>,
) -> Result<Vec<Scalar>, VmError> {
    let (program, process) = (cx.program, &cx.process);
    match exit {
        Exit::Returned => Ok(task.results(program).unwrap_or_default()),
        Exit::OutOfFuel => Err(VmError::OutOfFuel(fuel.unwrap_or(u64::MAX))),
        Exit::Trapped(trap) => {
            let (failure, (trace, more)) = (process.failure.clone(), trace(cx, task));
            Err(VmError::Trapped(Box::new(Trapped { trap, failure, trace, more })))
        }
        Exit::Threw => {
            let (exception, text) = (Dynamic::of(program, process.thrown), text_of(program, process.thrown));
            let (trace, more) = trace(cx, task);
            Err(VmError::Threw(Box::new(Threw { exception, text, trace, more })))
        }
        Exit::Rejected(func) => Err(VmError::Rejected(program.prove(func).expect_err("it was rejected"))),
        Exit::Refused(func) => Err(executor.prepare(program, func).expect_err("it was refused a moment ago").into()),
        Exit::Interrupted => Err(VmError::Interrupted),
        other => unreachable!("`drive` does not come back with {other:?}"),
    }
}

/// The first frames, and how many more there are.
fn trace(cx: &Context<'_>, task: &Task) -> (Vec<TraceFrame>, usize) {
    let frames: Vec<_> = task.frames(cx.program).take(MAX_TRACE_FRAMES).collect();
    let more = if frames.len() < MAX_TRACE_FRAMES { 0 } else { task.frames(cx.program).count() - frames.len() };
    let trace = frames.iter().map(|frame| {
        let body = cx.program.entry(frame.func).and_then(|entry| entry.body());
        let line = body.and_then(|body| body.debug.line(frame.pc));
        TraceFrame { func: frame.func, name: cx.program.function_name(frame.func), pc: frame.pc, line }
    });
    (trace.collect(), more)
}

impl fmt::Display for Trapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.trap)?;
        if let Some(failure) = &self.failure {
            write!(f, ": {failure}")?;
        }
        write_trace(f, &self.trace, self.more)
    }
}

impl fmt::Display for Threw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nobody caught {}", self.text)?;
        write_trace(f, &self.trace, self.more)
    }
}

fn write_trace(f: &mut fmt::Formatter<'_>, trace: &[TraceFrame], more: usize) -> fmt::Result {
    for frame in trace {
        write!(f, "\n    at {frame}")?;
    }
    if more > 0 {
        write!(f, "\n    … and {more} more")?;
    }
    Ok(())
}

impl fmt::Display for TraceFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "%{} (word {}, line {line})", self.name, self.pc),
            None => write!(f, "%{} (word {})", self.name, self.pc),
        }
    }
}
