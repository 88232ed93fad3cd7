//! The outline of a text: where items begin and where function bodies end.
//!
//! One walk over the lines that looks at little more than their first word. What is kept per item is small, since a text
//! may consist of nothing but short items that turn out to be wrong.

use super::error::{Errors, ParseError};
use super::lexer::{Cursor, Lines, shortened};
use super::spans::Span;
use crate::ops::Opcode;
use std::ops::Range;

/// What kind of item a line begins; in the order in which items are read, so that imports are counted before functions
/// and `type` lines before the signatures that are only met.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Keyword {
    Module,
    Type,
    Import,
    Native,
    Memory,
    Data,
    Global,
    Func,
}

const KEYWORDS: [(&str, Keyword); 8] = [
    ("module", Keyword::Module),
    ("type", Keyword::Type),
    ("import", Keyword::Import),
    ("native", Keyword::Native),
    ("memory", Keyword::Memory),
    ("data", Keyword::Data),
    ("global", Keyword::Global),
    ("func", Keyword::Func),
];

/// An item's first line, and its body if it is a function.
pub(super) struct Item {
    pub(super) keyword: Keyword,
    /// Where the keyword stands.
    pub(super) start: u32,
    /// The lines between a function's header and its `}`.
    pub(super) body: Span,
}

const _: () = assert!(size_of::<Item>() <= 16);

impl Item {
    /// The rest of the item's first line.
    pub(super) fn after_keyword<'s>(&self, source: &'s str) -> Cursor<'s> {
        let mut lines = Lines::new(source, self.start as usize..source.len());
        let mut line = lines.next().expect("the keyword stands there");
        line.word();
        line
    }
}

/// All items, in the order in which to read them.
pub(super) fn read(source: &str, errors: &mut Errors) -> Vec<Item> {
    let mut items = Vec::new();
    let mut lines = Lines::new(source, 0..source.len());
    while let Some(line) = lines.next() {
        if errors.is_full() {
            break;
        }
        if line.peek().is_none() {
            continue;
        }
        let Some((keyword, start)) = errors.keep(keyword(line, items.is_empty())) else { continue };
        let body = if keyword == Keyword::Func { pass_body(&mut lines, start, errors) } else { 0..0 };
        items.push(Item { keyword, start: start as u32, body: Span::new(body) });
    }
    items.sort_by_key(|item| item.keyword);
    items
}

/// The keyword of a line that is not empty, and where it stands.
fn keyword(mut line: Cursor<'_>, is_first: bool) -> Result<(Keyword, usize), ParseError> {
    let Some(word) = line.word() else { return Err(line.expected("an item")) };
    match KEYWORDS.into_iter().find(|(name, _)| *name == word.text) {
        None => Err(no_item(word.text, word.span())),
        Some((_, Keyword::Module)) if !is_first => {
            Err(ParseError::new(word.span(), "the module's name is not the first item"))
        }
        Some((_, keyword)) => Ok((keyword, word.start)),
    }
}

#[cold]
fn no_item(word: &str, span: Range<usize>) -> ParseError {
    let shown = shortened(word);
    if Opcode::from_mnemonic(word).is_some() {
        return ParseError::new(span, format!("the instruction `{shown}` stands outside of a function"));
    }
    ParseError::new(span, format!("`{shown}` begins no item"))
        .suggesting(word, KEYWORDS.map(|(name, _)| name))
        .or_help("items are module, type, import, native, memory, data, global and func")
}

/// Passes over the body of the function at `start`, and over its `}`. A body without one ends where the next function
/// begins.
fn pass_body(lines: &mut Lines<'_>, start: usize, errors: &mut Errors) -> Range<usize> {
    let first = lines.at;
    loop {
        let mut ahead = lines.clone();
        let body = first..lines.at;
        match ahead.next() {
            Some(mut line) if line.peek() == Some(b'}') => {
                line.eat("}");
                errors.keep(line.finish());
                *lines = ahead;
                return body;
            }
            Some(line) if !begins_function(line) => *lines = ahead,
            _ => {
                let span = start..start + "func".len();
                errors.push(ParseError::new(span, "the function is not closed by a line with `}`"));
                return body;
            }
        }
    }
}

/// Does a function begin here, though the one before it has no end?
fn begins_function(mut line: Cursor<'_>) -> bool {
    line.word().is_some_and(|word| word.text == "func") && line.peek() == Some(b'%')
}
