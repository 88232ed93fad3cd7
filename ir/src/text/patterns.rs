//! Patterns and tables of keys in the text form: `{:ok, $, _}`, `:red, "text", 5, null`.
//!
//! Their names, `p0` and `t0`, are their numbers, so they need not be declared to be meant.

use super::error::ParseError;
use super::lexer::{Cursor, Piece};
use super::number;
use super::spelling::Spellings;
use super::texts::{Texts, write_atom, write_string};
use crate::limits::{MAX_KEYS, MAX_PATTERN_DEPTH, MAX_PATTERN_NODES};
use crate::pattern::{Key, Pattern, Table};
use crate::vocabulary::{Immediate, Special};
use std::fmt::{self, Write};

/// Reads `p3` or `t3`, given the letter.
pub(super) fn numbered(cursor: &mut Cursor<'_>, letter: char, what: &str) -> Result<u64, ParseError> {
    let before = *cursor;
    let digits = cursor.word().and_then(|word| {
        let text = word.text.strip_prefix(letter)?;
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then_some(Piece { text, start: word.start + 1 })
    });
    match digits {
        Some(digits) => number::index(digits, 32),
        None => Err(before.expected(&format!("{what} (`{letter}0`)"))),
    }
}

/// Reads the name and `=` of the `n`-th pattern or table.
pub(super) fn declared(line: &mut Cursor<'_>, letter: char, what: &str, n: usize) -> Result<(), ParseError> {
    let start = line.start();
    let number = numbered(line, letter, what)?;
    if number != n as u64 {
        let message = format!("this is {what} with number {n}, so its name is `{letter}{n}`");
        return Err(ParseError::new(start..line.at, message));
    }
    line.expect("=")
}

/// Reads a pattern.
pub(super) fn read_pattern<'s>(texts: &mut Texts<'s>, line: &mut Cursor<'s>) -> Result<Pattern, ParseError> {
    Reader { texts, depth: 0, nodes: 0 }.pattern(line)
}

/// Reads the keys of a table, up to the end of the line.
pub(super) fn read_table<'s>(texts: &mut Texts<'s>, line: &mut Cursor<'s>) -> Result<Table, ParseError> {
    let mut keys = Vec::new();
    while line.peek().is_some() {
        if !keys.is_empty() {
            line.expect(",")?;
        }
        if keys.len() == MAX_KEYS {
            let at = line.start();
            return Err(ParseError::new(at..at, format!("the table has more than {MAX_KEYS} keys")));
        }
        keys.push(key(texts, line)?);
    }
    Ok(Table { keys })
}

struct Reader<'t, 's> {
    texts: &'t mut Texts<'s>,
    depth: usize,
    nodes: usize,
}

impl<'s> Reader<'_, 's> {
    fn pattern(&mut self, line: &mut Cursor<'s>) -> Result<Pattern, ParseError> {
        let at = line.start();
        self.nodes += 1;
        if self.nodes > MAX_PATTERN_NODES {
            let message = format!("the pattern is made of more than {MAX_PATTERN_NODES} patterns");
            return Err(ParseError::new(at..at, message));
        }
        if self.depth == MAX_PATTERN_DEPTH {
            let message = format!("patterns lie in each other more than {MAX_PATTERN_DEPTH} deep");
            return Err(ParseError::new(at..at, message));
        }
        self.depth += 1;
        let pattern = self.one(line)?;
        self.depth -= 1;
        Ok(pattern)
    }

    fn one(&mut self, line: &mut Cursor<'s>) -> Result<Pattern, ParseError> {
        if line.eat("{") {
            return self.items(line, "}").map(|(items, _)| Pattern::Tuple(items));
        }
        if line.eat("[") {
            return self.items(line, "]").map(|(items, rest)| Pattern::Array { items, rest });
        }
        if line.eat("$") {
            return Ok(Pattern::Bind);
        }
        let mut ahead = *line;
        if ahead.word().is_some_and(|word| word.text == "_") {
            *line = ahead;
            return Ok(Pattern::Any);
        }
        match key(self.texts, line)? {
            Key::Atom(tag) if line.eat("(") => self.items(line, ")").map(|(items, _)| Pattern::Enum { tag, items }),
            key => Ok(Pattern::Is(key)),
        }
    }

    /// Patterns up to the closing bracket; with `...` before that one, true.
    fn items(&mut self, line: &mut Cursor<'s>, close: &str) -> Result<(Vec<Pattern>, bool), ParseError> {
        let mut items = Vec::new();
        while !line.eat(close) {
            if !items.is_empty() {
                line.expect(",")?;
            }
            if close == "]" && line.eat("...") {
                line.expect(close)?;
                return Ok((items, true));
            }
            items.push(self.pattern(line)?);
        }
        Ok((items, false))
    }
}

/// `undefined null unit true false 42 1.5 :atom "text"`
fn key<'s>(texts: &mut Texts<'s>, line: &mut Cursor<'s>) -> Result<Key, ParseError> {
    match line.peek() {
        Some(b':') => return texts.atom(line).map(Key::Atom),
        Some(b'"' | b'#') => return texts.string(line).map(Key::Text),
        _ => {}
    }
    let mut ahead = *line;
    if let Some(special) = ahead.word().and_then(|word| Special::from_word(word.text)) {
        *line = ahead;
        return Ok(match special {
            Special::Undefined => Key::Undefined,
            Special::Null => Key::Null,
            Special::Unit => Key::Unit,
            Special::False => Key::Bool(false),
            Special::True => Key::Bool(true),
        });
    }
    let mut ahead = *line;
    if ahead.numeral().is_none() {
        return Err(line.expected("a pattern or a key (`_`, `$`, `:atom`, `\"text\"`, `5`, `null`)"));
    }
    Ok(match number::value_number(line)? {
        Immediate::I32(value) => Key::I32(value),
        Immediate::F64(bits) => Key::F64(bits),
        Immediate::Special(_) => unreachable!("numbers are no words"),
    })
}

/// Writes a pattern.
pub(super) fn write_pattern(out: &mut dyn Write, spellings: &Spellings<'_>, pattern: &Pattern) -> fmt::Result {
    let items = |out: &mut dyn Write, items: &[Pattern]| {
        items.iter().enumerate().try_for_each(|(n, item)| {
            out.write_str(if n == 0 { "" } else { ", " })?;
            write_pattern(out, spellings, item)
        })
    };
    match pattern {
        Pattern::Any => out.write_str("_"),
        Pattern::Bind => out.write_str("$"),
        Pattern::Is(key) => write_key(out, spellings, *key),
        Pattern::Tuple(inner) => {
            out.write_str("{")?;
            items(out, inner)?;
            out.write_str("}")
        }
        Pattern::Array { items: inner, rest } => {
            out.write_str("[")?;
            items(out, inner)?;
            out.write_str(match (rest, inner.is_empty()) {
                (true, true) => "...]",
                (true, false) => ", ...]",
                (false, _) => "]",
            })
        }
        Pattern::Enum { tag, items: inner } => {
            write_atom(out, spellings, *tag)?;
            out.write_str("(")?;
            items(out, inner)?;
            out.write_str(")")
        }
    }
}

/// Writes the keys of a table.
pub(super) fn write_table(out: &mut dyn Write, spellings: &Spellings<'_>, table: &Table) -> fmt::Result {
    table.keys.iter().enumerate().try_for_each(|(n, key)| {
        out.write_str(if n == 0 { " " } else { ", " })?;
        write_key(out, spellings, *key)
    })
}

fn write_key(out: &mut dyn Write, spellings: &Spellings<'_>, key: Key) -> fmt::Result {
    let special = match key {
        Key::Undefined => Special::Undefined,
        Key::Null => Special::Null,
        Key::Unit => Special::Unit,
        Key::Bool(false) => Special::False,
        Key::Bool(true) => Special::True,
        Key::I32(value) => return number::write_value_number(out, Immediate::I32(value)),
        Key::F64(bits) => return number::write_value_number(out, Immediate::F64(bits)),
        Key::Atom(id) => return write_atom(out, spellings, id),
        Key::Text(id) => return write_string(out, spellings, id),
    };
    out.write_str(special.word())
}
