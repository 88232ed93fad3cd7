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
