//! Writing: to standard output without panics, to files without leaving half of one.

use crate::status::Failure;
use serde::Serialize;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Writes a line to standard output.
pub(crate) fn line(text: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stdout(), "{text}")
}

/// Writes bytes to standard output and makes sure that they are on their way.
pub(crate) fn bytes(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Writes JSON to standard output, indented for those who read along.
pub(crate) fn json(value: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    line(text)
}

/// Writes a block of text to standard error, after all that is waiting for standard output. When nobody listens there,
/// nobody is told.
pub(crate) fn error_text(text: &str) {
    let _ = io::stdout().flush();
    if text.is_empty() {
        return;
    }
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let _ = write!(io::stderr(), "{text}{end}");
}

/// May standard error have colours?
pub(crate) fn errors_in_colour() -> bool {
    let says_no = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    io::stderr().is_terminal() && !says_no("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Writes a whole file, or standard output for `-`. A file that exists is replaced, not overwritten: whoever has it
/// mapped keeps what they have.
pub(crate) fn file(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    if path == Path::new("-") {
        return Ok(bytes(contents)?);
    }
    let written = match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => fs::write(path, contents),
        _ => replace(path, contents),
    };
    written.map_err(|error| Failure::Unwritable(path.display().to_string(), error))
}

fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let unfinished = unfinished(path);
    let written = fs::write(&unfinished, contents).and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// What the file is called until it is complete.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    PathBuf::from(name)
}
