//! From a module to bytes.
//!
//! One function per section, in the order of [`Section`]. All names go to one section, each after the one that was
//! written before it; the reader takes them out in the same order, so that lengths are all it needs.

use super::error::within;
use super::{EncodeError, Item, MAX_DATA_BYTES, MAX_LINES, OverLimit, Section, Table, container, size};
use super::{declarations, patterns};
use crate::limits::*;
use crate::module::{Debug, Function, Module, checksum};
use crate::types::Type;

/// The binary form of a module: the same bytes for equal modules, whatever machine this is.
pub fn encode(module: &Module) -> Result<Vec<u8>, EncodeError> {
    let mut names = Vec::new();
    let mut sections = vec![
        (Section::Module, write_module(module, &mut names)?),
        (Section::Types, write_types(module)?),
        (Section::Imports, write_imports(module, &mut names)?),
        (Section::Natives, write_natives(module, &mut names)?),
        (Section::Globals, write_globals(module, &mut names)?),
        (Section::Data, write_data(module)?),
        (Section::Functions, write_functions(module, &mut names)?),
        (Section::Registers, module.functions.iter().flat_map(|f| codes(&f.registers)).collect()),
    ];
    sections.push((Section::Handlers, declarations::write_handlers(module)?));
    sections.push((Section::Texts, declarations::write_texts(module)?));
    sections.push((Section::ClassImports, declarations::write_class_imports(module, &mut names)?));
    sections.push((Section::Classes, declarations::write_classes(module, &mut names)?));
    sections.push((Section::Patterns, patterns::write_patterns(module)?));
    sections.push((Section::Tables, patterns::write_tables(module)?));
    sections.push((Section::Names, names));
    sections.push((Section::Debug, write_debug(module)?));

    let code_words = module.functions.iter().map(|f| f.code.len()).sum();
    let mut file = container::seal(&sections, code_words);
    for word in module.functions.iter().flat_map(|f| f.code.iter()) {
        file.extend(word.to_le_bytes());
    }
    Ok(file)
}

fn write_module(module: &Module, names: &mut Vec<u8>) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    out.extend(add_name(names, Item::Module, &module.name)?);
    out.extend(u32::from(module.memory.is_some()).to_le_bytes());
    let (min, max) = module.memory.map_or((0, 0), |memory| (memory.min, memory.max));
    out.extend(min.to_le_bytes());
    out.extend(max.to_le_bytes());
    Ok(out)
}

fn write_types(module: &Module) -> Result<Vec<u8>, EncodeError> {
    within(Item::Module, "types", module.types.len(), MAX_TYPES)?;
    let mut out = Vec::new();
    for (n, signature) in module.types.iter().enumerate() {
        let params = within(Item::Type(n), "parameters", signature.params.len(), MAX_PARAMS)?;
        let results = within(Item::Type(n), "results", signature.results.len(), MAX_RESULTS)?;
        out.extend((params as u16).to_le_bytes());
        out.extend((results as u16).to_le_bytes());
        out.extend(codes(&signature.params));
        out.extend(codes(&signature.results));
    }
    Ok(out)
}

fn write_imports(module: &Module, names: &mut Vec<u8>) -> Result<Vec<u8>, EncodeError> {
    within(Item::Module, "imports", module.imports.len(), MAX_FUNCTIONS)?;
    let mut out = Vec::with_capacity(module.imports.len() * size::IMPORT);
    for (n, import) in module.imports.iter().enumerate() {
        out.extend(add_name(names, Item::Import(n), &import.name)?);
        out.extend(import.sig.0.to_le_bytes());
    }
    Ok(out)
}

fn write_natives(module: &Module, names: &mut Vec<u8>) -> Result<Vec<u8>, EncodeError> {
    within(Item::Module, "natives", module.natives.len(), MAX_NATIVES)?;
    let mut out = Vec::with_capacity(module.natives.len() * size::IMPORT);
    for (n, native) in module.natives.iter().enumerate() {
        out.extend(add_name(names, Item::Native(n), &native.name)?);
        out.extend(native.sig.0.to_le_bytes());
    }
    Ok(out)
}

fn write_globals(module: &Module, names: &mut Vec<u8>) -> Result<Vec<u8>, EncodeError> {
    within(Item::Module, "globals", module.globals.len(), MAX_GLOBALS)?;
    let mut out = Vec::with_capacity(module.globals.len() * size::GLOBAL);
    for (n, global) in module.globals.iter().enumerate() {
        out.extend(add_name(names, Item::Global(n), &global.name)?);
        out.extend([global.ty.code(), u8::from(global.mutable), 0, 0]);
        out.extend(global.init.to_le_bytes());
    }
    Ok(out)
}

fn write_data(module: &Module) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    for (n, data) in module.data.iter().enumerate() {
        let len = within(Item::Data(n), "bytes", data.bytes.len(), MAX_DATA_BYTES)?;
        out.extend(data.offset.to_le_bytes());
        out.extend((len as u32).to_le_bytes());
        out.extend(&data.bytes);
    }
    Ok(out)
}

fn write_functions(module: &Module, names: &mut Vec<u8>) -> Result<Vec<u8>, EncodeError> {
    within(Item::Module, "functions", module.imports.len() + module.functions.len(), MAX_FUNCTIONS)?;
    let mut out = Vec::with_capacity(module.functions.len() * size::FUNCTION);
    for (n, function) in module.functions.iter().enumerate() {
        let registers = within(Item::Function(n), "registers", function.registers.len(), MAX_REGISTERS)?;
        let words = within(Item::Function(n), "words of code", function.code.len(), MAX_CODE_WORDS)?;
        out.extend(add_name(names, Item::Function(n), &function.name)?);
        out.extend(function.sig.0.to_le_bytes());
        out.extend((registers as u32).to_le_bytes());
        out.extend((words as u32).to_le_bytes());
        out.extend(checksum(&function.code).to_le_bytes());
    }
    Ok(out)
}

fn write_debug(module: &Module) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    for (n, Function { debug, .. }) in module.functions.iter().enumerate() {
        if *debug != Debug::default() {
            check_sorted(n, debug)?;
            write_debug_of(&mut out, n, debug)?;
        }
    }
    Ok(out)
}

fn write_debug_of(out: &mut Vec<u8>, function: usize, debug: &Debug) -> Result<(), EncodeError> {
    let lines = within(Item::Function(function), "lines", debug.lines.len(), MAX_LINES)?;
    out.extend((function as u32).to_le_bytes());
    out.extend((debug.names.len() as u32).to_le_bytes());
    out.extend((lines as u32).to_le_bytes());
    for &(register, ref name) in &debug.names {
        let len = within(Item::Register { function, register }, "bytes in its name", name.len(), MAX_NAME_BYTES)?;
        out.extend(register.to_le_bytes());
        out.extend((len as u16).to_le_bytes());
        out.extend(name.as_bytes());
    }
    for (word, line) in &debug.lines {
        out.extend(word.to_le_bytes());
        out.extend(line.to_le_bytes());
    }
    Ok(())
}

/// A register has one name. A word may have several lines, of which the last counts.
fn check_sorted(function: usize, debug: &Debug) -> Result<(), EncodeError> {
    let unsorted = |table, above: usize| EncodeError::Unsorted { function, table, entry: above + 1 };
    if let Some(above) = debug.names.windows(2).position(|pair| pair[0].0 >= pair[1].0) {
        return Err(unsorted(Table::Names, above));
    }
    if let Some(above) = debug.lines.windows(2).position(|pair| pair[0].0 > pair[1].0) {
        return Err(unsorted(Table::Lines, above));
    }
    Ok(())
}

/// Appends a name and says how long it is.
pub(super) fn add_name(names: &mut Vec<u8>, item: Item, name: &str) -> Result<[u8; 4], OverLimit> {
    let len = within(item, "bytes in its name", name.len(), MAX_NAME_BYTES)?;
    names.extend(name.as_bytes());
    Ok((len as u32).to_le_bytes())
}

fn codes(types: &[Type]) -> impl Iterator<Item = u8> {
    types.iter().map(|ty| ty.code())
}
