//! Compiling a function: one pass over its code, with one before it that finds out where control goes.

use super::bodies::Body;
use super::code::CodeMemory;
use super::emitter::Emitter;
use super::targets::Targets;
use crate::symbols::{self, Frame, Symbol};
use dynasmrt::{DynasmApi, DynasmLabelApi, dynasm};
use regatta_ir::{FuncId, Function, Instr};
use regatta_runtime::{Entry, Program};
use std::fmt;
use std::sync::Mutex;

/// Where code cannot be entered: at second words, and where it keeps something in machine registers.
const NOT_HERE: u32 = u32::MAX;

/// A function in machine code.
#[repr(C)]
pub(super) struct Compiled {
    /// Where it begins: machine code reads this.
    start: *const u8,
    /// Where its canonical code begins.
    code: *const u64,
    /// Bytes of it.
    bytes: usize,
    /// By word, how far from the start its machine code begins; [`NOT_HERE`] where nobody can enter it.
    offsets: Box<[u32]>,
}

// SAFETY: [R-NATIVE] code lives as long as its program, as forms do, and never changes.
unsafe impl Send for Compiled {}
// SAFETY: as above.
unsafe impl Sync for Compiled {}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes for {} words", self.bytes, self.offsets.len())
    }
}

/// The code of a program's functions: a form of its own, since code has to stay as long as forms do.
#[derive(Debug, Default)]
struct Code(Mutex<CodeMemory>);

impl Compiled {
    /// Compiles a function, if it has been proved.
    pub(super) fn of(program: &Program, entry: &Entry) -> std::io::Result<Option<Compiled>> {
        let Some(body) = entry.body() else { return Ok(None) };
        let code = &body.code;
        let mut offsets = vec![NOT_HERE; code.len()].into_boxed_slice();
        let compiled = compile(program, entry.id, body, &mut offsets);
        let memory = program.companion::<Code>();
        let start = memory.0.lock().expect("nobody panics here").add(&compiled)?;
        symbols::announce(|| {
            let name = format!("regatta::template::{}", program.function_name(entry.id));
            vec![Symbol { name, start: start.addr(), bytes: compiled.len(), frame: Frame::Bare }]
        });
        Ok(Some(Compiled { start, code: code.as_ptr(), bytes: compiled.len(), offsets }))
    }

    /// Bytes of what was made.
    pub(super) fn bytes(&self) -> usize {
        self.bytes + size_of_val(&*self.offsets)
    }

    /// Where the machine code of the instruction at `pc` can be entered.
    pub(super) fn address_of(&self, pc: *const u64) -> Option<*const u8> {
        let offset = self.offsets[(pc.addr() - self.code.addr()) / 8];
        (offset != NOT_HERE).then(|| self.start.wrapping_add(offset as usize))
    }
}

/// Writes the machine code of a function, and where in it each word begins.
fn compile(program: &Program, func: FuncId, body: &Function, offsets: &mut [u32]) -> Vec<u8> {
    let code = &body.code;
    let mut emitter = Emitter::for_function(program, func, body, offsets.as_ptr().addr() as u64);
    let targets = Targets::of(body);
    let mut word = 0;
    while word < code.len() {
        let instr = Instr::decode(&code[word..]).expect("[V-OP] the code decodes");
        let words = [code[word], code.get(word + 1).copied().unwrap_or(0)];
        match targets.kept(word) {
            Some(slots) => emitter.keep_around(word, slots),
            None if targets.is_target(word) => emitter.forget_all(),
            None => {}
        }
        if emitter.is_enterable() {
            offsets[word] = emitter.asm.offset().0 as u32;
        }
        let label = emitter.labels[word];
        dynasm!(emitter.asm; .arch x64; =>label);
        emitter.begin(instr.op, words, word, &raw const code[word] as u64);
        emitter.body(Body::get(instr.op));
        word += instr.words();
    }
    for (word, offset) in emitter.side_entries() {
        offsets[word] = offset as u32;
    }
    emitter.ways_out();
    emitter.finish()
}
