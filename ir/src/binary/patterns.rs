//! Patterns and tables of keys, both ways.
//!
//! A key or a pattern is a byte that says which, and what that one needs; patterns inside another follow it.

use super::cursor::Cursor;
use super::error::within;
use super::{BinaryError, EncodeError, Item, OverLimit};
use crate::index::TextId;
use crate::limits::*;
use crate::module::{Key, Module, Pattern, Table};

/// The byte in front of each key and pattern.
mod code {
    pub(super) const UNDEFINED: u8 = 0;
    pub(super) const NULL: u8 = 1;
    pub(super) const UNIT: u8 = 2;
    pub(super) const FALSE: u8 = 3;
    pub(super) const TRUE: u8 = 4;
    pub(super) const I32: u8 = 5;
    pub(super) const F64: u8 = 6;
    pub(super) const ATOM: u8 = 7;
    pub(super) const TEXT: u8 = 8;
    pub(super) const ANY: u8 = 9;
    pub(super) const BIND: u8 = 10;
    pub(super) const TUPLE: u8 = 11;
    pub(super) const ARRAY: u8 = 12;
    pub(super) const ARRAY_AND_MORE: u8 = 13;
    pub(super) const ENUM: u8 = 14;
}

pub(super) fn write_patterns(module: &Module) -> Result<Vec<u8>, EncodeError> {
    within(Item::Module, "patterns", module.patterns.len(), MAX_PATTERNS)?;
    let mut out = Vec::new();
    for (n, pattern) in module.patterns.iter().enumerate() {
        let mut size = Size::of(n);
        write_pattern(&mut out, pattern, &mut size)?;
    }
    Ok(out)
}

pub(super) fn read_patterns(mut from: Cursor) -> Result<Vec<Pattern>, BinaryError> {
    let mut patterns = Vec::new();
    while !from.is_at_end() {
        within(Item::Module, "patterns", patterns.len() + 1, MAX_PATTERNS)?;
        patterns.push(read_pattern(&mut from, &mut Size::of(patterns.len()))?);
    }
    Ok(patterns)
}

pub(super) fn write_tables(module: &Module) -> Result<Vec<u8>, EncodeError> {
    within(Item::Module, "tables", module.tables.len(), MAX_TABLES)?;
    let mut out = Vec::new();
    for (n, table) in module.tables.iter().enumerate() {
        let count = within(Item::Table(n), "keys", table.keys.len(), MAX_KEYS)?;
        out.extend((count as u32).to_le_bytes());
        table.keys.iter().for_each(|key| write_key(&mut out, *key));
    }
    Ok(out)
}

pub(super) fn read_tables(mut from: Cursor) -> Result<Vec<Table>, BinaryError> {
    let mut tables = Vec::new();
    while !from.is_at_end() {
        within(Item::Module, "tables", tables.len() + 1, MAX_TABLES)?;
        let count = from.u32()?;
        within(Item::Table(tables.len()), "keys", count as usize, MAX_KEYS)?;
        let mut keys = Vec::with_capacity(from.at_most(count, 1)?);
        for _ in 0..count {
            let offset = from.offset();
            let found = from.u8()?;
            keys.push(read_key(found, &mut from)?.ok_or(BinaryError::KeyCode { found, offset })?);
        }
        tables.push(Table { keys });
    }
    Ok(tables)
}

/// How much of a pattern there has been.
struct Size {
    item: Item,
    nodes: usize,
    depth: usize,
}

impl Size {
    fn of(pattern: usize) -> Size {
        Size { item: Item::Pattern(pattern), nodes: 0, depth: 0 }
    }

    /// One more, inside those that are open.
    fn enter(&mut self) -> Result<(), OverLimit> {
        self.nodes += 1;
        self.depth += 1;
        within(self.item, "patterns inside", self.nodes, MAX_PATTERN_NODES)?;
        within(self.item, "levels of patterns", self.depth, MAX_PATTERN_DEPTH)?;
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }
}

fn write_pattern(out: &mut Vec<u8>, pattern: &Pattern, size: &mut Size) -> Result<(), OverLimit> {
    size.enter()?;
    let items: &[Pattern] = match pattern {
        Pattern::Any => {
            out.push(code::ANY);
            &[]
        }
        Pattern::Bind => {
            out.push(code::BIND);
            &[]
        }
        Pattern::Is(key) => {
            write_key(out, *key);
            &[]
        }
        Pattern::Tuple(items) => counted(out, code::TUPLE, items),
        Pattern::Array { items, rest: false } => counted(out, code::ARRAY, items),
        Pattern::Array { items, rest: true } => counted(out, code::ARRAY_AND_MORE, items),
        Pattern::Enum { tag, items } => {
            let items = counted(out, code::ENUM, items);
            out.extend(tag.0.to_le_bytes());
            items
        }
    };
    for item in items {
        write_pattern(out, item, size)?;
    }
    size.leave();
    Ok(())
}

fn counted<'p>(out: &mut Vec<u8>, code: u8, items: &'p [Pattern]) -> &'p [Pattern] {
    out.push(code);
    out.extend((items.len() as u32).to_le_bytes());
    items
}

fn read_pattern(from: &mut Cursor, size: &mut Size) -> Result<Pattern, BinaryError> {
    size.enter()?;
    let offset = from.offset();
    let found = from.u8()?;
    let pattern = match found {
        code::ANY => Pattern::Any,
        code::BIND => Pattern::Bind,
        code::TUPLE => Pattern::Tuple(read_items(from, None, size)?.1),
        code::ARRAY | code::ARRAY_AND_MORE => {
            let rest = found == code::ARRAY_AND_MORE;
            Pattern::Array { items: read_items(from, None, size)?.1, rest }
        }
        code::ENUM => {
            let (tag, items) = read_items(from, Some(TextId(0)), size)?;
            Pattern::Enum { tag: tag.unwrap_or(TextId(0)), items }
        }
        _ => Pattern::Is(read_key(found, from)?.ok_or(BinaryError::KeyCode { found, offset })?),
    };
    size.leave();
    Ok(pattern)
}

/// A count, a tag where there is one, and so many patterns.
fn read_items(
    from: &mut Cursor,
    tag: Option<TextId>,
    size: &mut Size,
) -> Result<(Option<TextId>, Vec<Pattern>), BinaryError> {
    let count = from.u32()?;
    let tag = match tag {
        Some(_) => Some(TextId(from.u32()?)),
        None => None,
    };
    within(size.item, "patterns inside", count as usize, MAX_PATTERN_NODES)?;
    // A pattern takes more room than a byte, so it is made as patterns come.
    from.at_most(count, 1)?;
    let items = (0..count).map(|_| read_pattern(from, size)).collect::<Result<_, _>>()?;
    Ok((tag, items))
}

fn write_key(out: &mut Vec<u8>, key: Key) {
    match key {
        Key::Undefined => out.push(code::UNDEFINED),
        Key::Null => out.push(code::NULL),
        Key::Unit => out.push(code::UNIT),
        Key::Bool(false) => out.push(code::FALSE),
        Key::Bool(true) => out.push(code::TRUE),
        Key::I32(value) => {
            out.push(code::I32);
            out.extend(value.to_le_bytes());
        }
        Key::F64(bits) => {
            out.push(code::F64);
            out.extend(bits.to_le_bytes());
        }
        Key::Atom(text) => {
            out.push(code::ATOM);
            out.extend(text.0.to_le_bytes());
        }
        Key::Text(text) => {
            out.push(code::TEXT);
            out.extend(text.0.to_le_bytes());
        }
    }
}

/// The key that begins with this byte; `None` if none does.
fn read_key(found: u8, from: &mut Cursor) -> Result<Option<Key>, BinaryError> {
    Ok(Some(match found {
        code::UNDEFINED => Key::Undefined,
        code::NULL => Key::Null,
        code::UNIT => Key::Unit,
        code::FALSE => Key::Bool(false),
        code::TRUE => Key::Bool(true),
        code::I32 => Key::I32(from.u32()? as i32),
        code::F64 => Key::F64(from.u64()?),
        code::ATOM => Key::Atom(TextId(from.u32()?)),
        code::TEXT => Key::Text(TextId(from.u32()?)),
        _ => return Ok(None),
    }))
}
