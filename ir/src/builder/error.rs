//! What a builder has to complain about, and where.

use crate::builder::Label;
use crate::index::{ClassId, FuncId, GlobalId, NativeId, PatternId, SigId, TableId, TextId};
use crate::types::{Signature, Type};
use std::fmt;

/// Everything that is wrong with a function or module, in order of place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BuildErrors(pub Vec<BuildError>);

impl std::error::Error for BuildErrors {}

impl fmt::Display for BuildErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, error) in self.0.iter().enumerate() {
            write!(f, "{}{error}", if n == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

/// One mistake.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BuildError {
    /// Name of the function it is in; empty for the module itself and for a function without a name.
    pub function: String,
    /// The instruction, when it is one.
    pub place: Option<Place>,
    /// What is wrong.
    pub kind: BuildErrorKind,
}

/// An instruction, as counted by the one who builds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// How many instructions were emitted before it.
    pub instruction: u32,
    /// Its mnemonic, or the builder's method when it is not an instruction.
    pub mnemonic: &'static str,
}

impl std::error::Error for BuildError {}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.function.is_empty() {
            write!(f, "%{}: ", self.function)?;
        }
        if let Some(place) = self.place {
            write!(f, "instruction {} ({}): ", place.instruction, place.mnemonic)?;
        }
        self.kind.fmt(f)
    }
}

/// A register as error messages name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Named {
    /// One that was asked for by type.
    Register(u16),
    /// One in the area of call windows, counted from its start.
    Window(u16),
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Named::Register(n) => write!(f, "r{n}"),
            Named::Window(n) => write!(f, "window register {n}"),
        }
    }
}

/// What can be wrong.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say it, and the fields are their words")]
pub enum BuildErrorKind {
    #[error("operand `{operand}` is not a register of this function")]
    NoRegister { operand: &'static str },
    #[error("{register} is {is}, but operand `{operand}` asks for {asked}")]
    WrongType { operand: &'static str, register: Named, is: Type, asked: Type },
    #[error("{register} is used, but was given back with `free`")]
    Freed { register: Named },
    #[error("{register} is read, but nothing was written to it before")]
    Unwritten { register: Named },
    #[error("{register} is read, but undefined since the call at instruction {call}")]
    Clobbered { register: Named, call: u32 },
    #[error("{register} belongs to a call window that is closed")]
    ClosedWindow { register: Named },
    #[error("{value} is not within {min}..={max}, the range of operand `{operand}`")]
    OutOfRange { operand: &'static str, value: i64, min: i64, max: i64 },
    #[error("the function has {params} parameters: number {number} is not among them")]
    NoParam { number: usize, params: usize },
    #[error("only registers from `temp` that are in use can be given back")]
    NotTemporary,
    #[error("the function needs more than {limit} registers")]
    TooManyRegisters { limit: usize },

    #[error("{label} is not a label of this function")]
    NoLabel { label: Label },
    #[error("{label} is bound already")]
    BoundTwice { label: Label },
    #[error("{label} is never bound")]
    Unbound { label: Label },
    #[error("the op goes forward, but {label} is behind: {}", use_twin(twin))]
    LabelBehind { label: Label, twin: Option<&'static str> },
    #[error("the op goes back, but {label} is not bound yet: {}", use_twin(twin))]
    LabelAhead { label: Label, twin: Option<&'static str> },
    #[error("exceptions go to {label}, which is bound inside of their range")]
    HandlerInside { label: Label },
    #[error("{label} can only be reached from below: a loop is entered from above")]
    OnlyFromBelow { label: Label },
    #[error("the loop is too long for this op, whose limit is its own counter")]
    TooFar,
    #[error("control does not reach this instruction: no label is bound here")]
    Unreached,
    #[error("control can run past the last instruction")]
    FallsOffEnd,
    #[error("the code is longer than {limit} words")]
    TooLong { limit: usize },
    #[error("no op compares {ty} registers this way")]
    NoComparison { ty: Type },
    #[error("no op does this with a constant of type {ty}")]
    NoConstant { ty: Type },

    #[error("the function has {has} results, the op returns {given}")]
    WrongResults { has: usize, given: &'static str },
    #[error("the function gives {result}, the op returns {is}")]
    ResultType { is: Type, result: Type },
    #[error("the function has {has} results, {given} are given")]
    ResultCount { has: usize, given: usize },
    #[error("the call has {given} {what}, the signature {signature} has {has}")]
    CallCount { what: &'static str, given: usize, has: usize, signature: Signature },
    #[error("the window is not the innermost open one")]
    NotInnermost,
    #[error("the results of {callee} are not those of this function")]
    TailResults { callee: Signature },
    #[error("a host function cannot take the place of a frame")]
    TailNative,

    #[error("{func} is not a function of the module")]
    NoFunction { func: FuncId },
    #[error("{sig} is not a signature of the module")]
    NoSignature { sig: SigId },
    #[error("{global} is not a global of the module")]
    NoGlobal { global: GlobalId },
    #[error("{native} is not a host function of the module")]
    NoNative { native: NativeId },
    #[error("text {text} is not one of the module")]
    NoText { text: TextId },
    #[error("{class} is not a class of the module")]
    NoClass { class: ClassId },
    #[error("{table} is not one of the module")]
    NoTable { table: TableId },
    #[error("{pattern} is not one of the module")]
    NoPattern { pattern: PatternId },
    #[error("{pattern} binds {count} registers from {first} on, and they are not all val")]
    Bindings { pattern: PatternId, count: usize, first: Named },
    #[error("the module has no memory")]
    NoMemory,
    #[error("{global} is {is}, the register {register}")]
    GlobalType { global: GlobalId, is: Type, register: Type },
    #[error("{global} cannot be set")]
    Immutable { global: GlobalId },
    #[error("the window does not fit {signature}: {part} {number} would be in {register}, which is not {asked}")]
    WindowType { signature: Signature, part: &'static str, number: usize, register: Named, asked: Type },
    #[error("the window has {params} parameters and {results} results, the callee is {signature}")]
    WindowShape { params: u16, results: u16, signature: Signature },
    #[error("the window at {window} needs {needs} registers, the function has {has}")]
    WindowSize { window: Named, needs: usize, has: usize },
    #[error("register {offset} of the window is read at instruction {read}, but the callee is {signature}")]
    NoResult { offset: u16, read: u32, signature: Signature },

    #[error("%{name} is declared, but not defined")]
    Undefined { name: String },
    #[error("{func} is defined twice")]
    DefinedTwice { func: FuncId },
    #[error("{func} was declared with another signature")]
    WrongSignature { func: FuncId },
    #[error("{func} was declared as %{declared}")]
    WrongName { func: FuncId, declared: String },
    #[error("an import comes after a declaration, which would number the functions anew")]
    LateImport,
    #[error("two {what} are called \"{name}\"")]
    DuplicateName { what: &'static str, name: String },
    #[error("the name has {len} bytes, more than {limit}")]
    LongName { len: usize, limit: usize },
    #[error("there are more than {limit} {what}")]
    TooMany { what: &'static str, limit: usize },
    #[error("memory is declared twice")]
    MemoryTwice,
    #[error("memory of {min} to {max} pages is not in order or above {limit} pages")]
    MemorySize { min: u32, max: u32, limit: u32 },
    #[error("data at {offset} with {len} bytes does not fit memory of {pages} pages")]
    DataOutside { offset: u32, len: usize, pages: u32 },
}

fn use_twin(twin: &Option<&'static str>) -> String {
    match twin {
        Some(twin) => format!("use {twin}"),
        None => "it has no twin for that direction".to_string(),
    }
}
