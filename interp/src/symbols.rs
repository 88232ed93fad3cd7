//! Names of machine code, for the machine's own tools.
//!
//! Code that was made while a program runs is in no file, so profilers and debuggers see addresses. Engines that make code
//! `announce` it, and where somebody wants to know, the names go on: to the file `perf-PID.map` in the temporary directory,
//! which `perf report` reads ([`write_perf_map`]), or to a debugger that looks on, as small object files with names and with
//! the rules for walking the stack ([`register_with_gdb`]).
//!
//! Both tools know processes, not programs, so what is wanted is a matter of the process: ask before the first program runs,
//! since code that has been made already is not announced again. It costs nothing where nobody asked.

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod gdb;
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod object_file;

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Has somebody asked?
static IS_WANTED: AtomicBool = AtomicBool::new(false);
static LISTENERS: Mutex<Listeners> = Mutex::new(Listeners { map: None, gdb: false });

struct Listeners {
    map: Option<File>,
    gdb: bool,
}

/// A piece of machine code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Symbol {
    pub(crate) name: String,
    pub(crate) start: usize,
    pub(crate) bytes: usize,
    pub(crate) frame: Frame,
}

/// What lies on the machine's stack while a piece of code runs.
#[cfg_attr(
    not(all(target_arch = "x86_64", target_os = "linux")),
    expect(dead_code, reason = "only engines that make code have pieces of it")
)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Frame {
    /// The return address, and nothing above it.
    Bare,
    /// What the way into machine code has saved there.
    Door,
    /// As at the place that `rbp` points to, where the return address is.
    Kept,
}

/// From now on, writes a line for each piece of machine code to `perf-PID.map` in the temporary directory; gives its path.
pub fn write_perf_map() -> io::Result<PathBuf> {
    let path = std::env::temp_dir().join(format!("perf-{}.map", std::process::id()));
    let map = File::create(&path)?;
    listeners().map = Some(map);
    IS_WANTED.store(true, Ordering::Release);
    Ok(path)
}

/// From now on, shows each piece of machine code to a debugger that is attached, or will be. Where no engine makes code,
/// nothing happens.
pub fn register_with_gdb() {
    listeners().gdb = true;
    IS_WANTED.store(true, Ordering::Release);
}

fn listeners() -> std::sync::MutexGuard<'static, Listeners> {
    LISTENERS.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Tells those who want to know of code that will stay where it is; `symbols` is asked only then.
#[cfg_attr(not(all(target_arch = "x86_64", target_os = "linux")), expect(dead_code, reason = "no engine makes code"))]
pub(crate) fn announce(symbols: impl FnOnce() -> Vec<Symbol>) {
    if !IS_WANTED.load(Ordering::Acquire) {
        return;
    }
    let symbols = symbols();
    let mut listeners = listeners();
    if let Some(map) = &mut listeners.map {
        let lines: String = symbols.iter().map(line).collect();
        // A profile without names is better than a program that stops for them.
        let _ = map.write_all(lines.as_bytes());
    }
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    if listeners.gdb {
        symbols.iter().for_each(|symbol| gdb::register(object_file::of(symbol)));
    }
}

/// `7f0000001000 2a regatta::template::main`
fn line(symbol: &Symbol) -> String {
    let Symbol { name, start, bytes, .. } = symbol;
    format!("{start:x} {bytes:x} {name}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_perf_reads() {
        let name = "regatta::template::odd name".to_string();
        let symbol = Symbol { name, start: 0x7f00_0000_1000, bytes: 42, frame: Frame::Bare };
        assert_eq!(line(&symbol), "7f0000001000 2a regatta::template::odd name\n");
    }
}
