//! Compiled patterns: a small table per thread, so that a loop compiles its expression once.
//!
//! Compiling is bounded: by the length of the pattern, the size of what becomes of it, and how deep it nests.

use regex::{Regex, RegexBuilder};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

/// Bytes of a pattern.
pub const MAX_PATTERN_BYTES: usize = 1 << 16;
/// Patterns that a thread keeps compiled.
pub const MAX_COMPILED_PATTERNS: usize = 32;
/// Bytes of one that is compiled, and of what it keeps while it matches.
const MAX_COMPILED_BYTES: usize = 1 << 20;
/// Groups inside each other.
const MAX_NESTING: u32 = 100;

/// A compiled expression.
#[derive(Debug)]
pub(super) struct Pattern {
    /// What matches.
    pub(super) regex: Regex,
    /// Are all matches meant, and not only the first?
    pub(super) all: bool,
    source: String,
    flags: String,
}

/// Why an expression is none.
#[derive(Debug)]
pub(super) enum PatternError {
    Flag(char),
    TooLong(usize),
    Syntax(Box<regex::Error>),
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternError::Flag(flag) => write!(f, "`{flag}` is not a flag; there are g, i, m, s, u and x"),
            PatternError::TooLong(bytes) => {
                write!(f, "the pattern has {bytes} bytes, above the limit of {MAX_PATTERN_BYTES}")
            }
            PatternError::Syntax(error) => match &**error {
                regex::Error::CompiledTooBig(limit) => write!(f, "the pattern compiles to more than {limit} bytes"),
                // The last line says what is wrong; those above draw where.
                error => {
                    let text = error.to_string();
                    let last = text.lines().next_back().unwrap_or_default();
                    write!(f, "the pattern can't be read: {}", last.trim_start_matches("error: "))
                }
            },
        }
    }
}

thread_local! {
    /// The one used last is last.
    static COMPILED: RefCell<Vec<Rc<Pattern>>> = const { RefCell::new(Vec::new()) };
}

/// The compiled form of an expression.
pub(super) fn compile(source: &str, flags: &str) -> Result<Rc<Pattern>, PatternError> {
    let known = COMPILED.with_borrow_mut(|table| {
        let n = table.iter().rposition(|pattern| pattern.source == source && pattern.flags == flags)?;
        table[n..].rotate_left(1);
        table.last().cloned()
    });
    if let Some(pattern) = known {
        return Ok(pattern);
    }
    let pattern = Rc::new(build(source, flags)?);
    COMPILED.with_borrow_mut(|table| {
        if table.len() == MAX_COMPILED_PATTERNS {
            table.remove(0);
        }
        table.push(pattern.clone());
    });
    Ok(pattern)
}

fn build(source: &str, flags: &str) -> Result<Pattern, PatternError> {
    if source.len() > MAX_PATTERN_BYTES {
        return Err(PatternError::TooLong(source.len()));
    }
    let mut builder = RegexBuilder::new(source);
    builder.size_limit(MAX_COMPILED_BYTES).dfa_size_limit(MAX_COMPILED_BYTES).nest_limit(MAX_NESTING);
    let mut all = false;
    for flag in flags.chars() {
        match flag {
            'g' => all = true,
            'i' => drop(builder.case_insensitive(true)),
            'm' => drop(builder.multi_line(true)),
            's' => drop(builder.dot_matches_new_line(true)),
            'x' => drop(builder.ignore_whitespace(true)),
            'u' => {}
            other => return Err(PatternError::Flag(other)),
        }
    }
    let regex = builder.build().map_err(|error| PatternError::Syntax(Box::new(error)))?;
    Ok(Pattern { regex, all, source: source.to_string(), flags: flags.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_keeps_what_was_used_last() {
        let first = compile("first", "").unwrap();
        for n in 0..2 * MAX_COMPILED_PATTERNS {
            compile(&format!("a{n}"), "").unwrap();
            assert!(Rc::ptr_eq(&first, &compile("first", "").unwrap()));
        }
        COMPILED.with_borrow(|table| assert_eq!(table.len(), MAX_COMPILED_PATTERNS));
        assert!(compile("first", "g").unwrap().all);
    }

    #[test]
    fn patterns_have_limits() {
        let error = |source: &str, flags: &str| compile(source, flags).unwrap_err().to_string();
        assert_eq!(error("a", "gq"), "`q` is not a flag; there are g, i, m, s, u and x");
        assert_eq!(error("(a", ""), "the pattern can't be read: unclosed group");
        assert_eq!(error("((a{1000}){1000}){1000}", ""), "the pattern compiles to more than 1048576 bytes");
        assert!(error(&"(".repeat(1000), "").starts_with("the pattern can't be read"));
        assert!(error(&"a".repeat(MAX_PATTERN_BYTES + 1), "").ends_with("above the limit of 65536"));
    }
}
