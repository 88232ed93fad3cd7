//! The door to Regatta for embedders: load, verify, link, run.
//!
//! [`Vm`] is the short way: one program, one process, one engine. Everything below it is re-exported for those who need
//! more: [`Program`], [`Process`] and [`Task`] apart, several engines on one task, proofs made once and used later.
//! [`strategy`] is for authors of engines.

mod backends;
pub mod debug;
pub mod listing;
pub mod load;
mod outcome;
pub mod prelude;
pub mod tracer;
mod vm;

pub use backends::{backend, backends, default_backend};
pub use outcome::{MAX_TRACE_FRAMES, Threw, TraceFrame, Trapped};
pub use regatta_interp::{profile, symbols, trace};
pub use regatta_ir as ir;
pub use regatta_natives as natives;
pub use regatta_runtime::{
    Context, Dynamic, Executor, Exit, Fuel, LinkError, Linked, Natives, Process, Program, Scalar, Task, Trap, drive,
};
pub use regatta_runtime::{host, native, process, scalar, task};
pub use regatta_verifier as verifier;
pub use vm::{Config, DEFAULT_STACK_SLOTS, Limits, Vm, VmError};

/// What the author of natives on dynamic values needs, besides [`native`].
pub mod values {
    pub use regatta_runtime::heap::handle::{Local, Ref, Scope};
    pub use regatta_runtime::heap::{Heap, Kind, Value};
    pub use regatta_runtime::{Stop, object, text_of};
}

/// What the author of a strategy needs.
pub mod strategy {
    pub use regatta_interp::dispatch::reference::{Reference, Tally};
    pub use regatta_ir::{for_each_op, operand, ops};
    pub use regatta_runtime::stack::{CallWord, HEADER};
    pub use regatta_runtime::{
        Callee, Context, Entry, Executor, Exit, Fuel, Onward, PrepareError, Program, Stop, Task, Trap, internal,
    };
    pub use regatta_semantics::{Flow, Invoke, Magic, Perform, Quick, Way, Whole};
}
