//! Dynamic values outside of any process: what a host gives to a program and gets from it.
//!
//! A value that is no reference is what it is everywhere. A string is its text, and as an argument becomes one of the
//! program's texts, as an atom does. Any other object stays in its process: what comes out is what it looks like, to be
//! shown and compared, and it can't go in again.
//!
//! Not here: a way to hold on to an object from outside. That is the business of natives, which run inside.

use crate::display::text_of;
use crate::object::Str;
use crate::program::Program;
use crate::scalar::canonical_f32;
use regatta_heap::{Tag, Value};
use regatta_ir::{FuncId, TextId};
use std::fmt;
use std::sync::Arc;

/// A dynamic value outside of any process.
#[derive(Clone, Debug)]
pub enum Dynamic {
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// `unit`.
    Unit,
    /// `true` or `false`.
    Bool(bool),
    /// A number that is a 32-bit integer.
    I32(i32),
    /// A number.
    F64(f64),
    /// A 32-bit float.
    F32(f32),
    /// An atom.
    Atom(Arc<str>),
    /// A string.
    Text(Arc<str>),
    /// A function of the program.
    Function(FuncId),
    /// What something else looks like.
    Shown(Arc<str>),
}

/// Why a dynamic value can't be given to a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotGiven {
    /// It is what an object looked like.
    #[error("an object does not leave its process, so it can't be given to one")]
    Object,
    /// It is a function of another program.
    #[error("the program has no function {0}")]
    NoFunction(FuncId),
    /// The program can't hold its text.
    #[error("the program is full of texts")]
    TooManyTexts,
}

impl Dynamic {
    /// A value of a process of `program`, as the host sees it.
    pub fn of(program: &Program, value: Value) -> Dynamic {
        match value.tag() {
            Tag::Undefined => Dynamic::Undefined,
            Tag::Null => Dynamic::Null,
            Tag::Unit => Dynamic::Unit,
            Tag::Bool => Dynamic::Bool(value == Value::TRUE),
            Tag::I32 => Dynamic::I32(value.low_i32()),
            Tag::F64 => Dynamic::F64(value.raw_f64()),
            Tag::F32 => Dynamic::F32(value.as_f32().unwrap_or_default()),
            Tag::Atom => {
                let text = value.as_atom().and_then(|atom| program.text(TextId(atom)));
                Dynamic::Atom(text.map_or("", |text| text.as_str()).into())
            }
            Tag::Function => Dynamic::Function(FuncId(value.as_function().unwrap_or_default())),
            Tag::Object if Str::of(value).is_some() => Dynamic::Text(text_of(program, value).into()),
            Tag::Object | Tag::Process | Tag::Task => Dynamic::Shown(text_of(program, value).into()),
        }
    }

    /// The value, for processes of `program`.
    pub fn value(&self, program: &Program) -> Result<Value, NotGiven> {
        let intern = |text: &str| program.intern(text).map_err(|_| NotGiven::TooManyTexts);
        Ok(match self {
            Dynamic::Undefined => Value::UNDEFINED,
            Dynamic::Null => Value::NULL,
            Dynamic::Unit => Value::UNIT,
            Dynamic::Bool(v) => Value::bool(*v),
            Dynamic::I32(v) => Value::i32(*v),
            Dynamic::F64(v) => Value::f64(*v),
            Dynamic::F32(v) => Value::f32(*v),
            Dynamic::Atom(text) => Value::atom(intern(text)?.0),
            Dynamic::Text(text) => program.text(intern(text)?).expect("just interned").value(),
            Dynamic::Function(func) if program.entry(*func).is_some() => Value::function(func.0),
            Dynamic::Function(func) => return Err(NotGiven::NoFunction(*func)),
            Dynamic::Shown(_) => return Err(NotGiven::Object),
        })
    }

    /// Reads a value as people write it: `undefined`, `null`, `unit`, `true`, `false`, an integer, a float with a point, an
    /// exponent or a word (`nan`, `inf`), `:atom`, `"text"`. What begins as containers and objects do is taken for what one
    /// looks like.
    pub fn parse(text: &str) -> Option<Dynamic> {
        Some(match text {
            "undefined" => Dynamic::Undefined,
            "null" => Dynamic::Null,
            "unit" => Dynamic::Unit,
            "true" => Dynamic::Bool(true),
            "false" => Dynamic::Bool(false),
            _ if text.starts_with(['[', '{']) || text.ends_with([')', '}']) => Dynamic::Shown(text.into()),
            _ => match (text.strip_prefix(':'), unquoted(text)) {
                (_, Some(text)) => Dynamic::Text(text.into()),
                (Some(name), None) => match unquoted(name) {
                    Some(name) => Dynamic::Atom(name.into()),
                    None if is_identifier(name) => Dynamic::Atom(name.into()),
                    None => return None,
                },
                (None, None) => match text.parse() {
                    Ok(v) => Dynamic::I32(v),
                    Err(_) => Dynamic::F64(text.parse().ok()?),
                },
            },
        })
    }

    /// Numbers are one type, whatever they are kept as.
    fn as_number(&self) -> Option<f64> {
        match self {
            Dynamic::I32(v) => Some(f64::from(*v)),
            Dynamic::F64(v) => Some(*v),
            _ => None,
        }
    }
}

fn is_identifier(text: &str) -> bool {
    let first = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    first && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.$".contains(c))
}

/// What stands between quotes.
fn unquoted(text: &str) -> Option<String> {
    let mut rest = text.strip_prefix('"')?.strip_suffix('"')?.chars();
    let mut out = String::new();
    while let Some(c) = rest.next() {
        out.push(match c {
            '"' => return None,
            '\\' => match rest.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                c @ ('"' | '\\') => c,
                _ => return None,
            },
            c => c,
        });
    }
    Some(out)
}

/// A text between quotes.
fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r");
    write!(f, "\"{}\"", escaped.replace('\t', "\\t").replace('\0', "\\0"))
}

/// Equal when a program could not tell them apart; a NaN is a NaN, and zeros have their signs.
impl PartialEq for Dynamic {
    fn eq(&self, other: &Dynamic) -> bool {
        if let (Some(a), Some(b)) = (self.as_number(), other.as_number()) {
            return a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
        }
        match (self, other) {
            (Dynamic::Undefined, Dynamic::Undefined) => true,
            (Dynamic::Null, Dynamic::Null) => true,
            (Dynamic::Unit, Dynamic::Unit) => true,
            (Dynamic::Bool(a), Dynamic::Bool(b)) => a == b,
            (Dynamic::F32(a), Dynamic::F32(b)) => canonical_f32(*a).to_bits() == canonical_f32(*b).to_bits(),
            (Dynamic::Atom(a), Dynamic::Atom(b)) => a == b,
            (Dynamic::Text(a), Dynamic::Text(b)) => a == b,
            (Dynamic::Function(a), Dynamic::Function(b)) => a == b,
            (Dynamic::Shown(a), Dynamic::Shown(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Dynamic {}

/// As [`Dynamic::parse`] reads it.
impl fmt::Display for Dynamic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dynamic::Undefined => f.write_str("undefined"),
            Dynamic::Null => f.write_str("null"),
            Dynamic::Unit => f.write_str("unit"),
            Dynamic::Bool(v) => write!(f, "{v}"),
            Dynamic::I32(v) => write!(f, "{v}"),
            Dynamic::F64(v) if v.is_nan() => f.write_str("nan"),
            Dynamic::F64(v) => write!(f, "{v:?}"),
            Dynamic::F32(v) if v.is_nan() => f.write_str("f32(nan)"),
            Dynamic::F32(v) => write!(f, "f32({v:?})"),
            Dynamic::Atom(text) if is_identifier(text) => write!(f, ":{text}"),
            Dynamic::Atom(text) => {
                f.write_str(":")?;
                quoted(f, text)
            }
            Dynamic::Text(text) => quoted(f, text),
            Dynamic::Function(func) => write!(f, "function {func}"),
            Dynamic::Shown(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for text in ["undefined", "null", "unit", "true", "-7", "2.5", "nan", "-inf", ":ok", ":\"a b\"", "\"x\\n\\\"\""]
        {
            let read = Dynamic::parse(text).expect(text);
            assert_eq!(read.to_string(), text);
            assert_eq!(Dynamic::parse(&read.to_string()), Some(read));
        }
        assert_eq!(Dynamic::parse("3.0"), Some(Dynamic::I32(3)));
        assert_ne!(Dynamic::parse("-0.0"), Some(Dynamic::I32(0)));
        assert_eq!(Dynamic::parse("4294967296"), Some(Dynamic::F64(4294967296.0)));
        assert_eq!(Dynamic::parse("[1, 2]"), Some(Dynamic::Shown("[1, 2]".into())));
        for text in ["", "\"", "\"a\"b\"", ":", ":a b", "nul"] {
            assert_eq!(Dynamic::parse(text), None, "{text}");
        }
    }
}
