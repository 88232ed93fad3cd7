//! What is wrong with a text, and where.

use std::fmt;
use std::ops::Range;

/// Errors collected before the rest of the text is left alone.
pub const MAX_ERRORS: usize = 50;

/// Candidates looked at for a suggestion, and the longest name that gets one: hostile text must not make us compare
/// everything with everything.
const MAX_CANDIDATES: usize = 2000;
const MAX_COMPARED_BYTES: usize = 40;

/// One mistake in the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct ParseError {
    /// Bytes of the source it is about.
    pub span: Range<usize>,
    /// Line of the first byte, from 1.
    pub line: u32,
    /// Character of the first byte within its line, from 1.
    pub column: u32,
    /// What is true and should not be.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl ParseError {
    /// An error whose line and column are found out by [`Errors::finish`].
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> ParseError {
        ParseError { span, line: 0, column: 0, message: message.into(), help: None }
    }

    /// The same with advice.
    pub(super) fn with_help(self, help: impl Into<String>) -> ParseError {
        ParseError { help: Some(help.into()), ..self }
    }

    /// The same with this advice, if it has none.
    pub(super) fn or_help(self, help: &str) -> ParseError {
        if self.help.is_some() { self } else { self.with_help(help) }
    }

    /// The same with "did you mean", if one of the candidates is near.
    pub(super) fn suggesting<'a>(self, written: &str, candidates: impl IntoIterator<Item = &'a str>) -> ParseError {
        match nearest(written, candidates) {
            Some(name) => self.with_help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

/// All mistakes found, in the order of the text; at most [`MAX_ERRORS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseErrors(pub Vec<ParseError>);

impl std::error::Error for ParseErrors {}

impl fmt::Display for ParseErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, error) in self.0.iter().enumerate() {
            let gap = if n == 0 { "" } else { "\n" };
            write!(f, "{gap}{error}")?;
            if let Some(help) = &error.help {
                write!(f, "\n  help: {help}")?;
            }
        }
        Ok(())
    }
}

/// Errors on their way to the caller.
#[derive(Default)]
pub(super) struct Errors(Vec<ParseError>);

impl Errors {
    pub(super) fn push(&mut self, error: ParseError) {
        if !self.is_full() {
            self.0.push(error);
        }
    }

    /// Keeps the error, if there is one, and goes on.
    pub(super) fn keep<T>(&mut self, result: Result<T, ParseError>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= MAX_ERRORS
    }

    /// Nothing, or all errors in order with their lines and columns.
    pub(super) fn finish(mut self, source: &str) -> Result<(), ParseErrors> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort_by_key(|error| error.span.start);
        let (mut line, mut line_start, mut seen) = (1, 0, 0);
        for error in &mut self.0 {
            let at = error.span.start;
            for (n, _) in source.as_bytes()[seen..at].iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
                line += 1;
                line_start = seen + n + 1;
            }
            seen = at;
            error.line = line;
            error.column = 1 + source[line_start..at].chars().count() as u32;
        }
        Err(ParseErrors(self.0))
    }
}

/// The candidate that differs from `written` by the fewest letters, if by few.
fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if written.len() > MAX_COMPARED_BYTES {
        return None;
    }
    let most = 1 + written.len() / 4;
    let near = candidates.into_iter().take(MAX_CANDIDATES).filter(|name| name.len().abs_diff(written.len()) <= most);
    let (distance, name) = near.map(|name| (edit_distance(written, name), name)).min()?;
    (distance <= most).then_some(name)
}

/// Bytes to insert, delete or replace to make one out of the other.
fn edit_distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (n, byte) in from.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = n + 1;
        for (k, other) in to.bytes().enumerate() {
            let replaced = diagonal + usize::from(byte != other);
            diagonal = row[k + 1];
            row[k + 1] = replaced.min(diagonal + 1).min(row[k] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(nearest("i32_ad", ["i64_add", "i32_add", "i32_and"]), Some("i32_add"));
        assert_eq!(nearest("frobnicate", ["i32_add"]), None);
    }

    #[test]
    fn columns_count_characters() {
        let mut errors = Errors::default();
        errors.push(ParseError::new(10..11, "second"));
        errors.push(ParseError::new(2..3, "first"));
        let found = errors.finish("ä x\n\nößy").unwrap_err().0;
        assert_eq!((found[0].line, found[0].column), (1, 2));
        assert_eq!((found[1].line, found[1].column), (3, 3));
    }
}
