//! What names and signatures stand for while a text is read.

use super::error::ParseError;
use super::lexer::{Cursor, Name, Piece};
use super::number;
use crate::index::SigId;
use crate::limits::{MAX_REGISTERS, MAX_TYPES};
use crate::types::{Signature, Type};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// The module's names, by kind.
pub(super) struct Names<'s> {
    pub(super) functions: Space<'s>,
    pub(super) globals: Space<'s>,
    pub(super) natives: Space<'s>,
    pub(super) classes: Space<'s>,
}

/// The names of one kind.
pub(super) struct Space<'s> {
    what: &'static str,
    sigil: &'static str,
    ids: HashMap<Cow<'s, str>, u32>,
}

impl<'s> Names<'s> {
    pub(super) fn new() -> Names<'s> {
        let space = |what, sigil| Space { what, sigil, ids: HashMap::new() };
        Names {
            functions: space("a function", "%"),
            globals: space("a global", "@"),
            natives: space("a native", "!"),
            classes: space("a class", "&"),
        }
    }
}

impl<'s> Space<'s> {
    /// Reads a name that is being given to number `id`. The empty name can be given often.
    pub(super) fn declare(&mut self, cursor: &mut Cursor<'s>, id: usize) -> Result<Cow<'s, str>, ParseError> {
        let start = cursor.start();
        let name = match cursor.name(self.sigil, self.what)? {
            Name::Text(name) => name,
            Name::Index(_) => {
                return Err(ParseError::new(start..cursor.at, format!("{} is declared by a name", self.what)));
            }
        };
        if !name.is_empty() && self.ids.insert(name.clone(), id as u32).is_some() {
            let message = format!("`{}{name}` is the name of {} already", self.sigil, self.what);
            return Err(ParseError::new(start..cursor.at, message));
        }
        Ok(name)
    }

    /// Reads a name, or an index, and says which number it means.
    pub(super) fn resolve(&self, cursor: &mut Cursor<'s>) -> Result<u64, ParseError> {
        let start = cursor.start();
        let name = match cursor.name(self.sigil, self.what)? {
            Name::Text(name) => name,
            Name::Index(piece) => return number::index(piece, 32),
        };
        self.ids.get(&name).map(|id| u64::from(*id)).ok_or_else(|| self.unknown(start..cursor.at, &name))
    }

    #[cold]
    fn unknown(&self, span: Range<usize>, name: &str) -> ParseError {
        let Space { what, sigil, ids } = self;
        if name.is_empty() {
            let message = format!("{what} without a name is meant by its index");
            return ParseError::new(span, message).with_help(format!("write `{sigil}#0` for the first"));
        }
        let kind = what.trim_start_matches("a ");
        ParseError::new(span, format!("the module has no {kind} `{sigil}{name}`"))
            .suggesting(name, ids.keys().map(|known| &**known))
    }
}

/// The type table being made.
#[derive(Default)]
pub(super) struct Types {
    pub(super) list: Vec<Signature>,
    /// The first of those that are equal.
    first: HashMap<Signature, u32>,
}

impl Types {
    /// Adds a signature, even if there is an equal one.
    pub(super) fn add(&mut self, sig: Signature, span: Range<usize>) -> Result<SigId, ParseError> {
        let id = self.list.len();
        if id >= MAX_TYPES {
            return Err(ParseError::new(span, format!("the module has more than {MAX_TYPES} signatures")));
        }
        self.first.entry(sig.clone()).or_insert(id as u32);
        self.list.push(sig);
        Ok(SigId(id as u32))
    }

    /// The signature's index; adds it when it is new.
    pub(super) fn intern(&mut self, sig: Signature, span: Range<usize>) -> Result<SigId, ParseError> {
        match self.first.get(&sig) {
            Some(id) => Ok(SigId(*id)),
            None => self.add(sig, span),
        }
    }

    /// Reads a signature, or `#` and its index, which fits `bits` bits.
    pub(super) fn resolve(&mut self, cursor: &mut Cursor<'_>, bits: u8) -> Result<SigId, ParseError> {
        if cursor.eat("#") {
            return Ok(SigId(number::unsigned(cursor, bits)? as u32));
        }
        let start = cursor.start();
        let sig = signature(cursor)?;
        self.intern(sig, start..cursor.at)
    }
}

/// `(i32, i32) -> i32`.
pub(super) fn signature(cursor: &mut Cursor<'_>) -> Result<Signature, ParseError> {
    if !cursor.eat("(") {
        return Err(cursor.expected("a signature (`(i32) -> i32`)"));
    }
    Ok(Signature::new(types_until_closed(cursor)?, results(cursor)?))
}

/// `-> i32`, `-> (i32, f64)`, or nothing.
pub(super) fn results(cursor: &mut Cursor<'_>) -> Result<Vec<Type>, ParseError> {
    if !cursor.eat("->") {
        return Ok(Vec::new());
    }
    if cursor.eat("(") { types_until_closed(cursor) } else { Ok(vec![ty(cursor)?]) }
}

fn types_until_closed(cursor: &mut Cursor<'_>) -> Result<Vec<Type>, ParseError> {
    let mut types = Vec::new();
    while !cursor.eat(")") {
        if !types.is_empty() {
            cursor.expect(",")?;
        }
        types.push(ty(cursor)?);
    }
    Ok(types)
}

/// `i32`, `i64`, `f32`, `f64`, `val`.
pub(super) fn ty(cursor: &mut Cursor<'_>) -> Result<Type, ParseError> {
    let before = *cursor;
    let known = cursor.word().and_then(|word| Type::from_name(word.text));
    known.ok_or_else(|| before.expected("a type (i32, i64, f32, f64 or val)"))
}

/// The registers of a function being read.
#[derive(Default)]
pub(super) struct Registers<'s> {
    pub(super) types: Vec<Type>,
    pub(super) names: Vec<(u16, Cow<'s, str>)>,
}

impl<'s> Registers<'s> {
    /// `n: i32`; `_: i32` and `r3: i32` have no name.
    pub(super) fn declare(&mut self, cursor: &mut Cursor<'s>) -> Result<(), ParseError> {
        let start = cursor.start();
        let number = self.types.len();
        let quoted = cursor.peek() == Some(b'"');
        let name = cursor.plain_name("a register")?;
        let span = start..cursor.at;
        cursor.expect(":")?;
        let ty = ty(cursor)?;
        if number >= MAX_REGISTERS {
            return Err(ParseError::new(span, format!("the function has more than {MAX_REGISTERS} registers")));
        }
        self.types.push(ty);
        if !quoted && let Some(digits) = numbered(&name) {
            let message = format!("this register is r{number}, so `{name}` is not its name");
            return if digits == number.to_string() { Ok(()) } else { Err(ParseError::new(span, message)) };
        }
        if quoted || name != "_" {
            self.names.push((number as u16, name));
        }
        Ok(())
    }
}

/// The digits of a name that looks like `r12`.
pub(super) fn numbered(name: &str) -> Option<&str> {
    name.strip_prefix('r').filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Registers by name; `None` for a name that several have.
#[derive(Default)]
pub(super) struct RegisterNames<'s>(HashMap<Cow<'s, str>, Option<u16>>);

impl<'s> RegisterNames<'s> {
    pub(super) fn add(&mut self, names: &[(u16, Cow<'s, str>)]) {
        for (number, name) in names {
            self.0.entry(name.clone()).and_modify(|known| *known = None).or_insert(Some(*number));
        }
    }

    /// Reads a register: `rN` or a name.
    pub(super) fn resolve(&self, cursor: &mut Cursor<'s>) -> Result<u64, ParseError> {
        let start = cursor.start();
        if cursor.peek() == Some(b'"') {
            let name = cursor.plain_name("a register")?;
            return self.named(&name, start..cursor.at);
        }
        let Some(word) = cursor.word() else { return Err(cursor.expected("a register")) };
        match numbered(word.text) {
            Some(digits) => by_number(Piece { text: digits, start: word.start + 1 }),
            None => self.named(word.text, word.span()),
        }
    }

    fn named(&self, name: &str, span: Range<usize>) -> Result<u64, ParseError> {
        match self.0.get(name) {
            Some(Some(number)) => Ok(u64::from(*number)),
            Some(None) => Err(ParseError::new(span, format!("several registers have the name `{name}`"))
                .with_help("use the number, as in `r0`")),
            None => Err(ParseError::new(span, format!("the function has no register `{name}`"))
                .suggesting(name, self.0.keys().map(|known| &**known))),
        }
    }
}

fn by_number(digits: Piece<'_>) -> Result<u64, ParseError> {
    let error = |_| ParseError::new(digits.span(), format!("a register's number is not above {}", u16::MAX));
    number::index(digits, 16).map_err(error)
}
