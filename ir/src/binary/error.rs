//! What can be wrong with a file, and what keeps a module from becoming one.
//!
//! Offsets are counted from the start of the file. Errors of the reader are about bytes: a file that is read without
//! one may still hold a module that makes no sense.

use super::Section;
use std::fmt;
use thiserror::Error;

/// The thing in a module that an error is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item {
    /// The module itself.
    Module,
    /// A signature.
    Type(usize),
    /// A function of another module.
    Import(usize),
    /// A function of the host.
    Native(usize),
    /// A global variable.
    Global(usize),
    /// A data segment.
    Data(usize),
    /// A function defined here, imports not counted.
    Function(usize),
    /// A text.
    Text(usize),
    /// A class of another module.
    ClassImport(usize),
    /// A class defined here, imports not counted.
    Class(usize),
    /// A pattern.
    Pattern(usize),
    /// A table of keys.
    Table(usize),
    /// A register of a function defined here.
    Register {
        /// The function, imports not counted.
        function: usize,
        /// The register.
        register: u16,
    },
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Item::Module => write!(f, "the module"),
            Item::Type(n) => write!(f, "type {n}"),
            Item::Import(n) => write!(f, "import {n}"),
            Item::Native(n) => write!(f, "native {n}"),
            Item::Global(n) => write!(f, "global {n}"),
            Item::Data(n) => write!(f, "data segment {n}"),
            Item::Function(n) => write!(f, "function {n}"),
            Item::Text(n) => write!(f, "text {n}"),
            Item::ClassImport(n) => write!(f, "class import {n}"),
            Item::Class(n) => write!(f, "class {n}"),
            Item::Pattern(n) => write!(f, "pattern {n}"),
            Item::Table(n) => write!(f, "table {n}"),
            Item::Register { function, register } => write!(f, "register r{register} of function {function}"),
        }
    }
}

/// More of something than a module may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("{item} has {found} {what}, the limit is {limit}")]
pub struct OverLimit {
    /// What has too many.
    pub item: Item,
    /// Of what, in the plural.
    pub what: &'static str,
    /// How many it has.
    pub found: usize,
    /// How many it may have.
    pub limit: usize,
}

/// `found`, if it is within the limit.
pub(super) fn within(item: Item, what: &'static str, found: usize, limit: usize) -> Result<usize, OverLimit> {
    if found <= limit { Ok(found) } else { Err(OverLimit { item, what, found, limit }) }
}

/// A table of debug information.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Table {
    /// Names of registers.
    Names,
    /// Source lines.
    Lines,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Table::Names => "register names",
            Table::Lines => "lines",
        })
    }
}

/// Why a module has no binary form.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// A limit is exceeded.
    #[error(transparent)]
    OverLimit(#[from] OverLimit),
    /// A debug table is out of order, so that nobody could search it.
    #[error("{table} of function {function} are not sorted: entry {entry} belongs before the one above it")]
    Unsorted {
        /// The function, imports not counted.
        function: usize,
        /// Which table.
        table: Table,
        /// The first entry out of order.
        entry: usize,
    },
}

/// Why a file is not read.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum BinaryError {
    /// Other first bytes.
    #[error("file does not start with the magic bytes of a binary module")]
    Magic,
    /// Too short for a header.
    #[error("file ends in its header, after {found} bytes")]
    HeaderCut {
        /// Length of the file.
        found: usize,
    },
    /// A layout we don't know.
    #[error("file has format version {found}, this build reads version {}", super::VERSION)]
    Version {
        /// The file's version.
        found: u32,
    },
    /// Some of the file is missing.
    #[error("file is cut short: its header states {stated} bytes and there are {found}")]
    Cut {
        /// Length by the header.
        stated: u64,
        /// Length of the file.
        found: usize,
    },
    /// The file goes on after its end.
    #[error("bytes follow the file's end at {end:#x}: there are {found} bytes")]
    Trailing {
        /// Where the file should end.
        end: u64,
        /// Length of the file.
        found: usize,
    },
    /// A length that is not a whole number of words.
    #[error("{what} has {found} bytes, which is not a multiple of 8")]
    PartialWord {
        /// What has this length.
        what: &'static str,
        /// The length.
        found: u64,
    },
    /// More sections than there are kinds, or than fit the file.
    #[error("section table has {found} entries, at most {limit} are possible here")]
    SectionCount {
        /// Entries by the header.
        found: u32,
        /// Entries there can be.
        limit: usize,
    },
    /// Header or section table are damaged.
    #[error("checksum of the header is {found:#010x}, the file states {stated:#010x}")]
    HeaderChecksum {
        /// The checksum in the header.
        stated: u32,
        /// The checksum of the header.
        found: u32,
    },
    /// Bits without a meaning yet.
    #[error("reserved bytes at {offset:#x} are not zero")]
    Reserved {
        /// Where they start.
        offset: u64,
    },
    /// Made for other op numbers.
    #[error("file is made for op table {found:#018x}, this build has op table {ours:#018x}")]
    OtherTable {
        /// The file's table.
        found: u64,
        /// [`TABLE_HASH`](crate::codec::TABLE_HASH).
        ours: u64,
    },
    /// A section we don't know.
    #[error("section table names section {id} at {offset:#x}, which does not exist")]
    UnknownSection {
        /// Its id.
        id: u32,
        /// Where its entry is.
        offset: u64,
    },
    /// A section twice, or before one that it should follow.
    #[error("section `{section}` is listed at {offset:#x} after section `{before}`")]
    SectionOrder {
        /// The section.
        section: Section,
        /// The one listed before it.
        before: Section,
        /// Where its entry is.
        offset: u64,
    },
    /// A section that should have been left out.
    #[error("section `{section}` is listed and empty")]
    SectionEmpty {
        /// The section.
        section: Section,
    },
    /// A section without which there is no module.
    #[error("section `{section}` is missing")]
    SectionMissing {
        /// The section.
        section: Section,
    },
    /// A section starts inside another, or inside the section table.
    #[error("section `{section}` starts at {offset:#x}, inside what ends at {free:#x}")]
    SectionOverlap {
        /// The section.
        section: Section,
        /// Where it starts.
        offset: u64,
        /// Where it should start.
        free: u64,
    },
    /// A section leaves unused bytes before it.
    #[error("section `{section}` starts at {offset:#x}, away from what ends at {free:#x}")]
    SectionGap {
        /// The section.
        section: Section,
        /// Where it starts.
        offset: u64,
        /// Where it should start.
        free: u64,
    },
    /// A section ends beyond the file.
    #[error("section `{section}` has {len} bytes at {offset:#x} of a file of {file} bytes")]
    SectionOutOfFile {
        /// The section.
        section: Section,
        /// Where it starts.
        offset: u64,
        /// Its length.
        len: u64,
        /// Length of the file.
        file: usize,
    },
    /// A section is damaged.
    #[error("checksum of section `{section}` is {found:#010x}, the file states {stated:#010x}")]
    SectionChecksum {
        /// The section.
        section: Section,
        /// The checksum in the section table.
        stated: u32,
        /// The checksum of its bytes.
        found: u32,
    },
    /// A section is too short for what it should hold.
    #[error("section `{section}` ends too early: {needed} bytes at {offset:#x} are expected and {left} are left")]
    SectionShort {
        /// The section.
        section: Section,
        /// From where on bytes are missing.
        offset: u64,
        /// How many are expected from there on.
        needed: u64,
        /// How many there are.
        left: usize,
    },
    /// A section is longer than what it should hold.
    #[error("section `{section}` has {left} bytes at {offset:#x} that belong to nothing")]
    SectionLong {
        /// The section.
        section: Section,
        /// Where they start.
        offset: u64,
        /// How many there are.
        left: usize,
    },
    /// Words of a function are not in the file.
    #[error("function {function} has {words} words of code, section `code` has {left} left for it")]
    CodeOutOfRange {
        /// The function, imports not counted.
        function: usize,
        /// How many words it should have.
        words: u32,
        /// How many words there are after the functions before it.
        left: usize,
    },
    /// A type we don't know.
    #[error("type code {found} at {offset:#x} means no type")]
    TypeCode {
        /// The code.
        found: u8,
        /// Where it is.
        offset: u64,
    },
    /// A key or pattern we don't know.
    #[error("code {found} at {offset:#x} means no key or pattern here")]
    KeyCode {
        /// The code.
        found: u8,
        /// Where it is.
        offset: u64,
    },
    /// Handlers of a function that is not there, or not in order of functions.
    #[error("handlers at {offset:#x} are for function {function}, expected is one from {first} to below {end}")]
    HandlersFunction {
        /// The function named.
        function: u32,
        /// The first one possible here.
        first: usize,
        /// How many functions there are.
        end: usize,
        /// Where it is named.
        offset: u64,
    },
    /// No handlers where there should be some.
    #[error("handlers of function {function} at {offset:#x} are none")]
    HandlersEmpty {
        /// The function, imports not counted.
        function: usize,
        /// Where they are not.
        offset: u64,
    },
    /// A yes or no that is neither.
    #[error("flag at {offset:#x} is {found}, neither 0 nor 1")]
    Flag {
        /// The value.
        found: u8,
        /// Where it is.
        offset: u64,
    },
    /// A name that is not text.
    #[error("name of {item} at {offset:#x} is not UTF-8")]
    NameNotUtf8 {
        /// Whose name it is.
        item: Item,
        /// Where the first bad byte is.
        offset: u64,
    },
    /// A limit is exceeded.
    #[error(transparent)]
    OverLimit(#[from] OverLimit),
    /// A debug table is out of order.
    #[error("{table} of function {function} are not sorted: the entry at {offset:#x} belongs before the one above it")]
    Unsorted {
        /// The function, imports not counted.
        function: usize,
        /// Which table.
        table: Table,
        /// Where the first entry out of order is.
        offset: u64,
    },
    /// Debug information of a function that is not there, or not in order of functions.
    #[error("debug information at {offset:#x} is for function {function}, expected is one from {first} to below {end}")]
    DebugFunction {
        /// The function named.
        function: u32,
        /// The first one possible here.
        first: usize,
        /// How many functions there are.
        end: usize,
        /// Where it is named.
        offset: u64,
    },
    /// Debug information that says nothing.
    #[error("debug information of function {function} at {offset:#x} is empty")]
    DebugEmpty {
        /// The function, imports not counted.
        function: usize,
        /// Where it is.
        offset: u64,
    },
}
