//! `Vm`: one program, one process, one engine. The shortest way from a module to a result.

use crate::backends::{backend, backends, default_backend};
use crate::debug::Debugger;
use crate::outcome::{Threw, Trapped, outcome};
use crate::prelude;
use regatta_interp::trace::{Observer, Traced};
use regatta_ir::{FuncId, Function, Module};
use regatta_runtime::host::{Host, StandardHost};
use regatta_runtime::process::{GcOptions, ProcessError, ProcessLimits};
use regatta_runtime::task::CallError;
use regatta_runtime::{
    Context, Executor, Fuel, LinkError, Linked, Natives, PrepareError, Process, Program, Scalar, Task, drive,
};
use regatta_verifier::{VerifyErrors, verify, verify_function, verify_outline};
use std::fmt;
use std::sync::{Arc, Mutex};

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
    /// The engine is one that is watched, and whoever watches stopped it.
    #[error("somebody who watches stopped the program")]
    Interrupted,
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

    /// The same machine, with somebody who watches until he stops it; then its engine goes on.
    pub fn watched<O: Observer + 'static>(self, observer: Arc<Mutex<O>>) -> Vm {
        let Vm { executor, .. } = self;
        Vm { executor: Box::new(Traced::new(observer).then(executor)), ..self }
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
        let results = outcome(&*self.executor, &cx, &task, exit, self.limits.fuel);
        cx.process.failure = None;
        cx.process.take_thrown();
        results
    }

    /// A call of a function that stops before its first instruction, for somebody who wants to see what it does. Where
    /// nothing has to be watched it runs on the engine of this machine.
    ///
    /// ```
    /// use regatta_vm::debug::Stop;
    /// use regatta_vm::{Scalar, Vm, load};
    ///
    /// let source = "
    ///     func %sum(n: i32) -> i32 {
    ///       reg total: i32
    ///       i32_const total, 0
    ///     next:
    ///       i32_add total, total, n
    ///       i32_add_imm n, n, -1
    ///       loop_i32_gt_s_imm n, 0, next
    ///       ret_value total
    ///     }";
    /// let mut vm = Vm::default();
    /// vm.add(load::load_text(source.to_string())?.module)?;
    /// let sum = vm.find("sum").expect("just added");
    /// let mut debugger = vm.debug(sum, &[Scalar::I32(3)])?;
    ///
    /// debugger.add_break(debugger.place("op ret_value", 0)?, false);
    /// let watch = debugger.add_watch("total", 0)?;
    /// let mut seen = vec![];
    /// while let Stop::Watch { new, .. } = debugger.run() {
    ///     seen.push(new);
    /// }
    /// assert_eq!(seen, ["0", "3", "5", "6"]);
    /// assert_eq!(debugger.value("n", 0)?, "0");
    /// debugger.delete(watch);
    /// assert_eq!(debugger.run(), Stop::Returned);
    /// assert_eq!(debugger.outcome().expect("it is over")?, [Scalar::I32(6)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn debug(&mut self, func: FuncId, args: &[Scalar]) -> Result<Debugger<'_>, VmError> {
        self.start()?;
        let task = Task::new(&self.program, func, args, self.limits.stack_slots)?;
        let process = self.process.as_mut().expect("`start` made it");
        Ok(Debugger::new(&*self.executor, &self.program, process, task, self.limits.fuel))
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
}

impl fmt::Debug for Vm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vm")
            .field("engine", &self.executor.name())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
