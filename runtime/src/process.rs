//! A process: what belongs to one running program and to no other. Memory, globals, host.

use crate::host::Host;
use crate::memory::Memory;
use crate::program::Program;
use regatta_heap::config::NURSERY_BYTES;
use regatta_heap::{Heap, HeapConfig, Value};
pub use regatta_heap::{HeapStats, Zeal};
use regatta_ir::limits::PAGE_BYTES;
use regatta_ir::{GlobalId, Type};
use std::fmt;

/// The state of one isolate. Two processes of one program share its code and nothing else.
pub struct Process {
    /// Linear memory.
    pub memory: Memory,
    /// The world outside.
    pub host: Box<dyn Host>,
    /// What the last failed host function had to say.
    pub failure: Option<String>,
    /// Objects.
    pub heap: Heap,
    /// The exception on its way to a handler.
    pub thrown: Value,
    globals: Vec<u64>,
    /// Which globals are `val`.
    val_globals: Vec<u32>,
    limits: ProcessLimits,
    verify: bool,
}

/// What a process may use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProcessLimits {
    /// Bytes of objects.
    pub heap_bytes: usize,
    /// Bytes of linear memory; a program that declares more at its start is refused.
    pub memory_bytes: u64,
}

impl Default for ProcessLimits {
    fn default() -> ProcessLimits {
        ProcessLimits { heap_bytes: 1 << 32, memory_bytes: 1 << 32 }
    }
}

/// How objects are collected. Programs can't tell, but for the time it takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GcOptions {
    /// Torment, for tests.
    pub zeal: Zeal,
    /// Bytes of objects made between two minor collections.
    pub nursery_bytes: usize,
    /// Look at the whole heap after each collection, and panic when something is wrong with it. For tests: slow.
    pub verify: bool,
}

impl GcOptions {
    /// As fast as we know.
    pub const USUAL: GcOptions = GcOptions { zeal: Zeal::Off, nursery_bytes: NURSERY_BYTES, verify: false };
    /// As hard as we can: with this zeal, and a look at the whole heap after each collection.
    pub const fn torment(zeal: Zeal) -> GcOptions {
        GcOptions { zeal, verify: true, ..GcOptions::USUAL }
    }
}

impl Default for GcOptions {
    fn default() -> GcOptions {
        GcOptions::USUAL
    }
}

/// Why a process could not be made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ProcessError {
    /// More linear memory than the limits allow.
    #[error("the program starts with {wanted} bytes of linear memory, above the limit of {limit}")]
    OverLimit {
        /// What the program declares.
        wanted: u64,
        /// What the limits allow.
        limit: u64,
    },
    /// More linear memory than the host has.
    #[error("the host has no {wanted} bytes for linear memory")]
    NoHostMemory {
        /// What the program declares.
        wanted: u64,
    },
}

impl Process {
    /// A new process of `program`: memory holds the program's data, globals their first values.
    pub fn new(program: &Program, limits: ProcessLimits, host: Box<dyn Host>) -> Result<Process, ProcessError> {
        Process::with_gc(program, limits, GcOptions::USUAL, host)
    }

    /// As `new`, with a say in how objects are collected.
    pub fn with_gc(
        program: &Program,
        limits: ProcessLimits,
        gc: GcOptions,
        host: Box<dyn Host>,
    ) -> Result<Process, ProcessError> {
        let GcOptions { zeal, nursery_bytes, verify } = gc;
        let heap = Heap::with_config(HeapConfig { limit: limits.heap_bytes, nursery_bytes, zeal });
        let mut process = Process {
            memory: Memory::default(),
            host,
            failure: None,
            heap,
            thrown: Value::UNDEFINED,
            globals: Vec::new(),
            val_globals: Vec::new(),
            limits,
            verify,
        };
        process.take_memory(program)?;
        process.catch_up(program);
        Ok(process)
    }

    /// Takes on the program's linear memory, if it has gained one since last time.
    pub fn take_memory(&mut self, program: &Program) -> Result<(), ProcessError> {
        let Some(plan) = program.memory().filter(|_| !self.memory.is_declared()) else {
            return Ok(());
        };
        let (wanted, limit) = (u64::from(plan.size.min) * PAGE_BYTES as u64, self.limits.memory_bytes);
        if wanted > limit {
            return Err(ProcessError::OverLimit { wanted, limit });
        }
        let max = u64::from(plan.size.max).min(limit / PAGE_BYTES as u64) as u32;
        self.memory = Memory::new(plan.size.min, max).ok_or(ProcessError::NoHostMemory { wanted })?;
        for data in &plan.data {
            let start = data.offset as usize;
            self.memory.bytes_mut()[start..start + data.bytes.len()].copy_from_slice(&data.bytes);
        }
        Ok(())
    }

    /// Adds the globals that the program has gained since last time. Code can name them only after this.
    #[inline]
    pub fn catch_up(&mut self, program: &Program) {
        for n in self.globals.len()..program.globals() {
            let global = program.global(GlobalId(n as u32)).expect("ids below the count exist");
            self.globals.push(global.init);
            if global.ty == Type::Val {
                self.val_globals.push(n as u32);
            }
        }
    }

    /// Has the process this global? Since it caught up, it has all that code names.
    #[inline(always)]
    pub fn has_global(&self, id: GlobalId) -> bool {
        id.index() < self.globals.len()
    }

    /// The slot of a global. Code names only globals of its program [V-REF], and `catch_up` ran since the program gained
    /// them [R-GLOBAL].
    #[inline(always)]
    pub fn global(&self, id: GlobalId) -> u64 {
        self.globals[id.index()]
    }

    /// Sets the slot of a global.
    #[inline(always)]
    pub fn set_global(&mut self, id: GlobalId, slot: u64) {
        self.globals[id.index()] = slot;
    }

    /// The slots of all globals, by id, for engines that make machine code: good until [`Process::catch_up`] adds some.
    pub fn global_slots(&mut self) -> *mut u64 {
        self.globals.as_mut_ptr()
    }

    /// All globals, by id.
    pub fn globals(&self) -> &[u64] {
        &self.globals
    }

    /// A digest of the objects and values that globals and `results` lead to, the same wherever they lie.
    pub fn digest(&self, results: &[Value]) -> u64 {
        let globals = self.val_globals.iter().map(|&n| Value::from_bits(self.globals[n as usize]));
        self.heap.digest(&globals.chain(results.iter().copied()).collect::<Vec<_>>())
    }

    /// Its parts, for those who need several at a time.
    pub(crate) fn split(&mut self) -> Split<'_> {
        let Process { heap, memory, host, thrown, globals, val_globals, verify, .. } = self;
        Split { heap, memory, host: &mut **host, values: Values { thrown, globals, val_globals }, verify: *verify }
    }
}

/// A process, taken apart.
pub(crate) struct Split<'a> {
    pub(crate) heap: &'a mut Heap,
    pub(crate) memory: &'a mut Memory,
    pub(crate) host: &'a mut dyn Host,
    pub(crate) values: Values<'a>,
    /// Is the heap to be looked at after each collection?
    pub(crate) verify: bool,
}

/// The values that a process holds outside of heap and frames.
#[derive(Debug)]
pub(crate) struct Values<'a> {
    pub(crate) thrown: &'a mut Value,
    pub(crate) globals: &'a mut [u64],
    pub(crate) val_globals: &'a [u32],
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process")
            .field("memory_pages", &self.memory.pages())
            .field("globals", &self.globals.len())
            .finish_non_exhaustive()
    }
}
