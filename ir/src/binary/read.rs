//! From bytes to a module.
//!
//! One function per section, in the order of [`Section`]. The file is taken to be hostile: room is made only for what
//! the bytes at hand can fill (the widest steps are a pattern or key of one byte, which take 32 and 16 in memory), and what a section
//! holds must end exactly where the section ends.

use super::container::{self, Container};
use super::cursor::Cursor;
use super::error::within;
use super::{BinaryError, Item, MAX_LINES, Section, Table, declarations, patterns, size};
use crate::backing::Backing;
use crate::index::SigId;
use crate::limits::*;
use crate::module::{Code, Data, Debug, Function, Global, Import, Memory, Module, Native};
use crate::types::Signature;
use std::ops::Range;
use std::sync::Arc;

/// The module in this file. Its code stays in the file, unread.
pub fn decode(file: Arc<Backing>) -> Result<Module, BinaryError> {
    let sections = container::open(&file)?;
    let mut names = sections.cursor(Section::Names);
    let (name, memory) = read_module(sections.cursor(Section::Module), &mut names)?;
    let types = read_types(sections.cursor(Section::Types))?;
    let imports = read_imports(sections.cursor(Section::Imports), &mut names)?;
    let natives = read_natives(sections.cursor(Section::Natives), &mut names)?;
    let globals = read_globals(sections.cursor(Section::Globals), &mut names)?;
    let data = read_data(sections.cursor(Section::Data))?;
    let mut functions = read_functions(&file, &sections, imports.len(), &mut names)?;
    declarations::read_handlers(sections.cursor(Section::Handlers), &mut functions)?;
    let texts = declarations::read_texts(sections.cursor(Section::Texts))?;
    let class_imports = declarations::read_class_imports(sections.cursor(Section::ClassImports), &mut names)?;
    let classes = declarations::read_classes(sections.cursor(Section::Classes), class_imports.len(), &mut names)?;
    let patterns = patterns::read_patterns(sections.cursor(Section::Patterns))?;
    let tables = patterns::read_tables(sections.cursor(Section::Tables))?;
    names.finish()?;
    read_debug(sections.cursor(Section::Debug), &mut functions)?;
    Ok(Module {
        name,
        types,
        imports,
        natives,
        globals,
        memory,
        data,
        functions,
        texts,
        class_imports,
        classes,
        patterns,
        tables,
    })
}

fn read_module(mut from: Cursor, names: &mut Cursor) -> Result<(String, Option<Memory>), BinaryError> {
    if from.is_at_end() {
        return Err(BinaryError::SectionMissing { section: Section::Module });
    }
    let len = from.u32()?;
    let has_memory = from.flag()?;
    from.reserved(3)?;
    let memory = if has_memory {
        Some(Memory { min: from.u32()?, max: from.u32()? })
    } else {
        from.reserved(8)?;
        None
    };
    from.finish()?;
    Ok((names.name(Item::Module, len as usize)?, memory))
}

fn read_types(mut from: Cursor) -> Result<Vec<Signature>, BinaryError> {
    let mut types = Vec::new();
    while !from.is_at_end() {
        let item = Item::Type(types.len());
        within(Item::Module, "types", types.len() + 1, MAX_TYPES)?;
        let params = within(item, "parameters", from.u16()?.into(), MAX_PARAMS)?;
        let results = within(item, "results", from.u16()?.into(), MAX_RESULTS)?;
        types.push(Signature::new(from.types(params)?, from.types(results)?));
    }
    Ok(types)
}

fn read_imports(mut from: Cursor, names: &mut Cursor) -> Result<Vec<Import>, BinaryError> {
    let count = within(Item::Module, "imports", from.left() / size::IMPORT, MAX_FUNCTIONS)?;
    let mut imports = Vec::with_capacity(count);
    while !from.is_at_end() {
        let (len, sig) = (from.u32()?, SigId(from.u32()?));
        imports.push(Import { name: names.name(Item::Import(imports.len()), len as usize)?, sig });
    }
    Ok(imports)
}

fn read_natives(mut from: Cursor, names: &mut Cursor) -> Result<Vec<Native>, BinaryError> {
    let count = within(Item::Module, "natives", from.left() / size::IMPORT, MAX_NATIVES)?;
    let mut natives = Vec::with_capacity(count);
    while !from.is_at_end() {
        let (len, sig) = (from.u32()?, SigId(from.u32()?));
        natives.push(Native { name: names.name(Item::Native(natives.len()), len as usize)?, sig });
    }
    Ok(natives)
}

fn read_globals(mut from: Cursor, names: &mut Cursor) -> Result<Vec<Global>, BinaryError> {
    let count = within(Item::Module, "globals", from.left() / size::GLOBAL, MAX_GLOBALS)?;
    let mut globals = Vec::with_capacity(count);
    while !from.is_at_end() {
        let len = from.u32()?;
        let (ty, mutable) = (from.ty()?, from.flag()?);
        from.reserved(2)?;
        let init = from.u64()?;
        globals.push(Global { name: names.name(Item::Global(globals.len()), len as usize)?, ty, mutable, init });
    }
    Ok(globals)
}

fn read_data(mut from: Cursor) -> Result<Vec<Data>, BinaryError> {
    let mut data = Vec::new();
    while !from.is_at_end() {
        let (offset, len) = (from.u32()?, from.u32()?);
        data.push(Data { offset, bytes: from.take(len as usize)?.to_vec() });
    }
    Ok(data)
}

/// Functions without their debug information.
fn read_functions(
    file: &Arc<Backing>,
    sections: &Container,
    imports: usize,
    names: &mut Cursor,
) -> Result<Vec<Function>, BinaryError> {
    let mut from = sections.cursor(Section::Functions);
    let mut registers = sections.cursor(Section::Registers);
    let mut code = CodeWindows { file, words: sections.code.clone() };
    let count = from.left() / size::FUNCTION;
    within(Item::Module, "functions", imports + count, MAX_FUNCTIONS)?;
    let mut functions = Vec::with_capacity(count);
    while !from.is_at_end() {
        functions.push(read_function(functions.len(), &mut from, names, &mut registers, &mut code)?);
    }
    registers.finish()?;
    code.finish()?;
    Ok(functions)
}

fn read_function(
    n: usize,
    from: &mut Cursor,
    names: &mut Cursor,
    registers: &mut Cursor,
    code: &mut CodeWindows,
) -> Result<Function, BinaryError> {
    let (len, sig) = (from.u32()?, SigId(from.u32()?));
    let register_count = within(Item::Function(n), "registers", from.u32()? as usize, MAX_REGISTERS)?;
    let (words, sum) = (from.u32()?, from.u32()?);
    Ok(Function {
        name: names.name(Item::Function(n), len as usize)?,
        sig,
        registers: registers.types(register_count)?,
        code: code.next(n, words, sum)?,
        handlers: Vec::new(),
        debug: Debug::default(),
    })
}

/// Hands out the words of section `code`, function by function, without looking at them.
struct CodeWindows<'a> {
    file: &'a Arc<Backing>,
    words: Range<usize>,
}

impl CodeWindows<'_> {
    fn next(&mut self, function: usize, words: u32, sum: u32) -> Result<Code, BinaryError> {
        let len = within(Item::Function(function), "words of code", words as usize, MAX_CODE_WORDS)?;
        let start = self.words.start;
        let left = self.words.len();
        let code = if len <= left { Code::shared(self.file, start, len, sum) } else { None };
        self.words.start += len;
        code.ok_or(BinaryError::CodeOutOfRange { function, words, left })
    }

    fn finish(self) -> Result<(), BinaryError> {
        let (offset, left) = ((self.words.start * size::WORD) as u64, self.words.len() * size::WORD);
        match left {
            0 => Ok(()),
            left => Err(BinaryError::SectionLong { section: Section::Code, offset, left }),
        }
    }
}

fn read_debug(mut from: Cursor, functions: &mut [Function]) -> Result<(), BinaryError> {
    let (mut first, end) = (0, functions.len());
    while !from.is_at_end() {
        let offset = from.offset();
        let function = from.u32()?;
        let n = function as usize;
        if !(first..end).contains(&n) {
            return Err(BinaryError::DebugFunction { function, first, end, offset });
        }
        let (names, lines) = (from.u32()?, from.u32()?);
        if names == 0 && lines == 0 {
            return Err(BinaryError::DebugEmpty { function: n, offset });
        }
        functions[n].debug = Debug { names: read_names(n, names, &mut from)?, lines: read_lines(n, lines, &mut from)? };
        first = n + 1;
    }
    Ok(())
}

fn read_names(function: usize, count: u32, from: &mut Cursor) -> Result<Vec<(u16, String)>, BinaryError> {
    let mut names: Vec<(u16, String)> = Vec::with_capacity(from.at_most(count, size::REGISTER_NAME)?);
    for _ in 0..count {
        let offset = from.offset();
        let (register, len) = (from.u16()?, from.u16()?);
        if names.last().is_some_and(|above| above.0 >= register) {
            return Err(BinaryError::Unsorted { function, table: Table::Names, offset });
        }
        names.push((register, from.name(Item::Register { function, register }, len.into())?));
    }
    Ok(names)
}

fn read_lines(function: usize, count: u32, from: &mut Cursor) -> Result<Vec<(u32, u32)>, BinaryError> {
    within(Item::Function(function), "lines", count as usize, MAX_LINES)?;
    let mut lines: Vec<(u32, u32)> = Vec::with_capacity(from.at_most(count, size::LINE)?);
    for _ in 0..count {
        let offset = from.offset();
        let (word, line) = (from.u32()?, from.u32()?);
        if lines.last().is_some_and(|above| above.0 > word) {
            return Err(BinaryError::Unsorted { function, table: Table::Lines, offset });
        }
        lines.push((word, line));
    }
    Ok(lines)
}
