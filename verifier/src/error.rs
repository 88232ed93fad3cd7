//! What is wrong, where, and which promise it breaks.
//!
//! Two tables define everything once: [`Tag`], the promises, and [`VerifyErrorKind`], the ways to break them. Errors
//! carry data; their text says what is true of the code. Locations are words of a function (and source lines where the
//! function has them); drawing them into a source is the caller's business.

use crate::limits::{MAX_ERRORS, MAX_IMPORT_NAME_BYTES};
use regatta_ir::limits::MAX_NAME_BYTES;
use regatta_ir::module::Import;
use regatta_ir::{ClassId, FuncId, Function, GlobalId, NativeId, PatternId, SigId, Signature};
use regatta_ir::{SiteId, TableId, TextId, Type};
use std::fmt;

macro_rules! tags {
    ($($(#[doc = $promise:literal])* $name:ident = $text:literal;)*) => {
        /// A promise of the verifier. Everything `unsafe` that leans on verified code names one of these.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Tag { $($(#[doc = $promise])* $name),* }

        impl Tag {
            /// Every promise, in the order of `docs/invariants.md`.
            pub const ALL: &'static [Tag] = &[$(Tag::$name),*];

            /// As cited: `V-REG`.
            pub const fn name(self) -> &'static str {
                match self { $(Tag::$name => $text),* }
            }

            /// The promise in one line.
            pub const fn promise(self) -> &'static str {
                match self { $(Tag::$name => concat!($($promise),*).trim_ascii()),* }
            }
        }
    };
}

tags! {
    /// Op numbers exist, second words exist, bits that belong to no operand are zero, words of a vocabulary are in it.
    Op = "V-OP";
    /// Register operands, single ones and runs, are below the function's register count.
    Reg = "V-REG";
    /// Register operands have the type the op asks for; `Any` operands agree with each other, their global or the result.
    Type = "V-TYPE";
    /// Branch targets are starts of instructions inside the function, ahead for `br`, behind for `loop`.
    Target = "V-TARGET";
    /// A function has code, and control cannot run past its last instruction.
    End = "V-END";
    /// A register is written before it is read, on every path; calls undo all from their window on but the results.
    Def = "V-DEF";
    /// A loop header is reached from above, and what is defined there stays defined around the loop.
    Loop = "V-LOOP";
    /// Arguments and results of calls match the callee's signature, and the window fits the registers.
    Call = "V-CALL";
    /// Returns and tail calls give exactly the function's results.
    Ret = "V-RET";
    /// A `switch` is followed by its table of `br`.
    Switch = "V-SWITCH";
    /// What is referred to exists: functions, signatures, globals, natives, texts, classes, patterns, tables; imports exist with the signature declared.
    Ref = "V-REF";
    /// No instruction says where it remembers what it finds: linking gives each a site of its own.
    Site = "V-SITE";
    /// Only mutable globals are set.
    Mut = "V-MUT";
    /// Memory is used only where there is memory.
    Mem = "V-MEM";
    /// Parameters are a function's first registers, with their types; names of functions are unique.
    Func = "V-FUNC";
    /// Signatures are unique, data lies in the initial memory, memory may hold its minimum, initial values fit their type.
    Module = "V-MODULE";
    /// What runs as a method or constructor takes a `val` first; static fields are `val` globals; a class is not its own ancestor.
    Class = "V-CLASS";
    /// Ranges of handlers nest, inner ones are listed first; targets lie behind their range, exceptions go to `val` registers.
    Handler = "V-HANDLER";
    /// Named limits hold.
    Limit = "V-LIMIT";
    /// Code is what its file's checksum says.
    Sum = "V-SUM";
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The number in a field, if it is one of a register.
macro_rules! register {
    (register $field:ident) => {
        Some(u32::from(*$field))
    };
    (other $field:ident) => {
        Some(u32::from(*$field))
    };
    ($no_register:ident $field:ident) => {
        None
    };
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident: $ty:ty),* })? breaks $tag:ident, $message:literal;)*) => {
        /// A way to break a promise.
        #[derive(Clone, PartialEq, Eq, Debug)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "the message of each kind says what its fields mean")]
        pub enum VerifyErrorKind { $($(#[$doc])* $name $({ $($field: $ty),* })?),* }

        impl VerifyErrorKind {
            /// The promise that is broken.
            pub const fn tag(&self) -> Tag {
                match self { $(VerifyErrorKind::$name { .. } => Tag::$tag),* }
            }

            /// The registers that the message speaks of, for those who know their names.
            #[allow(unused_variables, reason = "most fields are no registers")]
            pub fn registers(&self) -> Vec<u32> {
                match self {
                    $(VerifyErrorKind::$name $({ $($field),* })? => {
                        let all: &[Option<u32>] = &[$($(register!($field $field)),*)?];
                        all.iter().copied().flatten().collect()
                    })*
                }
            }
        }

        impl fmt::Display for VerifyErrorKind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "[{}] ", self.tag())?;
                match self { $(VerifyErrorKind::$name $({ $($field),* })? => write!(f, $message)),* }
            }
        }
    };
}

kinds! {
    UnknownOp { number: u16 } breaks Op, "{number:#06x} is not the number of an op";
    MissingSecondWord { op: &'static str } breaks Op, "the second word of {op} is missing";
    UnusedBits { op: &'static str, word: u64 } breaks Op, "{op} has bits beyond its operands: {word:#018x}";
    UnknownWord { what: &'static str, number: u16 } breaks Op, "{number} is not the number of {what}";

    RegisterOutOfRange { register: u32, count: u32 } breaks Reg,
        "register r{register} is not below the function's {count} registers";

    RunTooLong { first: u16, len: u32, count: u32 } breaks Reg,
        "{len} registers from r{first} on do not fit the function's {count} registers";

    RegisterType { register: u16, is: Type, op: &'static str, takes: Type } breaks Type,
        "register r{register} is {is}, and {op} takes {takes} there";
    RegistersDisagree { register: u16, is: Type, other: u16, other_is: Type } breaks Type,
        "register r{register} is {is}, and register r{other} is {other_is}";
    GlobalDisagrees { register: u16, is: Type, global: GlobalId, global_is: Type } breaks Type,
        "register r{register} is {is}, and global {global} is {global_is}";
    ResultDisagrees { register: u16, is: Type, result: Type } breaks Type,
        "register r{register} is {is}, and the function returns {result}";

    TargetOutside { target: i64, words: u32 } breaks Target,
        "word {target} is not inside the function's {words} words";
    TargetInside { target: u32 } breaks Target, "word {target} is the second word of an instruction";
    TargetNotBehind { distance: u32, words: u8 } breaks Target,
        "a distance of {distance} back from the end of an instruction of {words} words does not leave it";

    NoCode breaks End, "the function has no code";
    RunsPastEnd { op: &'static str } breaks End, "control can run past the last instruction, {op}";

    Undefined { register: u16 } breaks Def, "register r{register} is not written on every path to here";

    LoopLoses { register: u16, header: u32 } breaks Loop,
        "register r{register} is written on every path to the loop header at word {header}, but not on the way back to it";
    OnlyFromBelow { header: u32 } breaks Loop, "the loop header at word {header} can only be reached from below";

    WindowTooLarge { window: u16, needs: u32, count: u32 } breaks Call,
        "the window from r{window} on takes {needs} registers, and the function has {count}";
    ArgumentType { register: u32, is: Type, argument: u32, takes: Type } breaks Call,
        "register r{register} is {is}, and argument {argument} of the callee is {takes}";
    NoReceiver { op: &'static str } breaks Call, "the signature of {op} does not take a val first";
    NoArgument { op: &'static str } breaks Call, "the callee of {op} takes no argument";
    CallResultType { register: u32, is: Type, result: u32, gives: Type } breaks Call,
        "register r{register} is {is}, and result {result} of the callee is {gives}";

    ResultCount { op: &'static str, count: u32 } breaks Ret, "{op} does not fit a function of {count} results";
    ResultsTooFar { first: u16, results: u32, count: u32 } breaks Ret,
        "{results} results from r{first} on do not fit the function's {count} registers";
    ResultType { register: u32, is: Type, result: u32, gives: Type } breaks Ret,
        "register r{register} is {is}, and result {result} of the function is {gives}";
    TailResults { op: &'static str } breaks Ret, "the callee of {op} has other results than the function";

    TableTooShort { entries: u64 } breaks Switch, "the code ends before the {entries} `br` of the table";
    TableEntry { entry: u64, is: Box<str> } breaks Switch, "entry {entry} of the table is {is}, not `br`";

    NoFunction { func: FuncId } breaks Ref, "function {func} does not exist";
    NoSignature { sig: SigId } breaks Ref, "signature {sig} does not exist";
    NoGlobal { global: GlobalId } breaks Ref, "global {global} does not exist";
    NoNative { native: NativeId } breaks Ref, "native {native} does not exist";
    NoText { text: TextId } breaks Ref, "text {text} does not exist";
    NoClass { class: ClassId } breaks Ref, "class {class} does not exist";
    NoPattern { pattern: PatternId } breaks Ref, "{pattern} does not exist";
    NoTable { table: TableId } breaks Ref, "{table} does not exist";
    ChosenSite { site: SiteId } breaks Site, "the instruction has chosen site {site}, which linking does";
    NoImport { name: Box<str> } breaks Ref, "import {name:?} does not exist";
    ImportDiffers { name: Box<str>, declared: Signature, is: Signature } breaks Ref,
        "import {name:?} is declared as {declared}, and it is {is}";

    Immutable { global: GlobalId } breaks Mut, "global {global} is not mutable";

    NoMemory { op: &'static str } breaks Mem, "there is no memory for {op}";

    TooFewRegisters { params: u32, count: u32 } breaks Func,
        "{count} registers do not hold the {params} parameters";
    ParamType { register: u32, is: Type, takes: Type } breaks Func,
        "register r{register} is {is}, and the parameter in it is {takes}";
    DuplicateName { name: Box<str>, first: FuncId } breaks Func, "function {first} is named {name:?} too";

    DuplicateSignature { sig: SigId, first: SigId } breaks Module, "signature {sig} is the same as {first}";
    MemoryBackwards { min: u32, max: u32 } breaks Module, "memory of {min} pages may grow to {max} only";
    DataWithoutMemory { data: u32 } breaks Module, "data {data} has no memory to lie in";
    DataOutside { data: u32, end: u64, bytes: u64 } breaks Module,
        "data {data} ends at byte {end}, and memory starts with {bytes} bytes";
    InitialValue { global: GlobalId, ty: Type, init: u64 } breaks Module,
        "global {global} starts as {init:#x}, which is not {ty}";

    DuplicateText { text: TextId } breaks Module, "text {text} is the same as one before it";
    DuplicateKey { position: u32 } breaks Module, "key {position} is the same as one before it";

    DeepPattern { limit: u32 } breaks Limit, "patterns lie in each other more than {limit} deep";

    DuplicateClass { name: Box<str> } breaks Class, "another class is named {name:?} too";
    ClassParent { parent: ClassId } breaks Class, "only classes extend classes, and here or at {parent} is an interface";
    NoInterface { class: ClassId } breaks Class, "class {class} is implemented, and is not an interface";
    InterfaceMembers breaks Class, "an interface has fields or a constructor";
    ExtendsItself breaks Class, "the class extends itself";
    DuplicateMember { name: Box<str> } breaks Class, "the class has two members {name:?}";
    NoMethod { name: Box<str> } breaks Class, "method {name:?} has no function, though it is static or its class is not abstract";
    TakesNoReceiver { func: FuncId } breaks Class, "function {func} does not take a val first";
    Overrides { name: Box<str> } breaks Class,
        "method {name:?} takes the place of one with another signature";
    StaticType { global: GlobalId, is: Type } breaks Class, "global {global} is {is}, and keeps a static field";

    HandlerRange { handler: u32, start: u32, end: u32, words: u32 } breaks Handler,
        "the range of handler {handler}, from word {start} to word {end}, is not one inside the function's {words} words";
    HandlerPlace { handler: u32, word: u32 } breaks Handler,
        "word {word}, which handler {handler} names, is not the start of an instruction";
    HandlerBehind { handler: u32, target: u32, end: u32 } breaks Handler,
        "the target of handler {handler}, word {target}, is not behind its range, which ends at word {end}";
    ExceptionType { register: u32, is: Type, handler: u32 } breaks Handler,
        "register r{register} is {is}, and handler {handler} puts a val there";
    HandlersCross { handler: u32, other: u32 } breaks Handler,
        "the ranges of handlers {other} and {handler} overlap, but neither lies in the other";
    HandlerOrder { handler: u32, outer: u32 } breaks Handler,
        "handler {handler} comes after handler {outer}, in whose range it lies";

    TooMany { what: &'static str, is: u64, limit: u64 } breaks Limit, "{is} {what} are more than {limit}";

    Damaged breaks Sum, "the code does not have the checksum of its file";
}

/// Where in a module.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Loc {
    /// The function; `None` for the module itself and for a function that has no id yet.
    pub func: Option<FuncId>,
    /// The function's name, unless it is empty or too long.
    pub name: Option<Box<str>>,
    /// The first word of the instruction; `None` for what stands before the code.
    pub pc: Option<u32>,
    /// The source line, if the function knows it.
    pub line: Option<u32>,
    /// What is declared, if it is no function.
    pub item: Option<Item>,
}

/// Something that a module declares besides functions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item {
    /// A class.
    Class(ClassId),
    /// A pattern.
    Pattern(PatternId),
    /// A table of keys.
    Table(TableId),
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Item::Class(id) => write!(f, "class {id}"),
            Item::Pattern(id) => id.fmt(f),
            Item::Table(id) => id.fmt(f),
        }
    }
}

impl Loc {
    pub(crate) fn function(func: Option<FuncId>, function: &Function, pc: Option<u32>) -> Loc {
        let line = pc.and_then(|pc| function.debug.line(pc));
        Loc { func, name: name(&function.name, MAX_NAME_BYTES), pc, line, item: None }
    }

    pub(crate) fn item(item: Item) -> Loc {
        Loc { item: Some(item), ..Loc::default() }
    }

    pub(crate) fn import(func: FuncId, import: &Import) -> Loc {
        Loc { func: Some(func), name: name(&import.name, MAX_IMPORT_NAME_BYTES), ..Loc::default() }
    }
}

/// A name for a location: none if there is none, or if it is too long to be repeated in every error.
fn name(name: &str, most: usize) -> Option<Box<str>> {
    (1..=most).contains(&name.len()).then(|| name.into())
}

/// `%fib, word 3, line 12`; `outline` for what is before the code of a function or module without a name.
impl fmt::Display for Loc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(item) = self.item {
            return item.fmt(f);
        }
        match (&self.name, self.func) {
            (Some(name), _) => write!(f, "%{name}")?,
            (None, Some(func)) => write!(f, "%#{}", func.0)?,
            (None, None) if self.pc.is_some() => f.write_str("function")?,
            (None, None) => f.write_str("outline")?,
        }
        if let Some(pc) = self.pc {
            write!(f, ", word {pc}")?;
        }
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        Ok(())
    }
}

/// One broken promise.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{loc}: {kind}")]
pub struct VerifyError {
    /// Where.
    pub loc: Loc,
    /// What.
    pub kind: VerifyErrorKind,
}

/// All broken promises, in order of location.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyErrors {
    /// At least one, at most [`MAX_ERRORS`].
    pub errors: Vec<VerifyError>,
    /// How many more there were.
    pub more: usize,
}

impl std::error::Error for VerifyErrors {}

impl fmt::Display for VerifyErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, error) in self.errors.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

/// Errors as they are found.
#[derive(Default)]
pub(crate) struct Errors {
    found: Vec<VerifyError>,
    more: usize,
}

impl Errors {
    /// Adds an error; the location is only made if it is kept.
    #[cold]
    pub(crate) fn push(&mut self, loc: impl FnOnce() -> Loc, kind: VerifyErrorKind) {
        if self.found.len() < MAX_ERRORS {
            self.found.push(VerifyError { loc: loc(), kind });
        } else {
            self.more += 1;
        }
    }

    /// How many so far.
    pub(crate) fn count(&self) -> usize {
        self.found.len() + self.more
    }

    /// The errors, if there are any.
    pub(crate) fn into_result(self) -> Result<(), VerifyErrors> {
        if self.found.is_empty() { Ok(()) } else { Err(VerifyErrors { errors: self.found, more: self.more }) }
    }
}
