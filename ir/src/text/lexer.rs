//! Lines and the pieces they are made of.
//!
//! There is no token stream: a [`Cursor`] stands in a line and the parser asks it for what the grammar allows next. A
//! question that is answered with no moves nothing, so that the error can say what stands there instead. Pieces borrow
//! from the source; only strings with escapes are copied.

use super::error::ParseError;
use crate::limits::MAX_NAME_BYTES;
use std::borrow::Cow;
use std::ops::Range;

/// Characters of unexpected text repeated in an error message.
const MAX_QUOTED_CHARS: usize = 32;

/// A stretch of the source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'s> {
    pub(super) text: &'s str,
    pub(super) start: usize,
}

impl Piece<'_> {
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// A name behind a sigil: written out, or the index itself (`%#3`).
#[derive(Debug)]
pub(super) enum Name<'s> {
    Text(Cow<'s, str>),
    Index(Piece<'s>),
}

/// The lines of a text, or of a part of it.
#[derive(Clone)]
pub(super) struct Lines<'s> {
    source: &'s str,
    pub(super) at: usize,
    end: usize,
}

impl<'s> Lines<'s> {
    pub(super) fn new(source: &'s str, range: Range<usize>) -> Lines<'s> {
        Lines { source, at: range.start, end: range.end }
    }
}

impl<'s> Iterator for Lines<'s> {
    type Item = Cursor<'s>;

    fn next(&mut self) -> Option<Cursor<'s>> {
        if self.at >= self.end {
            return None;
        }
        let rest = &self.source.as_bytes()[self.at..self.end];
        let len = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let line = Cursor { source: self.source, at: self.at, end: self.at + len };
        self.at = (self.at + len + 1).min(self.end);
        Some(line)
    }
}

/// A place in a line.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'s> {
    source: &'s str,
    /// Just after what was taken last.
    pub(super) at: usize,
    end: usize,
}

/// May this byte stand inside an identifier?
fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$')
}

/// Is this `[A-Za-z_][A-Za-z0-9_.$]*`?
pub(super) fn is_identifier(text: &str) -> bool {
    let first = text.bytes().next();
    first.is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_') && text.bytes().all(in_word)
}

impl<'s> Cursor<'s> {
    fn bytes(&self) -> &'s [u8] {
        &self.source.as_bytes()[..self.end]
    }

    /// Where the next piece starts: after blanks.
    pub(super) fn start(&self) -> usize {
        let rest = &self.bytes()[self.at..];
        self.at + rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r')).unwrap_or(rest.len())
    }

    /// The first byte of the next piece; `None` at the end of the line or at a comment.
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes().get(self.start()).copied().filter(|byte| *byte != b';')
    }

    /// Takes `len` bytes from `start` on.
    fn take(&mut self, start: usize, len: usize) -> Piece<'s> {
        self.at = start + len;
        Piece { text: &self.source[start..start + len], start }
    }

    /// Takes this punctuation if it is next.
    pub(super) fn eat(&mut self, punctuation: &str) -> bool {
        let start = self.start();
        let found = self.bytes()[start..].starts_with(punctuation.as_bytes());
        if found {
            self.at = start + punctuation.len();
        }
        found
    }

    /// Takes this punctuation, which must be next.
    pub(super) fn expect(&mut self, punctuation: &str) -> Result<(), ParseError> {
        if self.eat(punctuation) { Ok(()) } else { Err(self.expected(&format!("`{punctuation}`"))) }
    }

    /// An identifier.
    pub(super) fn word(&mut self) -> Option<Piece<'s>> {
        let start = self.start();
        let rest = &self.bytes()[start..];
        let first = *rest.first()?;
        if !(first.is_ascii_alphabetic() || first == b'_') {
            return None;
        }
        let len = rest.iter().position(|byte| !in_word(*byte)).unwrap_or(rest.len());
        Some(self.take(start, len))
    }

    /// A dot and an identifier.
    pub(super) fn directive(&mut self) -> Option<Piece<'s>> {
        let start = self.start();
        let rest = &self.bytes()[start..];
        if rest.first() != Some(&b'.') {
            return None;
        }
        let len = rest.iter().position(|byte| !in_word(*byte)).unwrap_or(rest.len());
        Some(self.take(start, len))
    }

    /// Something numeric: `12`, `-0x1f`, `1.5e-3`, `-inf`, `nan`, `nan:0x7fc00001`. What it is worth is decided later.
    pub(super) fn numeral(&mut self) -> Option<Piece<'s>> {
        let start = self.start();
        let rest = &self.bytes()[start..];
        let special = [&b"inf"[..], b"nan"].into_iter().any(|name| rest.starts_with(name));
        if !special && !matches!(rest.first()?, b'0'..=b'9' | b'-' | b'+') {
            return None;
        }
        let hex = is_hexadecimal(rest);
        let continues = |n: usize| match rest[n] {
            b'+' | b'-' => n == 0 || !hex && matches!(rest[n - 1], b'e' | b'E'),
            b':' => rest[..n].ends_with(b"nan"),
            byte => in_word(byte),
        };
        let len = (0..rest.len()).find(|n| !continues(*n)).unwrap_or(rest.len());
        Some(self.take(start, len))
    }

    /// What stands between quotes, escapes and all.
    pub(super) fn string(&mut self) -> Result<Option<Piece<'s>>, ParseError> {
        if self.peek() != Some(b'"') {
            return Ok(None);
        }
        let start = self.start() + 1;
        let mut n = start;
        while n < self.end && self.bytes()[n] != b'"' {
            n += 1 + usize::from(self.bytes()[n] == b'\\');
        }
        if n >= self.end {
            return Err(ParseError::new(start - 1..self.end, "the string has no closing quote on this line"));
        }
        let piece = self.take(start, n - start);
        self.at = n + 1;
        Ok(Some(piece))
    }

    /// A name with its sigil: `%fib`, `@"odd name"`, `!#3`.
    pub(super) fn name(&mut self, sigil: &str, what: &str) -> Result<Name<'s>, ParseError> {
        if !self.eat(sigil) {
            return Err(self.expected(&format!("{what} (`{sigil}name`)")));
        }
        if self.eat("#") {
            return match self.numeral() {
                Some(index) => Ok(Name::Index(index)),
                None => Err(self.expected("an index")),
            };
        }
        Ok(Name::Text(self.plain_name(what)?))
    }

    /// A name without sigil: an identifier or a string.
    pub(super) fn plain_name(&mut self, what: &str) -> Result<Cow<'s, str>, ParseError> {
        let start = self.start();
        let name = self.characters(what)?;
        if name.len() > MAX_NAME_BYTES {
            let message = format!("the name has {} bytes, more than {MAX_NAME_BYTES}", name.len());
            return Err(ParseError::new(start..self.at, message));
        }
        Ok(name)
    }

    /// An identifier or a string.
    pub(super) fn characters(&mut self, what: &str) -> Result<Cow<'s, str>, ParseError> {
        match self.string()? {
            Some(quoted) => text(quoted),
            None => match self.word() {
                Some(word) => Ok(Cow::Borrowed(word.text)),
                None => Err(self.expected(&format!("the name of {what}"))),
            },
        }
    }

    /// Nothing more may stand on this line.
    pub(super) fn finish(&self) -> Result<(), ParseError> {
        if self.peek().is_none() { Ok(()) } else { Err(self.expected("the end of the line")) }
    }

    /// The error for a line that goes on otherwise than the grammar says.
    pub(super) fn expected(&self, what: &str) -> ParseError {
        let found = self.found();
        if found.text.is_empty() {
            return ParseError::new(found.span(), format!("the line ends where {what} belongs"));
        }
        ParseError::new(found.span(), format!("`{}` stands where {what} belongs", shortened(found.text)))
    }

    /// The next piece, whatever it is.
    fn found(&self) -> Piece<'s> {
        let start = self.start();
        if self.peek().is_none() {
            return Piece { text: "", start };
        }
        let mut ahead = *self;
        if let Some(piece) = ahead.word().or_else(|| ahead.numeral()).or_else(|| ahead.directive()) {
            return piece;
        }
        let rest = &self.source[start..self.end];
        let len = rest.chars().next().map_or(0, char::len_utf8);
        Piece { text: &rest[..len], start }
    }
}

/// The text, cut if it is long.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_QUOTED_CHARS) {
        Some((cut, _)) => Cow::Owned(format!("{}…", &text[..cut])),
        None => Cow::Borrowed(text),
    }
}

/// Does this start as a hexadecimal number, after its sign?
fn is_hexadecimal(numeral: &[u8]) -> bool {
    let digits = numeral.strip_prefix(b"-").or(numeral.strip_prefix(b"+")).unwrap_or(numeral);
    digits.starts_with(b"0x") || digits.starts_with(b"0X")
}

/// The bytes that a string means: `\n \t \r \" \\ \0`, and a byte in hexadecimal as `\xHH` or `\HH`.
pub(super) fn bytes(quoted: Piece<'_>) -> Result<Cow<'_, [u8]>, ParseError> {
    let raw = quoted.text.as_bytes();
    let Some(first) = raw.iter().position(|byte| *byte == b'\\') else { return Ok(Cow::Borrowed(raw)) };
    let mut out = raw[..first].to_vec();
    let mut n = first;
    while n < raw.len() {
        let (byte, len) =
            if raw[n] == b'\\' { escape(&raw[n..]).ok_or_else(|| bad_escape(quoted, n))? } else { (raw[n], 1) };
        out.push(byte);
        n += len;
    }
    Ok(Cow::Owned(out))
}

/// The byte an escape means and its length in the source.
fn escape(raw: &[u8]) -> Option<(u8, usize)> {
    let hex = |at: usize| {
        let digit = |n: usize| raw.get(n).and_then(|byte| char::from(*byte).to_digit(16));
        Some((digit(at)? * 16 + digit(at + 1)?) as u8)
    };
    if let Some(byte) = hex(1) {
        return Some((byte, 3));
    }
    match raw.get(1)? {
        b'n' => Some((b'\n', 2)),
        b't' => Some((b'\t', 2)),
        b'r' => Some((b'\r', 2)),
        b'0' => Some((0, 2)),
        byte @ (b'"' | b'\\') => Some((*byte, 2)),
        b'x' => Some((hex(2)?, 4)),
        _ => None,
    }
}

fn bad_escape(quoted: Piece<'_>, at: usize) -> ParseError {
    let start = quoted.start + at;
    let len = quoted.text[at..].chars().take(2).map(char::len_utf8).sum::<usize>();
    ParseError::new(start..start + len, format!("`{}` is not an escape", &quoted.text[at..at + len]))
        .with_help("escapes are \\n \\t \\r \\0 \\\" \\\\ and \\xHH")
}

/// The string as text.
fn text(quoted: Piece<'_>) -> Result<Cow<'_, str>, ParseError> {
    let not_text = || ParseError::new(quoted.span(), "the string is not UTF-8");
    match bytes(quoted)? {
        Cow::Borrowed(_) => Ok(Cow::Borrowed(quoted.text)),
        Cow::Owned(bytes) => Ok(Cow::Owned(String::from_utf8(bytes).map_err(|_| not_text())?)),
    }
}
