//! `Vm`: one program, one process, one engine. The shortest way from a module to a result.

use crate::backends::{backend, backends, default_backend};
use crate::prelude;
use regatta_ir::{FuncId, Function, Module};
use regatta_runtime::host::{Host, StandardHost};
use regatta_runtime::process::{GcOptions, ProcessError, ProcessLimits};
use regatta_runtime::task::CallError;
use regatta_runtime::{
    Context, Dynamic, Executor, Exit, Fuel, LinkError, Linked, Natives, PrepareError, Process, Program, Scalar, Task,
    Trap, drive, text_of,
};
use regatta_verifier::{VerifyErrors, verify, verify_function, verify_outline};
use std::fmt;

/// How a [`Vm`] is set up.
pub struct Config {
    /// The engine's name; see [`backends`].
    pub engine: String,
    /// What programs may use.
    pub limits: Limits,
    /// The natives programs may call.
    pub natives: Natives,
    /// The world outside.
    pub host: Box<dyn Host>,
}

/// Slots of a task's stack, unless the embedder says otherwise: 8 MiB.
pub const DEFAULT_STACK_SLOTS: usize = 1 << 20;

/// What programs may use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Slots of a task's stack.
    pub stack_slots: usize,
    /// Bytes of objects.
    pub heap_bytes: usize,
    /// Bytes of linear memory.
    pub memory_bytes: u64,
    /// Fuel for each call; `None` is no limit.
    pub fuel: Option<u64>,
    /// How objects are collected: no limit of what a program does, but of how it may pass the time.
    pub gc: GcOptions,
}

impl Default for Limits {
    fn default() -> Limits {
        let ProcessLimits { heap_bytes, memory_bytes } = ProcessLimits::default();
        Limits { stack_slots: DEFAULT_STACK_SLOTS, heap_bytes, memory_bytes, fuel: None, gc: GcOptions::USUAL }
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            engine: default_backend().to_string(),
            limits: Limits::default(),
            natives: regatta_natives::standard(),
            host: Box::new(StandardHost),
        }
    }
}

/// Why a [`Vm`] did not do what it was asked.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VmError {
    /// No engine of this name.
    #[error("there is no engine `{name}`; there are {}", .known.join(", "))]
    UnknownEngine {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<&'static str>,
    },
    /// The code does not keep its promises.
    #[error("{0}")]
    Rejected(VerifyErrors),
    /// The module does not fit the program.
    #[error("{0}")]
    Link(#[from] LinkError),
    /// The program starts too large.
    #[error("{0}")]
    Process(#[from] ProcessError),
    /// The engine can't run a function.
    #[error("{0}")]
    Refused(#[from] PrepareError),
    /// No function of this name.
    #[error("there is no function `{0}`")]
    NoFunction(String),
    /// The call does not fit the function.
    #[error("{0}")]
    Call(#[from] CallError),
    /// The program trapped.
    #[error("{0}")]
    Trapped(Box<Trapped>),
    /// The program threw something that nobody caught.
    #[error("{0}")]
    Threw(Box<Threw>),
    /// The fuel given was used up.
    #[error("the program used up its {0} units of fuel")]
    OutOfFuel(u64),
}

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

/// One program, one process, one engine.
///
/// ```
/// use regatta_vm::{Scalar, Vm, load};
///
/// let source = "
///     func %double(n: i32) -> i32 {
///       reg r: i32
///       i32_add r, n, n
///       ret_value r
///     }";
/// let mut vm = Vm::default();
/// vm.add(load::load_text(source.to_string())?.module)?;
/// assert_eq!(vm.call("double", &[Scalar::I32(21)])?, [Scalar::I32(42)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Vm {
    program: Program,
    process: Option<Process>,
    executor: Box<dyn Executor>,
    limits: Limits,
    host: Option<Box<dyn Host>>,
    modules: Vec<Linked>,
    fuel_used: u64,
    stack_slots: usize,
}

impl Default for Vm {
    fn default() -> Vm {
        Vm::new(Config::default()).expect("the default engine exists")
    }
}

impl Vm {
    /// A machine without code.
    pub fn new(config: Config) -> Result<Vm, VmError> {
        let executor = backend(&config.engine).ok_or_else(|| VmError::UnknownEngine {
            name: config.engine.clone(),
            known: backends().iter().map(|executor| executor.name()).collect(),
        })?;
        Ok(Vm::with_executor(config, executor))
    }

    /// A machine without code, with an engine of one's own in place of the one that `config` names.
    pub fn with_executor(config: Config, executor: Box<dyn Executor>) -> Vm {
        let (program, host) = (Program::new(config.natives), Some(config.host));
        let (limits, modules) = (config.limits, vec![]);
        Vm { program, process: None, executor, limits, host, modules, fuel_used: 0, stack_slots: 0 }
    }

    /// Verifies and links a module.
    pub fn add(&mut self, module: Module) -> Result<Linked, VmError> {
        prelude::provide(&self.program, &module)?;
        let proof = verify(module, &self.program).map_err(VmError::Rejected)?;
        self.modules.push(self.program.link(proof)?);
        Ok(self.modules.last().expect("just pushed").clone())
    }

    /// Links a module of which only the outline is verified now; each body is verified at its first call.
    pub fn add_lazily(&mut self, module: Module) -> Result<Linked, VmError> {
        prelude::provide(&self.program, &module)?;
        let outline = verify_outline(module, &self.program).map_err(VmError::Rejected)?;
        self.modules.push(self.program.link_lazily(outline)?);
        Ok(self.modules.last().expect("just pushed").clone())
    }

    /// Verifies a function against the program as it is now, and adds it.
    pub fn install(&mut self, function: Function) -> Result<FuncId, VmError> {
        let proof = verify_function(function, &self.program).map_err(VmError::Rejected)?;
        Ok(self.program.install(proof)?)
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The process, once something has run.
    pub fn process(&self) -> Option<&Process> {
        self.process.as_ref()
    }

    /// The engine.
    pub fn executor(&self) -> &dyn Executor {
        &*self.executor
    }

    /// Fuel used by the last call.
    pub fn fuel_used(&self) -> u64 {
        self.fuel_used
    }

    /// Slots that the stack of the last call grew to. It grows by doubling, so this is up to twice what was used.
    pub fn stack_slots(&self) -> usize {
        self.stack_slots
    }

    /// The function of this name: `module.function`, or just `function`, of the module added last that has one.
    pub fn find(&self, name: &str) -> Option<FuncId> {
        self.program.find(name).or_else(|| self.modules.iter().rev().find_map(|module| module.find(name)))
    }

    /// Calls a function by name and runs it to its end.
    pub fn call(&mut self, name: &str, args: &[Scalar]) -> Result<Vec<Scalar>, VmError> {
        let func = self.find(name).ok_or_else(|| VmError::NoFunction(name.to_string()))?;
        self.call_function(func, args)
    }

    /// Calls a function and runs it to its end.
    pub fn call_function(&mut self, func: FuncId, args: &[Scalar]) -> Result<Vec<Scalar>, VmError> {
        self.start()?;
        let mut task = Task::new(&self.program, func, args, self.limits.stack_slots)?;
        let mut fuel = self.limits.fuel.map_or(Fuel::UNLIMITED, Fuel::new);
        let process = self.process.as_mut().expect("`start` made it");
        let mut cx = Context { program: &self.program, process };
        let exit = drive(&*self.executor, &mut cx, &mut task, &mut fuel);
        self.fuel_used = fuel.used();
        self.stack_slots = task.slots().len();
        match exit {
            Exit::Returned => Ok(task.results(&self.program).unwrap_or_default()),
            Exit::OutOfFuel => Err(VmError::OutOfFuel(self.limits.fuel.unwrap_or(u64::MAX))),
            Exit::Trapped(trap) => Err(VmError::Trapped(Box::new(self.trapped(trap, &task)))),
            Exit::Threw => Err(VmError::Threw(Box::new(self.threw(&task)))),
            Exit::Rejected(func) => Err(VmError::Rejected(self.program.prove(func).expect_err("it was rejected"))),
            Exit::Refused(func) => {
                Err(self.executor.prepare(&self.program, func).expect_err("it was refused a moment ago").into())
            }
            other => unreachable!("`drive` does not come back with {other:?}"),
        }
    }

    /// Makes the process, or brings it up to the program as it is now.
    pub fn start(&mut self) -> Result<(), VmError> {
        if let Some(process) = &mut self.process {
            process.take_memory(&self.program)?;
        } else {
            let limits = ProcessLimits { heap_bytes: self.limits.heap_bytes, memory_bytes: self.limits.memory_bytes };
            let host = self.host.take().unwrap_or_else(|| Box::new(StandardHost));
            self.process = Some(Process::with_gc(&self.program, limits, self.limits.gc, host)?);
        }
        Ok(())
    }

    fn trapped(&mut self, trap: Trap, task: &Task) -> Trapped {
        let failure = self.process.as_mut().and_then(|process| process.failure.take());
        let (trace, more) = self.trace(task);
        Trapped { trap, failure, trace, more }
    }

    fn threw(&mut self, task: &Task) -> Threw {
        let thrown = self.process.as_mut().expect("it has run").take_thrown();
        let (exception, text) = (Dynamic::of(&self.program, thrown), text_of(&self.program, thrown));
        let (trace, more) = self.trace(task);
        Threw { exception, text, trace, more }
    }

    /// The first frames, and how many more there are.
    fn trace(&self, task: &Task) -> (Vec<TraceFrame>, usize) {
        let frames: Vec<_> = task.frames(&self.program).take(MAX_TRACE_FRAMES).collect();
        let more = if frames.len() < MAX_TRACE_FRAMES { 0 } else { task.frames(&self.program).count() - frames.len() };
        let trace = frames.iter().map(|frame| {
            let body = self.program.entry(frame.func).and_then(|entry| entry.body());
            let line = body.and_then(|body| body.debug.line(frame.pc));
            TraceFrame { func: frame.func, name: self.program.function_name(frame.func), pc: frame.pc, line }
        });
        (trace.collect(), more)
    }
}

impl fmt::Debug for Vm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vm")
            .field("engine", &self.executor.name())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
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
