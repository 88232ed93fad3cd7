//! The outline of a text: where items begin and where bodies end.
//!
//! One walk over the lines that looks at little more than their first word. What is kept per item is small, since a text
//! may consist of nothing but short items that turn out to be wrong.

use super::classes::eat_word;
use super::error::{Errors, ParseError};
use super::lexer::{Cursor, Lines, shortened};
use super::spans::Span;
use crate::ops::Opcode;
use std::ops::Range;

/// What kind of item a line begins; in the order in which items are read, so that imports are counted before functions
/// and `type` and `text` lines before the signatures and texts that are only met.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Keyword {
    Module,
    Text,
    Type,
    Import,
    Native,
    Memory,
    Data,
    Global,
    Pattern,
    Table,
    Class,
    Func,
}

const KEYWORDS: [(&str, Keyword); 14] = [
    ("module", Keyword::Module),
    ("text", Keyword::Text),
    ("type", Keyword::Type),
    ("import", Keyword::Import),
    ("native", Keyword::Native),
    ("memory", Keyword::Memory),
    ("data", Keyword::Data),
    ("global", Keyword::Global),
    ("pattern", Keyword::Pattern),
    ("table", Keyword::Table),
    ("class", Keyword::Class),
    ("abstract", Keyword::Class),
    ("interface", Keyword::Class),
    ("func", Keyword::Func),
];

/// An item's first line, and its body if it is a function or a class.
pub(super) struct Item {
    pub(super) keyword: Keyword,
    /// Where the keyword stands.
    pub(super) start: u32,
    /// The lines between a function's header and its `}`, or a class's and its `end`.
    pub(super) body: Span,
}

const _: () = assert!(size_of::<Item>() <= 16);

impl Item {
    /// The item's first line, from the keyword on.
    pub(super) fn line<'s>(&self, source: &'s str) -> Cursor<'s> {
        let mut lines = Lines::new(source, self.start as usize..source.len());
        lines.next().expect("the keyword stands there")
    }

    /// The rest of the item's first line.
    pub(super) fn after_keyword<'s>(&self, source: &'s str) -> Cursor<'s> {
        let mut line = self.line(source);
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
        let body = match keyword {
            Keyword::Func => pass_body(&mut lines, start, &FUNCTION, errors),
            Keyword::Class => pass_body(&mut lines, start, &CLASS, errors),
            _ => 0..0,
        };
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
        .or_help("items are module, text, type, import, native, memory, data, global, pattern, table, class and func")
}

/// How a body ends.
struct Closing {
    /// By a line with this.
    line: &'static str,
    what: &'static str,
}

const FUNCTION: Closing = Closing { line: "}", what: "function" };
const CLASS: Closing = Closing { line: "end", what: "class" };

/// Passes over the body of the item at `start`, and over its closing line. A body without one ends where the next
/// function or class begins.
fn pass_body(lines: &mut Lines<'_>, start: usize, closing: &Closing, errors: &mut Errors) -> Range<usize> {
    let first = lines.at;
    loop {
        let mut ahead = lines.clone();
        let body = first..lines.at;
        match ahead.next() {
            Some(line) if let Some(rest) = closes(line, closing) => {
                errors.keep(rest.finish());
                *lines = ahead;
                return body;
            }
            Some(line) if !begins_another(line) => *lines = ahead,
            _ => {
                let span = start..start + "func".len();
                let Closing { line, what } = closing;
                errors.push(ParseError::new(span, format!("the {what} is not closed by a line with `{line}`")));
                return body;
            }
        }
    }
}

/// The rest of the line, if it closes a body.
fn closes<'s>(mut line: Cursor<'s>, closing: &Closing) -> Option<Cursor<'s>> {
    let closes = match closing.line {
        "}" => line.eat("}"),
        word => eat_word(&mut line, word),
    };
    closes.then_some(line)
}

/// Does a function or class begin here, though the one before it has no end?
fn begins_another(mut line: Cursor<'_>) -> bool {
    match line.word().map(|word| word.text) {
        Some("func") => line.peek() == Some(b'%'),
        Some("class" | "interface") => line.peek() == Some(b'&'),
        _ => false,
    }
}
