//! Loading: bytes in, an unverified module out. The first bytes say which format it is.

use regatta_ir::backing::{Backing, Mmap};
use regatta_ir::binary::{self, BinaryError};
use regatta_ir::text::{self, ParseErrors, SourceSpans};
use regatta_ir::{Module, limits::MAX_TEXT_BYTES};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// A module that nobody has verified, and where it came from.
#[derive(Debug)]
pub struct Loaded {
    /// The module.
    pub module: Module,
    /// Its text, for messages that point into it; `None` for binary modules.
    pub source: Option<Source>,
}

/// A text with the places of its items.
#[derive(Debug)]
pub struct Source {
    /// The text.
    pub text: String,
    /// Where in it each instruction and item stands.
    pub spans: SourceSpans,
}

/// Why bytes are not a module.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file can't be read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A text with errors.
    #[error("{errors}")]
    Text {
        /// The text.
        text: String,
        /// What is wrong with it.
        errors: ParseErrors,
    },
    /// A damaged binary module, or one of another table.
    #[error("{0}")]
    Binary(#[from] BinaryError),
    /// Neither.
    #[error("this is neither a binary module nor UTF-8 text")]
    UnknownFormat,
    /// [`MAX_TEXT_BYTES`].
    #[error("the text has {0} bytes, above the limit of {MAX_TEXT_BYTES}")]
    TooLong(u64),
}

/// Loads a file: `.rgm` is mapped and its code used in place, anything else is read as text. Which of the two it is
/// depends on the content, not on the name.
///
/// Nobody may change a `.rgm` file while a program made from it lives: `[R-MAP]` in `docs/invariants.md`. Where that
/// can't be relied on, read the file and use [`load_bytes`].
pub fn load_file(path: &Path) -> Result<Loaded, LoadError> {
    let mut file = File::open(path)?;
    let mut magic = [0; binary::MAGIC.len()];
    let mut read = 0;
    while read < magic.len() {
        match file.read(&mut magic[read..])? {
            0 => break,
            more => read += more,
        }
    }
    if binary::is_binary(&magic[..read]) {
        // SAFETY: [R-MAP] the caller was told that the file must not change while it is mapped.
        let map = unsafe { Mmap::map(&file)? };
        return Ok(Loaded { module: binary::decode(Arc::new(Backing::mapped(map)))?, source: None });
    }
    let mut bytes = magic[..read].to_vec();
    let most = MAX_TEXT_BYTES as u64;
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(LoadError::TooLong(bytes.len() as u64));
    }
    load_text(String::from_utf8(bytes).map_err(|_| LoadError::UnknownFormat)?)
}

/// Loads bytes, binary or text.
pub fn load_bytes(bytes: &[u8]) -> Result<Loaded, LoadError> {
    if binary::is_binary(bytes) {
        return Ok(Loaded { module: binary::decode(Arc::new(Backing::copied(bytes)))?, source: None });
    }
    load_text(str::from_utf8(bytes).map_err(|_| LoadError::UnknownFormat)?.to_string())
}

/// Loads text.
pub fn load_text(text: String) -> Result<Loaded, LoadError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(LoadError::TooLong(text.len() as u64));
    }
    match text::parse_with_spans(&text) {
        Ok(parsed) => Ok(Loaded { module: parsed.module, source: Some(Source { text, spans: parsed.spans }) }),
        Err(errors) => Err(LoadError::Text { text, errors }),
    }
}
