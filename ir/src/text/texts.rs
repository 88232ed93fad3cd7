//! Texts in the text form: atoms, strings, and the names of fields and methods.
//!
//! A text stands where it is used: `:ok` is an atom, `"hello"` a string. Which number it has in the module is settled as
//! texts are met; `text` lines, which the printer writes for all of them, give numbers before that. A text that cannot
//! be meant by its characters, because another one is equal or because there is none, is an index: `:#3`, `#3`.

use super::error::ParseError;
use super::lexer::{Cursor, is_identifier};
use super::number;
use super::spelling::{Spellings, write_quoted_name};
use crate::index::TextId;
use crate::limits::{MAX_STRING_BYTES, MAX_TEXTS};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write};
use std::ops::Range;

/// The texts of a module being read.
#[derive(Default)]
pub(super) struct Texts<'s> {
    list: Vec<Cow<'s, str>>,
    /// The first of those that are equal.
    first: HashMap<Cow<'s, str>, u32>,
}

impl<'s> Texts<'s> {
    /// `text "hello"`: adds a text, even if there is an equal one.
    pub(super) fn declare(&mut self, line: &mut Cursor<'s>) -> Result<(), ParseError> {
        let start = line.start();
        let text = line.characters("a text")?;
        line.finish()?;
        self.add(text, start..line.at).map(|_| ())
    }

    /// `:name`, `:"odd name"`, `:#3`
    pub(super) fn atom(&mut self, cursor: &mut Cursor<'s>) -> Result<TextId, ParseError> {
        if !cursor.eat(":") {
            return Err(cursor.expected("an atom (`:name`)"));
        }
        self.name(cursor, "an atom")
    }

    /// `"hello"`, `#3`
    pub(super) fn string(&mut self, cursor: &mut Cursor<'s>) -> Result<TextId, ParseError> {
        if !matches!(cursor.peek(), Some(b'"' | b'#')) {
            return Err(cursor.expected("a string"));
        }
        self.name(cursor, "a string")
    }

    /// `name`, `"odd name"`, `#3`
    pub(super) fn name(&mut self, cursor: &mut Cursor<'s>, what: &str) -> Result<TextId, ParseError> {
        if cursor.eat("#") {
            return Ok(TextId(number::unsigned(cursor, 32)? as u32));
        }
        let start = cursor.start();
        let text = cursor.characters(what)?;
        match self.first.get(&text) {
            Some(id) => Ok(TextId(*id)),
            None => self.add(text, start..cursor.at),
        }
    }

    pub(super) fn finish(self) -> Vec<String> {
        self.list.into_iter().map(Cow::into_owned).collect()
    }

    fn add(&mut self, text: Cow<'s, str>, span: Range<usize>) -> Result<TextId, ParseError> {
        let id = self.list.len();
        if id >= MAX_TEXTS {
            return Err(ParseError::new(span, format!("the module has more than {MAX_TEXTS} texts")));
        }
        if text.len() > MAX_STRING_BYTES {
            let message = format!("the text has {} bytes, more than {MAX_STRING_BYTES}", text.len());
            return Err(ParseError::new(span, message));
        }
        self.first.entry(text.clone()).or_insert(id as u32);
        self.list.push(text);
        Ok(TextId(id as u32))
    }
}

/// Writes an atom.
pub(super) fn write_atom(out: &mut dyn Write, spellings: &Spellings<'_>, id: TextId) -> fmt::Result {
    out.write_str(":")?;
    write_text_name(out, spellings, id)
}

/// Writes a string.
pub(super) fn write_string(out: &mut dyn Write, spellings: &Spellings<'_>, id: TextId) -> fmt::Result {
    match spellings.text(id) {
        Some(text) => write_quoted_name(out, text),
        None => write!(out, "#{}", id.0),
    }
}

/// Writes a text that is a name.
pub(super) fn write_text_name(out: &mut dyn Write, spellings: &Spellings<'_>, id: TextId) -> fmt::Result {
    match spellings.text(id) {
        Some(text) if is_identifier(text) => out.write_str(text),
        Some(text) => write_quoted_name(out, text),
        None => write!(out, "#{}", id.0),
    }
}
