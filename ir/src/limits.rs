//! Everything has a limit, and the limit has a name.

/// Registers of one function.
pub const MAX_REGISTERS: usize = u16::MAX as usize;
/// Parameters of one function.
pub const MAX_PARAMS: usize = 1024;
/// Results of one function.
pub const MAX_RESULTS: usize = 1024;
/// Words of code of one function.
pub const MAX_CODE_WORDS: usize = 1 << 26;
/// Functions of one module, imports included.
pub const MAX_FUNCTIONS: usize = 1 << 22;
/// Signatures of one module: a call names its signature in 16 bits.
pub const MAX_TYPES: usize = 1 << 16;
/// Globals of one module.
pub const MAX_GLOBALS: usize = 1 << 20;
/// Host functions of one module.
pub const MAX_NATIVES: usize = 1 << 16;
/// Bytes in a name.
pub const MAX_NAME_BYTES: usize = 1 << 10;
/// Bytes in a page of linear memory.
pub const PAGE_BYTES: usize = 1 << 16;
/// Pages of linear memory: 4 GiB, all that a 32-bit address reaches.
pub const MAX_PAGES: u32 = 1 << 16;
/// Bytes of a module in text form.
pub const MAX_TEXT_BYTES: usize = 1 << 30;
/// Texts of one module.
pub const MAX_TEXTS: usize = 1 << 20;
/// Bytes of one text.
pub const MAX_STRING_BYTES: usize = 1 << 26;
/// Classes of one module, imports included.
pub const MAX_CLASSES: usize = 1 << 18;
/// Fields of one class, with those of its ancestors: an instruction names a field in 16 bits.
pub const MAX_FIELDS: usize = 1 << 15;
/// Methods that one class declares, and as many static ones.
pub const MAX_METHODS: usize = 1 << 15;
/// Interfaces that one class declares.
pub const MAX_INTERFACES: usize = 1 << 10;
/// Ancestors of one class.
pub const MAX_ANCESTORS: usize = 1 << 8;
/// Patterns of one module.
pub const MAX_PATTERNS: usize = 1 << 20;
/// Patterns inside one pattern, and itself.
pub const MAX_PATTERN_NODES: usize = 1 << 16;
/// How deep patterns lie in each other.
pub const MAX_PATTERN_DEPTH: usize = 64;
/// Tables of keys of one module.
pub const MAX_TABLES: usize = 1 << 20;
/// Keys of one table.
pub const MAX_KEYS: usize = 1 << 20;
/// Handlers of one function.
pub const MAX_HANDLERS: usize = 1 << 16;
/// Instructions of one function at which it may be asked which registers hold live values, times those registers.
pub const MAX_LIVENESS_BITS: u64 = 1 << 30;
