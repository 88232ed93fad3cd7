//! The binary form `.rgm`: a module that can be mapped and run where it lies.
//!
//! [`encode`] writes a module, [`decode`] reads one. A file is a header, a table of sections and the sections; all
//! names, types and sizes are checksummed and checked at load, while code stays in the file as plain words:
//! [`decode`] only notes where each function's words are and what their checksum should be. `Code::is_intact`
//! compares, when the verifier gets there, so that loading costs what the metadata costs, however long the code is.
//!
//! Nothing in a file points anywhere: sections lie side by side in order of their ids, and what belongs to a function
//! lies after what belongs to the one before. Overlaps can't be written, there is one file for each module, and
//! `encode(decode(file)) == file` for each file that is read. Whether a module makes sense is not asked here; that is
//! the verifier's work. `docs/formats/rgm.md` has the layout byte by byte.
//!
//! Big-endian machines read a swapped copy ([`Backing::mapped`] makes it). Not done: compression, and sections that an
//! older reader may skip.
//!
//! [`Backing::mapped`]: crate::backing::Backing::mapped

mod container;
mod cursor;
mod declarations;
mod error;
mod patterns;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use error::{BinaryError, EncodeError, Item, OverLimit, Table};
pub use read::decode;
pub use write::encode;

use std::fmt;

/// The first bytes of a binary module. Not text, and damaged by programs that change line ends.
pub const MAGIC: [u8; 8] = *b"\x8fRGM\r\n\x1a\n";
/// The layout described in `docs/formats/rgm.md`.
pub const VERSION: u32 = 1;
/// Bytes of one data segment; its length has 32 bits.
pub const MAX_DATA_BYTES: usize = u32::MAX as usize;
/// Entries in the line table of one function.
pub const MAX_LINES: usize = crate::limits::MAX_CODE_WORDS;

/// Do these bytes start like a binary module?
pub fn is_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// A part of the file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u32)]
pub enum Section {
    /// What there is once: length of the module's name, and memory.
    Module = 1,
    /// Signatures.
    Types = 2,
    /// Functions of other modules.
    Imports = 3,
    /// Functions of the host.
    Natives = 4,
    /// Global variables.
    Globals = 5,
    /// What linear memory holds at the start.
    Data = 6,
    /// A record per function.
    Functions = 7,
    /// Register types of all functions.
    Registers = 8,
    /// Where exceptions go.
    Handlers = 9,
    /// Atoms and strings.
    Texts = 10,
    /// Classes of other modules.
    ClassImports = 11,
    /// Classes.
    Classes = 12,
    /// Patterns.
    Patterns = 13,
    /// Tables of keys.
    Tables = 14,
    /// All names but those of registers.
    Names = 15,
    /// Names of registers, and source lines.
    Debug = 16,
    /// The words of all functions.
    Code = 17,
}

impl Section {
    /// Every section, in the order in which they lie in a file.
    pub const ALL: [Section; 17] = [
        Section::Module,
        Section::Types,
        Section::Imports,
        Section::Natives,
        Section::Globals,
        Section::Data,
        Section::Functions,
        Section::Registers,
        Section::Handlers,
        Section::Texts,
        Section::ClassImports,
        Section::Classes,
        Section::Patterns,
        Section::Tables,
        Section::Names,
        Section::Debug,
        Section::Code,
    ];

    /// Its number in the section table.
    pub const fn id(self) -> u32 {
        self as u32
    }

    /// The section with this number.
    pub fn from_id(id: u32) -> Option<Section> {
        Section::ALL.into_iter().find(|section| section.id() == id)
    }
}

/// `types`, `code`: as in the format's description.
impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Section::Module => "module",
            Section::Types => "types",
            Section::Imports => "imports",
            Section::Natives => "natives",
            Section::Globals => "globals",
            Section::Data => "data",
            Section::Functions => "functions",
            Section::Registers => "registers",
            Section::Handlers => "handlers",
            Section::Texts => "texts",
            Section::ClassImports => "class imports",
            Section::Classes => "classes",
            Section::Patterns => "patterns",
            Section::Tables => "tables",
            Section::Names => "names",
            Section::Debug => "debug",
            Section::Code => "code",
        })
    }
}

/// Bytes of the fixed sizes in a file.
mod size {
    /// The header, without the section table.
    pub(super) const HEADER: usize = 40;
    /// The part of the header before its checksum.
    pub(super) const BEFORE_CHECKSUM: usize = 36;
    /// An entry of the section table.
    pub(super) const ENTRY: usize = 24;
    /// A record of `imports` or `natives`.
    pub(super) const IMPORT: usize = 8;
    /// A record of `globals`.
    pub(super) const GLOBAL: usize = 16;
    /// A record of `functions`.
    pub(super) const FUNCTION: usize = 20;
    /// A handler in `handlers`.
    pub(super) const HANDLER: usize = 16;
    /// A register's name in `debug`, without its bytes.
    pub(super) const REGISTER_NAME: usize = 4;
    /// An entry of a line table.
    pub(super) const LINE: usize = 8;
    /// Sections, and so code, start at a multiple of this.
    pub(super) const WORD: usize = 8;
}
