//! Modules: code and data as written, before anybody has checked or linked them.
//!
//! A module is plain data with public fields. It may be nonsense: `verifier` turns it into a `Verified<Module>` or says
//! what is wrong. Index spaces are the module's own: functions count imports first, then the module's functions.

use crate::backing::Backing;
pub use crate::class::{Class, Method, Static};
use crate::index::{FuncId, SigId};
pub use crate::pattern::{Key, Pattern, Table};
use crate::types::{Signature, Type};
use std::ops::Deref;
use std::sync::Arc;

/// Code and data of one unit.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Module {
    /// Name, by which other modules import from it; may be empty.
    pub name: String,
    /// Signatures, each once.
    pub types: Vec<Signature>,
    /// Functions of other modules.
    pub imports: Vec<Import>,
    /// Functions of the host.
    pub natives: Vec<Native>,
    /// Global variables.
    pub globals: Vec<Global>,
    /// Linear memory, if the module has one.
    pub memory: Option<Memory>,
    /// What linear memory holds at the start.
    pub data: Vec<Data>,
    /// The functions defined here.
    pub functions: Vec<Function>,
    /// Texts that code and declarations name, each once: atoms and string constants.
    pub texts: Vec<String>,
    /// Classes of other modules, by `module.class`; they come first in the index space of classes.
    pub class_imports: Vec<String>,
    /// The classes defined here.
    pub classes: Vec<Class>,
    /// Patterns that code matches values against.
    pub patterns: Vec<Pattern>,
    /// Tables that code looks keys up in.
    pub tables: Vec<Table>,
}

/// A function defined by another module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Import {
    /// `module.function`, or `function` of a module without a name.
    pub name: String,
    /// Its signature.
    pub sig: SigId,
}

/// A function provided by the host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Native {
    /// The name under which the host offers it.
    pub name: String,
    /// Its signature.
    pub sig: SigId,
}

/// A global variable; every process has its own copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Global {
    /// Name; may be empty.
    pub name: String,
    /// Type.
    pub ty: Type,
    /// May it be set?
    pub mutable: bool,
    /// The slot it starts with.
    pub init: u64,
}

/// Size of linear memory in pages of 64 KiB.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Memory {
    /// Pages at the start.
    pub min: u32,
    /// Pages it may grow to.
    pub max: u32,
}

/// Bytes copied to linear memory at the start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Data {
    /// Address of the first byte.
    pub offset: u32,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// One function.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    /// Name, unique in the module; may be empty.
    pub name: String,
    /// Its signature, in the module's types (in the program's, for a function made at run time).
    pub sig: SigId,
    /// The type of each register; the first ones are the parameters.
    pub registers: Vec<Type>,
    /// The instructions.
    pub code: Code,
    /// Where exceptions go, inner ranges before outer ones.
    pub handlers: Vec<Handler>,
    /// What people want to see.
    pub debug: Debug,
}

/// A range of code and where an exception thrown in it goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Handler {
    /// First word of the range.
    pub start: u32,
    /// First word after the range.
    pub end: u32,
    /// Where control goes: not before `end`.
    pub target: u32,
    /// The `val` register that takes the exception.
    pub exception: u16,
    /// Does it take traps too? They come as strings.
    pub traps: bool,
}

/// Names and lines, for people and error messages; nothing depends on them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Debug {
    /// Names of registers, by rising number.
    pub names: Vec<(u16, String)>,
    /// From this word of the code on, the source line is this; by rising word.
    pub lines: Vec<(u32, u32)>,
}

impl Debug {
    /// The name of a register.
    pub fn register_name(&self, register: u16) -> Option<&str> {
        let found = self.names.binary_search_by_key(&register, |entry| entry.0).ok()?;
        Some(&self.names[found].1)
    }

    /// The source line of the instruction at word `pc`.
    pub fn line(&self, pc: u32) -> Option<u32> {
        let after = self.lines.partition_point(|entry| entry.0 <= pc);
        Some(self.lines[after.checked_sub(1)?].1)
    }
}

impl Module {
    /// The signature with this index.
    pub fn signature(&self, sig: SigId) -> Option<&Signature> {
        self.types.get(sig.index())
    }

    /// The signature of a function, imported or defined here.
    pub fn function_signature(&self, func: FuncId) -> Option<&Signature> {
        let sig = match self.imports.get(func.index()) {
            Some(import) => import.sig,
            None => self.functions.get(func.index() - self.imports.len())?.sig,
        };
        self.signature(sig)
    }

    /// The name of a function, imported or defined here.
    pub fn function_name(&self, func: FuncId) -> Option<&str> {
        match self.imports.get(func.index()) {
            Some(import) => Some(&import.name),
            None => self.functions.get(func.index() - self.imports.len()).map(|f| &*f.name),
        }
    }

    /// The index of the function with this name, defined here.
    pub fn find_function(&self, name: &str) -> Option<FuncId> {
        let at = self.functions.iter().position(|f| f.name == name)?;
        Some(self.function_id(at))
    }

    /// The index of the `n`-th function defined here.
    pub fn function_id(&self, n: usize) -> FuncId {
        FuncId((self.imports.len() + n) as u32)
    }
}

/// The words of a function: its own, or a window into a file that stays where it is.
#[derive(Clone)]
pub struct Code(Words);

#[derive(Clone)]
enum Words {
    Owned(Arc<[u64]>),
    Shared { file: Arc<Backing>, start: usize, len: usize, sum: u32 },
}

impl Code {
    /// `len` words of `file` from word `start` on, which should have this checksum; `None` if the file is shorter.
    pub(crate) fn shared(file: &Arc<Backing>, start: usize, len: usize, sum: u32) -> Option<Code> {
        file.words().get(start..start.checked_add(len)?)?;
        Some(Code(Words::Shared { file: file.clone(), start, len, sum }))
    }

    /// Do the words have the checksum their file promised? Reads all of them.
    pub fn is_intact(&self) -> bool {
        match &self.0 {
            Words::Owned(_) => true,
            Words::Shared { sum, .. } => checksum(self) == *sum,
        }
    }
}

/// The checksum of words in binary modules: CRC-32 of their little-endian bytes.
pub(crate) fn checksum(words: &[u64]) -> u32 {
    if cfg!(target_endian = "little") {
        crc32fast::hash(bytemuck::cast_slice(words))
    } else {
        let mut hasher = crc32fast::Hasher::new();
        words.iter().for_each(|word| hasher.update(&word.to_le_bytes()));
        hasher.finalize()
    }
}

impl Deref for Code {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        match &self.0 {
            Words::Owned(words) => words,
            Words::Shared { file, start, len, .. } => &file.words()[*start..*start + *len],
        }
    }
}

impl From<Vec<u64>> for Code {
    fn from(words: Vec<u64>) -> Code {
        Code(Words::Owned(words.into()))
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        **self == **other
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(|word| format!("{word:#018x}"))).finish()
    }
}
